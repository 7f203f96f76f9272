"""Every strategy of a company run against sampled demand, and the checks of what comes out."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.cycle import add_months
from sop_pipeline.supply.paths.distribution import DistributionInputs, demand_distribution
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.robustness.plan_robustness import RobustnessInputs, _months_served, plan_robustness
from sop_pipeline.supply.robustness.simulation import Outcome
from sop_pipeline.supply.strategies.comparison.figures import Figures
from sop_pipeline.validation import robustness as checks
from sop_pipeline.validation.plan_checker import check_plan
from tests.supply.cycle import approach_of, pick, with_plans, with_problem

COUNT = 40


def ranges(demand_plan: pa.Table, company: Company, spread: float) -> pa.Table:
    """Products from 1 - spread to 1 + spread of their demand, families and the company half as wide."""
    sums: dict[tuple, float] = {}
    for row in demand_plan.to_pylist():
        for level in (("product", row["product_id"]), ("family", row["family"]), ("company", company.company)):
            place = (*level, row["month"])
            sums[place] = sums.get(place, 0.0) + float(row["quantity"])
    rows = []
    for (level, item, month), mean in sums.items():
        share = spread * (1 if level == "product" else 0.5)
        band = {"p10": mean * (1 - share), "p50": mean, "p90": mean * (1 + share)}
        rows.append({"level": level, "item_id": item, "month": month, "mean": mean, **band})
    return tables.conform("demand_range", rows)


def cycle_of(given: dict, company: Company, cycle, *, approach: str = "bottom_up", spread: float = 0.3) -> dict:
    """Every table of the supply step up to the robustness of its plans."""
    known = {
        **given,
        "planning_approach": approach_of(given, approach),
        "demand_range": ranges(given["demand_plan"], company, spread),
    }
    known = with_problem(known, company, cycle)
    known["demand_distribution"] = demand_distribution(pick(DistributionInputs, known), company=company)
    known = with_plans(known, company)
    return known | vars(plan_robustness(pick(RobustnessInputs, known), company=company))


SAMPLED = Company(company="Small", sources={}, horizon_months=6, supply=Supply(demand_samples=COUNT))
_known: dict = {}


@pytest.fixture
def sampled():
    return SAMPLED


@pytest.fixture
def known(small_company, cycle):
    """The small company's cycle, planned once; tests read it."""
    if not _known:
        _known.update(cycle_of(small_company(), SAMPLED, cycle))
    return dict(_known)


def measured(known: dict, strategy: str, measure: str, months: int = 6) -> dict:
    return next(
        row
        for row in known["plan_robustness"].to_pylist()
        if (row["strategy"], row["measure"], row["months"]) == (strategy, measure, months)
    )


@pytest.mark.parametrize("approach", ["top_down", "bottom_up"])
def test_demand_that_comes_as_planned_gives_the_plan(small_company, sampled, cycle, approach):
    known = cycle_of(small_company(), sampled, cycle, approach=approach)
    for row in known["plan_summary"].to_pylist():
        cents = 0.005 * known["plan_costs"].filter(pc.field("strategy") == row["strategy"]).num_rows
        for measure, own in (("cost", "total_cost"), ("profit", "total_profit"), ("service", "service")):
            place = cents if measure != "service" else 1e-6
            found = measured(known, row["strategy"], measure)["plan"]
            assert float(found) == pytest.approx(float(row[own]), abs=place), (row["strategy"], measure)
    finding = checks.as_planned(known["plan_robustness"], known["plan_costs"], known["plan_summary"])
    assert finding.passed, finding


@pytest.mark.parametrize(("hours", "on_hand", "lots"), [(2, 0, False), (4, 20, True)])
def test_plans_that_leave_demand_unserved_are_met_too(small_company, cycle, hours, on_hand, lots):
    """Lines with too few hours: late, lost, held back and short of target, in every strategy, lots and mixes too."""
    given = small_company()
    lines = [{"resource_id": "line 1", "opening_units": 4}, {"resource_id": "line 2", "opening_units": 1}]
    lines = [row | {"kind": "machine", "hours_per_day": hours} for row in lines]
    crew = [row for row in given["resources"].to_pylist() if row["resource_id"] == "crew"]
    counted = add_months(cycle.month, -1)
    stock = [{"date": counted, "product_id": name, "on_hand": on_hand} for name in ("A1", "A2", "B1", "B2")]
    supply = Supply(demand_samples=10, strategies=["level", "chase", "blended", "level:3,chase"], lots=lots)
    tight = Company(company="Small", sources={}, horizon_months=6, supply=supply)
    known = cycle_of(small_company(resources=[*crew, *lines], inventory=stock), tight, cycle)
    assert any(row["lost_units"] > 0 for row in known["plan_summary"].to_pylist())
    finding = checks.as_planned(known["plan_robustness"], known["plan_costs"], known["plan_summary"])
    assert finding.passed, finding.sample
    assert checks.quantiles(known["plan_robustness"], known["plan_robustness_months"]).passed


def test_without_spread_every_sample_is_the_plan(small_company, sampled, cycle):
    known = cycle_of(small_company(), sampled, cycle, spread=0.0)
    for row in known["plan_robustness"].to_pylist():
        assert row["plan"] == row["p10"] == row["p50"] == row["p90"], row
        assert row["samples"] == COUNT


def test_every_strategy_is_judged_by_the_same_paths(known):
    demand = {tuple(measured(known, name, "demand")[key] for key in ("mean", "p10", "p50", "p90"))
              for name in ("level", "chase", "blended")}  # fmt: skip
    assert len(demand) == 1
    assert checks.quantiles(known["plan_robustness"], known["plan_robustness_months"]).passed
    service = measured(known, "blended", "service")
    assert service["p10"] < service["p90"] <= 1
    assert service["target"] is None
    assert service["below_target"] is None


@pytest.mark.parametrize(("of", "measure"), [("months", "months_served"), ("units", "service")])
def test_the_target_is_held_against_its_own_measure(small_company, sampled, cycle, of, measure):
    """Stock for a share of months is judged by months, stock for a fill rate by units."""
    company = sampled.model_copy(update={"supply": sampled.supply.model_copy(update={"service_level_of": of})})
    known = cycle_of(small_company(), company, cycle)
    rows = known["plan_robustness"].to_pylist()
    assert {row["measure"] for row in rows if row["target"] is not None} == {measure}
    told = measured(known, "blended", measure)
    assert float(told["target"]) == 0.95
    assert 0 <= told["below_target"] <= 1


def test_months_served_counts_a_month_that_is_short_by_a_piece():
    """Two items, three months; one month asks for nothing, one is short by 1 of 100."""
    demand = np.array([[[100.0, 100.0, 0.0], [10.0, 10.0, 10.0]]])
    lost = np.array([[[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]])
    outcome = Outcome(demand, np.zeros_like(demand), np.zeros_like(demand), lost)
    assert _months_served(outcome)[0].tolist() == [1.0, 3 / 4, 4 / 5]


def test_more_stock_serves_more(small_company, sampled, cycle):
    """The same company with more stock at the start is served better in a bad year."""
    few = [
        {"date": add_months(cycle.month, -1), "product_id": name, "on_hand": 60} for name in ("A1", "A2", "B1", "B2")
    ]
    many = [row | {"on_hand": 300} for row in few]
    poor = measured(cycle_of(small_company(inventory=few), sampled, cycle), "level", "service", 3)
    rich = measured(cycle_of(small_company(inventory=many), sampled, cycle), "level", "service", 3)
    assert rich["p10"] > poor["p10"]


def test_row_order_changes_nothing(known, small_company, sampled, cycle):
    given = small_company()
    turned = {name: table.take(pa.array(range(table.num_rows)[::-1], pa.int64())) for name, table in given.items()}
    one, other = known, cycle_of(turned, sampled, cycle)
    for name in ("demand_distribution", "plan_robustness", "plan_robustness_months", "demand_sample_fit"):
        assert one[name].equals(other[name]), name


def test_months_show_stock_and_service_by_family(known, cycle):
    rows = known["plan_robustness_months"].to_pylist()
    assert {row["family"] for row in rows} == {"all", "Alpha", "Beta"}
    assert len(rows) == 3 * 3 * 6
    last = [row for row in rows if row["month"] == add_months(cycle.month, 5) and row["strategy"] == "blended"]
    whole = next(row for row in last if row["family"] == "all")
    assert whole["inventory"] == pytest.approx(sum(row["inventory"] for row in last if row["family"] != "all"))
    assert whole["inventory_p10"] < whole["inventory_p90"]


def test_the_factors_of_each_month_are_read(small_company, cycle, demand_plan_rows):
    """A family's own hours of each month reach the figures that robustness is judged by, and it reproduces the plan."""
    shift = {"A1": [300] * 3 + [100] * 3, "A2": [100] * 3 + [300] * 3, "B1": [50] * 6, "B2": [50] * 6}
    supply = Supply(demand_samples=5, max_products=1, strategies=["blended"])
    company = Company(company="Small", sources={}, horizon_months=6, supply=supply)
    known = cycle_of(small_company(demand_plan=demand_plan_rows(shift)), company, cycle)
    figures = Figures.of(pick(PlanningTables, known), known["opening_state"])
    own = tables.frame(known["planning_feature_months"])
    assert len(own)
    assert figures.feature_months.equals(own)
    assert checks.as_planned(known["plan_robustness"], known["plan_costs"], known["plan_summary"]).passed


def test_no_samples_no_tables(small_company, cycle):
    off = Company(company="Small", sources={}, horizon_months=6, supply=Supply(demand_samples=0))
    known = cycle_of(small_company(), off, cycle)
    made = [known[name] for name in ("plan_robustness", "plan_robustness_months", "demand_sample_fit")]
    assert [table.num_rows for table in made] == [0, 0, 0]
    assert checks.as_planned(known["plan_robustness"], known["plan_costs"], known["plan_summary"]).passed


def changed(table: pa.Table, change) -> pa.Table:
    return tables.conform("plan_robustness", [row | change(row) for row in table.to_pylist()])


@pytest.mark.parametrize("measure", ["cost", "profit", "service", "peak_inventory", "lost_units", "late_units"])
def test_a_figure_that_is_not_the_plans_is_caught(known, measure):

    def off(row: dict) -> dict:
        more = {"service": -0.001}.get(measure, 5)
        hit = (row["strategy"], row["measure"], row["months"]) == ("chase", measure, 6)
        return {"plan": row["plan"] + Decimal(str(more))} if hit else {}

    broken = changed(known["plan_robustness"], off)
    finding = checks.as_planned(broken, known["plan_costs"], known["plan_summary"])
    assert not finding.passed
    assert [(row["strategy"], row["measure"]) for row in finding.sample] == [("chase", measure)]


def test_quantiles_out_of_order_and_shares_beyond_one_are_caught(known):
    months = known["plan_robustness_months"]

    def crossed(row: dict) -> dict:
        return {"p10": row["p90"] + 1} if row["measure"] == "cost" and row["months"] == 3 else {}

    assert not checks.quantiles(changed(known["plan_robustness"], crossed), months).passed

    def beyond(row: dict) -> dict:
        return {"p90": Decimal("1.2")} if row["measure"] == "service" else {}

    assert not checks.quantiles(changed(known["plan_robustness"], beyond), months).passed
    lower = [row | {"inventory_p10": Decimal(-1)} for row in months.to_pylist()]
    below = tables.conform("plan_robustness_months", lower)
    assert not checks.quantiles(known["plan_robustness"], below).passed


def test_a_stochastic_plan_stands_beside_the_others_with_its_value(small_company, cycle):
    """Made for twenty paths, judged by others: on their average it costs less than the plan made for the mean."""
    judges = 4 * COUNT
    supply = Supply(demand_samples=judges, stochastic=True, stochastic_samples=20, strategies=["blended"])
    asked = Company(company="Small", sources={}, horizon_months=6, supply=supply)
    known = cycle_of(small_company(), asked, cycle, spread=0.6)
    assert [row["strategy"] for row in known["plan_summary"].to_pylist()] == ["blended", "stochastic"]
    assert check_plan(known) == []
    row = known["stochastic_value"].to_pylist()[0]
    assert (row["strategy"], row["against"], row["samples"], row["evaluated"]) == ("stochastic", "blended", 20, judges)
    assert abs(row["expected_cost_against"] - row["expected_cost"] - row["value"]) <= Decimal("0.01")
    assert row["value"] > 2 * row["standard_error"] > 0
    short = {row["strategy"]: row["shortfall_cost"] for row in known["plan_summary"].to_pylist()}
    own = measured(known, "stochastic", "cost")["mean"] + short["stochastic"]
    assert float(own) == pytest.approx(float(row["expected_cost"]), abs=0.01)
    assert checks.as_planned(known["plan_robustness"], known["plan_costs"], known["plan_summary"]).passed
