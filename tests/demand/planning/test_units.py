"""Given products counted in several units: what is added in which unit, and what is left out."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand import units
from sop_pipeline.demand.consensus.adjustments import demand_adjustments
from sop_pipeline.demand.consensus.plan import demand_plan, demand_range
from sop_pipeline.demand.review.defaults import demand_defaults
from sop_pipeline.demand.review.value_added import FrozenDemand, forecast_value_added
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.language.demand import adjustment_words, approach_words
from sop_pipeline.language.reconciliation import default_words
from sop_pipeline.validation import identities

CYCLE = Cycle.parse("2026-01")
FAMILY = {"A": "F", "B": "F", "C": "G", "D": "G"}
UNIT = {"A": "kg", "B": "kg", "C": "litre", "D": "piece"}
SERIES = {
    "A": [100 + month % 12 for month in range(30)],
    "B": [40 + month for month in range(30)],
    "C": [7000 + 100 * (month % 5) for month in range(30)],
    "D": [3 + month % 2 for month in range(30)],
}


def company(**given):
    return Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 6, **given})


def products(**columns):
    """One row a product; each column is given by product."""
    rows = [
        {
            "product_id": name,
            "product_name": name,
            "family": FAMILY[name],
            **{column: values.get(name) for column, values in columns.items()},
        }
        for name in FAMILY
    ]
    return tables.conform("products", rows)


LIFE = tables.conform(
    "product_lifecycle",
    [
        {
            "product_id": name,
            "product_name": name,
            "family": family,
            "status": "active",
            "history_months": 30,
            "first_month": add_months(CYCLE.month, -30),
        }
        for name, family in FAMILY.items()
    ],
)


def history(names="ABCD"):
    rows = [
        {
            "product_id": name,
            "family": FAMILY[name],
            "month": add_months(CYCLE.month, place - 30),
            "quantity": quantity,
            "cleansed": quantity,
            "returns": 0,
            "signal": "sales",
        }
        for name in names
        for place, quantity in enumerate(SERIES[name])
    ]
    return tables.conform("demand_history", rows)


def counted(**columns):
    return units.demand_units(products(**columns), LIFE, company=company())


EQUIVALENT = {"A": Decimal(1), "B": Decimal(1), "C": Decimal("0.8"), "D": Decimal(25)}
WRITTEN = {name: float(value) for name, value in EQUIVALENT.items()}
WITH_EQUIVALENTS = {"unit_of_measure": UNIT, "equivalent_units": WRITTEN}


def forecasts(given, **settings):
    return vars(statistical_forecast(history(), LIFE, None, given, company=company(**settings), cycle=CYCLE))


@pytest.fixture(scope="module")
def mixed():
    given = counted(**WITH_EQUIVALENTS)
    return given, forecasts(given, forecast_approach="auto")


def levels(given):
    return {row["product_id"]: row for row in tables.rows(given)}


# -- which unit -------------------------------------------------------------------------------------------------------


def test_products_of_one_unit_count_one_in_it():
    rows = tables.rows(counted(unit_of_measure=dict.fromkeys(FAMILY, "kg")))
    assert {(r["family_unit"], r["family_equivalent"], r["company_unit"], r["company_equivalent"]) for r in rows} == {
        ("kg", 1, "kg", 1)
    }


def test_families_keep_their_own_unit_and_the_company_counts_in_equivalents():
    found = levels(counted(**WITH_EQUIVALENTS))
    assert (found["A"]["family_unit"], found["A"]["family_equivalent"]) == ("kg", 1)
    assert (found["C"]["family_unit"], found["C"]["family_equivalent"]) == ("equivalent_units", Decimal("0.8"))
    assert {(row["company_unit"], float(row["company_equivalent"])) for row in found.values()} == {
        ("equivalent_units", float(equivalent)) for equivalent in EQUIVALENT.values()
    }


@pytest.mark.parametrize(
    ("columns", "unit"),
    [
        ({"unit_price": {"A": 2, "B": 3, "C": 4, "D": 5}}, "EUR at unit price"),
        ({"unit_price": {"A": 2}, "standard_cost": {"A": 1, "B": 1, "C": 3, "D": 4}}, "EUR at standard cost"),
        ({"equivalent_units": {"A": 2}, "unit_price": {"A": 2}}, None),
        ({"equivalent_units": dict.fromkeys("ABC", 1) | {"D": 0}}, None),
    ],
)
def test_without_equivalents_money_serves_and_without_prices_nothing_does(columns, unit):
    found = levels(counted(unit_of_measure=UNIT, **columns))
    assert {row["company_unit"] for row in found.values()} == {unit}
    assert found["A"]["family_unit"] == "kg"
    assert found["D"]["family_unit"] == unit


def test_a_product_without_a_unit_takes_its_family_s():
    found = levels(counted(unit_of_measure={"A": "kg", "C": "litre", "D": "litre"}))
    assert {name: row["unit_of_measure"] for name, row in found.items()} == {
        "A": "kg",
        "B": "kg",
        "C": "litre",
        "D": "litre",
    }


# -- forecasts --------------------------------------------------------------------------------------------------------


def by_item(rows):
    found: dict[tuple, dict[tuple, dict]] = {}
    for row in rows:
        found.setdefault((row["approach"], row["month"]), {})[row["level"], row["item_id"]] = row
    return found


def test_every_level_adds_up_to_the_last_unit_in_its_own_unit(mixed):
    given, result = mixed
    for rows in by_item(tables.rows(result["forecast"])).values():
        mean = {name: rows["product", name]["mean"] for name in FAMILY}
        assert rows["family", "F"]["mean"] == mean["A"] + mean["B"]
        in_equivalents = {name: round(mean[name] * EQUIVALENT[name], 4) for name in FAMILY}
        assert rows["family", "G"]["mean"] == in_equivalents["C"] + in_equivalents["D"]
        assert rows["company", "Acme"]["mean"] == sum(in_equivalents.values())
        assert [rows[key]["unit_of_measure"] for key in (("family", "F"), ("family", "G"), ("product", "D"))] == [
            "kg",
            "equivalent_units",
            "piece",
        ]
    assert identities.forecast_coherence(result["forecast"], given).passed
    assert all(row["p10"] <= row["p50"] <= row["p90"] for row in tables.rows(result["forecast"]))


def test_a_sum_across_units_fails_the_identity(mixed):
    given, result = mixed
    rows = tables.rows(result["forecast"])
    for row in rows:
        if row["level"] == "company":
            row["mean"] += Decimal("0.0001")
    assert not identities.forecast_coherence(tables.conform("forecast", rows), given).passed


def test_weighing_changes_no_product_s_bottom_up_forecast(mixed):
    _, weighed = mixed
    for name in FAMILY:
        both = [
            [
                float(row["mean"])
                for row in tables.rows(each["forecast"])
                if row["item_id"] == name and row["approach"] == "bottom_up"
            ]
            for each in (weighed, forecasts(None))
        ]
        assert len(both[0]) == 6
        assert both[0] == pytest.approx(both[1], abs=0.002)


def test_the_backtest_holds_what_was_sold_in_each_level_s_unit(mixed):
    _, result = mixed
    sold = {(name, add_months(CYCLE.month, n - 30)): amount for name in FAMILY for n, amount in enumerate(SERIES[name])}
    for row in tables.rows(result["forecast_backtest"]):
        names = [row["item_id"]] if row["level"] == "product" else [n for n in FAMILY if FAMILY[n] == row["item_id"]]
        if row["level"] == "company":
            names = list(FAMILY)
        weight = EQUIVALENT if row["unit_of_measure"] == "equivalent_units" else dict.fromkeys(FAMILY, 1)
        assert float(row["actual"]) == pytest.approx(sum(sold[n, row["month"]] * float(weight[n]) for n in names))


def test_errors_over_products_are_added_in_the_company_s_unit(mixed):
    _, result = mixed
    rows = [r for r in tables.rows(result["forecast_backtest"]) if r["level"] == "product" and r["lag"] == 1]
    rows = [row for row in rows if row["approach"] == "bottom_up" and row["is_judged"]]
    off = sum(abs(r["forecast"] - r["actual"]) * EQUIVALENT[r["item_id"]] for r in rows)
    all_of_it = sum(r["actual"] * EQUIVALENT[r["item_id"]] for r in rows)
    told = [
        row
        for row in tables.rows(result["forecast_accuracy"])
        if (row["approach"], row["level"], row["item_id"], row["lag"]) == ("bottom_up", "product", "all", 1)
    ]
    assert float(told[0]["wmape"]) == pytest.approx(float(off / all_of_it), abs=1e-6)
    assert told[0]["unit_of_measure"] == "equivalent_units"


def test_one_unit_gives_the_same_tables_as_no_unit_apart_from_its_name():
    named = forecasts(counted(unit_of_measure=dict.fromkeys(FAMILY, "kg")))
    for name, table in forecasts(None).items():
        kept = [column for column in table.column_names if column != "unit_of_measure"]
        assert named[name].select(kept).equals(table.select(kept)), name


@pytest.fixture(scope="module")
def never_added():
    given = counted(unit_of_measure=UNIT)
    return given, forecasts(given, approach="top_down")


def test_levels_without_a_unit_are_left_out(never_added):
    given, result = never_added
    for name in ("forecast", "forecast_backtest", "forecast_accuracy"):
        items = {(row["level"], row["item_id"]) for row in tables.rows(result[name])}
        assert ("family", "F") in items
        assert not {("family", "G"), ("company", "Acme"), ("company", "all")} & items
    assert identities.forecast_coherence(result["forecast"], given).passed


def test_top_down_without_a_top_is_bottom_up_and_says_why(never_added):
    _, result = never_added
    rows = {row["approach"]: row for row in tables.rows(result["forecast_approach"])}
    assert set(rows) == {"bottom_up", "naive"}
    assert rows["bottom_up"]["chosen"]
    facts = (rows["bottom_up"]["basis"], rows["bottom_up"]["against"])
    assert facts == ("not_addable", "top_down_forecast_proportions")
    assert approach_words(rows["bottom_up"], list(rows.values()), [0]).startswith(
        "top down forecast proportions is set in sop.yaml, but products are counted in several units"
    )


def test_over_products_of_units_that_cannot_be_added_only_what_has_no_unit_is_told(never_added):
    _, result = never_added
    rows = [r for r in tables.rows(result["forecast_accuracy"]) if (r["level"], r["item_id"]) == ("product", "all")]
    assert rows
    for row in rows:
        assert row["wmape"] is row["bias"] is row["tracking_signal"] is row["unit_of_measure"] is None
        assert row["mase"] is not None


def gaps(given):
    nothing = {name: tables.empty(name) for name in ("inventory", "demand_inputs", "forecast_backtest")}
    found = demand_defaults(history(), LIFE, **nothing, demand_units=given, company=company(), cycle=CYCLE)
    return {row["default_id"]: row for row in tables.rows(found)}


def test_what_stands_in_for_one_unit_is_listed_as_a_default(mixed, never_added):
    several = gaps(mixed[0])["several_units"]
    assert (several["subject"], several["unit"]) == ("kg, litre, piece", "equivalent_units")
    assert default_words(several, currency="EUR") == (
        "one unit of measure: products are counted in kg, litre, piece",
        "the company's totals are in equivalent units",
    )
    assert "no_common_unit_in_families" in gaps(never_added[0])
    assert not {"several_units", "no_common_unit"} & set(gaps(counted(unit_of_measure=dict.fromkeys(FAMILY, "kg"))))


# -- consensus --------------------------------------------------------------------------------------------------------


def changed(mixed, **entry):
    given, result = mixed
    entries = tables.conform("demand_inputs", [{"stream": "finance", "month_from": CYCLE.month, **entry}])
    changes = demand_adjustments(result["forecast"], history(), LIFE, entries, given, cycle=CYCLE)
    plan = demand_plan(result["forecast"], changes, LIFE, given)
    ranges = demand_range(plan, result["forecast"], given, company=company())
    return tables.rows(changes), tables.rows(plan), tables.rows(ranges)


def test_units_on_the_company_are_its_equivalents_and_are_spread_in_proportion(mixed):
    changes, plan, ranges = changed(mixed, change_units=1000)
    told = sum(float(row["change"]) * float(EQUIVALENT[row["product_id"]]) for row in changes)
    assert told == pytest.approx(1000, abs=0.003)
    shares = {round(float(row["change"] / row["before"]), 4) for row in changes}
    assert len(shares) == 1
    top = next(r for r in ranges if r["level"] == "company" and r["month"] == CYCLE.month)
    now = {row["product_id"]: row["quantity"] for row in plan if row["month"] == CYCLE.month}
    assert top["mean"] == sum(round(now[name] * EQUIVALENT[name], 4) for name in FAMILY)
    assert top["unit_of_measure"] == "equivalent_units"
    assert top["p10"] < top["mean"] < top["p90"]


def test_where_units_cannot_be_added_percentages_are_spread_and_units_left_out_by_name(never_added):
    changes, _, ranges = changed(never_added, change_pct=10, change_units=500, reason="more")
    assert {round(float(row["change"] / row["before"]), 4) for row in changes} == {0.1}
    assert {(row["reason"], row["is_unit_left_out"]) for row in changes} == {("more", True)}
    assert adjustment_words(changes[0]) == (
        "more; units left out: its products are counted in units that cannot be added"
    )
    assert {(row["level"], row["item_id"]) for row in ranges if row["level"] != "product"} == {("family", "F")}


# -- what was planned -------------------------------------------------------------------------------------------------


def planned_for_december():
    rows = [
        {
            "product_id": name,
            "family": FAMILY[name],
            "month": date(2025, 12, 1),
            "lag": 0,
            "statistical": SERIES[name][-1] + 10,
            "adjustment": 0,
            "quantity": SERIES[name][-1] + 10,
            "p10": 0,
            "p50": 0,
            "p90": 0,
        }
        for name in FAMILY
    ]
    plan = tables.conform("demand_plan", rows)
    return [FrozenDemand(CYCLE.previous(), plan, tables.empty("demand_adjustments"), history())]


def added(given):
    found = forecast_value_added(history(), products(), planned_for_december(), given, company=company(), cycle=CYCLE)
    return {(row["level"], row["item_id"]): row for row in tables.rows(found) if row["step"] == "consensus"}


def test_value_added_is_in_the_level_s_unit_too(mixed):
    rows = added(mixed[0])
    weight = {name: float(EQUIVALENT[name]) for name in FAMILY}
    expected = sum(10 * weight[n] for n in FAMILY) / sum(SERIES[n][-1] * weight[n] for n in FAMILY)
    for item in (("company", "Acme"), ("company", "all"), ("product", "all")):
        assert float(rows[item]["wmape"]) == pytest.approx(expected, abs=1e-6)
        assert rows[item]["unit_of_measure"] == "equivalent_units"
    assert float(rows["family", "F"]["wmape"]) == pytest.approx(20 / (SERIES["A"][-1] + SERIES["B"][-1]), abs=1e-6)
    assert rows["family", "F"]["unit_of_measure"] == "kg"
    own = SERIES["B"]
    a_year_apart = [abs(own[n] - own[n - 12]) for n in range(12, 30)]
    assert float(rows["product", "B"]["mase"]) == pytest.approx(10 / (sum(a_year_apart) / 18), abs=1e-6)


def test_value_added_leaves_out_what_cannot_be_added(never_added):
    rows = added(never_added[0])
    assert not {("company", "Acme"), ("company", "all"), ("family", "G")} & set(rows)
    assert rows["product", "all"]["wmape"] is None
    assert rows["product", "D"]["unit_of_measure"] == "piece"


def test_a_unit_of_a_family_counts_in_the_company_s_as_its_products_do() -> None:
    """Tea is counted in boxes, of 1 and 3 a product's unit, the company in kilos, of 4 and 6: (4 + 6) / (1 + 3)."""
    names = ["product_id", "family", "unit_of_measure", "family_unit", "family_equivalent"]
    rows = [
        ("green", "Tea", "box", "box", 1.0, "kg", 4.0),
        ("black", "Tea", "case", "box", 3.0, "kg", 6.0),
        ("mocha", "Coffee", "kg", "kg", 1.0, "kg", 1.0),
        ("mug", "Gifts", "piece", None, None, "kg", 0.5),
    ]
    names += ["company_unit", "company_equivalent"]
    given = {"demand_units": pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])}
    found = sql.query("demand/units/level_units", given, {"company": "Brew"}).to_pylist()
    told = {(row["level"], row["item_id"]): (row["unit_of_measure"], float(row["company_equivalent"])) for row in found}
    assert told == {
        ("product", "green"): ("box", 4.0),
        ("product", "black"): ("case", 6.0),
        ("product", "mocha"): ("kg", 1.0),
        ("product", "mug"): ("piece", 0.5),
        ("family", "Tea"): ("box", 2.5),
        ("family", "Coffee"): ("kg", 1.0),
        ("company", "Brew"): ("kg", 1.0),
    }
