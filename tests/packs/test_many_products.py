"""A company of many products: families in the workbook, the products as files, and the same figures."""

from __future__ import annotations

import pandas as pd
import pytest

from sop_pipeline.packs.book import frames, many_products
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import make_files
from sop_pipeline.packs.media import exports
from sop_pipeline.packs.workbook.sheets import sheets

LONGEST = 20


@pytest.fixture
def many(book: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The invented company, taking two products for many and twenty rows for a long sheet."""
    monkeypatch.setattr(many_products, "MOST_PRODUCTS", 2)
    monkeypatch.setattr(many_products, "LONGEST_SHEET", LONGEST)
    return book


def test_a_plan_by_product_is_added_up_by_family_and_month(many: Book) -> None:
    by_name = {sheet.table.name: sheet for sheet in sheets(many)}
    found = by_name["sales_plan"].rows.to_pandas()
    whole = many.in_total_unit(many.frame("sales_plan"), "demand", "sales")
    wanted = whole.groupby(["family", "month"], as_index=False)[["demand", "sales", "revenue", "cogs", "margin"]].sum()
    assert found[["family", "month"]].to_numpy().tolist() == wanted[["family", "month"]].to_numpy().tolist()
    for column in ("demand", "sales", "revenue", "cogs", "margin"):
        assert found[column].astype(float).to_list() == pytest.approx(wanted[column].to_list())
    assert found["products"].sum() == len(whole)
    assert by_name["sales_plan"].table.grain == (
        "one row per family and month, products added up; every row is in exports/sales_plan.csv"
    )


def test_other_long_tables_have_their_first_rows_and_say_so(many: Book) -> None:
    (sheet,) = [sheet for sheet in sheets(many) if sheet.table.name == "resource_plan"]
    table = many.table("resource_plan")
    assert sheet.rows.equals(table.slice(0, LONGEST))
    assert f"the first {LONGEST} of {table.num_rows}, every row is in exports/resource_plan.csv" in sheet.table.grain


@pytest.mark.slow
def test_every_row_is_in_the_files_and_no_long_table_is_attached(many: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    attached: list[str] = []
    monkeypatch.setattr("sop_pipeline.packs.media.pdf.Rendering", lambda: Noting(attached))
    made = make_files(many)
    for name in ("sales_plan", "demand_plan", "resource_plan"):
        lines = made.files[f"exports/{name}.csv"].decode().splitlines()
        assert len(lines) == 1 + many.table(name).num_rows
    assert "sales_plan.csv" not in attached
    assert set(attached) == set(exports.deliverables(many.tables)) - set(exports.long_tables(many))


class Noting:
    """Renders nothing and notes what would be attached."""

    def __init__(self, attached: list[str]) -> None:
        self._attached = attached

    def __enter__(self) -> Noting:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def render(self, _sources: object, attachments: dict[str, bytes], _created: str) -> Noting:
        self._attached.extend(attachments)
        return self

    def result(self) -> tuple[dict[str, bytes], str]:
        return {}, ""


def test_few_products_keep_every_row(book: Book) -> None:
    assert exports.long_tables(book) == {}
    rows = {sheet.table.name: sheet.rows.num_rows for sheet in sheets(book)}
    assert rows["sales_plan"] == book.table("sales_plan").num_rows > LONGEST


def test_the_rows_of_a_family_are_the_same_of_a_long_frame(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    data = book.frame("sales_plan")
    short = [frames.of_family(data, family) for family in (*book.families, "none such")]
    monkeypatch.setattr(frames, "LONG", 1)
    for wanted, family in zip(short, (*book.families, "none such"), strict=True):
        pd.testing.assert_frame_equal(frames.of_family(data, family), wanted)


def test_rows_by_family_are_forgotten_with_their_frame(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LONG", 1)
    data = book.frame("sales_plan").copy()
    frames.of_family(data, book.families[0])
    at = id(data)
    assert at in frames._PLACES
    del data
    assert at not in frames._PLACES
