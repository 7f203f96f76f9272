"""What raising a limit brings is what a plan with it brings: the tables changed, and an independent model solved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.defaults import Defaults
from sop_pipeline.errors import Infeasible
from sop_pipeline.meeting import meeting_day
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.problem.cycle.decided import with_decisions
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.problem.data.raised import LIMITS, Raise, raised
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.comparison.last_safe_days import Leads
from sop_pipeline.supply.strategies.options.candidates import MOST, options
from sop_pipeline.supply.strategies.options.lost_units import SHARES, lost_unit_options
from sop_pipeline.supply.strategies.options.replan import OptionInputs, OptionPlans, replanned
from sop_pipeline.supply.strategies.plan import PlanResult, planned, prepared
from tests.supply.cycle import approach_of, pick, with_plans, with_problem
from tests.supply.oracles.independent_model import best_objective
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import few_fast

JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
SUPPLY = Supply(strategies=["blended"])


# -- the plan with a limit raised is an independent model's with the tables changed ------------------------------------


BINDING = (
    *((22, "P0", 3), (37, "P0", 5), (39, "P0", 1), (51, "P0", 3), (25, "P1", 1), (37, "P1", 2), (100, "P1", 1)),
    *((82, "P2", 4), (161, "P2", 2), (229, "P2", 3)),
    *((154, "hall", 2), (312, "hall", 1), (287, "steel", 3), (318, "steel", 1), (410, "steel", 1), (470, "steel", 1)),
    *((517, "steel", 2), (543, "steel", 2)),
)
"""Seeds, with an item whose limit binds in that month: what may be subcontracted, stored or bought of it."""
MORE = 3.0


def with_more(problem: PlanningProblem, item: str, month: str) -> PlanningProblem:
    """The same relief written into the planner's own tables."""
    if item in set(problem.products["product_id"]):
        own = float(problem.products.set_index("product_id")["subcontract_limit"].to_dict()[item])
        return replace(
            problem, product_months=_more(problem.product_months, "product_id", "subcontract_limit", (item, month, own))
        )
    own = float(problem.resources.set_index("resource_id")["capacity"].to_dict()[item])
    return replace(
        problem, resource_months=_more(problem.resource_months, "resource_id", "capacity", (item, month, own))
    )


def _more(table: pd.DataFrame, key: str, column: str, place: tuple[str, str, float]) -> pd.DataFrame:
    """A month's own figure, or else the standing one, raised in a table by month."""
    item, month, standing = place
    rows = (table if len(table) else pd.DataFrame(columns=[key, "month"])).set_index([key, "month"])
    of_month = rows[column].dropna().to_dict().get((item, month), standing) if column in rows else standing
    rows.loc[(item, month), column] = float(of_month) + MORE
    return rows.reset_index()


@pytest.mark.parametrize(("seed", "item", "month"), few_fast(BINDING, 6))
def test_a_raised_limit_saves_what_it_saves_in_an_independent_model(seed: int, item: str, month: int) -> None:
    """The costs of two plans differ by what those of two independent models do."""
    problem, when = random_problem(seed, whole=False), f"2026-{month:02d}"
    name = "capacity" if item in ("hall", "steel") else "subcontract_limit"
    data = prepared(problem)
    costs = [
        planned(given, "blended").summary["total_cost"]
        for given in (data, raised(data, Raise(name, item, {when: MORE})))
    ]
    independent = [
        best_objective(given, integer=False, profit=False)[1] for given in (problem, with_more(problem, item, when))
    ]
    assert costs[0] - costs[1] == pytest.approx(independent[0] - independent[1], abs=0.01)
    assert costs[0] - costs[1] > 0.1


def test_every_limit_of_the_list_is_moved() -> None:
    """One machine at its limit in every way: each raise alone lets the plan do more, by hand."""
    months = ["2026-01"]
    rows = {"resource_id": "line", "kind": "machine", "opening_units": 1.0, "hours_per_month": 100.0, "max_units": 1.0}
    line = pd.DataFrame([rows | {"overtime_limit_pct": 10.0, "regular_rate": 1.0, "hire_cost": 5.0, "max_hires": 0.0}])
    problem = PlanningProblem(
        pd.DataFrame({"product_id": "A", "month": months, "quantity": 200.0}),
        products=pd.DataFrame({"product_id": ["A"], "lost_sales_cost": 50.0, "subcontract_cost": 20.0}).assign(
            subcontract_limit=10.0
        ),
        resources=line.assign(temporary_max=0.0, temporary_rate=2.0),
        product_features=pd.DataFrame({"product_id": ["A"], "feature": "line", "quantity": 1.0}),
    )
    data = prepared(problem)

    def lost(*limits: Raise) -> float:
        changed = data
        for limit in limits:
            changed = raised(changed, limit)
        return float(planned(changed, "blended").aggregate_plan["lost_sales"].sum())

    def more(name: str, quantity: float, item: str = "line") -> Raise:
        return Raise(name, item, {"2026-01": quantity})

    assert lost() == pytest.approx(200 - 110 - 10)
    for name in ("regular_hours", "overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit"):
        assert lost(more(name, 30)) == pytest.approx(50), name
    assert lost(more("subcontract_limit", 30, "A")) == pytest.approx(50)
    # A tenth of a machine with its overtime is 11 hours, a temporary one 10.
    assert lost(more("max_units", 0.1), more("max_hires", 0.1)) == pytest.approx(80 - 11)
    assert lost(more("temporary_max", 0.1)) == pytest.approx(80 - 10)
    assert lost(more("max_units", 0.1)) == lost(more("max_hires", 0.1)) == pytest.approx(80)
    assert set(LIMITS) - {"capacity", *OF_STOCK, *OF_MATERIALS} == {
        *("regular_hours", "overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit"),
        *("max_units", "max_hires", "temporary_max", "subcontract_limit"),
    }


OF_STOCK = ("max_stock", "cover_days_max")
OF_MATERIALS = ("max_receipt", "on_hand and on_order")


@pytest.mark.parametrize(
    ("name", "month", "february", "before", "after"),
    [
        # of 50 by the end of February 85 are asked, of 60 all but the 30 of January that come too late
        ("max_receipt", "2026-02", 35.0, 35, 30),
        ("on_hand and on_order", "2026-01", 10.0, 30, 20),
        # what comes sooner is not more
        ("on_hand and on_order", "2026-01", 35.0, 35, 35),
    ],
)
def test_more_of_a_material_is_more_by_that_month_and_not_later(name, month, february, before, after) -> None:
    """A unit each: 20 are held until the order of 31 days comes in February, then 30 a month; 50 asked in January."""
    tin = {"material_id": "tin", "unit_cost": 1.0, "lead_days": 31.0, "on_hand": 20.0, "max_receipt": 30.0}
    problem = PlanningProblem(
        pd.DataFrame({"product_id": "A", "month": ["2026-01", "2026-02"], "quantity": [50.0, february]}),
        products=pd.DataFrame({"product_id": ["A"], "lost_sales_cost": 50.0}),
        materials=pd.DataFrame([tin]),
        product_features=pd.DataFrame({"product_id": ["A"], "feature": "tin", "quantity": 1.0}),
    )
    data = prepared(problem)
    made = [planned(each, "blended") for each in (data, raised(data, Raise(name, "tin", {month: 10.0})))]
    assert [float(each.aggregate_plan["lost_sales"].sum()) for each in made] == pytest.approx([before, after])


@pytest.mark.parametrize(
    ("limits", "constraint", "more", "lost"),
    [
        ({"max_stock": 30.0}, "max_stock", 0, 70),
        ({"max_stock": 30.0}, "max_stock", 20, 50),
        ({"max_stock": 30.0}, "max_stock", 500, 0),
        # ten of the 28 days of February: 200 / 28 x 10 = 71.43
        ({"cover_days_max": 10.0}, "cover_days_max", 0, 100 - 2000 / 28),
        ({"cover_days_max": 10.0}, "cover_days_max", 20, 80 - 2000 / 28),
        # the limit that comes next stays
        ({"max_stock": 30.0, "cover_days_max": 10.0}, "max_stock", 20, 50),
        ({"max_stock": 30.0, "cover_days_max": 10.0}, "max_stock", 60, 100 - 2000 / 28),
        ({"max_stock": 90.0, "cover_days_max": 10.0}, "cover_days_max", 60, 10),
    ],
)
def test_more_stock_is_made_ahead_as_far_as_its_limits_let_it(limits, constraint, more, lost) -> None:
    """A machine of 100 hours makes January's stock for the 200 of February, by hand."""
    months = ["2026-01", "2026-02"]
    line = {"resource_id": "line", "kind": "machine", "opening_units": 1.0, "hours_per_month": 100.0}
    problem = PlanningProblem(
        pd.DataFrame({"product_id": "A", "month": months, "quantity": [0.0, 200.0]}),
        products=pd.DataFrame([{"product_id": "A", "lost_sales_cost": 50.0, "holding_cost": 1.0} | limits]),
        resources=pd.DataFrame([line]),
        product_features=pd.DataFrame({"product_id": ["A"], "feature": "line", "quantity": 1.0}),
    )
    found = planned(raised(prepared(problem), Raise(constraint, "A", {"2026-01": more})), "blended").aggregate_plan
    assert float(found["lost_sales"].sum()) == pytest.approx(lost, abs=1e-3)
    assert float(found["inventory"].iloc[0]) == pytest.approx(100 - lost, abs=1e-3)


# -- which limits are planned anew, with what their relief costs -------------------------------------------------------


def price(month: date, worth: float, room: float | None, **more: Any) -> dict[str, Any]:
    return {
        "constraint": "regular_hours",
        "item": "crew",
        "month": month,
        "price_per_unit": worth + 10,
        "pay_per_unit": 10,
        "current_limit": 320,
        "valid_to": None if room is None else 320 + room,
        "verified": True,
        "unit": "hour",
        "decide_by": date(2026, month.month - 1, 28),
    } | more


@pytest.fixture
def data(small_company, company, cycle):
    known = {**small_company(), "planning_approach": approach_of(small_company(), "bottom_up")}
    return prepared(problem_of(pick(PlanningTables, with_problem(known, company, cycle)), company=company))


def test_an_option_is_all_months_in_reach_and_the_best_alone(data) -> None:
    """160 hours are a head's: 80 hours need half a head, hired once at 500; July is past."""
    rows = [price(JULY, 90, 40), price(AUGUST, 3, 40), price(SEPTEMBER, 9, 80)]
    both, best = options(rows, data, earliest=date(2026, 7, 20))
    assert [month.month for month in both.months] == [AUGUST, SEPTEMBER]
    assert both.heads == best.heads == 0.5
    assert both.cost == {AUGUST: 40 * 10 + 250, SEPTEMBER: 80 * 10}
    assert both.promised == pytest.approx(3 * 40 + 9 * 80 - 250)
    hours = {"2026-08": 40.0, "2026-09": 80.0}
    assert both.limit() == Raise("regular_hours", "crew", hours, {"2026-08": 0.5}, paid=True)
    assert (best.scope, [month.month for month in best.months]) == ("best_month", [SEPTEMBER])
    assert best.cost == {SEPTEMBER: 80 * 10 + 250}


@pytest.mark.parametrize(
    "left_out",
    [
        price(AUGUST, 90, 40, verified=False),
        price(AUGUST, 0, 40),
        price(AUGUST, 90, 0),
        price(AUGUST, 1, 40),
        price(AUGUST, 90, 40, constraint="demand"),
        price(AUGUST, 90, 40, decide_by=date(2026, 7, 19)),
    ],
    ids=["not tried", "worth its pay", "no room", "less than hiring", "no limit", "too late"],
)
def test_what_a_meeting_cannot_gain_by_is_not_planned(data, left_out) -> None:
    assert options([left_out], data, earliest=date(2026, 7, 20)) == []


def test_a_price_without_end_adds_a_quarter_of_the_limit(data) -> None:
    (option,) = options([price(AUGUST, 20, None)], data, earliest=JULY)
    assert option.months[0].room == 80


def test_four_that_can_be_weighed_are_planned_and_four_of_resources(data) -> None:
    """A machine has no pay here: what an hour of it costs is in no table, and the page of capacity shows it."""
    machines = [price(AUGUST, 900, 40, item=f"line {number}", pay_per_unit=0) for number in (1, 2)]
    paid = [
        price(AUGUST, 5 + number, 100, constraint=name, pay_per_unit=0)
        for number, name in enumerate(("overtime_hours", "overtime_limit_pct", "max_units", "max_hires"))
    ]
    found = options([*machines, *paid[:2]], data, earliest=JULY)
    assert [(one.constraint, one.item, one.cost is None) for one in found] == [
        ("overtime_limit_pct", "crew", False),
        ("overtime_hours", "crew", False),
        ("regular_hours", "line 1", True),
        ("regular_hours", "line 2", True),
    ]
    # what the hours cost is not known, so nothing is taken off 910 x 40
    assert [one.promised for one in found[2:]] == [36_400, 36_400]
    both = options([*machines, *paid], data, earliest=JULY)
    assert [one.cost is None for one in both] == [False] * MOST + [True] * 2
    assert [one.item for one in both[MOST:]] == ["line 1", "line 2"]
    stock = [price(AUGUST, 500 + number, 100, item=name, constraint="max_stock", pay_per_unit=0)
             for number, name in enumerate(("A1", "A2", "B1", "B2"))]  # fmt: skip
    found = options([*stock, *paid], data, earliest=JULY)
    assert [one.item for one in found] == ["B2", "B1", "A2", "A1", *["crew"] * MOST]


def test_what_there_is_to_wait_for_depends_on_the_limit() -> None:
    """Heads and their hours wait for who is hired, materials for delivery, units for replenishment, stock for none."""
    leads = Leads({"crew": 2}, {"tin": 40}, {"B1": 31})
    waits = {
        **dict.fromkeys((("regular_hours", "crew"), ("regular_hours_one_less", "crew"), ("max_hires", "crew")), (2, 0)),
        **dict.fromkeys((("max_receipt", "tin"), ("on_hand and on_order", "tin")), (0, 40)),
        ("subcontract_limit", "B1"): (0, 31),
        **dict.fromkeys((("max_stock", "B1"), ("overtime_limit_pct", "crew"), ("subcontract_limit", "B2")), (0, 0)),
        **dict.fromkeys((("regular_hours", "line 1"), ("max_receipt", "resin")), (0, 0)),
    }
    assert {key: leads.lead(*key) for key in waits} == waits


# -- a cycle -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def replan(small_company, cycle):
    """Options of the small company whose crew is short from September on, with the planner that is given."""
    company = Company(company="Small", sources={}, horizon_months=6, supply=SUPPLY)
    crew = {"opening_units": 1, "hire_cost": None, "layoff_cost": None, "overtime_rate": 30, "overtime_limit_pct": 25}
    given = small_company()
    rows = [row | crew if row["resource_id"] == "crew" else row for row in given["resources"].to_pylist()]
    given = {**small_company(resources=rows), "planning_approach": approach_of(given, "bottom_up")}
    known = with_plans(with_problem(given, company, cycle), company)

    def run(make=planned) -> tuple[OptionPlans, dict[str, Any]]:
        inputs = pick(OptionInputs, {"demand_distribution": tables.empty("demand_distribution"), **known})
        return replanned(inputs, company=company, cycle=cycle, make=make), known

    run.company = company  # type: ignore[attr-defined]
    return run


def test_the_effect_is_the_difference_of_two_plans(replan, cycle) -> None:
    """Every option's cost, service and losses are those of a plan whose limit is raised by what the option says."""
    found, known = replan()
    rows, months = tables.rows(found.limit_options), tables.rows(found.limit_option_months)
    assert {row["constraint"] for row in rows} >= {"regular_hours"}
    base = tables.rows(known["plan_summary"])[0]
    for row in rows:
        own = [each for each in months if each["scenario"] == row["scenario"]]
        assert sum(each["quantity"] for each in own) == row["quantity"]
        assert row["decide_by"] >= meeting_day(replan.company, cycle)
        plans = tables.where(found.option_plan, scenario=row["scenario"]).to_pandas()
        lost = float(plans["lost_sales"].sum() - base["lost_units"])
        assert float(row["lost_units_change"]) == pytest.approx(lost, abs=1e-3)
        costs = tables.where(found.option_costs, scenario=row["scenario"]).to_pandas()
        change = float(costs["amount"].sum() - base["total_cost"])
        assert float(row["cost_change"]) == pytest.approx(change, abs=0.05)
    whole = next(row for row in rows if row["scope"] == "all_months")
    assert whole["lost_units_change"] < 0 or whole["cost_change"] < 0
    assert {row["strategy"] for row in rows} == {"blended"}


@pytest.mark.parametrize(
    "fault", [SolverError("none of the rungs"), Infeasible(found="", needed="", where="", mend="")]
)
def test_a_plan_that_is_not_found_costs_its_option_alone(replan, fault) -> None:
    def make(data, strategy, **more) -> PlanResult:
        if (data.resources.more("regular_hours") > 0).sum() > 1:
            raise fault
        return planned(data, strategy, **more)

    whole, _ = replan()
    found, _ = replan(make)
    lost = {row["scenario"] for row in tables.rows(found.limit_options) if not row["found"]}
    assert lost
    assert all(row["cost_change"] is None for row in tables.rows(found.limit_options) if not row["found"])
    for name in ("option_plan", "option_costs", "option_shortfalls", "option_materials"):
        kept = [row for row in tables.rows(getattr(whole, name)) if row["scenario"] not in lost]
        assert tables.rows(getattr(found, name)) == kept


def test_without_shadow_prices_there_is_nothing_to_plan(replan) -> None:
    _, known = replan()
    known = known | {"shadow_prices": tables.empty("shadow_prices"), "aggregate_plan": tables.empty("aggregate_plan")}
    inputs = pick(OptionInputs, {"demand_distribution": tables.empty("demand_distribution"), **known})
    found = replanned(inputs, company=replan.company, cycle=None)  # type: ignore[arg-type]
    assert found.limit_options.num_rows == found.option_plan.num_rows == 0


# -- what is lost, bought in -------------------------------------------------------------------------------------------


@pytest.fixture
def short(small_company, cycle):
    """The small company with one hand less, that may buy 20 of B1 a month, B2 without limit, and A1 not at all."""
    company = Company(company="Small", sources={}, horizon_months=6, supply=SUPPLY)
    given = small_company()
    terms = {"B1": {"subcontract_cost": 12, "subcontract_limit": 20}, "B2": {"subcontract_cost": 900}}
    products = [row | terms.get(row["product_id"], {}) for row in given["products"].to_pylist()]
    crew = {"opening_units": 1, "max_hires": 0, "overtime_limit_pct": 0, "hire_cost": None, "layoff_cost": None}
    rows = [row | crew if row["resource_id"] == "crew" else row for row in given["resources"].to_pylist()]
    given = {**small_company(resources=rows, products=products)}
    return company, with_plans(
        with_problem(given | {"planning_approach": approach_of(given, "bottom_up")}, company, cycle), company
    )


def test_what_is_lost_for_want_of_subcontracting_is_planned_anew_with_it(short, cycle) -> None:
    """All of it and half of it: each plan is the one that a month's own limit in the problem's tables gives."""
    company, known = short
    inputs = pick(OptionInputs, {"demand_distribution": tables.empty("demand_distribution"), **known})
    found = replanned(inputs, company=company, cycle=cycle)
    rows = {row["scope"]: row for row in tables.rows(found.limit_options) if row["scope"] in SHARES}
    assert {(row["constraint"], row["item"]) for row in rows.values()} == {("subcontract_limit", "B1")}
    plan = [row for row in tables.rows(tables.where(known["aggregate_plan"], item_id="B1")) if row["lost_sales"] > 0]
    reached = [row for row in plan if row["month"] > meeting_day(company, cycle)]
    assert reached
    assert rows["lost_units"]["quantity"] == sum(row["lost_sales"] for row in reached)
    assert rows["half_of_lost_units"]["quantity"] == rows["lost_units"]["quantity"] / 2
    for scope, share in SHARES.items():
        limits = [
            {"decision_id": "d", "changes": "subcontract_limit", "subject": "B1", "month": row["month"]}
            | {"limit": row["subcontract"] + Decimal(str(share)) * row["lost_sales"]}
            for row in reached
        ]
        decided, defaults = tables.conform("decisions_in_force", limits), Defaults()
        planning = with_decisions(pick(PlanningTables, known), decided, company=company, defaults=defaults)
        wanted = planned(prepared(problem_of(planning, company=company)), "blended")
        lost = float(wanted.aggregate_plan["lost_sales"].sum())
        base = tables.rows(known["plan_summary"])[0]
        assert float(rows[scope]["cost_change"]) == pytest.approx(
            wanted.summary["total_cost"] - float(base["total_cost"]), abs=0.05
        )
        assert float(rows[scope]["lost_units_change"]) == pytest.approx(lost - float(base["lost_units"]), abs=1e-3)
        assert rows[scope]["lost_units_change"] < 0


def plan_row(item, month, *, lost=10, bought=20):
    return {"item_id": item, "month": month, "lost_sales": Decimal(lost), "subcontract": Decimal(bought)}


def test_only_losses_that_a_limit_causes_and_a_meeting_reaches_are_planned_anew(short) -> None:
    company, known = short
    data = prepared(problem_of(pick(PlanningTables, known), company=company))
    leads = Leads({}, {}, {"B1": 31})
    rows = [
        plan_row("B1", date(2026, 8, 1)),  # 31 days to buy: too late on 10 July
        plan_row("B1", date(2026, 9, 1), lost=30),
        plan_row("B1", date(2026, 10, 1), lost=30, bought=5),  # 15 might be bought already
        plan_row("B1", date(2026, 11, 1), lost=0),
        plan_row("B2", SEPTEMBER),  # no limit: losing is cheaper
        plan_row("A1", SEPTEMBER, bought=0),  # cannot be bought
    ]
    whole, half = lost_unit_options(rows, data, leads=leads, earliest=date(2026, 7, 10))
    assert (whole.item, whole.constraint, whole.scope, half.scope) == (
        "B1",
        "subcontract_limit",
        "lost_units",
        "half_of_lost_units",
    )
    assert [(month.month, month.room) for month in whole.months] == [(SEPTEMBER, 30), (date(2026, 10, 1), 15)]
    assert [(month.month, month.room) for month in half.months] == [(SEPTEMBER, 15)]
    assert [month.decide_by for month in whole.months] == [date(2026, 7, 31), date(2026, 8, 30)]
    assert whole.promised == pytest.approx((20 - 12) * 45)
    assert whole.cost == {SEPTEMBER: 0.0, date(2026, 10, 1): 0.0}
    assert lost_unit_options(rows, data, leads=leads, earliest=date(2026, 9, 1)) == []
