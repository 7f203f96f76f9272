"""A company that knows nothing but what it made plans its demand from that, through every step of the review."""

from datetime import date

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.consensus.adjustments import demand_adjustments
from sop_pipeline.demand.consensus.plan import demand_plan, demand_range
from sop_pipeline.demand.history.demand_history import demand_history
from sop_pipeline.demand.review.defaults import demand_defaults
from sop_pipeline.demand.review.value_added import forecast_value_added
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.portfolio import product_lifecycle

CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 12})
MADE = {"A": 120, "B": 60, "C": 30}


def review(production):
    nothing = {name: tables.empty(name) for name in ("sales", "inventory", "demand_inputs", "new_products")}
    names = [*MADE, "Z"]
    products = tables.conform("products", [{"product_id": name, "product_name": name} for name in names])
    days = [{"month": add_months(CYCLE.month, step), "working_days": 21, "source": "test"} for step in range(-40, 12)]
    calendar = tables.conform("working_calendar", days)
    made = tables.conform("production", production)
    life = product_lifecycle(products, nothing["sales"], made, nothing["new_products"], company=COMPANY, cycle=CYCLE)
    past = demand_history(nothing["sales"], made, nothing["inventory"], life, calendar, company=COMPANY, cycle=CYCLE)
    found = vars(statistical_forecast(past, life, calendar, company=COMPANY, cycle=CYCLE))
    changes = demand_adjustments(found["forecast"], past, life, nothing["demand_inputs"], cycle=CYCLE)
    plan = demand_plan(found["forecast"], changes, life)
    return {
        **found,
        "product_lifecycle": life,
        "demand_history": past,
        "demand_plan": plan,
        "demand_range": demand_range(plan, found["forecast"], company=COMPANY),
        "forecast_value_added": forecast_value_added(past, products, [], company=COMPANY, cycle=CYCLE),
        "demand_defaults": demand_defaults(
            past,
            life,
            nothing["inventory"],
            nothing["demand_inputs"],
            found["forecast_backtest"],
            company=COMPANY,
            cycle=CYCLE,
        ),
    }


def production():
    return [
        {"product_id": name, "date": date(month.year, month.month, day), "quantity": amount + month.month % 3}
        for name, amount in MADE.items()
        for month in (add_months(CYCLE.month, step) for step in range(-36, 0))
        for day in (5, 15, 25)
    ]


@pytest.fixture(scope="module")
def reviewed():
    return review(production())


def test_it_plans_about_what_it_made(reviewed):
    rows = tables.rows(reviewed["demand_plan"])
    assert len(rows) == 4 * 12
    for name, amount in MADE.items():
        ours = [float(row["quantity"]) for row in rows if row["product_id"] == name]
        assert sum(ours) / 12 == pytest.approx(3 * (amount + 1), rel=0.05)
    assert {float(row["quantity"]) for row in rows if row["product_id"] == "Z"} == {0}


def test_it_says_where_demand_comes_from(reviewed):
    found = {row["default_id"]: row["items"] for row in tables.rows(reviewed["demand_defaults"])}
    assert found["demand_from_production"] == 3
    assert found["production_without_stock"] == 3
    assert found["never_sold"] == 1
    assert found["no_family"] == 4
    assert {row["signal"] for row in tables.rows(reviewed["demand_history"])} == {"production"}


def test_nothing_earlier_to_compare_with_is_an_empty_table(reviewed):
    assert reviewed["forecast_value_added"].num_rows == 0


def test_the_same_rows_in_another_order_give_the_same_tables(reviewed):
    assert all(reviewed[name].equals(table) for name, table in review(production()[::-1]).items())
