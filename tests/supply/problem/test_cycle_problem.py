"""The planning problem of a cycle: every default of METHODS 7, opening stock, safety stock, bands, families."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import NormalDist

import holidays
import numpy as np
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.cycle import add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.language.reconciliation import default_words
from sop_pipeline.supply.problem.calendar_days import forward_demand
from sop_pipeline.supply.problem.cycle.planned_money import PriceInputs, planned_money
from sop_pipeline.supply.problem.cycle.stock import month_days
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs
from sop_pipeline.supply.strategies.frozen import planning_problem
from tests.supply.cycle import approach_of, pick, with_problem

START = date(2026, 7, 1)
Z95 = NormalDist().inv_cdf(0.95)


def planned(given, company, cycle, approach: str | None = None) -> dict:
    known = {**given, "planning_approach": approach_of(given, approach or company.plans_by)}
    known |= vars(planned_money(pick(PriceInputs, known), company=company, cycle=cycle))
    return vars(planning_problem(pick(ProblemInputs, known), company=company, cycle=cycle))


def keyed(table, name: str = "product_id") -> dict:
    return {row[name]: row for row in table.to_pylist()}


def by_month(table, item: str, column: str) -> list:
    return [row[column] for row in table.to_pylist() if row["product_id"] == item]


def products_with(small_company, **changes) -> list[dict]:
    return [{**row, **changes} for row in small_company()["products"].to_pylist()]


def test_every_gap_of_money_is_filled_and_counted(small_company, company, cycle):
    made = planned(small_company(), company, cycle)
    row = keyed(made["planning_products"])["A2"]
    assert row["holding_cost"] == Decimal("0.18"), "2% of the standard cost of 9"
    assert row["backlog_cost"] == 2, "10% of the price of 20"
    dearest = 5 + 0.5 * 15
    assert row["lost_sales_cost"] == pytest.approx(Decimal(str(max(20, 1.2 * dearest))))
    assert row["subcontract_cost"] is None, "nobody said it may be subcontracted"
    used = keyed(made["supply_defaults"], "default_id")
    assert used["holding_cost"]["items"] == used["backlog_cost"]["items"] == 4
    assert used["overtime_rate"]["items"] == 1
    assert keyed(made["planning_resources"], "resource_id")["crew"]["overtime_rate"] == 15


def test_a_subcontract_limit_alone_is_priced_above_the_dearest_own_unit(small_company, company, cycle):
    given = small_company(products=products_with(small_company, subcontract_limit=10))
    row = keyed(planned(given, company, cycle)["planning_products"])["A1"]
    assert row["subcontract_cost"] == pytest.approx(Decimal(str(1.2 * (5 + 0.5 * 15))))


def test_what_the_company_states_is_kept(small_company, company, cycle):
    stated = {"holding_cost": 7, "backlog_cost": 8, "lost_sales_cost": 9, "subcontract_cost": 3, "service_level": 0.9}
    given = small_company(products=products_with(small_company, replenishment_lead_days=20, **stated))
    made = planned(given, company, cycle)
    row = keyed(made["planning_products"])["B1"]
    assert {name: row[name] for name in ("holding_cost", "backlog_cost", "lost_sales_cost", "subcontract_cost")} == {
        "holding_cost": 7,
        "backlog_cost": 8,
        "lost_sales_cost": 9,
        "subcontract_cost": 3,
    }
    assert not {"holding_cost", "backlog_cost", "lost_sales_cost", "service_level", "lead_time"} & set(
        keyed(made["supply_defaults"], "default_id")
    )


def test_without_money_a_unit_is_worth_one(small_company, company, cycle):
    bare = [
        {"product_id": name, "product_name": name, "family": family}
        for name, family in (("A1", "Alpha"), ("A2", "Alpha"), ("B1", "Beta"), ("B2", "Beta"))
    ]
    made = planned(small_company(products=bare, resources=[], product_features=[]), company, cycle)
    row = keyed(made["planning_products"])["A1"]
    assert row["holding_cost"] == Decimal("0.02")
    assert row["backlog_cost"] == Decimal("0.1")
    capacity = keyed(made["planning_resources"], "resource_id")["capacity"]
    assert (capacity["regular_rate"], capacity["overtime_rate"]) == (1, Decimal("1.5"))
    assert row["lost_sales_cost"] > capacity["overtime_rate"], "overtime is worked before a sale is lost"
    assert keyed(made["supply_defaults"], "default_id")["unit_value"]["items"] == 4


def test_opening_stock_is_the_newest_count_of_every_site(small_company, company, cycle):
    inventory = [
        {"date": date(2026, 5, 31), "product_id": "A1", "on_hand": 999, "site_id": "east"},
        {"date": date(2026, 6, 30), "product_id": "A1", "on_hand": 30, "site_id": "east", "backlog": 4},
        {"date": date(2026, 6, 30), "product_id": "A1", "on_hand": 12, "site_id": "west"},
        {"date": date(2026, 7, 1), "product_id": "A1", "on_hand": 500, "site_id": "east"},
        {"date": date(2026, 6, 30), "product_id": "A2", "on_hand": -6},
    ]
    made = planned(small_company(inventory=inventory), company, cycle)
    state = keyed(made["planning_state"])
    assert (state["A1"]["opening_stock"], state["A1"]["opening_backlog"]) == (42, 4)
    assert (state["A2"]["opening_stock"], state["A2"]["opening_backlog"]) == (0, 6)
    assert state["B1"]["opening_stock"] == 50, "one month's cover where nothing was counted"
    used = keyed(made["supply_defaults"], "default_id")
    assert used["opening_stock"]["items"] == 2
    assert used["negative_stock"]["items"] == 1


def backtest(product: str, errors: list[float], lag: int = 0) -> list[dict]:
    return [
        {
            "approach": "bottom_up",
            "level": "product",
            "item_id": product,
            "origin": add_months(START, -1 - number),
            "lag": lag,
            "month": add_months(START, -1 - number + lag),
            "forecast": 100,
            "actual": 100 + error,
        }
        for number, error in enumerate(errors)
    ]


def chosen() -> list[dict]:
    return [{"approach": "bottom_up", "chosen": True, "basis": "configured"}]


def test_safety_stock_is_the_empirical_quantile_where_errors_are_enough(small_company, company, cycle):
    """With 39 errors 1..39 in each of two months the 95% quantile of their sums is the 38th: 2 x ceil(40 x 0.95)."""
    tested = [row for lag in range(2) for row in backtest("A1", list(range(1, 40)), lag)]
    given = small_company(forecast_backtest=tested, forecast_approach=chosen())
    row = keyed(planned(given, company, cycle)["opening_state"])["A1"]
    assert (row["method"], row["safety_stock"]) == ("empirical", 76)


def test_safety_stock_is_z_sigma_root_of_lead_and_review_with_few_errors(small_company, company, cycle):
    """50 days are two months of lead, and the next order goes out a month later: errors of three months, no more."""
    errors = [10.0, -10.0, 10.0, -10.0]
    tested = [row for lag in range(3) for row in backtest("A1", errors, lag)] + backtest("A1", [900.0] * 4, lag=3)
    products = products_with(small_company, replenishment_lead_days=50)
    given = small_company(forecast_backtest=tested, forecast_approach=chosen(), products=products)
    row = keyed(planned(given, company, cycle)["opening_state"])["A1"]
    assert (row["method"], row["risk_months"]) == ("normal", 3)
    assert float(row["safety_stock"]) == pytest.approx(Z95 * 10 * np.sqrt(3), abs=1e-4)


def test_safety_stock_without_a_backtest_comes_from_the_range(small_company, company, cycle):
    row = keyed(planned(small_company(), company, cycle)["opening_state"])["A1"]
    assert row["method"] == "range"
    assert float(row["safety_stock"]) == pytest.approx(Z95 * 20 / NormalDist().inv_cdf(0.9) * np.sqrt(2), abs=1e-4)


def test_a_fill_rate_is_turned_into_stock_by_the_loss_function(small_company, company, cycle):
    """Errors of 40 in each of two months: 5% of a month's 100 may be short, a loss of 5 / (40 sqrt 2) deviations."""
    tested = [row for lag in range(2) for row in backtest("A1", [40.0, -40.0, 40.0, -40.0], lag)]
    given = small_company(forecast_backtest=tested, forecast_approach=chosen())
    by_units = company.model_copy(update={"supply": company.supply.model_copy(update={"service_level_of": "units"})})
    row = keyed(planned(given, by_units, cycle)["opening_state"])["A1"]
    factor = float(row["safety_stock"]) / (40 * np.sqrt(2))
    short = NormalDist().pdf(factor) - factor * (1 - NormalDist().cdf(factor))
    assert short == pytest.approx(0.05 * 100 / (40 * np.sqrt(2)), rel=1e-4)
    by_months = keyed(planned(given, company, cycle)["opening_state"])["A1"]
    assert float(by_months["safety_stock"]) == pytest.approx(Z95 * 40 * np.sqrt(2), abs=1e-3)


def test_a_fill_rate_uses_past_errors_where_a_quantile_could(small_company, company, cycle):
    """Nineteen errors of two months: 18 of -20 and one of 200; 5% of 100 are short of 5 x 19 = 95 below 200."""
    given = small_company(
        forecast_backtest=[row for lag in range(2) for row in backtest("A1", [-10.0] * 18 + [100.0], lag)],
        forecast_approach=chosen(),
    )
    by_units = company.model_copy(update={"supply": company.supply.model_copy(update={"service_level_of": "units"})})
    row = keyed(planned(given, by_units, cycle)["opening_state"])["A1"]
    assert (row["method"], float(row["safety_stock"])) == ("empirical", pytest.approx(200 - 95))


def test_no_safety_stock_once_nothing_more_is_asked_for(small_company, company, cycle, demand_plan_rows):
    demand = demand_plan_rows({"A1": [100, 100, 100, 0, 0, 0], "A2": [0, 0, 100, 100, 100, 100]})
    made = planned(small_company(demand_plan=demand), company, cycle)
    kept = [float(value) > 0 for value in by_month(made["stock_targets"], "A1", "target_low")]
    assert kept == [True, True, False, False, False, False]
    kept = [float(value) > 0 for value in by_month(made["stock_targets"], "A2", "target_low")]
    assert kept == [False, True, True, True, True, True]


def test_cover_days_become_a_band_by_month(small_company, company, cycle, demand_plan_rows):
    """31 days from the end of July are all of August; 46 are half of September's 30 more."""
    changes = {"cover_days_min": 31, "cover_days_max": 46, "service_level": 0.5}
    demand = demand_plan_rows({"A1": [100, 200, 300, 300, 300, 300]})
    given = small_company(products=products_with(small_company, **changes), demand_plan=demand)
    made = planned(given, company, cycle)
    assert by_month(made["stock_targets"], "A1", "target_low")[0] == 200
    assert by_month(made["stock_targets"], "A1", "target_high")[0] == 350
    assert by_month(made["planning_months"], "A1", "min_stock")[0] == 200
    assert by_month(made["planning_months"], "A1", "max_stock")[0] == 350
    assert keyed(made["planning_products"])["A1"]["cover_days_min"] is None, "said once, by month"


def test_shelf_life_limits_stock_to_the_demand_it_can_meet(small_company, company, cycle, demand_plan_rows):
    demand = demand_plan_rows({"A1": [10, 20, 30, 40, 50, 60]})
    given = small_company(
        products=products_with(small_company, shelf_life_months=2, service_level=0.5), demand_plan=demand
    )
    made = planned(given, company, cycle)
    assert by_month(made["stock_targets"], "A1", "target_high") == [50, 70, 90, 110, 120, 120]


def test_a_band_without_room_is_widened_and_said(small_company, company, cycle):
    given = small_company(products=products_with(small_company, max_stock=1))
    made = planned(given, company, cycle)
    assert by_month(made["planning_months"], "A1", "max_stock") == by_month(made["planning_months"], "A1", "min_stock")
    assert keyed(made["supply_defaults"], "default_id")["stock_band"]["items"] == 4


def test_forward_depletion_of_the_demand_plan():
    demand = np.array([[31.0, 62.0, 30.0]])
    days = month_days([__import__("pandas").Timestamp(2026, number, 1) for number in (7, 8, 9)])
    assert forward_demand(demand, np.array([10.0]), days).tolist() == [[20.0, 10.0, 10.0]]
    assert forward_demand(demand, np.array([61.0]), days).tolist() == [[92.0, 61.0, 61.0]]


def test_a_family_is_the_mix_weighted_sum_of_its_products(small_company, company, cycle):
    made = planned(small_company(), company, cycle, "top_down")
    assert list(keyed(made["planning_products"])) == ["Alpha", "Beta"]
    hours = {(row["product_id"], row["feature"]): row["quantity"] for row in made["planning_features"].to_pylist()}
    assert hours["Alpha", "line 1"] == Decimal("1.75"), "a quarter at 1 and three quarters at 2"
    assert hours["Alpha", "resin"] == 2
    assert by_month(made["planning_demand"], "Alpha", "quantity") == [400] * 6
    assert by_month(made["planning_demand"], "Alpha", "price") == [20] * 6
    assert keyed(made["planning_state"])["Alpha"]["opening_stock"] == 160
    both = [row["target_low"] for row in made["stock_targets"].to_pylist() if row["family"] == "Alpha"]
    assert sum(by_month(made["planning_months"], "Alpha", "min_stock")) == sum(both)


def test_families_and_products_may_be_planned_side_by_side(small_company, company, cycle):
    given = small_company()
    approaches = tables.conform(
        "planning_approach",
        [
            {"family": "Alpha", "approach": "top_down", "basis": "mix", "drift": "within"},
            {"family": "Beta", "approach": "bottom_up", "basis": "mix", "drift": "above"},
        ],
    )
    made = with_problem({**given, "planning_approach": approaches}, company, cycle)
    assert list(keyed(made["planning_products"])) == ["Alpha", "B1", "B2"]
    assert set(keyed(made["opening_state"])) == {"A1", "A2", "B1", "B2"}


def test_units_of_measure_are_never_added(small_company, company, cycle):
    mixed = [
        {**row, "unit_of_measure": "litre" if row["product_id"] == "A2" else "piece"}
        for row in small_company()["products"].to_pylist()
    ]
    made = planned(small_company(products=mixed), company, cycle, "top_down")
    assert list(keyed(made["planning_products"])) == ["Alpha (litre)", "Alpha (piece)", "Beta"]
    assert by_month(made["planning_demand"], "Alpha (litre)", "quantity") == [300] * 6


def test_a_unit_left_blank_or_written_otherwise_is_the_same_unit(small_company, company, cycle):
    unit = {"A1": "Piece", "A2": None, "B1": "piece", "B2": "PIECE"}
    rows = [{**row, "unit_of_measure": unit[row["product_id"]]} for row in small_company()["products"].to_pylist()]
    made = planned(small_company(products=rows), company, cycle, "top_down")
    assert list(keyed(made["planning_products"])) == ["Alpha", "Beta"]


def test_products_of_a_family_that_cannot_be_added_are_named(small_company, company, cycle):
    given = small_company()
    approaches = tables.conform(
        "planning_approach",
        [
            {"family": "Alpha", "approach": "bottom_up", "basis": "units", "drift": "within"},
            {"family": "Beta", "approach": "top_down", "basis": "configured", "drift": "within"},
        ],
    )
    made = with_problem({**given, "planning_approach": approaches}, company, cycle)
    assert list(keyed(made["planning_products"])) == ["A1", "A2", "Beta"]
    note = keyed(made["supply_defaults"], "default_id")["family_units"]
    assert default_words(note, currency="EUR") == (
        "equivalent_units of families counted in several units (Alpha)",
        "their products are planned one by one, not as a family",
    )


def test_what_an_item_counts_for_beside_others(small_company, company, cycle):
    """Equivalent units where all have them; else, where units differ, money at the price, averaged by the mix."""
    rows = small_company()["products"].to_pylist()
    price = {"A1": 20, "A2": 40, "B1": 8, "B2": 8}
    unit = {"A1": "piece", "A2": "piece", "B1": "litre", "B2": "litre"}
    rows = [row | {"unit_of_measure": unit[row["product_id"]], "unit_price": price[row["product_id"]]} for row in rows]
    made = keyed(planned(small_company(products=rows), company, cycle, "top_down")["planning_products"])
    # 100 of A1 and 300 of A2 a month
    assert {name: row["equivalent_units"] for name, row in made.items()} == {"Alpha": 35, "Beta": 8}
    stated = [row | {"equivalent_units": 2} for row in rows]
    made = keyed(planned(small_company(products=stated), company, cycle, "top_down")["planning_products"])
    assert {name: row["equivalent_units"] for name, row in made.items()} == {"Alpha": 2, "Beta": 2}
    unpriced = [row | {"unit_price": None, "standard_cost": None} for row in rows]
    made = keyed(planned(small_company(products=unpriced), company, cycle, "bottom_up")["planning_products"])
    assert [row["equivalent_units"] for row in made.values()] == [None] * 4


def test_too_many_products_are_planned_by_family(small_company, cycle):
    company = Company(company="Small", sources={}, horizon_months=6, supply=Supply(max_products=3))
    made = planned(small_company(), company, cycle)
    assert list(keyed(made["planning_products"])) == ["Alpha", "Beta"]
    assert keyed(made["supply_defaults"], "default_id")["planned_by_family"]["items"] == 4


def test_a_family_named_like_a_product_is_refused_when_planned_as_one(small_company, company, cycle, demand_plan_rows):
    demand = [{**row, "family": "B1" if row["family"] == "Alpha" else row["family"]} for row in demand_plan_rows()]
    with pytest.raises(BadInput, match="'B1' as a family planned as one and as a product"):
        planned(small_company(demand_plan=demand), company, cycle, "top_down")


def test_lots_are_planned_when_asked_for(small_company, cycle):
    given = small_company(products=products_with(small_company, min_lot=40, setup_cost=5))
    plain = Company(company="Small", sources={}, horizon_months=6)
    made = planned(given, plain, cycle)
    assert keyed(made["planning_products"])["A1"]["min_lot"] is None
    assert keyed(made["supply_defaults"], "default_id")["lots"]["items"] == 4
    asked = Company(company="Small", sources={}, horizon_months=6, supply=Supply(lots=True))
    assert keyed(planned(given, asked, cycle)["planning_products"])["A1"]["min_lot"] == 40


def test_row_order_does_not_matter(small_company, company, cycle):
    given = small_company()
    turned = {name: table.take(np.arange(table.num_rows)[::-1].copy()) for name, table in given.items()}
    first, second = planned(given, company, cycle, "top_down"), planned(turned, company, cycle, "top_down")
    assert all(first[name].equals(second[name]) for name in first)


def test_days_counted_by_public_holidays_are_an_assumption(small_company, company, cycle):
    months = [add_months(START, number) for number in range(company.horizon_months)]
    counted = [{"month": month, "working_days": 20, "source": "week", "week": "12345"} for month in months]
    stated = [{**row, "source": "calendar"} for row in counted]
    half = [*stated[:2], *counted[2:]]
    bavarian = company.model_copy(update={"country": "de-by"})

    def noted(days, of):
        made = planned(small_company(working_calendar=days), of, cycle)
        return keyed(made["supply_defaults"], "default_id").get("public_holidays")

    assert noted(counted, company) is None
    assert noted(stated, bavarian) is None
    row = noted(half, bavarian)
    number = len(months)
    assert (row["items"], row["among"], row["subject"]) == (number - 2, number, "DE-BY")
    missing, assumed = default_words(row, currency="EUR")
    assert missing == f"working days of {number - 2} of {number} planned months"
    assert assumed == (
        f"weekdays less the public holidays of DE-BY, by holidays {holidays.__version__}; provisional from 2027 on"
    )
