"""From a folder of raw exports to a company that ``sop check`` calls ready, in two rounds, with the right amounts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml

from sop_pipeline import config
from sop_pipeline.cycle import Cycle
from sop_pipeline.draft import draft_company, words
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import IngestResult, check_company, ingest, snapshot
from sop_pipeline.lake import Lake


def amount(value: float) -> str:
    """Write a number as German exports do: 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def german(exports: Path) -> None:
    """An ERP's monthly lists, cp1252 with semicolons: title lines, sub-totals, a total and a line of who printed it."""
    for month in range(1, 9):
        lines = ["Umsatzliste Müller GmbH;;;;;", f"Monat {month:02d}.2026;;;;;", ""]
        lines += ["Artikelnr.;Bezeichnung;Warengruppe;Buchungsdatum;Menge;Nettoumsatz"]
        total = 0
        for article, name, group, units in (("4711", "Käse", "Frische", 1200), ("4712", "Öl", "Trocken", 80)):
            for day in range(1, 28, 3):
                lines.append(f"{article};{name};{group};{day:02d}.{month:02d}.2026;{units};{amount(units * 2.5)}")
            lines.append(f"Summe {article};;;;{units * 9};{amount(units * 22.5)}")
            total += units * 9
        lines += [f"Gesamtsumme;;;;{total};{amount(total * 2.5)}", "Erstellt am 02.09.2026 von Schäfer"]
        (exports / f"umsatz_2026-{month:02d}.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    lines = ["Artikelnr.;Stichtag;Lagerbestand (Tsd.)", "4711;31.08.2026;2,5", "4712;31.08.2026;0,75"]
    (exports / "lagerbestand.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    lines = ["Buchungstag;Artikelnr.;Gutmenge;Ist-Zeit [min]"]
    lines += [f"{day:02d}.08.2026;4711;900;90" for day in (3, 10, 17, 24, 31)]
    (exports / "rueckmeldungen_fertigung.csv").write_bytes("\r\n".join(lines).encode("cp1252"))


def workbook(exports: Path) -> None:
    """One workbook, months across in German with a total column, a sheet per measure, and a list of products."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    months = [f"{name} {year}" for year in (25, 26) for name in
              ("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")][:20]  # fmt: skip
    for name, price in (("Absatz", 1), ("Umsatz", 4)):
        sheet = book.create_sheet(name)
        sheet.append([f"{name} nach Monaten, Stand 01.09.2026"])
        sheet.append([])
        sheet.append(["Material", "Materialkurztext", *months, "Gesamt"])
        for product, text, units in (("A-1", "Pumpe", 10), ("A-2", "Ventil", 30)):
            values = [units * price * (1 + place % 3) for place in range(20)]
            sheet.append([product, text, *values, sum(values)])
        sheet.append(["Summe", None, *[40 * price * (1 + place % 3) for place in range(20)]])
    sheet = book.create_sheet("Artikelstamm")
    for row in [["Material", "Materialkurztext", "Produktgruppe", "VK-Preis"], ["A-1", "Pumpe", "Technik", 4],
                ["A-2", "Ventil", "Technik", 4.5]]:  # fmt: skip
        sheet.append(row)
    book.save(exports / "Absatz und Umsatz.xlsx")


def english(exports: Path) -> None:
    """Shipments in thousands without a date, which only the name has; a routing in minutes; work centres."""
    for number in range(1, 9):
        rows = [f"SKU-{k},Widget {k},{k * number / 10}" for k in (1, 2)]
        (exports / f"shipments_20260{number}.csv").write_text("Item No,Description,Units (000s)\n" + "\n".join(rows))
    (exports / "routing.csv").write_text("Item No,Work Center,Run Time (min)\nSKU-1,PRESS,3\nSKU-2,PRESS,6\n")
    (exports / "work centers.csv").write_text("Work Center,Machines,Hours per day\nPRESS,2,16\n")
    (exports / "readme.txt").write_text("Shipments of the plant\nAsk Jane\n")


def weekly(exports: Path) -> None:
    """Weeks with a day and month that could be either, in a file without anything else to tell by."""
    days = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(34)]
    rows = [f"W-1\t{day:%G-W%V}\t{100}" for day in days]
    (exports / "sales by week.tsv").write_text("Product code\tWeek\tUnits sold\n" + "\n".join(rows) + "\n")
    (exports / "stock.csv").write_text("Item code,Count date,On hand\nW-1,05/08/2026,40\nW-1,01/09/2026,30\n")


def compounds(exports: Path) -> None:
    """Headings in compound words, codes that begin with the number of a footer, minus signs behind, two months."""
    lines = ["Materialstamm Werk 1000;;", "Materialnummer;Materialkurztext;Standardpreis"]
    lines += ["2001;Bonbon;1,85", "2002;Riegel;7,20", "2 Einträge;;"]
    (exports / "Materialstamm.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    for month, units in (("07", "1.200"), ("08", "1.300")):
        lines = ["Belegnr.;Fakturadatum;Materialnummer;Fakturamenge;Nettowert EUR"]
        lines += [f"1;{day}.{month}.2026;2001;{units};{units},50" for day in (1, 31)]
        lines += [f"2;15.{month}.2026;2002;10-;15,00-", "Summe;;;;"]
        (exports / f"faktura_2026{month}.csv").write_text("\n".join(lines))


def years(exports: Path) -> None:
    """A workbook kept by hand: a cover, a sheet a year with a total column and row, stock at the end of two months."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Kept by Maria"])
    for year, months in ((2025, 12), (2026, 8)):
        sheet = book.create_sheet(f"Units {year}")
        sheet.append(["Item", *[f"{date(year, month, 1):%b %Y}" for month in range(1, months + 1)], "Total"])
        for item, units in (("Summer wine", 7), ("Oil", 5)):
            sheet.append([item, *[units] * months, units * months])
        sheet.append(["Sum", *[12] * months, 12 * months])
    sheet = book.create_sheet("Stock")
    for row in [["Item", "End of Jul 2026", "End of Aug 2026"], ["Oil", 30, 40], ["Summer wine", 3, 0]]:
        sheet.append(row)
    book.save(exports / "kept.xlsx")


def webshop(exports: Path) -> None:
    """Lines of orders with moments, a list of products, and stock whose day only the file's name has."""
    rows = [f"#{day},2026-08-{day:02d}T23:30:00+02:00,MUG,{2 * 9.5},2" for day in range(1, 32)]
    (exports / "order_lines.csv").write_text("Order,Created at,SKU,Item total,Item quantity\n" + "\n".join(rows))
    (exports / "products_export.csv").write_text('SKU,Title,Type,Price,Cost per item\nMUG,"Mug 12"" tall",Mugs,9.5,4\n')
    (exports / "inventory_2026-08-31.csv").write_text("SKU,Available\nMUG,70\n")


def french(exports: Path) -> None:
    """A file a month from a French till: months in words, hard spaces in thousands, a total, an end-of-file mark."""
    names = ("juin", "juillet", "août")
    for month, name in enumerate(names, start=6):
        rows = [f"Ventes {name} 2026;;;", "", "Date;Réf. article;Quantité;Chiffre d'affaires"]
        rows += [f"{day} {name} 2026;007;1\u00a0250;3\u00a0125,50" for day in range(1, 31)]
        rows += ["Total;;37\u00a0500;93\u00a0765,00", "\x1a"]
        (exports / f"ventes_2026-{month:02d}.csv").write_bytes("\r\n".join(rows).encode("cp1252"))
    (exports / "articles.csv").write_text("Réf. article;Désignation;Famille\n007;Crème;Desserts\n", encoding="utf-8")


def taken_in(folder: Path, cycle: str) -> IngestResult:
    company, month = config.load(folder), Cycle.parse(cycle)
    return ingest(snapshot(company, folder, month, Lake(folder / "lake")), company, month)


def by_month(result: IngestResult, table: str, column: str) -> dict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in result.tables[table].to_pylist():
        found[f"{row['date']:%Y-%m}"] += row[column]
    return dict(found)


@pytest.fixture
def drafted(tmp_path: Path):
    """Draft from exports, and say what a planner sees."""

    def draft(write):
        exports, folder = tmp_path / "exports", tmp_path / "acme"
        exports.mkdir()
        write(exports)
        return folder, str(draft_company(folder, [exports]))

    return draft


def ready_for(folder, cycle):
    """What a draft that nobody touched takes in, once it has passed ``sop check`` for the cycle as its newest."""
    report = check_company(folder)
    assert report.passed, str(report)
    assert report.newest_cycle == cycle
    return taken_in(folder, cycle)


def test_german_lists_with_titles_totals_thousands_and_minutes(drafted):
    folder, said = drafted(german)
    result = ready_for(folder, "2026-09")
    assert by_month(result, "sales", "quantity") == {f"2026-{m:02d}": 9 * 1280 for m in range(1, 9)}
    assert by_month(result, "sales", "revenue") == {f"2026-{m:02d}": 9 * 3200 for m in range(1, 9)}
    assert {row["on_hand"] for row in result.tables["inventory"].to_pylist()} == {2500, 750}
    assert by_month(result, "production", "hours") == {"2026-08": Decimal("7.5")}
    names = [(row["product_id"], row["product_name"], row["family"]) for row in result.tables["products"].to_pylist()]
    assert names == [("4711", "Käse", "Frische"), ("4712", "Öl", "Trocken")]
    assert result.quarantine.num_rows == 0
    for told in ("8 files", "column names in row 4", "hours times 1/60", "on_hand times 1000", "Summe*", "Erstellt*"):
        assert told in said
        assert f"guessed: {told}" in (folder / "sop.yaml").read_text() or told in (folder / "sop.yaml").read_text()


def test_a_french_till(drafted):
    folder, said = drafted(french)
    result = ready_for(folder, "2026-09")
    assert by_month(result, "sales", "quantity") == {f"2026-{month:02d}": 37500 for month in (6, 7, 8)}
    assert by_month(result, "sales", "revenue") == {f"2026-{month:02d}": 93765 for month in (6, 7, 8)}
    assert result.quarantine.num_rows == 0
    assert "3 files" in said


@pytest.mark.parametrize(
    ("heading", "month"), [("Ende März 2026", "2026-03"), ("Marge 2026", None), ("mrz 26", "2026-03")]
)
def test_a_month_in_a_heading_is_its_whole_name(heading, month):
    assert words.month_of(heading) == month


def test_a_workbook_with_months_across_and_a_sheet_per_measure(drafted):
    folder, said = drafted(workbook)
    result = ready_for(folder, "2026-09")
    units = by_month(result, "sales", "quantity")
    assert (units["2025-01"], units["2025-02"], units["2026-08"], len(units)) == (40, 80, 80, 20)
    revenue = by_month(result, "sales", "revenue")
    assert {month: 4 * quantity for month, quantity in units.items()} == revenue
    products = result.tables["products"].to_pylist()
    assert [(row["product_id"], row["family"], float(row["unit_price"])) for row in products] == [
        ("A-1", "Technik", 4.0),
        ("A-2", "Technik", 4.5),
    ]
    assert "one sheet per measure: Absatz, Umsatz" in said


def test_thousands_months_in_names_and_minutes_of_a_routing(drafted):
    folder, said = drafted(english)
    report = check_company(folder)
    assert report.passed, str(report)
    assert "date from the file's name, shipments_*.csv" in said
    assert "left out: readme.txt" in said
    result = taken_in(folder, "2026-09")
    assert by_month(result, "sales", "quantity") == {f"2026-{m:02d}": 300 * m for m in range(1, 9)}
    hours = {row["product_id"]: row["quantity"] for row in result.tables["product_features"].to_pylist()}
    assert hours == {"SKU-1": Decimal("0.05"), "SKU-2": Decimal("0.1")}
    assert [(row["resource_id"], row["opening_units"], row["hours_per_day"]) for row in
            result.tables["resources"].to_pylist()] == [("PRESS", 2, 16)]  # fmt: skip


def test_compound_words_and_a_footer_that_begins_as_codes_do(drafted):
    folder, said = drafted(compounds)
    result = ready_for(folder, "2026-09")
    assert by_month(result, "sales", "quantity") == {"2026-07": 2390, "2026-08": 2590}
    assert by_month(result, "sales", "revenue") == {"2026-07": 2386, "2026-08": 2586}
    assert [row["product_id"] for row in result.tables["products"].to_pylist()] == ["2001", "2002"]
    assert (result.quarantine.num_rows, "rows skipped where Materialnummer is * Einträge" in said) == (0, True)


def test_a_sheet_a_year_and_stock_by_the_end_of_its_months(drafted):
    folder, _ = drafted(years)
    result = ready_for(folder, "2026-09")
    assert by_month(result, "sales", "quantity") == {f"{y}-{m:02d}": 12 for y, to in ((2025, 13), (2026, 9)) for m in
                                                     range(1, to)}  # fmt: skip
    counted = {(f"{row['date']}", row["product_id"]): row["on_hand"] for row in result.tables["inventory"].to_pylist()}
    assert counted == {("2026-07-31", "Oil"): 30, ("2026-08-31", "Oil"): 40, ("2026-07-31", "Summer wine"): 3,
                       ("2026-08-31", "Summer wine"): 0}  # fmt: skip


def test_a_webshops_exports(drafted):
    folder, _ = drafted(webshop)
    result = ready_for(folder, "2026-09")
    assert by_month(result, "sales", "quantity") == {"2026-08": 62}
    assert by_month(result, "sales", "revenue") == {"2026-08": 31 * 19}
    assert [(f"{row['date']}", row["on_hand"]) for row in result.tables["inventory"].to_pylist()] == [
        ("2026-08-31", 70)
    ]
    (product,) = result.tables["products"].to_pylist()
    assert [product[name] for name in ("product_name", "family", "unit_price", "standard_cost")] == [
        'Mug 12" tall', "Mugs", Decimal("9.5"), 4]  # fmt: skip


def test_what_only_a_person_knows_is_asked_and_one_edit_makes_it_ready(drafted):
    folder, said = drafted(weekly)
    assert "? '01/09/2026', which is a different day" in said
    assert "read with date_format '%d/%m/%Y'; if that is wrong, change it" in said
    result = ready_for(folder, "2026-09")
    assert by_month(result, "sales", "quantity")["2026-03"] == 22 * 20
    assert [f"{row['date']}" for row in result.tables["inventory"].to_pylist()] == ["2026-08-05"]
    settings = folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("%d/%m/%Y", "%m/%d/%Y"))
    result = taken_in(folder, "2026-09")
    assert {f"{row['date']}" for row in result.tables["inventory"].to_pylist()} == {"2026-05-08", "2026-01-09"}


def test_originals_stay_and_a_draft_is_a_company_like_any_other(drafted):
    folder, _ = drafted(english)
    raw = yaml.safe_load((folder / "sop.yaml").read_text())
    assert set(raw["sources"]) == {"products", "sales", "product_features", "resources"}
    assert (folder / "sop.schema.json").exists()
    exports = folder.parent / "exports"
    assert {path.name for path in exports.iterdir()} == {path.name for path in (folder / "data").iterdir()}


@pytest.mark.parametrize(
    ("content", "said"),
    [("Name,Phone\nA,1\nB,2\n", "no sales or production among a.csv"), (None, "found no files")],
)
def test_nothing_to_draft_from_is_said(tmp_path, content, said):
    exports = tmp_path / "exports"
    exports.mkdir()
    if content:
        (exports / "a.csv").write_text(content)
    with pytest.raises(BadInput, match=said):
        draft_company(tmp_path / "acme", [exports])
    assert not (tmp_path / "acme").exists()


def test_a_folder_that_is_taken_is_left_alone(tmp_path):
    (tmp_path / "a.csv").write_text("date,product_id,quantity\n2026-01-01,P,1\n")
    with pytest.raises(BadInput, match="a folder that is not empty"):
        draft_company(tmp_path, [tmp_path / "a.csv"])
    with pytest.raises(BadInput, match=r"found no file .*missing\.csv"):
        draft_company(tmp_path / "new", [tmp_path / "missing.csv"])


def test_a_forecast_that_says_who_made_it_and_when_is_one_made_elsewhere(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    sold = [f"P1,Soap,2025-{month:02d}-01,100" for month in range(1, 13)]
    (exports / "sales.csv").write_text("\n".join(["sku,description,date,qty", *sold]) + "\n")
    rows = ["Modell;Version;Monat;Artikel;Prognose;q10;q90", "chronos;2026-01;2026-01;P1;105;90;120"]
    (exports / "absatzprognose.csv").write_text("\n".join([*rows, "chronos;2026-01;2026-02;P1;104;90;120"]) + "\n")
    draft_company(tmp_path / "company", [exports])
    (source,) = config.load(tmp_path / "company").sources["external_forecasts"]
    assert source.columns == {
        "model": "Modell",
        "cycle": "Version",
        "month": "Monat",
        "product_id": "Artikel",
        "mean": "Prognose",
        "p10": "q10",
        "p90": "q90",
    }
