"""Ready mappings: each system's public schema in small, through ``sop init --from`` to ``sop check``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import config
from sop_pipeline.cycle import Cycle
from sop_pipeline.draft.system import SYSTEMS, start_company
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company, ingest, snapshot
from sop_pipeline.lake import Lake

SAP = {
    "MARAV.csv": "MATNR;MAKTX;MATKL;MEINS\n100;Brot;B;ST\n200;Torte;T;ST\n",
    "VBRP.csv": "Fakturadatum;Materialnummer;Fakturierte Menge;Nettowert;Belegwährung\n"
    "13.06.2026;100;10,000;1.000,50;EUR\n14.06.2026;200;2,000;50,00;EUR\n30.06.2026;100;1,000;5,00;EUR\n",
    "VBAP.csv": "ERDAT;MATNR;KWMENG;NETWR\n20260613;100;99;1\n",
    "MSEG.csv": "Posting Date;Material;Movement Type;Order;Quantity;Plant\n2026-06-02;100;101;4711;12;W1\n"
    "2026-06-03;100;102;4711;2;W1\n2026-06-04;100;101;;500;W1\n2026-06-05;100;261;4711;70;W1\n",
    "MARD_2026-06-30.csv": "MATNR;WERKS;LABST\n100;W1;40\n",
}
DYNAMICS = {
    "Items.csv": "Nr.;Beschreibung;Artikelkategoriencode;VK-Preis\n1000;Fahrrad;BIKE;4000,5\n",
    "Item Ledger Entries.csv": "Buchungsdatum;Postenart;Artikelnr.;Menge;Verkaufsbetrag (tatsächl.);Lagerortcode\n"
    "30.06.2026;Verkauf;1000;-3;12.000,00;WEST\n29.06.2026;Verkauf;1000;1;-4.000,00;WEST\n"
    "28.06.2026;Istmeldung;1000;7;0,00;WEST\n27.06.2026;Verbrauch;1000;-5;0,00;WEST\n26.06.2026;Einkauf;1000;50;0;WEST\n",
}
SHOPIFY = {
    "products_export_1.csv": "Handle,Title,Type,Variant SKU,Variant Price,Cost per item\n"
    "mug,Mug,Kitchen,MUG-1,12.50,4.00\nmug,,,,,\nshirt,Shirt,Wear,SH-1,20.00,\n",
    "orders_export_1.csv": "Name,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem sku\n"
    "#1001,paid,2026-06-29 10:11:12 +0200,2,Mug,MUG-1\n#1001,,2026-06-29 10:11:12 +0200,1,Shirt,SH-1\n"
    "#1002,paid,2026-06-30 09:00:00 +0200,3,Mug,MUG-1\n",
}


def written(folder, files):
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def taken(folder, cycle="2026-07"):
    company, month = config.load(folder), Cycle.parse(cycle)
    return ingest(snapshot(company, folder, month, Lake(folder / "lake")), company, month).tables


def amounts(table, measure="quantity"):
    return sorted((row["date"], row["product_id"], row[measure]) for row in table.to_pylist())


def day(number):
    return date(2026, 6, number)


@pytest.mark.parametrize(
    ("system", "files", "sold"),
    [
        ("sap", SAP, [(day(13), "100", 10), (day(14), "200", 2), (day(30), "100", 1)]),
        ("dynamics", DYNAMICS, [(day(29), "1000", -1), (day(30), "1000", 3)]),
        ("shopify", SHOPIFY, [(day(29), "MUG-1", 2), (day(29), "SH-1", 1), (day(30), "MUG-1", 3)]),
    ],
)
def test_exports_are_ready(tmp_path, system, files, sold):
    start_company(tmp_path / "acme", system, [written(tmp_path / "exports", files)])
    report = check_company(tmp_path / "acme")
    assert report.passed, str(report)
    assert report.newest_cycle == "2026-07"
    assert amounts(taken(tmp_path / "acme")["sales"]) == sold


def test_sap_counts_receipts_of_orders_less_their_reversals(tmp_path):
    start_company(tmp_path / "acme", "sap", [written(tmp_path / "exports", SAP)])
    tables = taken(tmp_path / "acme")
    assert amounts(tables["production"]) == [(day(2), "100", 12), (day(3), "100", -2)]
    assert amounts(tables["inventory"], "on_hand") == [(day(30), "100", 40)]
    assert tables["sales"].column("revenue").to_pylist()[0] == Decimal("1000.50")
    without_bills = {name: text for name, text in SAP.items() if not name.startswith("VBRP")}
    start_company(tmp_path / "other", "sap", [written(tmp_path / "more", without_bills)])
    assert amounts(taken(tmp_path / "other")["sales"]) == [(day(13), "100", 99)]


def test_dynamics_counts_output_as_production(tmp_path):
    start_company(tmp_path / "acme", "dynamics", [written(tmp_path / "exports", DYNAMICS)])
    assert amounts(taken(tmp_path / "acme")["production"]) == [(day(28), "1000", 7)]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_mapping_is_valid_settings(tmp_path, system):
    lines = start_company(tmp_path / "acme", system)
    assert any(line.startswith("sales: ") for line in lines)
    company = config.load(tmp_path / "acme")
    assert {"products", "sales"} <= set(company.sources)
    with pytest.raises(BadInput, match="empty or absent"):
        start_company(tmp_path / "acme", system)


def test_exports_that_a_system_does_not_make_are_refused(tmp_path):
    with pytest.raises(BadInput, match=r"found a\.csv; needed exports called MARA\*\.csv"):
        start_company(tmp_path / "acme", "sap", [written(tmp_path / "exports", {"a.csv": "x\n"})])
    assert not (tmp_path / "acme").exists()
