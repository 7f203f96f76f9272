"""Given known events: what of them the history tells, what is planned with them, and what each origin could know."""

from datetime import date

import numpy as np
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.events.estimate import estimate
from sop_pipeline.demand.events.fit import fit
from sop_pipeline.demand.events.series import Demand, Events, Place
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.demand.statistical.tables import Told

CYCLE = Cycle.parse("2026-01")
MONTHS = 48
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 6, "forecast": {"lags": [0]}})
PROMOTED = (5, 13, 22, 30, 39, 44)
"""Months of history, from 0, in which A is on promotion: May, January, October, June, March and August."""


def month(number):
    """The first of the month of that number, 0 being the first of history."""
    return add_months(CYCLE.month, number - MONTHS)


def usual(level, number):
    """A level, and a season that is twice its amplitude higher in July than in January."""
    return level * (1 + 0.2 * np.sin(2 * np.pi * (number - 3) / 12))


def amounts(level=1000.0, lift=0.0, promoted=PROMOTED, noise=0.0, seed=1):
    chance = np.random.default_rng(seed)
    made = [usual(level, number) * (1 + lift * (number in promoted)) for number in range(MONTHS)]
    return [round(float(amount * np.exp(noise * chance.normal())), 4) for amount in made]


def event(number, size=20.0, product="A", kind="promotion", **other):
    return {"product_id": product, "month_from": month(number), "kind": kind, "size": size, **other}


def planned(histories, events, company=COMPANY, found=None):
    families = {"A": "F", "B": "F", "C": "G"}
    history = [
        {"product_id": name, "family": families[name], "month": month(place)}
        | {"quantity": amount, "cleansed": amount, "returns": 0, "signal": "sales"}
        | (found or {}).get(place, {})
        for name, series in histories.items()
        for place, amount in enumerate(series)
    ]
    life = [
        {"product_id": name, "product_name": name, "family": families[name], "history_months": MONTHS}
        | {"status": "active"}
        for name in histories
    ]
    told = Told(tables.empty("external_forecasts"), tables.conform("demand_events", events))
    given = tables.conform("demand_history", history), tables.conform("product_lifecycle", life)
    return statistical_forecast(*given, told=told, company=company, cycle=CYCLE)


def means(made, item, level="product"):
    rows = tables.rows(tables.where(made.forecast, chosen=True, level=level, item_id=item))
    return [float(row["mean"]) for row in sorted(rows, key=lambda row: row["month"])]


def backtest(made, item, number, approach="bottom_up", level="product"):
    rows = tables.where(made.forecast_backtest, approach=approach, level=level, item_id=item, lag=0)
    (row,) = [row for row in tables.rows(rows) if row["month"] == month(number)]
    return float(row["forecast"]), float(row["actual"])


def test_an_effect_without_noise_is_what_was_planted():
    # 20% off sells half as much again: 0.025 for each percent
    sizes = np.zeros((1, MONTHS))
    sizes[0, list(PROMOTED)] = 20
    season = np.array(amounts()) / 1000
    found = fit(np.array(amounts(lift=0.5)), sizes, 1 + 0.025 * sizes[0], season)
    assert found is not None
    assert found.effects[0] == pytest.approx(0.025, rel=1e-4)
    assert found.cases == [6]


PAST = [event(number) for number in PROMOTED]


@pytest.fixture(scope="module")
def promoted():
    """A was promoted six times and will be in March; B never was."""
    histories = {"A": amounts(lift=0.5, noise=0.03), "B": amounts(500.0, noise=0.03, seed=2)}
    return planned(histories, [*PAST, event(MONTHS + 2)]), planned(histories, PAST)


def test_a_planned_promotion_raises_its_month_alone_by_its_effect(promoted):
    ahead, without = promoted
    effect = tables.rows(ahead.event_effects)[0]
    lift = 1 + 20 * float(effect["effect"])
    assert (effect["outcome"], effect["used"], effect["cases"], effect["months_ahead"]) == ("used", True, 6, 1)
    assert lift == pytest.approx(1.5, abs=0.05)
    before = means(without, "A")
    assert means(ahead, "A") == pytest.approx([*before[:2], before[2] * lift, *before[3:]], abs=0.001)
    assert means(ahead, "B") == means(without, "B")
    brought = before[2] * (lift - 1)
    assert float(effect["units_ahead"]) == pytest.approx(brought, abs=0.01)
    assert means(ahead, "F", "family")[2] == pytest.approx(means(without, "F", "family")[2] + brought, abs=0.01)


def test_past_promotions_are_no_part_of_season_and_level(promoted):
    # months without one are forecast as those of the same history without any, where it had been 12% higher
    ahead, _ = promoted
    expected = means(planned({"A": amounts(noise=0.03)}, []), "A")
    as_if_none = [abs(one / other - 1) for one, other in zip(means(ahead, "A"), expected, strict=True)]
    assert max(as_if_none[:2] + as_if_none[3:]) < 0.02


def test_the_range_widens_by_how_uncertain_the_effect_is(promoted):
    ahead, without = promoted
    effect = tables.rows(ahead.event_effects)[0]
    lift, error = 1 + 20 * float(effect["effect"]), 20 * float(effect["standard_error"])
    wide, narrow = (
        next(row for row in tables.rows(tables.where(made.forecast, chosen=True, item_id="A")) if row["lag"] == 2)
        for made in (ahead, without)
    )
    part = float(narrow["p90"] - narrow["p50"]) * lift
    width = (part**2 + (1.281552 * error * float(narrow["mean"])) ** 2) ** 0.5
    assert float(wide["p90"] - wide["p50"]) == pytest.approx(width, abs=0.01)


def test_an_origin_that_knew_of_a_promotion_forecasts_it_and_the_benchmark_repeats_what_was(promoted):
    ahead, _ = promoted
    forecast, actual = backtest(ahead, "A", 44)
    assert actual == amounts(lift=0.5, noise=0.03)[44]
    assert forecast == pytest.approx(usual(1000, 44) * 1.5, rel=0.06)
    assert backtest(ahead, "A", 42, "naive")[0] == pytest.approx(amounts(lift=0.5, noise=0.03)[30], abs=0.001)


def test_an_origin_that_did_not_know_of_it_does_not():
    histories = {"A": amounts(lift=0.5, noise=0.03)}
    late = [event(number, recorded_on=month(number + 1)) for number in PROMOTED]
    made = planned(histories, late)
    forecast, actual = backtest(made, "A", 44)
    assert actual == histories["A"][44]
    assert forecast == pytest.approx(usual(1000, 44), rel=0.06)


def test_a_row_recorded_later_takes_the_place_of_the_one_before():
    histories = {"A": amounts(lift=0.5, noise=0.03)}
    rows = [event(MONTHS + 1, recorded_on=date(2025, 12, 1)), event(MONTHS + 1, size=0, recorded_on=date(2026, 1, 5))]
    moved = planned(histories, [*PAST, *rows, event(MONTHS + 3, recorded_on=date(2026, 1, 5))])
    assert means(moved, "A") == means(planned(histories, [*PAST, event(MONTHS + 3)]), "A")


def outcome_of(made):
    return {(row["item_id"], row["kind"]): row["outcome"] for row in tables.rows(made.event_effects)}


def outcome(histories, events):
    made = planned(histories, events)
    return outcome_of(made), made


def test_what_is_not_told_from_nothing_is_not_used_and_says_why():
    flat = {"A": amounts(noise=0.05, seed=4)}
    assert outcome(flat, PAST)[0] == {("A", "promotion"): "no_effect"}
    assert outcome(flat, [event(13), event(30)])[0] == {("A", "promotion"): "too_few"}
    every_june = [event(number) for number in (5, 17, 29, 41)]
    assert outcome({"A": amounts(lift=0.5, noise=0.03)}, every_june)[0] == {("A", "promotion"): "every_year"}


def test_an_event_that_is_not_used_changes_no_forecast():
    flat = {"A": amounts(noise=0.05, seed=4), "B": amounts(noise=0.05, seed=3)}
    found, made = outcome(flat, [*PAST, event(MONTHS + 1)])
    assert found == {("A", "promotion"): "no_effect"}
    without = planned(flat, [])
    for name in ("forecast", "forecast_backtest", "forecast_accuracy", "forecast_approach"):
        assert getattr(made, name).equals(getattr(without, name)), name


def test_a_product_never_promoted_takes_the_effect_of_its_family():
    histories = {"A": amounts(lift=0.5, noise=0.03), "B": amounts(500.0, noise=0.03, seed=2)}
    made = planned(histories, [*PAST, event(MONTHS + 2, product="B")])
    rows = {row["item_id"]: row for row in tables.rows(made.event_effects)}
    assert (rows["B"]["drawn_from"], rows["B"]["cases"], rows["B"]["pooled_cases"]) == ("family", 0, 6)
    assert rows["B"]["effect"] == rows["A"]["effect"]
    lift = 1 + 20 * float(rows["B"]["effect"])
    assert means(made, "B")[2] == pytest.approx(means(planned(histories, PAST), "B")[2] * lift, abs=0.001)


def test_a_family_is_promoted_as_a_whole():
    histories = {name: amounts(level, 0.5, noise=0.03, seed=seed) for name, level, seed in
                 (("A", 1000.0, 1), ("B", 500.0, 2), ("C", 200.0, 3))}  # fmt: skip
    whole = [event(number, product=None, family="F") for number in (*PROMOTED, MONTHS + 2)]
    made, without = planned(histories, whole), planned(histories, whole[:-1])
    (row,) = tables.rows(made.event_effects)
    lift = 1 + 20 * float(row["effect"])
    assert (row["level"], row["item_id"]) == ("family", "F")
    assert lift == pytest.approx(1.5, abs=0.05)
    for name in ("A", "B"):
        assert means(made, name)[2] == pytest.approx(means(without, name)[2] * lift, abs=0.001)
    assert means(made, "C") == means(without, "C")


def test_a_peak_whose_effect_is_not_used_is_forecast_from_as_the_months_around_it_let_expect():
    """Two events are too few: their peaks, kept in history, come neither into the forecast nor its judgement."""
    peaks = (13, 30)
    flat = {"A": amounts(noise=0.03)}
    raised = {"A": amounts(lift=2.0, promoted=peaks, noise=0.03)}
    kept = {number: {"flag": "event", "expected": flat["A"][number]} for number in peaks}
    made, without = planned(raised, [event(number) for number in peaks], found=kept), planned(flat, [])
    assert outcome_of(made) == {("A", "promotion"): "too_few"}
    assert made.forecast.equals(without.forecast)
    assert made.forecast_backtest.equals(without.forecast_backtest)


def test_easter_entered_by_the_company_moves_between_march_and_april():
    """In April of 2022, 2023 and 2025, in March of 2024; it sells a third more, and comes in April 2026."""
    months = (3 + 0, 3 + 12, 2 + 24, 3 + 36)
    easter = [event(number, size=1, product=None, kind="Easter") for number in (*months, MONTHS + 3)]
    series = {"A": amounts(lift=0.33, promoted=months, noise=0.03)}
    made, without = planned(series, easter), planned(series, easter[:-1])
    (row,) = tables.rows(made.event_effects)
    assert (row["level"], row["kind"], row["outcome"]) == ("company", "easter", "used")
    assert float(row["effect"]) == pytest.approx(0.33, abs=0.05)
    lift = 1 + float(row["effect"])
    assert means(made, "A")[3] == pytest.approx(means(without, "A")[3] * lift, abs=0.001)
    assert outcome({"A": amounts(noise=0.05, seed=4)}, easter)[0] == {("Acme", "easter"): "no_effect"}


def simulated(chance, products=12, effect=0.01):
    """Demand and events of a company whose every percent off adds ``effect`` of the month."""
    level = 100 * np.exp(chance.normal(0, 0.5, (products, 1)))
    sizes = np.zeros((products, MONTHS + 6))
    for row in sizes:
        row[chance.choice(MONTHS, 5, replace=False)] = chance.choice([10, 20, 30], 5)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    noise = np.exp(0.1 * chance.normal(size=(products, MONTHS)))
    made = level * season * (1 + effect * sizes[:, :MONTHS]) * noise
    names = [f"p{number:02d}" for number in range(products)]
    families = [f"F{number % 3}" for number in range(products)]
    places = [Place("product", name, family) for name, family in zip(names, families, strict=True)]
    return Demand(names, families, month(0), made), Events(
        places, ["off"] * products, sizes, np.eye(products, dtype=bool)
    )


def test_a_planted_effect_lies_in_its_range_as_often_as_it_says():
    chance = np.random.default_rng(2026)
    effects = [estimate(*simulated(chance, products=1)) for _ in range(160)]
    means = np.concatenate([found.means for found in effects])
    errors = np.sqrt(np.concatenate([found.variances for found in effects]))
    assert float(means.mean()) == pytest.approx(0.01, rel=0.05)
    inside = (np.abs(means - 0.01) < 1.281552 * errors).mean()
    assert 0.7 < inside < 0.9


def test_products_lend_each_other_what_one_alone_could_not_tell():
    chance = np.random.default_rng(2026)
    demand, events = simulated(chance)
    flat = np.ones(MONTHS)
    given = zip(demand.amounts, events.sizes[:, None, :MONTHS], strict=True)
    alone = [fit(row, sizes, flat, flat) for row, sizes in given]
    found = estimate(demand, events)
    assert found.used.all()
    assert float(np.abs(found.means - 0.01).max()) < 0.5 * max(
        abs(float(own.effects[0]) - 0.01) for own in alone if own
    )
