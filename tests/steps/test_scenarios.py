"""Scenarios in the month: what is planned, compared and explained, and what a failure costs."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sop_pipeline import steps, tables
from sop_pipeline.config import Scenario, Supply
from sop_pipeline.plan_change import read_changes
from sop_pipeline.steps.scenarios import plans_hold
from sop_pipeline.tables.outputs.scenarios import EFFECTS
from sop_pipeline.validation import identities
from tests.steps.conftest import CYCLE

pytestmark = pytest.mark.slow

SUMMER = Scenario(name="Strong summer", changes=["demand Bread +20% 2026-09..2026-12", "price Bread +1 2026-09.."])
SHORT = Scenario(name="One oven", changes=["capacity ovens -1 2026-10"])
TYPO = Scenario(name="Typo", changes=["price all +5%", "demand Bred +10%"])


def with_scenarios(company, *scenarios, **supply):
    own = company.supply.model_copy(update=supply)
    return company.model_copy(update={"scenarios": list(scenarios), "supply": own})


def planned_with(starter, planned, *scenarios, checks=True):
    company = with_scenarios(starter.settings, *scenarios)
    return steps.run(starter.lake, company, CYCLE, base=planned, until="scenarios", checks=checks)


@pytest.fixture(scope="module")
def months(starter, planned):
    return planned_with(starter, planned, SUMMER, SHORT, TYPO)


def rows(table, **wanted):
    return tables.rows(tables.where(table, **wanted))


def figures(months, scenario, strategy="blended"):
    (row,) = rows(months["scenario_comparison"], scenario=scenario, strategy=strategy)
    return row


def summed(table, column):
    return sum((row[column] for row in table), Decimal(0))


def test_without_scenarios_nothing_is_planned_for_them(planned):
    assert planned["scenario_comparison"].num_rows == planned["scenario_plan"].num_rows == 0


def test_only_the_scenarios_are_planned_when_they_alone_change(months):
    assert months.ran == ("scenarios",)


def test_every_scenario_is_planned_with_every_strategy_beside_base(months):
    pairs = {(row["scenario"], row["strategy"]) for row in tables.rows(months["scenario_comparison"])}
    strategies = ("level", "chase", "blended")
    assert pairs == {(name, each) for name in ("base", "Strong summer", "One oven") for each in strategies}
    items = set(tables.texts(months["scenario_plan"], "item_id"))
    assert items == {"Bread", "Pastry"}


def test_the_operational_plan_stays_that_of_base(months, planned):
    for name in ("aggregate_plan", "plan_summary", "production_plan", "operational_plan"):
        assert months[name] == planned[name]


def test_base_planned_by_family_is_the_months_own_plan_where_that_is_by_family(starter, planned):
    by_family = with_scenarios(starter.settings, max_products=1)
    own = steps.run(starter.lake, by_family, CYCLE, base=planned, checks=False)
    assert set(tables.texts(own["aggregate_plan"], "item_level")) == {"family"}
    with_one = steps.run(
        starter.lake, with_scenarios(starter.settings, SHORT, max_products=1), CYCLE, base=own, checks=False
    )
    base = tables.where(with_one["scenario_plan"], scenario="base")
    assert base == own["aggregate_plan"]
    assert tables.where(with_one["scenario_costs"], scenario="base") == own["plan_costs"]
    others = own["plan_money"].filter(pc.invert(own["plan_money"]["chosen"])).drop_columns("chosen")
    money = tables.where(with_one["scenario_money"], scenario="base")
    assert money.filter(pc.not_equal(money["strategy"], pa.scalar("blended"))) == others


def test_demand_rises_where_it_was_said_to(months, planned):
    by_month: dict[str, list[Decimal]] = {}
    for scenario in ("base", "Strong summer"):
        for row in rows(months["scenario_plan"], scenario=scenario, strategy="blended", item_id="Bread"):
            by_month.setdefault(f"{row['month']:%Y-%m}", []).append(row["demand"])
    raised = {month for month, (base, after) in by_month.items() if after != base}
    assert raised == {"2026-09", "2026-10", "2026-11", "2026-12"}
    base, after = by_month["2026-10"]
    assert abs(after - base * Decimal("1.2")) < Decimal("0.001")


def test_an_oven_that_is_down_is_missing_in_its_month_alone(months):
    def down(scenario):
        found = rows(months["scenario_resources"], scenario=scenario, strategy="blended", resource_id="ovens")
        return {f"{row['month']:%Y-%m}": row["units_down"] for row in found if row["units_down"]}

    assert down("base") == {}
    assert down("One oven") == {"2026-10": 1}


def test_the_changes_of_a_scenario_explain_all_of_its_difference_from_base(months):
    explained = months["scenario_effects"]
    for scenario, count in (("Strong summer", 2), ("One oven", 1)):
        for strategy in ("level", "chase", "blended"):
            for measure in EFFECTS:
                parts = rows(explained, scenario=scenario, strategy=strategy, measure=measure)
                whole = figures(months, scenario, strategy)[measure] - figures(months, "base", strategy)[measure]
                assert [row["place"] for row in parts] == list(range(1, count + 1))
                assert summed(parts, "amount") == whole


def test_demand_alone_explains_the_costs_and_price_alone_the_rest_of_revenue(months):
    by_demand, by_price = (
        {
            row["measure"]: row["amount"]
            for row in rows(months["scenario_effects"], scenario="Strong summer", strategy="blended", place=place)
        }
        for place in (1, 2)
    )
    assert by_demand["total_cost"] > 0
    assert by_price["total_cost"] == 0
    sold = rows(months["scenario_plan"], scenario="Strong summer", strategy="blended", item_id="Bread")
    asked = sum(row["demand"] - row["lost_sales"] for row in sold if f"{row['month']:%Y-%m}" >= "2026-09")
    assert abs(by_price["revenue"] - asked) < Decimal("1.00")


def test_what_cannot_be_planned_costs_its_scenario_and_says_why(months):
    (row,) = tables.rows(months["scenario_unsolved"])
    assert (row["scenario"], row["place"], row["reason"]) == ("Typo", 2, "refused")
    assert row["found"] == "'Bred'"
    assert row["mend"].startswith("Did you mean Bread")
    assert [each["change"] for each in rows(months["scenario_changes"], scenario="Typo")] == [
        "price all +5%",
        "demand Bred +10%",
    ]


def test_a_scenario_no_solver_finds_costs_that_scenario(starter, planned, monkeypatch):
    from sop_pipeline.supply.model.solver import SolverError
    from sop_pipeline.supply.scenarios import plans

    make = plans.planned

    def lost(data, strategy, **options):
        if strategy == "level" and (data.resources.down > 0).any():
            raise SolverError("lost")
        return make(data, strategy, **options)

    monkeypatch.setattr(plans, "planned", lost)
    found = planned_with(starter, planned, SHORT, SUMMER)
    (row,) = tables.rows(found["scenario_unsolved"])
    assert (row["scenario"], row["strategy"], row["reason"]) == ("One oven", "level", "no_plan")
    assert {each["strategy"] for each in rows(found["scenario_comparison"], scenario="One oven")} == {
        "chase",
        "blended",
    }
    assert len(rows(found["scenario_comparison"], scenario="Strong summer")) == 3


def test_money_of_every_plan_reconciles_and_a_wrong_cent_is_found(months):
    assert identities.scenario_money_reconciles(months["scenario_money"]).passed
    place = months["scenario_money"].column_names.index("cash_flow")
    more = pc.add(months["scenario_money"]["cash_flow"], pa.scalar(Decimal("0.01"), pa.decimal128(18, 2)))
    wrong = months["scenario_money"].set_column(place, "cash_flow", more.cast(pa.decimal128(18, 2)))
    assert not identities.scenario_money_reconciles(wrong).passed


def test_effects_that_do_not_add_up_are_found(months):
    assert identities.scenario_effects_add_up(months["scenario_effects"], months["scenario_comparison"]).passed
    short = months["scenario_effects"].slice(1)
    assert not identities.scenario_effects_add_up(short, months["scenario_comparison"]).passed


def test_the_plan_checker_judges_a_scenario_by_its_own_problem(months, starter):
    """Plans of a scenario break the identities of another problem: that of base, or of other changes."""
    from sop_pipeline.supply.scenarios.problem import ScenarioInputs

    company = with_scenarios(starter.settings, SUMMER, SHORT)
    inputs = ScenarioInputs(**{name: months[name] for name in ScenarioInputs.__dataclass_fields__})
    assert plans_hold(months.tables, inputs, months["scenario_changes"], company, CYCLE).passed
    weaker = months["scenario_changes"].to_pylist()
    for row in weaker:
        row["change"] = row["change"].replace("+20%", "+10%")
    finding = plans_hold(months.tables, inputs, tables.conform("scenario_changes", weaker), company, CYCLE)
    assert not finding.passed
    assert "Strong summer" in finding.summary


def test_the_same_scenarios_give_the_same_tables(months, starter, planned):
    again = planned_with(starter, planned, SUMMER, SHORT, TYPO, checks=False)
    assert all(again[name] == months[name] for name in months.tables if name.startswith("scenario_"))


def test_whole_workers_hold_for_scenarios_too(starter, planned):
    company = with_scenarios(starter.settings, SUMMER, whole_workers=True, strategies=["blended"])
    found = steps.run(starter.lake, company, CYCLE, base=planned, until="scenarios", checks=False)
    heads = [row["units"] for row in rows(found["scenario_resources"], resource_id="bakers")]
    assert heads
    assert all(units == units.to_integral_value() for units in heads)


def test_sampled_strategies_are_left_to_the_months_own_comparison(starter):
    from sop_pipeline.supply.scenarios.plans import strategies_of

    sampled = starter.settings.model_copy(
        update={"supply": Supply(strategies=["level", "stochastic"], strategy="blended")}
    )
    assert strategies_of(sampled) == ["level", "blended"]
    assert str(read_changes(SHORT.changes, "x")[0]) == SHORT.changes[0]
