"""One product at two plants: routes that bind a plant's resources, calendars by site, output by site."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sop_pipeline import tables
from sop_pipeline.supply.folder import plan_folder, read_folder
from sop_pipeline.validation import identities
from sop_pipeline.validation.plan_checker import check_frames, check_plan

FOLDER = {
    "demand_plan": "product_id,month,quantity\npump,2026-01,300\npump,2026-02,220\n",
    "products": "product_id,product_name,holding_cost,unit_material_cost\npump,Pump,1,0\n",
    "resources": (
        "resource_id,kind,site_id,opening_units,hours_per_day,regular_rate,pay_basis\n"
        "north line,machine,north,1,10,10,worked\n"
        "south line,machine,south,1,10,6,worked\n"
        "south press,machine,south,1,4,2,worked\n"
    ),
    "product_features": (
        "product_id,feature,quantity,option_group\n"
        "pump,north line,1,plant/north\npump,south line,1,plant/south\npump,south press,0.5,plant/south\n"
    ),
    "calendar": (
        "month,working_days,site_id,shutdown\n"
        "2026-01,20,north,\n2026-02,20,north,\n2026-01,20,south,\n2026-02,,south,overhaul\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FOLDER.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def test_the_cheaper_plant_makes_what_its_calendar_and_narrowest_machine_allow(folder: Path) -> None:
    """South costs 6 + 0.5 x 2 = 7 a unit, north 10; each line has 200 hours a month, south is shut in February.

    South's press has 80 hours in January: 160 units. North makes 200 in February and in January what is left of 300,
    and 20 for February that February cannot make: 160 x 7 + 160 x 10 + 200 x 10 + 20 held at 1 = 4,740.
    """
    result = plan_folder(folder, out=folder / "out")
    assert result.summary["total_cost"] == pytest.approx(4740)
    routes = pd.read_csv(folder / "out" / "routes.csv").set_index(["month", "choice"])
    made: dict[Any, float] = routes["output"].to_dict()
    assert made == {
        ("2026-01", "north"): 160,
        ("2026-01", "south"): 160,
        ("2026-02", "north"): 200,
        ("2026-02", "south"): 0,
    }
    assert routes["site_id"].to_dict() == {key: key[1] for key in made}


def test_the_checker_knows_routes(folder: Path) -> None:
    result = plan_folder(folder, out=folder / "out")
    problem = {name: frame for name, frame in read_folder(folder).frames().items() if len(frame)}
    routes = pd.read_csv(folder / "out" / "routes.csv")
    plan = {
        "aggregate_plan": result.aggregate_plan,
        "resource_plan": result.resource_plan,
        "costs": result.costs,
        "routes": routes,
    }
    assert check_frames(problem, plan) == []

    def named(changed: pd.DataFrame) -> set[str]:
        return {item.identity for item in check_frames(problem, {**plan, "routes": changed})}

    more = routes.assign(output=routes["output"] + (routes["choice"] == "south") * 5.0)
    assert named(more) == {"route_share", "load"}
    swapped = routes.assign(output=routes.groupby("month")["output"].transform(lambda values: values[::-1].to_numpy()))
    assert named(swapped) == {"load"}
    assert "route_known" in named(routes.assign(choice=routes["choice"].replace({"south": "east"})))


def two_plants(small_company) -> dict:
    """Alpha's products may be made on either line, one in the east and one in the west, shut in August."""
    resources = small_company()["resources"].to_pylist()
    sites = {"line 1": "east", "line 2": "west"}
    resources = [
        {**row, "site_id": sites.get(row["resource_id"]), "opening_units": 3, "regular_rate": row["regular_rate"] or 1}
        for row in resources
    ]
    hours = {"A1": (1.0, 1.5), "A2": (2.0, 1.2)}
    features = [
        {"product_id": name, "feature": line, "quantity": amount, "option_group": f"plant/{sites[line]}"}
        for name, pair in hours.items()
        for line, amount in zip(("line 1", "line 2"), pair, strict=True)
    ]
    features += [{"product_id": name, "feature": "line 2", "quantity": 1} for name in ("B1", "B2")]
    first = small_company()["demand_plan"]["month"][0].as_py()
    calendar = [{"month": first.replace(month=8), "site_id": "west", "shutdown": "overhaul"}]
    return small_company(resources=resources, product_features=features, calendar=calendar)


@pytest.mark.parametrize("approach", ["top_down", "bottom_up"])
def test_a_company_with_two_plants_has_output_by_site(small_company, planned_cycle, company, cycle, approach) -> None:
    known = planned_cycle(two_plants(small_company), company, cycle, approach)
    assert check_plan(known) == []
    assert identities.sites_add_up(known["site_schedule"], known["production_schedule"]).passed
    frame = tables.frame(known["site_schedule"])
    chosen = tables.frame(known["route_plan"])
    chosen = chosen[chosen["strategy"] == "blended"]
    routed = chosen.groupby(["month", "site_id"])["output"].sum()
    alpha = frame[frame["family"] == "Alpha"].groupby(["month", "site_id"])["output"].sum()
    assert alpha.round(4).to_dict() == {key: round(value, 4) for key, value in routed.items() if value}
    assert {site for _, site in alpha.index} == {"east", "west"}, "both plants are used"
    assert not [key for key in alpha.index if key[0].month == 8 and key[1] == "west"], "west is shut in August"
    assert set(frame.loc[frame["family"] == "Beta", "site_id"]) == {"west"}, "where its only line stands"
    if approach == "bottom_up":
        assert max(abs(row["difference"]) for row in known["schedule_load"].to_pylist()) <= Decimal("0.001")


def test_a_material_of_one_plant_is_taken_by_what_that_plant_makes(
    small_company, planned_cycle, company, cycle
) -> None:
    """Two litres of dye a unit in the west alone: the plan's use of dye is twice what the west makes of Alpha."""
    given = two_plants(small_company)
    resources = [*given["resources"].to_pylist(), {"resource_id": "dye", "kind": "material", "capacity": 100_000}]
    features = given["product_features"].to_pylist()
    dye = {"feature": "dye", "quantity": 2, "option_group": "plant/west"}
    features += [{"product_id": name, **dye} for name in ("A1", "A2")]
    given |= {
        "resources": tables.conform("resources", resources),
        "product_features": tables.conform("product_features", features),
    }
    known = planned_cycle(given, company, cycle, "bottom_up")
    assert check_plan(known) == []
    routes = tables.frame(known["route_plan"])
    west = routes[(routes["choice"] == "west") & (routes["strategy"] == "blended")].groupby("month")["output"].sum()
    plan = tables.frame(known["resource_plan"])
    used = plan[(plan["resource_id"] == "dye") & (plan["strategy"] == "blended")].set_index("month")["regular_hours"]
    assert used.to_numpy() == pytest.approx(2 * west.reindex(used.index).to_numpy(), abs=1e-3)
    assert 0 < used.sum() < 2 * routes[routes["strategy"] == "blended"]["output"].sum()


def test_sites_that_do_not_add_up_are_caught(small_company, planned_cycle, company, cycle) -> None:
    known = planned_cycle(two_plants(small_company), company, cycle, "top_down")
    frame = tables.frame(known["site_schedule"])
    frame["output"] += 0.0001 * (frame.index == 0)
    assert not identities.sites_add_up(tables.conform("site_schedule", frame), known["production_schedule"]).passed
