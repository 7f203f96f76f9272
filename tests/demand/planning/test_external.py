"""Given forecasts made elsewhere: what of them is planned with, how they are judged, and what is said of it."""

import functools
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.statistical import approach
from sop_pipeline.demand.statistical.external import with_external
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.demand.units import level_units, one_unit
from sop_pipeline.errors import BadInput
from sop_pipeline.language.demand import approach_words, note_words
from sop_pipeline.validation import identities

CYCLE = Cycle.parse("2026-01")
FAMILIES = {"A": "F", "B": "F", "C": "G"}
STEADY = {"A": [100] * 30, "B": [50] * 30, "C": [200] * 30}
BOTH = ("bottom_up", "external")
UNEASY = [90 if mark == "-" else 110 for mark in "+--+-++-+---++-++--++-+-+--+-+"]
"""Its forecast stays near 100, so that each month is missed by about 10."""


def figure(mean, *, cycle="2026-01", month=None, model="sales", **other):
    """One row of ``external_forecasts``."""
    made = Cycle.parse(cycle).month
    return {"model": model, "cycle": made, "month": month or made, "mean": mean, **other}


def ahead(mean, months=6, **other):
    """The same figure for the first months of the plan."""
    return [figure(mean, month=add_months(CYCLE.month, step), **other) for step in range(months)]


def past(means, cycles=12, **other):
    """Figures of the last cycles, each for its own month: ``means`` of the month's number, oldest first."""
    return [figure(means(step), cycle=CYCLE.previous(cycles - step).name, **other) for step in range(cycles)]


@functools.cache
def statistical(amounts, launching=(), **settings):
    """What is planned without them, made once for all tests that share a history."""
    company = company_of(dict(settings))
    history = [
        {"product_id": name, "family": FAMILIES[name], "month": add_months(CYCLE.month, place - len(series))}
        | {"quantity": amount, "cleansed": amount, "returns": 0, "signal": "sales"}
        for name, series in amounts
        for place, amount in enumerate(series)
    ]
    life = [
        {"product_id": name, "product_name": name, "family": FAMILIES.get(name, "F"), "history_months": 30}
        | {"status": "launching" if name in launching else "active"}
        for name in [*(name for name, _ in amounts), *launching]
    ]
    given = {
        "demand_history": tables.conform("demand_history", history),
        "product_lifecycle": tables.conform("product_lifecycle", life),
    }
    made = statistical_forecast(given["demand_history"], given["product_lifecycle"], company=company, cycle=CYCLE)
    units = one_unit(given["product_lifecycle"])
    measured = pa.table({"product_id": [name for name, _ in amounts]})
    known = {"demand_units": units, "level_units": level_units(units, company), "measured_products": measured}
    return made, {**given, **known}


def company_of(settings):
    forecast = {"lags": [0], "proportions": settings.pop("proportions", "forecast_proportions")}
    forecast |= {"external": settings.pop("external", None)}
    return Company.model_validate(
        {"company": "Acme", "sources": {}, "horizon_months": 6, "forecast": forecast, **settings}
    )


def planned(rows, amounts=STEADY, launching=(), external=None, **settings):
    history = tuple((name, tuple(series)) for name, series in amounts.items())
    made, inputs = statistical(history, launching, **settings)
    given = tables.conform("external_forecasts", rows)
    company = company_of({"external": external, **settings})
    return with_external(made, given, inputs, company=company, cycle=CYCLE) if rows else made


def means(made, month=0, column="mean"):
    """The plan's forecast of one month by item."""
    rows = tables.rows(tables.where(made.forecast, chosen=True, lag=month))
    return {row["item_id"]: float(row[column]) for row in rows}


def outcome(made, item, model="sales"):
    (row,) = tables.rows(tables.where(made.external_accuracy, item_id=item, model=model))
    return row


def notes(made):
    return {row["note"]: row for row in tables.rows(made.forecast_notes) if row["note"].startswith("external")}


def test_a_company_total_is_spread_by_the_statistical_shares_as_it_stands():
    made = planned(ahead(700), external="sales")
    assert means(made) == {"Acme": 700, "F": 300, "G": 400, "A": 200, "B": 100, "C": 400}
    assert [row["approach"] for row in tables.rows(made.forecast_approach) if row["chosen"]] == ["external"]
    assert outcome(made, "Acme")["outcome"] == "as_given"


def test_a_total_that_does_not_divide_comes_back_to_the_last_unit():
    made = planned(ahead(100), external="sales")
    assert means(made) == {"Acme": 100, "F": 42.8571, "G": 57.1429, "A": 28.5714, "B": 14.2857, "C": 57.1429}
    units = one_unit(pa.table({"product_id": [*FAMILIES], "family": [*FAMILIES.values()]}))
    assert identities.forecast_coherence(made.forecast, units).passed
    assert identities.forecast_quantiles(made.forecast).passed


def test_what_products_say_is_taken_out_of_the_family_and_this_of_the_company():
    rows = [*ahead(120, product_id="A"), *ahead(200, family="F"), *ahead(500)]
    made = planned(rows, external="sales")
    assert means(made) == {"Acme": 500, "F": 200, "G": 300, "A": 120, "B": 80, "C": 300}


def test_a_family_that_says_less_than_its_products_is_left_out_and_told():
    made = planned([*ahead(120, product_id="A"), *ahead(100, family="F")], external="sales")
    assert means(made) == {"Acme": 370, "F": 170, "G": 200, "A": 120, "B": 50, "C": 200}
    assert (notes(made)["external_left_out"]["names"], notes(made)["external_left_out"]["cases"]) == ("F", 6)


def test_a_family_of_which_every_product_speaks_for_itself_is_their_sum():
    rows = [*ahead(120, product_id="A"), *ahead(60, product_id="B"), *ahead(181, family="F")]
    made = planned(rows, external="sales")
    assert means(made)["F"] == 180
    assert notes(made)["external_left_out"]["names"] == "F"
    rows = [*ahead(120, product_id="A"), *ahead(60, product_id="B"), *ahead(180, family="F")]
    assert "external_left_out" not in notes(planned(rows, external="sales"))


def test_months_and_items_it_does_not_say_stay_statistical_and_that_is_told_once():
    made = planned(ahead(120, 2, product_id="A"), external="sales")
    assert [means(made, lag)["A"] for lag in range(6)] == [120, 120, 100, 100, 100, 100]
    assert means(made)["B"] == 50
    rest = notes(made)["external_rest"]
    assert (rest["cases"], rest["least_cases"], rest["items"], rest["names"]) == (16, 18, 3, "A, B, C")
    assert "in 16 of 18 months of products there is no external figure" in " ".join(note_words([rest]))


def test_a_month_beyond_the_horizon_is_told_and_not_used():
    made = planned([*ahead(120, 8, product_id="A")], external="sales")
    assert notes(made)["external_beyond"]["cases"] == 2
    assert outcome(made, "A")["months_ahead"] == 6


def test_a_range_that_is_given_is_kept_and_one_that_is_not_is_as_wide_as_the_statistical():
    uneasy = {**STEADY, "A": UNEASY, "B": UNEASY}
    rows = [*ahead(100, product_id="A", p10=80, p90=130), *ahead(220, product_id="B")]
    made = planned(rows, uneasy, external="sales")
    (given,) = [row for row in tables.rows(made.forecast) if row["chosen"] and row["item_id"] == "A" and not row["lag"]]
    assert (given["p10"], given["p90"]) == (Decimal(80), Decimal(130))
    plain = planned([], uneasy)
    assert means(made, column="p90")["B"] / 220 == pytest.approx(means(plain, column="p90")["B"] / means(plain)["B"])
    assert (outcome(made, "A")["range_from"], outcome(made, "B")["range_from"]) == ("given", "statistical")
    assert notes(made)["external_ranges"]["names"] == "B"


def test_its_own_past_errors_give_its_range_from_nine_months_on():
    uneven = {**STEADY, "A": [80, 120] * 15}
    twelve = [*past(lambda _: 100, product_id="A"), *ahead(200, product_id="A")]
    made = planned(twelve, uneven, external="sales")
    assert (means(made, column="p10")["A"], means(made, column="p90")["A"]) == (160, 240)
    assert outcome(made, "A")["range_from"] == "own_errors"
    eight = [*past(lambda _: 100, 8, product_id="A"), *ahead(200, product_id="A")]
    assert outcome(planned(eight, uneven, external="sales"), "A")["range_from"] == "statistical"


def test_beyond_the_lags_of_its_past_figures_its_range_grows_as_the_statistical_one_does():
    uneasy = {**STEADY, "A": UNEASY}
    rows = [*past(lambda step: UNEASY[18 + step] * (0.8 + step % 3 / 5), product_id="A"), *ahead(200, product_id="A")]
    made, without = planned(rows, uneasy, external="sales"), planned([], uneasy)

    def width(of, month):
        return (means(of, month, "p90")["A"] - means(of, month, "p10")["A"]) / means(of, month)["A"]

    growth = width(without, 5) / width(without, 0)  # its past figures are each for their own month
    assert growth > 1.01
    assert width(made, 5) == pytest.approx(growth * width(made, 0), abs=1e-6)


def test_one_that_was_nearer_is_used_without_being_set():
    rows = [*past(lambda step: UNEASY[18 + step] + 5, product_id="A"), *ahead(130, product_id="A")]
    made = planned(rows, {**STEADY, "A": UNEASY})
    found = outcome(made, "A")
    assert (found["outcome"], found["used"], found["n"], found["months"]) == ("earned", True, 12, 12)
    assert (found["wmape"], found["bias"]) == (Decimal("0.05"), Decimal("0.05"))  # 12 x 5 of 6 x 90 + 6 x 110
    statistical = [
        abs(row["forecast"] - row["actual"])
        for row in tables.rows(tables.where(made.forecast_backtest, approach="bottom_up", item_id="A", lag=0))
    ]
    assert float(found["statistical_wmape"]) == pytest.approx(float(sum(statistical)) / 1200, abs=1e-6)
    assert found["value_added"] == found["statistical_wmape"] - found["wmape"]
    assert means(made)["A"] == 130
    assert means(made)["B"] == 50
    rows = tables.rows(made.forecast_approach)
    (used,) = [row for row in rows if row["chosen"]]
    assert used["against"] == "bottom_up"
    assert approach_words(used, rows, [0]).startswith("External forecasts where they have earned it, else bottom up: ")
    (lag,) = tables.rows(tables.where(made.forecast_accuracy, approach="external", item_id="A", lag=0))
    assert lag["wmape"] == Decimal("0.05")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (past(lambda step: UNEASY[25 + step] + 5, 5, product_id="A"), "too_few"),
        (past(lambda step: UNEASY[18 + step] + (20 if step % 2 else 1), product_id="A"), "no_better"),
        ([], "too_few"),
    ],
)
def test_one_that_has_not_earned_it_changes_nothing(rows, said):
    uneasy = {**STEADY, "A": UNEASY}
    made, without = planned([*rows, *ahead(130, product_id="A")], uneasy), planned([], uneasy)
    assert (outcome(made, "A")["outcome"], outcome(made, "A")["used"]) == (said, False)
    for name in ("forecast", "forecast_backtest", "forecast_accuracy", "forecast_approach", "forecast_notes"):
        assert getattr(made, name).equals(getattr(without, name))


def test_of_two_that_earned_it_the_one_that_adds_most_is_used():
    rows = [
        *past(lambda step: UNEASY[18 + step] + 5, product_id="A", model="customer"),
        *past(lambda step: UNEASY[18 + step] + 1, product_id="A", model="chronos"),
        *ahead(120, product_id="A", model="customer"),
        *ahead(140, product_id="A", model="chronos"),
    ]
    made = planned(rows, {**STEADY, "A": UNEASY})
    assert means(made)["A"] == 140
    assert outcome(made, "A", "customer")["outcome"] == "another_is_better"
    made = planned(rows, {**STEADY, "A": UNEASY}, external="customer")
    assert means(made)["A"] == 120
    assert outcome(made, "A", "chronos")["outcome"] == "another_is_set"


def test_a_family_is_judged_by_what_the_family_sold():
    rows = [*past(lambda step: UNEASY[18 + step] + 50 + 2, family="F"), *ahead(300, family="F")]
    made = planned(rows, {**STEADY, "A": UNEASY})
    assert outcome(made, "F")["wmape"] == pytest.approx(Decimal(24) / Decimal(1800), abs=Decimal("1e-6"))
    assert means(made)["F"] == 300
    assert means(made)["A"] / means(made)["B"] == pytest.approx(means(planned([], {**STEADY, "A": UNEASY}))["A"] / 50)


def test_what_was_recorded_after_a_cut_off_says_nothing_of_that_cycle():
    """A month's own figure, recorded on its third day, would know two days of it."""
    late = [
        row | {"recorded_on": row["cycle"] + timedelta(days=2)}
        for row in past(lambda step: UNEASY[18 + step], product_id="A")
    ]
    made = planned([*late, *ahead(130, product_id="A", recorded_on=date(2026, 1, 5))], {**STEADY, "A": UNEASY})
    assert (outcome(made, "A")["n"], outcome(made, "A")["outcome"]) == (0, "too_few")
    in_time = [row | {"recorded_on": row["cycle"] - timedelta(days=1)} for row in late]
    assert outcome(planned([*in_time, *ahead(130, product_id="A")], {**STEADY, "A": UNEASY}), "A")["n"] == 12


def test_a_plan_takes_what_was_recorded_until_the_input_deadline_and_no_later_cycle():
    rows = [
        *ahead(120, product_id="A", recorded_on=date(2026, 1, 9)),
        *ahead(70, product_id="B", recorded_on=date(2026, 1, 10)),
        figure(999, cycle="2026-02", month=date(2026, 2, 1), product_id="A"),
    ]
    made = planned(rows, external="sales")
    assert (means(made)["A"], means(made)["B"], means(made, 1)["A"]) == (120, 50, 120)


def test_of_several_cycles_the_newest_counts_whole():
    rows = [
        *[figure(300, cycle="2025-12", month=add_months(CYCLE.month, step), product_id="A") for step in range(3)],
        *ahead(120, 2, product_id="A"),
        *[figure(70, cycle="2025-11", month=add_months(CYCLE.month, step), product_id="B") for step in range(3)],
    ]
    made = planned(rows, external="sales")
    assert [means(made, lag)["A"] for lag in range(3)] == [120, 120, 100]
    assert [means(made, lag)["B"] for lag in range(4)] == [70, 70, 70, 50]
    assert (notes(made)["external_old"]["names"], outcome(made, "B")["made_in"]) == ("B", date(2025, 11, 1))


def test_of_two_rows_of_a_cell_the_one_recorded_last_counts():
    rows = [
        figure(110, product_id="A", recorded_on=date(2026, 1, 2)),
        figure(120, product_id="A", family="F", recorded_on=date(2026, 1, 3)),
        figure(900, product_id="A"),
    ]
    assert means(planned(rows, external="sales"))["A"] == 120


def test_a_product_to_be_launched_is_left_to_its_launch():
    made = planned([*ahead(120, product_id="N"), *ahead(350)], launching=("N",), external="sales")
    assert means(made)["N"] == 0
    assert means(made)["Acme"] == 350
    assert outcome(made, "N")["outcome"] == "not_planned"
    assert notes(made)["external_not_planned"]["names"] == "N"


def test_products_that_are_forecast_at_nothing_share_equally():
    made = planned(ahead(90, family="F"), {"A": [0] * 30, "B": [0] * 30, "C": [200] * 30}, external="sales")
    assert (means(made)["A"], means(made)["B"]) == (45, 45)


def test_a_misspelt_model_is_refused_and_one_that_has_sent_nothing_is_told():
    with pytest.raises(BadInput, match="Did you mean sales"):
        planned(ahead(120), external="saels")
    made = planned(ahead(120), external="customer")
    assert notes(made)["external_none"]["models"] == "customer"
    assert means(made)["A"] == 100


def test_a_model_that_is_set_is_told_of_where_nobody_has_sent_anything():
    _, inputs = statistical(tuple((name, tuple(series)) for name, series in STEADY.items()))
    history, lifecycle = inputs["demand_history"], inputs["product_lifecycle"]
    made = statistical_forecast(history, lifecycle, company=company_of({"external": "customer"}), cycle=CYCLE)
    assert notes(made)["external_none"]["models"] == "customer"
    assert means(made)["A"] == 100


def test_top_down_shares_are_those_of_the_approach_that_is_set():
    """The last year's shares: A sold twice B before, and as much as B in the newest month."""
    half = {"A": [100] * 29 + [50], "B": [50] * 30, "C": [200] * 30}
    settings = {"approach": "top_down", "proportions": "proportion_of_averages"}
    made = planned(ahead(700), half, external="sales", **settings)
    whole = 11 * 100 + 50 + 12 * 50 + 12 * 200
    assert means(made)["A"] == pytest.approx(700 * 1150 / whole, abs=1e-4)
    assert means(made)["C"] == pytest.approx(700 * 2400 / whole, abs=1e-4)


def test_a_total_of_several_units_is_spread_in_the_unit_of_the_total():
    """A and B count twice in the company's unit, once in their family's: 500 in all, of which C has 200."""
    made, inputs = statistical(tuple((name, tuple(series)) for name, series in STEADY.items()))
    units = tables.conform(
        "demand_units",
        [
            {"product_id": name, "family": family, "unit_of_measure": unit, "family_unit": unit}
            | {"family_equivalent": 1, "company_unit": "equivalent_units", "company_equivalent": worth}
            for name, family, unit, worth in (("A", "F", "kg", 2), ("B", "F", "kg", 2), ("C", "G", "l", 1))
        ],
    )
    company = company_of({"external": "sales"})
    known = {**inputs, "demand_units": units, "level_units": level_units(units, company)}
    rows = tables.conform("external_forecasts", ahead(1000))
    spread = with_external(made, rows, known, company=company, cycle=CYCLE)
    assert means(spread) == {"Acme": 1000, "F": 300, "G": 400, "A": 200, "B": 100, "C": 400}
    without = tables.conform("demand_units", [{**row, "company_equivalent": None} for row in tables.rows(units)])
    blank = tables.conform("demand_units", [{**row, "company_unit": None} for row in tables.rows(without)])
    known = {**inputs, "demand_units": blank, "level_units": level_units(blank, company)}
    assert outcome(with_external(made, rows, known, company=company, cycle=CYCLE), "Acme")["outcome"] == "not_planned"


def test_of_many_products_the_approach_it_is_laid_over_is_kept_above_them_alone(monkeypatch):
    monkeypatch.setattr(approach, "COMPARED_IN_FULL", 2)
    made = planned(ahead(700), external="sales")
    for table in (made.forecast, made.forecast_backtest):
        levels = {name: {row["level"] for row in tables.rows(tables.where(table, approach=name))} for name in BOTH}
        assert levels == {"bottom_up": {"company", "family"}, "external": {"company", "family", "product"}}
    assert means(made)["A"] == 200
    units = one_unit(pa.table({"product_id": [*FAMILIES], "family": [*FAMILIES.values()]}))
    assert identities.forecast_coherence(made.forecast, units).passed
