"""Every forecast with every way to plan, below and above the most products, with sales, production alone, mixed units.

Each is planned to its packs with all checks; what must hold of each stands in ``test_ways_to_plan``. `make soak` plans
all ninety months. `make slow` plans eight: every forecast, kind of data and way to plan, in turn.
"""

from itertools import product
from typing import Any

import pytest

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.ingest import snapshot
from sop_pipeline.packs.build import build_packs
from tests.steps import dairy, workshop
from tests.steps.test_ways_to_plan import check_packs, check_whole
from tests.thrift import SOAK, some

pytestmark = pytest.mark.slow

FORECAST = ("top_down", "bottom_up", "middle_out", "reconciled", "auto")
PLANNING = ("top_down", "bottom_up", "auto")
WAYS = tuple(product(PLANNING, (False, True)))
PLAIN = ("Gifts",)
DATA: dict[str, dict[str, Any]] = {
    "sales": {"signal": "sales", "without": PLAIN},
    "production": {"signal": "production", "without": PLAIN},
    "mixed": {"equivalents": False},
}
TRIED = tuple(some(tuple(product(DATA, FORECAST)), 2))
SETTINGS: dict[str, Any] = {"packs": {"formats": ["html", "csv"]}}
SUPPLY = {"demand_samples": 20}


def levels(made):
    """The planned items of each level."""
    plan = made["aggregate_plan"]
    return {level: set(plan[plan["item_level"] == level]["item_id"]) for level in ("family", "product")}


def items_wanted(planning, above, data, approach):
    """What is planned as what: pooled where a family is top-down, or all are above the limit; unlike units never."""
    families = ["Cheese", "Yoghurt"]
    pooled = {name for name in families if above or approach[name] == "top_down"}
    alone = {name for family in families if family not in pooled for name in dairy.FAMILY[family]}
    if data == "mixed":
        assert approach["Gifts"] == "bottom_up"
        (pooled if above else alone).update({"Gifts (piece)", "Gifts (box)"} if above else dairy.FAMILY["Gifts"])
    if planning != "auto":
        assert {approach[name] for name in families} == {planning}
    return {"family": pooled, "product": alone}


def ways_of(data, forecast):
    """The ways to plan that are tried with this data and forecast: all of them, or one of the six in turn."""
    turn = TRIED.index((data, forecast)) % len(WAYS)
    return WAYS if SOAK else WAYS[turn : turn + 1]


def test_every_way_every_forecast_and_every_kind_of_data_is_tried():
    assert {way for each in TRIED for way in ways_of(*each)} == set(WAYS)
    assert {data for data, _ in TRIED} == set(DATA)
    assert {forecast for _, forecast in TRIED} == set(FORECAST)


@pytest.mark.parametrize(("data", "forecast"), TRIED)
def test_a_month_runs_to_its_packs(tmp_path, data, forecast):
    dairy.write(tmp_path, **DATA[data], forecast_approach=forecast, **SETTINGS)
    company = CompanyFolder(tmp_path)
    snapshot(company.settings, tmp_path, dairy.CYCLE, company.lake)
    base = None
    documents: dict[str, Any] = {} if data == "sales" else {"documents": ["executive_pack"]}
    for planning, above in ways_of(data, forecast):
        packs = {"packs": SETTINGS["packs"] | documents}
        ways = {"planning_approach": planning, "supply": SUPPLY | ({"max_products": 1} if above else {}), **packs}
        settings = Company.model_validate(company.settings.model_dump() | ways)
        base = steps.run(company.lake, settings, dairy.CYCLE, base=base, publish=True)
        made = {name: tables.frame(base[name]) for name in base.tables}
        approach = made["planning_approach"].set_index("family")["approach"].to_dict()
        assert levels(made) == items_wanted(planning, above, data, approach)
        check_whole(made)
        built = build_packs(base.tables, settings, dairy.CYCLE, out=tmp_path / "packs" / f"{planning}-{above}")
        page = check_packs(made, built)
        told = made["supply_defaults"].set_index("default_id")["items"].to_dict()
        assert ("planned_by_family" in told) is (above and "bottom_up" in approach.values())
        assert ("a plan product by product of at most 1 products" in page) is ("planned_by_family" in told)
        unlike = set(made["planning_approach"].set_index("family")["basis"].eq("units").loc[lambda row: row].index)
        assert unlike == ({"Gifts"} if data == "mixed" and planning != "bottom_up" else set())
        assert told.get("family_units", 0) == (0 if above else len(unlike))


def test_a_company_of_more_products_than_the_limit(tmp_path):
    """1,010 products in ten families, no setting touched: planned by family, taken down to every product."""
    workshop.write(tmp_path, 1010)
    company = CompanyFolder(tmp_path)
    snapshot(company.settings, tmp_path, workshop.CYCLE, company.lake)
    planned = steps.run(company.lake, company.settings, workshop.CYCLE, publish=True)
    made = {name: tables.frame(planned[name]) for name in planned.tables}
    assert levels(made) == {"family": {f"Family {number}" for number in range(10)}, "product": set()}
    schedule = made["production_schedule"]
    assert schedule["product_id"].nunique() == 1010
    plan = made["aggregate_plan"]
    chosen = plan[plan["strategy"] == "blended"].set_index(["item_id", "month"])["output"].astype(float)
    output = schedule.groupby(["item_id", "month"])["output"].sum().astype(float)
    assert output.sub(chosen).abs().max() < 1e-3
    hours = output.groupby("month").sum() * workshop.HOURS
    worked = made["schedule_load"].set_index("month")["by_products"].astype(float)
    assert worked.sub(hours).abs().max() < 0.01
    told = made["defaults_used"].set_index("default_id")
    assert told.loc["planned_by_family", "items"] == 1010
    packs = build_packs(planned.tables, company.settings, workshop.CYCLE, out=tmp_path / "packs" / "out")
    assert {path.suffix for path in packs.files} >= {".html", ".csv"}
