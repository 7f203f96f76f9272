"""Amounts of a large company in a small currency: no product of units and price runs out of digits."""

from __future__ import annotations

from sop_pipeline.reconciliation.actuals import Records, actuals
from sop_pipeline.reconciliation.financial_plan import financial_plan
from sop_pipeline.reconciliation.volume_plans import inventory_plan, sales_plan
from tests.reconciliation import plans
from tests.reconciliation.conftest import by, make, planned_demand

UNITS, PRICE, COST = 90_000_000, 25_000, 20_000


def test_units_by_the_ten_million_at_prices_by_the_ten_thousand(lifecycle, company, cycle, empty, money_tables):
    products = make(
        "products",
        {
            "product_id": "oil",
            "product_name": "Oil",
            "family": "Oils",
            "unit_price": PRICE,
            "standard_cost": COST,
            "unit_material_cost": COST - 1,
            "cover_days_max": 900,
        },
    )
    sold = make(
        "sales", {"date": "2026-02-01", "product_id": "oil", "quantity": UNITS, "revenue": 10**13, "currency": "VND"}
    )
    rates = make("exchange_rates", {"month": "2026-02", "currency": "VND", "rate": 0.034567})
    records = Records(sold, empty("production"), empty("inventory"))
    past = actuals(records, products, rates, lifecycle, company=company, cycle=cycle)
    assert past.column("revenue").to_pylist() == [345_670_000_000]
    none = dict.fromkeys(("subcontract", "backlog", "lost_sales", "opening_backlog", "target_stock"), 0)
    flows = dict.fromkeys(("demand", "output", "inventory", "opening_stock"), UNITS)
    schedule = make("production_schedule", {"product_id": "oil", "family": "Oils", "month": "2026-03"} | flows | none)
    demand = planned_demand(schedule, "2026-03")
    sales, stock = sales_plan(schedule, demand, products), inventory_plan(schedule, demand, products)
    spent = {**plans.BLENDED, "month": "2026-03", "item": "oil", "kind": "material", "amount": UNITS * (COST - 1)}
    inputs = money_tables(
        products,
        actuals=past,
        sales_plan=sales,
        inventory_plan=stock,
        production_schedule=schedule,
        aggregate_plan=plans.aggregate_plan(schedule),
        plan_costs=make("plan_costs", spent),
        planning_state=plans.opening(schedule),
    )
    plan = financial_plan(inputs, company=company, cycle=cycle).financial_plan
    march = by(plan, "family", "month")["Oils", "2026-03"]
    assert march["revenue"] == UNITS * PRICE
    assert march["payables"] == UNITS * (COST - 1)
    assert stock.column("inventory_value").to_pylist() == [UNITS * COST]
