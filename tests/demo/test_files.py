"""The folder: equal bytes for equal seeds, formats, sizes, registry, configuration."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sop_pipeline import tables
from sop_pipeline.demo import write_company

ONE_SOURCE = sorted({table.name for table in tables.INPUTS} - {"sales", "exchange_rates"})


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_replaces_what_was_there(demo, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "left_over.csv").write_text("x")
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "kept.json").write_text("{}")
    write_company(tmp_path)
    found = digests(tmp_path)
    assert found.pop("lake/kept.json")
    assert found == digests(demo.folder)


def test_another_seed_gives_other_sales(demo, tmp_path):
    write_company(tmp_path, seed=7)
    ours, other = digests(demo.folder), digests(tmp_path)
    assert ours.keys() == other.keys()
    assert ours["data/sales/sales_2024.parquet"] != other["data/sales/sales_2024.parquet"]
    assert ours["sop.yaml"] == other["sop.yaml"]


def test_every_input_table_has_a_source_and_every_file_is_read(demo):
    assert set(demo.company.sources) == {table.name for table in tables.INPUTS}
    read = {
        path
        for sources in demo.company.sources.values()
        for source in sources
        for path in demo.folder.glob(source.path)
    }
    assert read == {path for path in (demo.folder / "data").rglob("*") if path.is_file()}
    assert {path.suffix for path in read} == {".csv", ".parquet", ".xlsx"}


@pytest.mark.parametrize("name", ONE_SOURCE)
def test_tables_fit_the_registry(demo, name):
    spec, data = tables.get(name), demo.table(name)
    assert not set(data.columns) - set(spec.names)
    if spec.key and "recorded_on" in data:
        data = data.sort_values("recorded_on").drop_duplicates(list(spec.key), keep="last")
    for column in spec.columns:
        if column.name in data and column.kind.name in ("DATE", "MONTH"):
            data[column.name] = pd.to_datetime(data[column.name])
        if column.name in data and column.kind.name == "TEXT":
            data[column.name] = data[column.name].astype("string")
    fitted = tables.conform(name, data)
    assert fitted.num_rows == len(data) > 0
    for column in spec.columns:
        values: list[Any] = fitted.column(column.name).drop_null().to_pylist()
        assert column.minimum is None or not values or min(values) >= column.minimum, column.name
        assert column.maximum is None or not values or max(values) <= column.maximum, column.name
        assert not column.one_of or set(values) <= set(column.one_of), column.name


def test_sales_fit_the_registry(sales):
    columns = ["date", "product_id", "quantity", "revenue", "currency", "region", "channel"]
    assert tables.conform("sales", sales[columns]).num_rows == len(sales)


def test_references_hold(demo):
    products = set(demo.table("products")["product_id"])
    for name in ("orders", "production", "inventory", "product_features", "new_products"):
        assert set(demo.table(name)["product_id"]) <= products, name
    named = (("products", "successor_id"), ("new_products", "like_product_id"), ("demand_inputs", "product_id"))
    for name, column in named:
        assert set(demo.table(name)[column].dropna()) <= products, (name, column)
    resources = set(demo.table("resources")["resource_id"])
    options = set(demo.table("product_features")["feature"]) - resources
    assert options == {"pump_dispenser"}
    assert set(demo.table("resource_months")["resource_id"]) <= resources
    assert set(demo.table("materials")["material_id"]) <= resources
    families = set(demo.table("products")["family"])
    for name in ("business_plan", "demand_inputs", "risks_opportunities"):
        assert set(demo.table(name)["family"].dropna()) <= families, name


def test_the_company_has_the_stated_size(demo, sales):
    products = demo.table("products")
    assert len(products) == 63
    assert products["family"].nunique() == 6
    assert set(products["site_id"]) == {"ULM", "LYON"}
    assert sales["product_id"].nunique() == 60
    assert len(sales) == demo.written.planted.clean_rows
    assert 450_000 < len(sales) < 600_000
    assert (sales["date"].min(), sales["date"].max()) == (pd.Timestamp("2021-11-01"), pd.Timestamp("2026-10-31"))
    assert sales["month"].nunique() == 60
    assert set(sales["region"]) == {"Germany", "France", "Benelux", "Switzerland"}
    assert set(sales["channel"]) == {"Retail", "Wholesale", "Online"}
    assert (sales["currency"] == "CHF").equals(sales["region"] == "Switzerland")
    kinds = set(demo.table("resources")["kind"])
    assert kinds == {"labour", "machine", "storage", "material"}


def test_the_export_is_german(demo):
    text = (demo.folder / "data" / "sales" / "export_2026-05.csv").read_bytes().decode("cp1252")
    head, first = text.splitlines()[:2]
    assert head == "Buchungstag;Artikel;Menge;Umsatz;Währung;Gebiet;Vertriebsweg"
    assert "," in first.split(";")[3]
    assert first.split(";")[2].lstrip("-").isdigit()
