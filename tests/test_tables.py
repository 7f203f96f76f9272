"""The registry and what makes data fit it."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.tables import Kind, Table
from sop_pipeline.tables.conform import _decimal_from_float
from sop_pipeline.tables.schema import count, day, flag, money, month, quantity, rate, text

STOCK = Table(
    "stock",
    "one row per product and month",
    "ingest",
    "for these tests",
    (
        text("product_id", "product", required=True),
        month("month", "month", required=True),
        quantity("on_hand", "stock"),
        money("value", "value"),
        rate("share", "share", "share"),
        count("lots", "lots"),
        flag("frozen", "frozen"),
        day("counted_on", "day"),
    ),
    ("product_id", "month"),
)
ROW = {"product_id": "P1", "month": date(2026, 11, 1)}


def test_every_table_has_a_name_of_its_own_a_grain_and_a_meaning():
    everything = [*tables.INPUTS, *tables.OUTPUTS]
    assert len({spec.name for spec in everything}) == len(everything)
    for spec in [*everything, *tables.PLANNING, *tables.RESULTS]:
        assert spec.grain.startswith("one row per")
        assert spec.meaning
        assert len(set(spec.names)) == len(spec.names)
        assert all(column.meaning for column in spec.columns)


def test_references_name_columns_that_exist():
    for spec in tables.INPUTS:
        for column in spec.columns:
            if column.references:
                table, name = column.references.split(".")
                assert name in tables.get(table)


def test_no_float_is_in_the_lake():
    for spec in [*tables.INPUTS, *tables.OUTPUTS]:
        assert not any(pa.types.is_floating(field.type) for field in spec.arrow)


def test_every_input_may_say_when_it_was_recorded():
    assert all(spec["recorded_on"].kind is Kind.DATE for spec in tables.INPUTS)


def test_a_name_nobody_knows_names_the_nearest():
    with pytest.raises(KeyError, match="nearest: sales"):
        tables.get("sale")


@pytest.mark.parametrize("kind", [Kind.QUANTITY, Kind.MONEY, Kind.RATE, Kind.FIGURE])
def test_floats_become_decimals_as_python_rounds_them(kind):
    """Halves go to the even digit as numpy rounds; what is not a number is null; large numbers take the long way."""
    amounts = np.random.default_rng(3).normal(0, 10.0 ** np.arange(-5, 9).repeat(20))
    floats = np.concatenate([amounts, [0.5, 1.5, 2.5, -0.125, 0.00005, -1e-9, 0.0, -0.0, np.nan, np.inf]])
    short = _decimal_from_float(pa.array(floats), kind).to_pylist()
    exact = [None if not np.isfinite(value) else Decimal(repr(float(np.round(value, kind.places)))) for value in floats]
    assert short == [None if value is None else round(value, kind.places) for value in exact]
    if kind is Kind.QUANTITY:
        long = _decimal_from_float(pa.array([*floats, 1e12]), kind)
        assert long.slice(0, len(floats)).to_pylist() == short


def test_a_key_must_be_among_the_columns():
    with pytest.raises(ValueError, match="key columns \\['b'\\]"):
        Table("t", "one row per a", "ingest", "x", (text("a", "a"),), ("b",))


def test_conform_orders_casts_fills_and_drops():
    data = pd.DataFrame(
        {
            "extra": [1, 2],
            "month": pd.to_datetime(["2026-11-17", "2026-10-01"]),
            "product_id": pd.Series(["P2", "P1"], dtype="category"),
            "on_hand": [1, 2],
            "value": [1.005, 2.675],
            "share": [1 / 3, np.nan],
            "lots": [3.0, np.nan],
        }
    )
    found = tables.conform(STOCK, data)
    assert found.schema == STOCK.arrow
    assert found.to_pylist()[0] == {
        "product_id": "P1",
        "month": date(2026, 10, 1),
        "on_hand": Decimal("2.0000"),
        "value": Decimal("2.68"),
        "share": None,
        "lots": None,
        "frozen": None,
        "counted_on": None,
    }
    second = found.to_pylist()[1]
    assert (second["month"], second["share"], second["lots"]) == (date(2026, 11, 1), Decimal("0.333333"), 3)


def test_conforming_twice_changes_nothing():
    once = tables.conform(STOCK, [{**ROW, "on_hand": 1.00005, "value": 7}])
    assert tables.conform(STOCK, once).equals(once)


@given(st.permutations([{"product_id": f"P{n}", "month": date(2026, 1 + n % 12, 1), "on_hand": n} for n in range(8)]))
def test_the_order_of_rows_does_not_matter(rows):
    assert tables.conform(STOCK, rows).equals(tables.conform(STOCK, sorted(rows, key=lambda row: row["product_id"])))


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20))
def test_a_float_is_rounded_once_and_never_far(values):
    rows = [{"product_id": f"P{n:02d}", "month": date(2026, 1, 1), "on_hand": value} for n, value in enumerate(values)]
    stored = tables.rows(tables.conform(STOCK, rows))
    for value, row in zip(values, stored, strict=True):
        assert abs(float(row["on_hand"]) - value) <= 0.00005 * 1.000001 + abs(value) * 1e-15


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_becomes_blank(value):
    assert tables.conform(STOCK, [{**ROW, "on_hand": value}]).column("on_hand").to_pylist() == [None]


def test_negative_zero_is_zero():
    found = tables.conform(STOCK, [{**ROW, "on_hand": -0.0}])
    assert str(found.column("on_hand")[0].as_py()) == "0.0000"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"product_id": "P1"}], "needed column month"),
        ([{**ROW, "product_id": None}], "1 of 1 rows without a value"),
        ([ROW, ROW], "2 rows for 1 keys"),
        ([{**ROW, "on_hand": "ten"}], "column on_hand"),
        ([{**ROW, "on_hand": 1e15}], "column on_hand"),
        ([{**ROW, "lots": "x"}], "column lots"),
    ],
)
def test_what_does_not_fit_is_refused_by_table_and_column(rows, said):
    with pytest.raises(BadInput, match=said) as caught:
        tables.conform(STOCK, rows)
    assert "table stock" in str(caught.value)


def test_blank_key_columns_count_as_equal():
    spec = Table("t", "one row per a and b", "ingest", "x", (text("a", "a"), text("b", "b")), ("a", "b"))
    with pytest.raises(BadInput, match="2 rows for 1 keys"):
        tables.conform(spec, [{"a": "1", "b": None}, {"a": "1", "b": None}])


def test_empty_and_concat_conform():
    assert tables.empty("sales").schema == tables.get("sales").arrow
    assert tables.conform("sales", []).num_rows == 0
    one = tables.conform(STOCK, [ROW])
    other = tables.conform(STOCK, [{**ROW, "product_id": "P0"}])
    assert tables.concat(STOCK, [one, other]).column("product_id").to_pylist() == ["P0", "P1"]
    assert tables.concat(STOCK, []).num_rows == 0


def test_a_frame_has_floats_and_days():
    found = tables.frame(tables.conform(STOCK, [{**ROW, "on_hand": 1.5, "frozen": True}]))
    assert found["on_hand"].dtype == np.float64
    assert str(found["month"].dtype).startswith("datetime64")
    assert np.isnan(found["value"][0])
    assert found["frozen"][0] is True or found["frozen"][0] == np.True_
