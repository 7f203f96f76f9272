"""Given frozen plans of earlier cycles and what came, the error after each step and what the step added."""

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.review.value_added import FrozenDemand, forecast_value_added

CYCLE = Cycle.parse("2026-03")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "forecast": {"lags": [0, 1]}})
FAMILY = {"A": "F", "B": "F", "C": "G"}


def actuals(amounts, flags=None):
    """Amounts by product and month ``YYYY-MM``."""
    rows = [
        {
            "product_id": name,
            "family": FAMILY[name],
            "month": date.fromisoformat(f"{month}-01"),
            "quantity": quantity,
            "cleansed": quantity,
            "returns": 0,
            "signal": "sales",
            "flag": (flags or {}).get(month),
        }
        for name, by_month in amounts.items()
        for month, quantity in by_month.items()
    ]
    return tables.conform("demand_history", rows)


def frozen(cycle, plan, changes=(), history=None):
    """What a cycle published: plan[product] is (statistical, consensus) by lag; changes name stream, product, lag."""
    start = Cycle.parse(cycle).month
    plan_rows = [
        {
            "product_id": name,
            "family": FAMILY[name],
            "month": add_months(start, lag),
            "lag": lag,
            "statistical": statistical,
            "adjustment": consensus - statistical,
            "quantity": consensus,
            "p10": 0,
            "p50": consensus,
            "p90": consensus,
        }
        for name, by_lag in plan.items()
        for lag, (statistical, consensus) in enumerate(by_lag)
    ]
    order = {"portfolio": 1, "sales": 2, "marketing": 3}
    change_rows = [
        {
            "stream": stream,
            "product_id": name,
            "family": FAMILY[name],
            "month": add_months(start, lag),
            "precedence": order[stream],
            "before": 0,
            "change": units,
        }
        for stream, name, lag, units in changes
    ]
    return FrozenDemand(
        cycle=Cycle.parse(cycle),
        demand_plan=tables.conform("demand_plan", plan_rows),
        demand_adjustments=tables.conform("demand_adjustments", change_rows),
        demand_history=actuals(history or {}),
    )


def added(history, earlier, cycle=CYCLE, costs=None):
    products = [{"product_id": name, "product_name": name, "standard_cost": (costs or {}).get(name)} for name in FAMILY]
    result = forecast_value_added(history, tables.conform("products", products), earlier, company=COMPANY, cycle=cycle)
    return {(row["step"], row["level"], row["item_id"], row["lag"]): row for row in tables.rows(result)}


def test_without_an_earlier_cycle_there_is_nothing_to_compare():
    assert added(actuals({"A": {"2026-01": 100}}), []) == {}


def test_this_cycle_and_months_still_to_come_are_not_compared():
    earlier = [frozen("2026-03", {"A": [(100, 100)]}), frozen("2026-02", {"A": [(1, 1), (9, 9)]})]
    rows = added(actuals({"A": {"2026-02": 100}}), earlier)
    assert {key[3] for key in rows} == {0}
    assert rows["statistical", "product", "A", 0]["n"] == 1


def test_each_step_from_naive_to_consensus():
    past = {"A": {"2025-01": 80, "2025-12": 95}}
    changes = [("sales", "A", 0, -16), ("marketing", "A", 0, 10)]
    earlier = [frozen("2026-01", {"A": [(110, 104)]}, changes, history=past)]
    rows = added(actuals({"A": {"2026-01": 100}}), earlier, costs={"A": Decimal("2.5")})
    ours = {step: row for (step, level, item, _), row in rows.items() if (level, item) == ("product", "A")}
    assert {step: row["position"] for step, row in ours.items()} == {
        "naive": 0,
        "statistical": 1,
        "sales": 2,
        "marketing": 3,
        "consensus": 4,
    }
    assert {step: float(row["wmape"]) for step, row in ours.items()} == pytest.approx(
        {"naive": 0.2, "statistical": 0.1, "sales": 0.06, "marketing": 0.04, "consensus": 0.04}
    )
    assert float(ours["naive"]["bias"]) == pytest.approx(-0.2)
    assert ours["naive"]["value_added"] is None
    assert [float(ours[s]["value_added"]) for s in ("statistical", "sales", "marketing", "consensus")] == pytest.approx(
        [0.1, 0.04, 0.02, 0]
    )
    assert [float(ours[s]["value_added_money"]) for s in ("statistical", "sales")] == [25, 10]


def test_levels_net_errors_before_measuring_them():
    earlier = [frozen("2026-01", {"A": [(110, 110)], "B": [(90, 90)], "C": [(50, 50)]})]
    rows = added(actuals({name: {"2026-01": 100} for name in "ABC"}), earlier)
    assert float(rows["consensus", "product", "all", 0]["wmape"]) == pytest.approx(70 / 300, abs=1e-6)
    assert float(rows["consensus", "family", "F", 0]["wmape"]) == 0
    assert float(rows["consensus", "family", "all", 0]["wmape"]) == pytest.approx(50 / 300, abs=1e-6)
    assert float(rows["consensus", "company", "Acme", 0]["bias"]) == pytest.approx(-50 / 300, abs=1e-6)
    assert rows["consensus", "product", "all", 0]["n"] == 3


def test_lags_are_apart_and_several_cycles_are_added_up():
    earlier = [
        frozen("2026-01", {"A": [(110, 110), (120, 120)]}),
        frozen("2026-02", {"A": [(130, 130), (0, 0)]}),
    ]
    rows = added(actuals({"A": {"2026-01": 100, "2026-02": 100}}), earlier)
    assert float(rows["statistical", "product", "A", 0]["wmape"]) == pytest.approx(0.2)
    assert rows["statistical", "product", "A", 0]["n"] == 2
    assert float(rows["statistical", "product", "A", 1]["wmape"]) == pytest.approx(0.2)
    assert float(rows["statistical", "product", "A", 0]["tracking_signal"]) == pytest.approx(2)


def test_naive_takes_the_newest_month_where_last_year_is_unknown():
    past = {"A": {"2025-12": 90}}
    rows = added(actuals({"A": {"2026-01": 100}}), [frozen("2026-01", {"A": [(1, 1)]}, history=past)])
    assert float(rows["naive", "product", "A", 0]["wmape"]) == pytest.approx(0.1)


def test_nothing_sold_gives_no_ratio_and_no_cost_no_money():
    rows = added(actuals({"A": {"2026-01": 0}}), [frozen("2026-01", {"A": [(5, 5)]})])
    row = rows["consensus", "product", "A", 0]
    assert row["wmape"] is None
    assert row["value_added_money"] is None


def test_months_in_which_data_end_are_not_compared():
    history = actuals({"A": {"2026-01": 100, "2026-02": 20}}, flags={"2026-02": "partial_month"})
    rows = added(history, [frozen("2026-01", {"A": [(100, 100), (100, 100)]})])
    assert {key[3] for key in rows} == {0}
