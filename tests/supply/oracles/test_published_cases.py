"""Published aggregate planning cases, through planning folders, to the unit (METHODS 5, "Must equal").

The folders beside this file hold the books' parameters; nothing in the planner knows them.
"""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from sop_pipeline.supply.folder import plan_folder

HERE = Path(__file__).parents[1]
MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]


def test_red_tomato_linear() -> None:
    result = plan_folder(HERE / "red_tomato", "blended")
    assert result.summary["total_cost"] == pytest.approx(422275, abs=1e-4)
    assert result.summary["shortfalls"] == []


def test_red_tomato_whole_workers() -> None:
    result = plan_folder(HERE / "red_tomato", "blended", integer=True)
    assert result.summary["total_cost"] == pytest.approx(422660, abs=1e-4)
    assert result.summary["mip_gap"] == pytest.approx(0, abs=1e-9)
    assert result.resource_plan["units"].tolist() == [64.0] * 6
    assert result.aggregate_plan["inventory"].tolist() == [1960, 1520, 880, 0, 140, 500]
    assert result.aggregate_plan["backlog"].tolist() == [0, 0, 0, 220, 0, 0]


def test_red_tomato_shadow_prices_per_hour_and_per_unit() -> None:
    prices = plan_folder(HERE / "red_tomato", "blended").shadow_prices
    hours = prices[prices["constraint"] == "regular_hours"].set_index("month")["price_per_unit"]
    demand = prices[prices["constraint"] == "demand"].set_index("month")["price_per_unit"]
    assert (hours[MONTHS] * 4).tolist() == pytest.approx([11.25, 13.25, 15.25, 17.25, 12.25, 14.25])
    assert demand[MONTHS].tolist() == pytest.approx([21.25, 23.25, 25.25, 27.25, 22.25, 24.25])


def test_factory_planning_profit() -> None:
    result = plan_folder(HERE / "factory_planning_1", "blended", objective="profit")
    assert result.summary["total_profit"] == pytest.approx(93715.178571, abs=1e-4)


def test_level_rate_without_any_money() -> None:
    result = plan_folder(HERE / "level_rate", "level")
    assert result.aggregate_plan["output"].tolist() == pytest.approx([5375] * 4)
    assert result.aggregate_plan["inventory"].tolist() == pytest.approx([1375, 1250, 1625, 500])


@pytest.mark.parametrize(
    ("edition", "given", "cost"),
    [
        ("old", "plan_level_50", 58850),
        ("old", "plan_level_38", 52576),
        ("new", "plan_level_50", 108450),
        ("new", "plan_level_38", 105152),
    ],
)
def test_roofing_given_plans_are_priced(edition: str, given: str, cost: float) -> None:
    folder = HERE / f"roofing_{edition}"
    result = plan_folder(folder, fix=folder / f"{given}.csv")
    assert result.summary["total_cost"] == pytest.approx(cost, abs=1e-4)
    assert result.summary["shortfalls"] == []
    bought = {"plan_level_50": 0, "plan_level_38": 1488}[given]
    assert result.aggregate_plan["subcontract"].sum() == pytest.approx(bought)


@pytest.mark.parametrize("edition", ["old", "new"])
def test_roofing_chase_rates_make_less_than_demand_and_say_so(edition: str) -> None:
    folder = HERE / f"roofing_{edition}"
    result = plan_folder(folder, fix=folder / "plan_chase.csv")
    assert result.aggregate_plan["output"].sum() == pytest.approx(6195)
    assert result.summary["cost_by_kind"]["rate_change"] == pytest.approx(18600)
    short = pd.DataFrame(result.summary["shortfalls"])
    assert short["rule"].unique().tolist() == ["demand_not_served"]
    assert short["amount"].sum() == pytest.approx(5)


@pytest.mark.parametrize(("edition", "cost"), [("old", 68200), ("new", 117800)])
def test_roofing_chase_as_the_book_prices_it(edition: str, cost: float, tmp_path: Path) -> None:
    """The book pays for 6,200 units and charges changes of crews at rounded rates, whose hours make 6,195.

    Stated as heads (five units a day each): hiring and letting go cost 5 x 300 and 5 x 600 a head, and hours beyond
    them are paid as overtime at the wage. Three months lack the hours of nine units, two have those of four to spare.
    """
    folder = Path(shutil.copytree(HERE / f"roofing_{edition}", tmp_path / "plan"))
    text = (folder / "resources.csv").read_text()
    text = text.replace("rate_up_cost,rate_down_cost", "hire_cost,layoff_cost").replace(",300,600", ",1500,3000")
    wage = {"old": 5, "new": 10}[edition]
    text = text.replace("pay_basis,", "pay_basis,overtime_rate,").replace("worked,", f"worked,{wage},")
    (folder / "resources.csv").write_text(text)
    result = plan_folder(folder, fix=folder / "plan_chase_as_booked.csv")
    assert result.summary["total_cost"] == pytest.approx(cost, abs=1e-4)
    assert result.summary["cost_by_kind"]["hiring"] + result.summary["cost_by_kind"]["layoffs"] == pytest.approx(18600)
    crews = result.resource_plan
    hours = (crews["regular_hours"] + crews["overtime_hours"]).to_numpy()
    room = crews["units"].to_numpy() * 8 * [22, 18, 21, 21, 22, 20]
    assert room.sum() / 1.6 == pytest.approx(6195)
    assert (hours - room).clip(min=0).sum() / 1.6 == pytest.approx(9)
