"""What each measure changes of the problem, in amounts, and what it refuses."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import snapshot
from sop_pipeline.plan_change import read_changes
from sop_pipeline.starter import init_company
from sop_pipeline.supply.scenarios.problem import ScenarioInputs, scenario_problem

CYCLE = Cycle.parse("2026-07")
MATERIAL = {"material_id": "flour", "unit_cost": 2, "lead_days": 10, "on_hand": 5000, "max_receipt": 900}


@pytest.fixture(scope="module")
def bakery(tmp_path_factory):
    """The starter's settings and the tables its problem is made from, with flour of which bread takes 0.5."""
    folder = tmp_path_factory.mktemp("scenarios") / "company"
    init_company(folder)
    company = CompanyFolder(folder)
    snapshot(company.settings, folder, CYCLE, company.lake)
    planned = steps.run(company.lake, company.settings, CYCLE, until="planning_problem", checks=False)
    inputs = ScenarioInputs(**{name: planned[name] for name in ScenarioInputs.__dataclass_fields__})
    flour = [{"product_id": name, "feature": "flour", "quantity": 0.5} for name in ("bread-1", "bread-2", "bread-3")]
    features = tables.concat("product_features", [inputs.product_features, tables.conform("product_features", flour)])
    inputs = replace(inputs, product_features=features, materials=tables.conform("materials", [MATERIAL]))
    return company.settings, inputs


def problem(bakery, *changes):
    company, inputs = bakery
    read = read_changes(changes, "sop.yaml, scenario Try")
    return scenario_problem(inputs, read, company=company, cycle=CYCLE)


def refused(bakery, *changes):
    with pytest.raises(BadInput) as caught:
        problem(bakery, *changes)
    return caught.value


def cells(table, key, column, **wanted):
    return {str(row[key])[:10]: row[column] for row in tables.rows(tables.where(table, **wanted))}


def demand(scenario, product="bread-1"):
    return {
        month[:7]: quantity
        for month, quantity in cells(scenario.demand_plan, "month", "quantity", product_id=product).items()
    }


def near(found, wanted, places="0.001"):
    return abs(Decimal(str(found)) - Decimal(str(wanted))) <= Decimal(places)


def test_a_percentage_of_demand_is_of_every_product_and_its_range(bakery):
    base, after = problem(bakery), problem(bakery, "demand bread +10% 2026-09")
    assert near(demand(after)["2026-09"], demand(base)["2026-09"] * Decimal("1.1"))
    assert demand(after)["2026-10"] == demand(base)["2026-10"]
    ranges = [cells(each.demand_plan, "month", "p90", product_id="bread-1")["2026-09-01"] for each in (base, after)]
    assert near(ranges[1], ranges[0] * Decimal("1.1"))


def test_units_of_demand_are_for_the_whole_of_what_is_named(bakery):
    base, after = problem(bakery), problem(bakery, "demand Bread +300 2026-09")
    names = ("bread-1", "bread-2", "bread-3")
    more = [demand(after, name)["2026-09"] - demand(base, name)["2026-09"] for name in names]
    assert near(sum(more), 300)
    shares = [demand(base, name)["2026-09"] for name in names]
    assert near(more[0] / sum(more), shares[0] / sum(shares), "0.0001")
    family = [
        cells(each.planning.planning_demand, "month", "quantity", product_id="Bread")["2026-09-01"]
        for each in (base, after)
    ]
    assert near(family[1] - family[0], 300)


def test_demand_may_be_set_and_changes_follow_each_other(bakery):
    after = problem(
        bakery, "demand bread-1 =1000 2026-09", "demand bread-1 +10% 2026-09", "demand bread-1 -100 2026-09"
    )
    assert near(demand(after)["2026-09"], 1000)


def test_prices_move_by_product(bakery):
    base, after = problem(bakery), problem(bakery, "price Bread +0.50 2026-09..", "price Bread +10% 2026-12..")

    def prices(each):
        return cells(each.planning.planning_demand, "month", "price", product_id="Bread")

    before, then = prices(base), prices(after)
    assert then["2026-08-01"] == before["2026-08-01"]
    assert near(then["2026-09-01"], before["2026-09-01"] + Decimal("0.5"))
    assert near(then["2026-12-01"], (before["2026-12-01"] + Decimal("0.5")) * Decimal("1.1"))


def test_costs_move_in_points_of_a_products_or_a_materials_own_figure(bakery):
    def of_bread(*changes):
        months = problem(bakery, *changes).planning.planning_months
        found = cells(months, "month", "unit_material_cost", product_id="Bread")
        return found.get("2026-09-01"), found.get("2026-10-01")

    own = cells(problem(bakery).planning.planning_products, "product_id", "unit_material_cost")["Bread"]
    assert of_bread() == (None, None)
    every, after = of_bread("cost all +10% 2026-09")
    assert near(every, own * Decimal("1.1"))
    assert after is None
    flour, _ = of_bread("cost flour +0.40 2026-09")
    assert near(flour, own + Decimal("0.5") * Decimal("0.4"), "0.01")


def test_pay_moves_and_follows_what_is_stated(bakery):
    after = problem(bakery, "wage bakers +10% 2026-09", "wage bakers +1.20 2026-09")
    pay = cells(after.planning.planning_resource_months, "month", "pay_change_pct", resource_id="bakers")
    assert near(pay["2026-09-01"], 15)  # 24 x 1.1 + 1.2 = 27.6
    assert set(pay) == {"2026-09-01"}


def test_capacity_of_machines_falls_and_rises_and_is_set(bakery):
    def down(*changes):
        table = problem(bakery, *changes).planning.planning_resource_months
        return cells(table, "month", "units_down", resource_id="ovens")

    assert down("capacity ovens -1 2026-09..2026-10") == {"2026-09-01": 1, "2026-10-01": 1}
    assert down("capacity ovens -25% 2026-09") == {"2026-09-01": Decimal("0.5")}
    assert down("capacity ovens +1 2026-09") == {"2026-09-01": -1}
    assert down("capacity ovens =0.5 2026-09") == {"2026-09-01": Decimal("1.5")}
    assert down("capacity ovens -1 2026-09", "capacity ovens -0.5 2026-09") == {"2026-09-01": Decimal("1.5")}


def test_heads_that_are_paid_are_not_had_for_nothing(bakery):
    fault = refused(bakery, "capacity bakers +2 2026-09")
    assert fault.found.startswith("capacity bakers +2 2026-09 of bakers")
    assert "The plan hires" in fault.mend


def test_working_days_of_a_site_or_of_all(bakery):
    base = problem(bakery).planning.planning_calendar
    own = problem(bakery, "working days BAKERY -5 2026-09").planning.planning_calendar
    every = problem(bakery, "shutdown 2026-09").planning.planning_calendar
    before = next(row["working_days"] for row in tables.rows(base) if f"{row['month']:%Y-%m}" == "2026-09")
    september = [row for row in tables.rows(own) if f"{row['month']:%Y-%m}" == "2026-09"]
    assert {row["site_id"]: row["working_days"] for row in september} == {None: before - 5}, (
        "the only site is all there is"
    )
    assert problem(bakery, "shutdown BAKERY 2026-09").planning.planning_calendar == every
    assert [row["working_days"] for row in tables.rows(every) if f"{row['month']:%Y-%m}" == "2026-09"] == [0]


def test_overtime_limits_move_as_they_are_stated(bakery):
    def limits(*changes):
        return cells(problem(bakery, *changes).planning.planning_resources, "resource_id", "overtime_limit_pct")

    assert limits("overtime +50%") == {"bakers": 15, "ovens": Decimal("22.5")}
    assert limits("overtime bakers =0") == {"bakers": 0, "ovens": 15}


def test_lead_times_of_products_materials_and_hiring(bakery):
    material = problem(bakery, "lead time flour +14").planning.planning_materials
    assert [row["lead_days"] for row in tables.rows(material)] == [24]
    hiring = problem(bakery, "lead time bakers =2").planning.planning_resources
    assert cells(hiring, "resource_id", "hire_lead_months")["bakers"] == 2
    base, after = (problem(bakery, *changes).opening_state for changes in ((), ("lead time Bread =75",)))
    months = [cells(each, "product_id", "risk_months")["bread-1"] for each in (base, after)]
    safety = [cells(each, "product_id", "safety_stock")["bread-1"] for each in (base, after)]
    assert months == [2, 4]
    assert safety[1] > safety[0] > 0
    stock = [cells(each, "product_id", "opening_stock") for each in (base, after)]
    assert stock[0] == stock[1]


def test_supply_of_a_material(bakery):
    rows = tables.rows(problem(bakery, "capacity flour -50%").planning.planning_materials)
    assert [row["max_receipt"] for row in rows] == [450]
    assert "holds for the whole horizon" in refused(bakery, "capacity flour -50% 2026-09").needed


def test_safety_stock_and_service_level(bakery):
    base = cells(problem(bakery).opening_state, "product_id", "safety_stock")
    half = cells(problem(bakery, "safety stock Bread -50%").opening_state, "product_id", "safety_stock")
    assert near(half["bread-1"], base["bread-1"] / 2)
    assert half["pastry-1"] == base["pastry-1"]
    higher = cells(problem(bakery, "service level =99%").opening_state, "product_id", "safety_stock")
    again = cells(
        problem(bakery, "service level =99%", "safety stock -50%").opening_state, "product_id", "safety_stock"
    )
    assert higher["bread-1"] > base["bread-1"]
    assert near(again["bread-1"], higher["bread-1"] / 2)
    assert "0.5 to 0.9999" in refused(bakery, "service level +10%").needed


@pytest.mark.parametrize(
    ("change", "found", "mend"),
    [
        ("demand Bred +10%", "'Bred'", "Did you mean Bread"),
        ("demand ovens +10%", "'ovens'", "Known are"),
        ("wage ovens +10%", "nothing that wage of ovens would change", "Name another"),
        ("capacity Bread -1 2026-09", "'Bread'", "Known are"),
        ("working days LYON -5", "'LYON'", "Known are: BAKERY"),
        ("price all +10% 2035-01", "2035-01", "Correct the months"),
        ("capacity ovens -1 2020-01..2020-03", "2020-01..2020-03", "Correct the months"),
        ("lead time sugar +10", "'sugar'", ""),
    ],
)
def test_what_there_is_not_is_refused_with_near_names(bakery, change, found, mend):
    fault = refused(bakery, "price all +1%", change)
    assert fault.found == found
    assert fault.where == "sop.yaml, scenario Try, change 2"
    assert fault.mend.startswith(mend)


@pytest.mark.parametrize(
    ("change", "least"),
    [
        ("capacity ovens -5 2026-09", "2"),
        ("capacity flour -901", "900"),
        ("price bread-1 -30", "12"),
        ("cost bread-1 -5", "4.35"),
        ("demand bread-1 -90000 2026-09", ""),
    ],
)
def test_no_more_is_taken_away_than_there_is(bakery, change, least):
    fault = refused(bakery, change)
    assert fault.found.startswith(change.split(" -")[0])
    assert fault.needed.startswith(f"no more taken away than there is, which is {least}")
    assert problem(
        bakery, "capacity ovens -2 2026-09", "capacity flour -900", "price bread-1 -12", "cost bread-1 -4.35"
    )
