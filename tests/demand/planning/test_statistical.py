"""Given a company history, its forecast tables: every product, every level, and the approach chosen and why."""

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.forecast.accurate.global_model import FEWEST_SERIES
from sop_pipeline.demand.statistical.approach import forecast_approach
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.errors import BadInput
from sop_pipeline.language.demand import approach_words, note_words

CYCLE = Cycle.parse("2026-01")


def company(**given):
    return Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 6, **given})


def life(product_id, family="F", status="active", months=30):
    return {
        "product_id": product_id,
        "product_name": product_id,
        "family": family,
        "status": status,
        "history_months": months,
        "first_month": add_months(CYCLE.month, -months) if months else None,
    }


def history(amounts):
    """Amounts by product, the last one in the last actual month."""
    rows = [
        {
            "product_id": name,
            "family": "F",
            "month": add_months(CYCLE.month, place - len(series)),
            "quantity": quantity,
            "cleansed": quantity,
            "returns": 0,
            "signal": "sales",
        }
        for name, series in amounts.items()
        for place, quantity in enumerate(series)
    ]
    return tables.conform("demand_history", rows)


def forecasts(lifecycle, amounts, **settings):
    result = statistical_forecast(
        history(amounts), tables.conform("product_lifecycle", lifecycle), company=company(**settings), cycle=CYCLE
    )
    return {name: tables.rows(table) for name, table in vars(result).items()}


@pytest.fixture(scope="module")
def usual():
    lifecycle = [life("A"), life("B"), life("C", "G"), life("E", "G", "ended"), life("Z", "H", "never_sold", 0)]
    series = {
        "A": [100 + month % 12 for month in range(30)],
        "B": [50] * 30,
        "C": [200] * 30,
        "E": [80] * 15 + [0] * 15,
    }
    return lifecycle, forecasts(lifecycle, series)


def test_every_item_has_every_month_of_the_horizon_in_every_approach(usual):
    _, result = usual
    items = {
        ("company", "Acme"),
        *((("family", name)) for name in "FGH"),
        *((("product", name)) for name in "ABCEZ"),
    }
    approaches = {row["approach"] for row in result["forecast_approach"]} - {"naive"}
    for approach in approaches:
        rows = [row for row in result["forecast"] if row["approach"] == approach]
        assert {(row["level"], row["item_id"]) for row in rows} == items
        assert len(rows) == 6 * len(items)
        assert {(row["month"], row["lag"]) for row in rows} == {(m, i) for i, m in enumerate(CYCLE.horizon(6))}


def test_means_add_up_exactly_at_every_level(usual):
    lifecycle, result = usual
    family = {row["product_id"]: row["family"] for row in lifecycle}
    means = {(r["approach"], r["level"], r["item_id"], r["month"]): r["mean"] for r in result["forecast"]}
    for (approach, level, item, month), mean in means.items():
        if level == "product":
            continue
        below = [name for name in family if level == "company" or family[name] == item]
        assert mean == sum(means[approach, "product", name, month] for name in below)


def test_products_without_a_future_or_a_past_are_forecast_at_zero_and_say_why(usual):
    _, result = usual
    rows = [row for row in result["forecast"] if row["item_id"] in ("E", "Z", "H")]
    assert {row["mean"] for row in rows} == {Decimal(0)}
    assert {row["model"] for row in rows} == {"ended", "never_sold", "none"}


def test_one_approach_is_chosen_and_marked(usual):
    _, result = usual
    assert [row["approach"] for row in result["forecast_approach"] if row["chosen"]] == ["bottom_up"]
    assert {row["approach"] for row in result["forecast"] if row["chosen"]} == {"bottom_up"}


def test_the_company_goes_by_its_own_name_in_accuracy_and_backtest_too(usual):
    _, result = usual
    for table in ("forecast_backtest", "forecast_accuracy"):
        tops = {row["item_id"] for row in result[table] if row["level"] == "company"}
        assert tops <= {"Acme", "all"}
        assert "Acme" in tops
    assert max(row["lag"] for row in result["forecast_backtest"]) == 3


def test_top_down_from_families_is_called_by_its_name():
    series = {"A": [100] * 30, "B": [50] * 30}
    result = forecasts([life("A"), life("B", "G")], series, approach="top_down", forecast={"top_level": "family"})
    assert [row["approach"] for row in result["forecast_approach"] if row["chosen"]] == ["middle_out"]


def test_a_company_without_any_product_that_goes_on_is_forecast_at_zero():
    result = forecasts([life("E", status="ended")], {"E": [5] * 12})
    assert {row["mean"] for row in result["forecast"]} == {Decimal(0)}
    assert result["forecast_backtest"] == result["forecast_accuracy"] == []
    assert len(result["forecast"]) == 18


def test_one_month_of_history_is_enough_to_go_on():
    result = forecasts([life("A", months=1)], {"A": [7]})
    top = [row for row in result["forecast"] if row["level"] == "company" and row["chosen"]]
    assert [row["mean"] for row in top] == [7] * 6


def test_without_a_backtest_ranges_come_from_the_changes_of_all_products_months():
    lifecycle = [life(name, months=6) for name in "ABCD"]
    series = {name: [100 + place, 120, 90, 110, 80, 105] for place, name in enumerate("ABCD")}
    rows = [row for row in forecasts(lifecycle, series)["forecast"] if row["chosen"]]
    for row in rows:
        assert row["p10"] < row["mean"] < row["p90"]
        assert row["p10"] <= row["p50"] <= row["p90"]
    changes = [20, -30, 20, -30, 25]
    top = next(row for row in rows if row["level"] == "company")
    spread = (sum(4 * 4 * change**2 for change in changes) / 5) ** 0.5 / (4 * 101)
    assert float(top["p90"] / top["mean"]) == pytest.approx(1 + 1.281552 * spread, rel=0.02)
    assert float(top["p10"] / top["mean"]) == pytest.approx(1 - 1.281552 * spread, rel=0.02)


# -- the choice among approaches --------------------------------------------------------------------------------------


def backtest(forecasts_by_approach):
    """Forecasts of one product against 100, a lag each."""
    rows = [
        {
            "approach": approach,
            "level": "product",
            "item_id": "A",
            "origin": date(2025, 6, 1),
            "lag": lag,
            "month": add_months(date(2025, 6, 1), lag),
            "forecast": amount,
            "actual": 100,
        }
        for approach, amounts in forecasts_by_approach.items()
        for lag, amount in enumerate(amounts)
    ]
    return tables.conform("forecast_backtest", rows)


def choice(errors, approaches=("bottom_up", "middle_out", "top_down_forecast_proportions"), **settings):
    result = forecast_approach(backtest(errors), approaches, company=company(**settings))
    rows, lags = tables.rows(result), company(**settings).forecast.lags
    return {row["approach"]: row | {"why": approach_words(row, rows, lags)} for row in rows}


ERRORS = {
    "bottom_up": [110, 90],
    "middle_out": [108, 108],
    "top_down_forecast_proportions": [130, 130],
    "naive": [150, 50],
}


def test_auto_takes_the_least_error_and_says_against_what():
    rows = choice(ERRORS, forecast_approach="auto")
    assert [name for name, row in rows.items() if row["chosen"]] == ["middle_out"]
    assert rows["middle_out"]["why"] == (
        "Least backtest WMAPE over products at lags 0, 1, 2, 3: 8.0%, against 10.0% of the next, bottom up."
    )
    facts = [rows["middle_out"][name] for name in ("basis", "against", "against_wmape")]
    assert facts == ["least_error", "bottom_up", Decimal("0.1")]
    assert rows["bottom_up"]["why"] == "Not used: 2.0 points of WMAPE above middle out."
    assert float(rows["naive"]["wmape"]) == 0.5
    assert float(rows["bottom_up"]["bias"]) == 0


def test_a_benchmark_that_is_better_than_the_choice_is_named():
    rows = choice({**ERRORS, "naive": [105, 100]}, forecast_approach="auto")
    assert rows["middle_out"]["why"].endswith(
        ". The same month of last year would have done better: 2.5% against 8.0%."
    )


def test_an_engine_that_leaves_a_model_out_says_so_in_the_cycle():
    amounts = {"A": [100 + month % 12 for month in range(30)]}
    found = forecasts([life("A")], amounts, forecast={"engine": "accurate"})
    notes = found["forecast_notes"]
    assert [row["note"] for row in notes][:2] == ["fast_alone", "global_too_small"]
    assert (notes[1]["series"], notes[1]["least_series"]) == (3, FEWEST_SERIES)
    said = note_words(notes)
    assert said[0] == "engine accurate: theta + steady_theta + damped alone"
    assert said[1].startswith("global boosting left out: 3 regular series with ")


def test_auto_judges_at_the_company_s_own_lags():
    rows = choice({"bottom_up": [100, 200], "middle_out": [110, 110]}, forecast_approach="auto", forecast={"lags": [0]})
    assert rows["bottom_up"]["chosen"]
    assert "at lag 0: 0.0%" in rows["bottom_up"]["why"]


def test_equal_errors_go_to_the_approach_closest_to_the_products():
    rows = choice({"middle_out": [120.448], "bottom_up": [79.547]}, forecast_approach="auto")
    assert rows["bottom_up"]["chosen"]
    assert rows["bottom_up"]["why"].endswith(": 20.45%, as middle out has; of equals bottom up is taken.")
    assert rows["middle_out"]["why"] == "Not used: bottom up is, with the same WMAPE to a tenth of a point."


def test_the_configured_approach_is_used_beside_what_the_best_would_score():
    rows = choice(ERRORS, approach="top_down")
    assert rows["top_down_forecast_proportions"]["chosen"]
    assert rows["top_down_forecast_proportions"]["why"] == (
        "Set in sop.yaml; its backtest WMAPE over products at lags 0, 1, 2, 3 is 30.0%, "
        "against 8.0% of the best, middle out."
    )
    assert rows["middle_out"]["why"] == ("Not used: 22.0 points of WMAPE below top down forecast proportions.")


def test_without_a_backtest_auto_is_bottom_up_and_says_so():
    rows = choice({}, forecast_approach="auto")
    assert rows["bottom_up"]["why"] == "The history is too short for a backtest, so the default, bottom up, is used."


def test_an_approach_nobody_computed_is_refused():
    with pytest.raises(BadInput, match="reconciled"):
        choice(ERRORS, forecast_approach="reconciled")


# -- what the backtest is kept for, and short histories ----------------------------------------------------------------


@pytest.mark.parametrize(("days", "lags", "longest"), [(None, [0], 1), (150, [0, 1], 5), (20, [0, 5], 5)])
def test_the_backtest_is_kept_as_far_as_lags_and_replenishment_leads_need(days, lags, longest):
    products = tables.conform("products", [{"product_id": "A", "product_name": "A", "replenishment_lead_days": days}])
    result = statistical_forecast(
        history({"A": [100 + month % 12 for month in range(30)]}),
        tables.conform("product_lifecycle", [life("A")]),
        products=products,
        company=company(forecast={"lags": lags}),
        cycle=CYCLE,
    )
    assert max(tables.rows(result.forecast_backtest), key=lambda row: row["lag"])["lag"] == longest


def test_errors_are_scaled_only_where_there_is_something_to_scale_by():
    """B has never changed and N has less than a year: neither has a MASE, and neither counts in that of all."""
    series = {"A": [100 + 3 * (month % 7) for month in range(30)], "B": [50] * 30, "N": [9, 12, 8, 10, 9, 11]}
    lifecycle = [life("A"), life("B"), life("N", months=6)]
    rows = [r for r in forecasts(lifecycle, series)["forecast_accuracy"] if r["level"] == "product" and r["lag"] == 0]
    mase = {row["item_id"]: row["mase"] for row in rows if row["approach"] == "bottom_up"}
    assert mase["B"] is mase.get("N") is None
    assert mase["all"] == mase["A"]


def test_a_product_with_four_months_and_no_like_product_takes_its_family_s_season():
    """Its family sells four times as much in the summer half; its own months were all of winter."""
    season = [400 if 4 <= place % 12 + 1 <= 9 else 100 for place in range(48)]
    family = {name: [amount + rank * 10 for amount in season] for rank, name in enumerate("ABCD")}
    result = forecasts(
        [*(life(name, months=48) for name in family), life("N", months=4, status="new")],
        {**family, "N": season[-4:]},
        horizon_months=12,
    )
    ours = {
        row["month"].month: float(row["mean"]) for row in result["forecast"] if row["item_id"] == "N" and row["chosen"]
    }
    summer, winter = sum(ours[m] for m in (5, 6, 7, 8)) / 4, sum(ours[m] for m in (1, 2, 11, 12)) / 4
    assert summer > 2 * winter


def rows_by(result, table, **wanted):
    return [row for row in result[table] if all(row[name] == value for name, value in wanted.items())]


@pytest.fixture
def of_many_products(monkeypatch):
    """The usual forecast, taking two products for many."""
    monkeypatch.setattr("sop_pipeline.demand.statistical.approach.COMPARED_IN_FULL", 2)
    monkeypatch.setattr("sop_pipeline.demand.forecast.results.ITEMS_REPORTED", 2)

    def made(**settings):
        uneven = {"A": (100, 7, 5), "B": (50, 5, 7), "C": (200, 11, 9)}
        amounts = {
            name: [size + factor * month * month % spread for month in range(30)]
            for name, (size, factor, spread) in uneven.items()
        }
        return forecasts([life("A"), life("B"), life("C", "G")], amounts, **settings)

    return made


def test_of_many_products_what_is_used_is_kept_by_product_and_the_rest_by_level(of_many_products, monkeypatch):
    many = of_many_products()
    monkeypatch.undo()
    few = of_many_products()
    assert {row["approach"] for row in many["forecast_approach"]} == {
        *("bottom_up", "reconciled", "top_down_forecast_proportions", "naive")
    }
    for table in ("forecast", "forecast_backtest"):
        assert rows_by(many, table, approach="bottom_up") == rows_by(few, table, approach="bottom_up")
        others = [row for row in many[table] if row["approach"] not in ("bottom_up", "naive")]
        assert {row["level"] for row in others} == {"family", "company"}
        assert {row["approach"] for row in others} == {"reconciled", "top_down_forecast_proportions"}
    same = ("lag", "n", "wmape", "bias", "mase", "coverage")
    for level in ("product", "family", "company"):
        whole = {"approach": "bottom_up", "level": level, "item_id": "all"}
        kept = [[row[name] for name in same] for row in rows_by(many, "forecast_accuracy", **whole)]
        assert kept == [[row[name] for name in same] for row in rows_by(few, "forecast_accuracy", **whole)]
    assert rows_by(many, "forecast_accuracy", approach="reconciled", level="product")[0]["wmape"] is not None


def test_of_many_products_families_of_an_approach_not_used_have_ranges_of_their_own(of_many_products):
    for row in rows_by(of_many_products(), "forecast", approach="reconciled", item_id="G"):
        assert row["p10"] < row["p50"] < row["p90"]


def ranged_products(result):
    """Approaches whose ranges of products are measured."""
    rows = rows_by(result, "forecast_accuracy", level="product", item_id="all", lag=0)
    return {row["approach"] for row in rows if row["coverage"] is not None}


def test_of_many_products_the_approach_used_alone_is_ranged_unless_any_may_still_be_used(of_many_products):
    assert ranged_products(of_many_products()) == {"bottom_up"}
    assert ranged_products(of_many_products(forecast_approach="auto")) == {
        *("bottom_up", "reconciled", "top_down_forecast_proportions")
    }


def test_every_lag_is_judged_over_the_same_months():
    """Twelve origins know of twelve months at lag 0 and nine at lag 3: the nine count, at every lag and in the choice.

    The wild month before them would be held against the short lags alone. A young product is judged from later on.
    """
    steady = [100.0 + 7 * (place * place % 5) for place in range(40)]
    steady[-11] = 900.0
    amounts = {"A": steady, "B": steady[-11:]}
    result = forecasts([life("A"), life("B", months=11)], amounts, forecast={"lags": [0, 3]})
    used = [row for row in result["forecast_backtest"] if row["approach"] == "bottom_up" and row["level"] == "product"]
    of_a = [row for row in used if row["item_id"] == "A"]
    assert all(row["is_judged"] == (row["month"] >= add_months(CYCLE.month, -9)) for row in of_a)
    assert [sum(row["lag"] == lag and row["is_judged"] for row in of_a) for lag in range(4)] == [9, 9, 9, 9]
    accuracy = {
        (row["item_id"], row["lag"]): row for row in result["forecast_accuracy"] if row["approach"] == "bottom_up"
    }
    for lag in (0, 3):
        assert float(accuracy["A", lag]["wmape"]) == pytest.approx(
            off(row for row in of_a if row["lag"] == lag), abs=1e-6
        )
    assert [accuracy["A", lag]["n"] for lag in range(4)] == [9] * 4
    assert [accuracy["B", lag]["n"] for lag in range(4)] == [3] * 4
    (choice,) = (row for row in result["forecast_approach"] if row["approach"] == "bottom_up")
    assert float(choice["wmape"]) == pytest.approx(off(row for row in used if row["lag"] in (0, 3)), abs=1e-6)


def off(rows):
    """WMAPE of the rows that are judged."""
    judged = [row for row in rows if row["is_judged"]]
    return float(sum(abs(row["forecast"] - row["actual"]) for row in judged) / sum(row["actual"] for row in judged))
