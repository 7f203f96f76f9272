"""What limits a company that names no resources: the best month it has shown, and a tenth more."""

import pytest

from sop_pipeline.cycle import add_months
from sop_pipeline.defaults import Defaults
from sop_pipeline.language.reconciliation import default_words
from sop_pipeline.supply.requirements.capacity import capacity
from sop_pipeline.supply.requirements.inputs import RequirementInputs
from tests.supply.cycle import pick


def limits(given, cycle):
    noted = Defaults()
    made = capacity(pick(RequirementInputs, given), cycle=cycle, defaults=noted)
    notes = {row["default_id"]: row for row in noted.table("supply_defaults").to_pylist()}
    return {row["resource_id"]: row for row in made.resources.to_pylist()}, notes


def made_monthly(amounts, cycle):
    """Rows of production, the last amount in the month before the cycle; each month has 20 working days."""
    months = [add_months(cycle.month, -back) for back in range(len(amounts), 0, -1)]
    return [
        {"date": month.replace(day=day), "product_id": "A1", "quantity": amount / 2}
        for month, amount in zip(months, amounts, strict=True)
        for day in (5, 25)
    ]


def days(count, cycle):
    return [
        {"month": add_months(cycle.month, lag), "working_days": 20, "source": "calendar"} for lag in range(-count, 6)
    ]


@pytest.mark.parametrize(
    ("amounts", "rate", "best"),
    [
        ([400] * 11 + [900] + [400] * 12, 45, -13),  # a season's peak of the year before: the year's average is 22
        ([400] * 24 + [900], 45, -1),
        ([900] + [400] * 36, 20, -36),  # more than three years ago
        ([300], 15, -1),
    ],
)
def test_capacity_by_default_is_the_best_month_shown(small_company, cycle, amounts, rate, best):
    calendar = days(40, cycle)
    given = small_company(
        resources=[], product_features=[], production=made_monthly(amounts, cycle), working_calendar=calendar
    )
    resources, notes = limits(given, cycle)
    assert {name: (row["hours_per_day"], row["overtime_limit_pct"]) for name, row in resources.items()} == {
        "capacity": (rate, 10)
    }
    note = notes["resources_from_production"]
    assert (note["amount"], note["month"]) == (rate, add_months(cycle.month, best))
    assert f"{rate:.2f} units a working day as in" in default_words(note, currency="EUR")[1]


def test_without_production_it_is_the_best_month_of_demand(small_company, cycle):
    resources, notes = limits(small_company(resources=[], product_features=[]), cycle)
    assert resources["capacity"]["hours_per_day"] == (100 + 300 + 50 + 50) / 20
    assert notes["resources_from_demand"]["among"] == 12


def test_what_no_table_explains_is_named(small_company, cycle):
    """Lines and crew are taken out: four rows of each are left, and resin's two, which materials explain."""
    given = small_company(resources=[])
    resources, notes = limits(given, cycle)
    assert list(resources) == ["capacity"]
    assert (notes["features_unlimited"]["items"], notes["features_unlimited"]["subject"]) == (8, "crew, line 1, line 2")
    complete, quiet = limits(small_company(), cycle)
    assert "features_unlimited" not in quiet and set(complete) == {"line 1", "line 2", "crew"}


def test_capacity_counts_unlike_units_in_money(small_company, cycle):
    """100 and 300 pieces at 20, 100 litres at 8: 8,800 a month, 440 a day; a piece takes 20 of it."""
    rows = [
        row
        | {"unit_of_measure": "litre" if row["family"] == "Beta" else "piece"}
        | {"unit_price": 8 if row["family"] == "Beta" else 20}
        for row in small_company()["products"].to_pylist()
    ]
    given = small_company(products=rows, resources=[], product_features=[])
    resources, _ = limits(given, cycle)
    assert resources["capacity"]["hours_per_day"] == 440
    takes = capacity(pick(RequirementInputs, given), cycle=cycle).product_features
    assert {row["product_id"]: row["quantity"] for row in takes.to_pylist()} == {"A1": 20, "A2": 20, "B1": 8, "B2": 8}
