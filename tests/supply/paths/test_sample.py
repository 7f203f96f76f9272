"""The forecast's distribution for planned items, and paths drawn from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline import sql, tables
from sop_pipeline.cycle import add_months
from sop_pipeline.supply.paths.distribution import (
    PERSISTENCE,
    Z90,
    DistributionInputs,
    average_demand,
    demand_distribution,
    fit_shares,
    persistence,
)
from sop_pipeline.supply.paths.sample import Distribution, sample_demand, sample_fit

FIRST = date(2026, 7, 1)


def distribution_rows(items: dict[str, str], months: int = 6, **shares: float) -> list[dict]:
    """Items by name with their family; P10 80, P50 100, P90 130 of 100 units in every month."""
    standing = {
        "company_share": 0.2,
        "family_share": 0.3,
        "own_contrast": 0.0,
        "company_persistence": 0.5,
        "family_persistence": 0.5,
        "own_persistence": 0.5,
        "family_weight": 1,
        "company_weight": 1,
    }
    return [
        {
            "item_id": name,
            "family": family,
            "month": add_months(FIRST, lag),
            "quantity": 100,
            "p10": 80,
            "p50": 100,
            "p90": 130,
            **standing,
            **shares,
        }
        for name, family in items.items()
        for lag in range(months)
    ]


def distribution(rows: list[dict]) -> Distribution:
    return Distribution.of(tables.conform("demand_distribution", rows))


ITEMS = {"A1": "Alpha", "A2": "Alpha", "A3": "Alpha", "B1": "Beta", "B2": "Beta"}


def test_every_month_of_every_item_has_the_forecasts_quantiles():
    paths = sample_demand(distribution(distribution_rows(ITEMS)), 400)
    assert paths.shape == (400, 5, 6)
    assert np.quantile(paths, [0.1, 0.5, 0.9], axis=0).min(axis=(1, 2)) == pytest.approx([80, 100, 130], rel=2e-3)
    assert np.quantile(paths, [0.1, 0.5, 0.9], axis=0).max(axis=(1, 2)) == pytest.approx([80, 100, 130], rel=2e-3)


def test_a_path_depends_on_the_items_name_not_on_its_place_or_on_the_others():
    rows = distribution_rows(ITEMS)
    paths = sample_demand(distribution(rows), 50)
    assert (sample_demand(distribution(rows[::-1]), 50) == paths).all()
    alone = sample_demand(distribution([row for row in rows if row["item_id"] in ("A2", "B1")]), 50)
    assert (alone == paths[:, [1, 3]]).all()


def test_plans_are_judged_by_other_paths_than_stochastic_ones_are_made_for():
    given = distribution(distribution_rows(ITEMS))
    one, other = sample_demand(given, 200), sample_demand(given, 200, "planning")
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05


def test_demand_is_never_negative():
    rows = [row | {"p10": 0, "p50": 0, "p90": 5} for row in distribution_rows(ITEMS)]
    paths = sample_demand(distribution(rows), 100)
    assert paths.min() == 0
    assert np.quantile(paths, 0.9) == pytest.approx(5, rel=0.05)


def test_what_is_shared_and_carried_over_is_as_stated():
    paths = sample_demand(distribution(distribution_rows(ITEMS, 24)), 2000)
    scores = (paths - paths.mean(axis=0)) / paths.std(axis=0)
    within, between = (scores[:, 0] * scores[:, 1]).mean(), (scores[:, 0] * scores[:, 3]).mean()
    assert within == pytest.approx(0.5, abs=0.03)
    assert between == pytest.approx(0.2, abs=0.03)
    assert (scores[:, :, 1:] * scores[:, :, :-1]).mean() == pytest.approx(0.5, abs=0.02)


def test_shares_give_families_and_the_company_their_own_spread():
    """Two families of three and two items; family spreads between independent and in step, the company's too."""
    sigma = np.array([[10.0, 12], [20, 18], [15, 15], [30, 33], [25, 20]])
    family = np.array([0, 0, 0, 1, 1])
    family_sigma = np.array([[32.0, 31], [45, 44]])
    company_sigma = np.array([65.0, 62])
    shared = fit_shares(sigma, family, family_sigma, company_sigma)
    load_company, load_family = np.sqrt(shared.company[family]), np.sqrt(shared.family[family])
    same = family[:, None] == family[None, :]
    correlation = np.outer(load_company, load_company) + np.outer(load_family, load_family) * same
    np.fill_diagonal(correlation, 1.0)
    variance = np.array([sigma[:, t] @ correlation @ sigma[:, t] for t in range(2)])
    assert variance.sum() == pytest.approx((company_sigma**2).sum())
    first = np.array([sigma[:3, t] @ correlation[:3, :3] @ sigma[:3, t] for t in range(2)])
    assert first.sum() == pytest.approx((family_sigma[0] ** 2).sum())


def test_shares_are_fitted_in_the_unit_of_each_total():
    """A kilogram at 12 and a box at 300: in money the family spreads 500 and the company, with pieces at 3, 560."""
    sigma, price = np.array([[20.0], [1.0], [60.0]]), np.array([[12.0], [300.0], [3.0]])
    worth, family = sigma * price, np.array([0, 0, 1])
    in_family = np.array([[240.0], [300.0], [60.0]])
    shared = fit_shares(in_family, family, np.array([[500.0], [60.0]]), np.array([560.0]), in_company=worth)
    rho = (500**2 - 240**2 - 300**2) / (2 * 240 * 300)
    assert shared.company[0] + shared.family[0] == pytest.approx(rho)
    between = np.sqrt(shared.company[0] * shared.company[1]) * (240 + 300) * 180
    assert 500**2 + 180**2 + 2 * between == pytest.approx(560**2)


def test_a_family_narrower_than_independent_items_is_met_by_their_contrast():
    """Four items of sigma 10: independent they spread 20 together; the family says 8."""
    sigma = np.full((4, 3), 10.0)
    shared = fit_shares(sigma, np.zeros(4, np.int64), np.full((1, 3), 8.0), np.full(3, 8.0))
    assert shared.company[0] == shared.family[0] == 0
    rows = distribution_rows({f"A{n}": "Alpha" for n in range(4)}, 12, company_share=0, family_share=0)
    rows = [
        row | {"own_contrast": round(float(shared.contrast[0]), 6), "p10": 100 - 10 * Z90, "p90": 100 + 10 * Z90}
        for row in rows
    ]
    paths = sample_demand(distribution(rows), 2000)
    assert paths.sum(axis=1).std() == pytest.approx(8, rel=0.05)
    assert paths.std() == pytest.approx(10, rel=0.02)


def test_how_wide_the_sample_spreads_is_reported_against_the_forecast():
    given = distribution(distribution_rows(ITEMS))
    paths = sample_demand(given, 300)
    span = np.quantile(paths[:, :3].sum(axis=1), [0.1, 0.9], axis=0)
    rows = [
        {"level": level, "item_id": name, "month": add_months(FIRST, lag), "mean": 1, "p10": 0, "p50": 50, "p90": 100}
        for level, name in (("company", "Small"), ("family", "Alpha"), ("family", "Beta"))
        for lag in range(6)
    ]
    fit = sample_fit(given, paths, tables.conform("demand_range", rows), company="Small")
    assert [(row["level"], row["item_id"], row["items"]) for row in fit] == [
        ("company", "Small", 5),
        ("family", "Alpha", 3),
        ("family", "Beta", 2),
    ]
    assert fit[1]["sampled_width"] == pytest.approx((span[1] - span[0]).sum())
    assert fit[1]["ratio"] == pytest.approx((span[1] - span[0]).sum() / 600)
    assert fit[0]["correlation"] == pytest.approx(0.2)
    assert fit[1]["correlation"] == pytest.approx(0.5)


def backtest_rows(errors: list[list[float]]) -> list[dict]:
    return [
        {
            "approach": "bottom_up",
            "level": "product",
            "item_id": "A1",
            "origin": add_months(FIRST, -20 + number),
            "lag": lag,
            "month": add_months(FIRST, -20 + number + lag),
            "forecast": 100,
            "actual": 100 + error,
        }
        for number, row in enumerate(errors)
        for lag, error in enumerate(row)
    ]


def test_persistence_is_the_correlation_of_neighbouring_months_errors():
    """Errors 1,1 / -1,-1 go on wholly, 1,-1 / -1,1 not at all; too few of them say nothing."""
    lasting = tables.conform("forecast_backtest", backtest_rows([[1, 1], [-1, -1]] * 5))
    found = sql.query("supply/robustness/error_persistence", {"forecast_backtest": lasting}, {"approach": "bottom_up"})
    assert found.to_pylist() == [{"level": "product", "pairs": 10, "persistence": pytest.approx(1.0)}]
    assert persistence(lasting, "bottom_up") == {"company": PERSISTENCE, "family": PERSISTENCE, "product": 0.95}
    turning = tables.conform("forecast_backtest", backtest_rows([[1, -1], [-1, 1]] * 5))
    assert persistence(turning, "bottom_up")["product"] == 0
    few = tables.conform("forecast_backtest", backtest_rows([[1, 1], [-1, -1]] * 2))
    assert persistence(few, "bottom_up")["product"] == PERSISTENCE


def test_items_take_their_own_range_and_families_theirs_in_proportion(company):
    month = FIRST
    ranged = {"mean": 100, "p10": 90, "p50": 101, "p90": 120}
    given: dict[str, list[dict[str, Any]]] = {
        "planning_demand": [
            {"product_id": "A1", "month": month, "quantity": 100},
            {"product_id": "Beta", "month": month, "quantity": 50},
            {"product_id": "N1", "month": month, "quantity": 7},
        ],
        "planning_products": [
            {"product_id": "A1", "product_name": "A1", "family": "Alpha"},
            {"product_id": "Beta", "product_name": "Beta", "family": "Beta"},
            {"product_id": "N1", "product_name": "N1", "family": "Alpha"},
        ],
        "opening_state": [
            {
                "product_id": name, "family": "Alpha", "item_id": name, "opening_stock": 0, "opening_backlog": 0,
                "safety_stock": 0, "risk_months": 1, "service_level": 0.95, "method": "range",
            }
            for name in ("A1", "N1")
        ],
        "demand_range": [
            {"level": "product", "item_id": "A1", "month": month, **ranged},
            {"level": "family", "item_id": "Beta", "month": month, **ranged},
            {"level": "family", "item_id": "Alpha", "month": month, **ranged, "p90": 500},
        ],
    }  # fmt: skip
    made = {name: tables.conform(name, rows) for name, rows in given.items()}
    weights = pa.table({"item_id": ["A1"], "family_weight": [3.0], "company_weight": [4.0]})
    rows = sql.query("supply/robustness/item_ranges", {**made, "item_weights": weights}).to_pylist()
    assert [(row["family_weight"], row["company_weight"]) for row in rows] == [(3.0, 4.0), (None, None), (None, None)]
    assert [(row["item_id"], row["family"], row["p10"], row["p50"], row["p90"]) for row in rows] == [
        ("A1", "Alpha", 90.0, 101.0, 120.0),
        ("Beta", "Beta", 45.0, 50.5, 60.0),
        ("N1", "Alpha", 7.0, 7.0, 7.0),
    ]
    without = ("demand_plan", "demand_units", "forecast_backtest", "forecast_approach")
    inputs = DistributionInputs(**made, **{name: tables.empty(name) for name in without})
    table = demand_distribution(inputs, company=company)
    assert [float(row["own_persistence"]) for row in tables.rows(table)] == [PERSISTENCE] * 3
    # A1's paths would average to 101 + (19 - 11) x 0.39894 / 1.28155 = 103.4904: scaled to the 100 that are planned
    ranges = {row["item_id"]: [float(row[name]) for name in ("p10", "p50", "p90")] for row in tables.rows(table)}
    assert ranges["A1"] == pytest.approx([90 / 1.034904, 101 / 1.034904, 120 / 1.034904], abs=1e-3)
    assert ranges["N1"] == [7, 7, 7]


def test_paths_average_to_what_is_planned():
    """Against draws: a skewed range, one that reaches below nothing, one of nothing but a tail, one that is certain."""
    p10, p50, p90 = np.array([[80, 100, 130], [0, 40, 150], [0, 0, 5], [7, 7, 7]], float).T
    z = np.random.default_rng(5).standard_normal((400_000, 1))
    below, above = (p50 - p10) / Z90, (p90 - p50) / Z90
    drawn = np.maximum(p50 + np.where(z < 0, below, above) * z, 0).mean(axis=0)
    assert average_demand(p10, p50, p90) == pytest.approx(drawn, rel=5e-3)


def test_one_product_of_another_unit_leaves_the_samples_as_wide_as_the_forecast(company):
    """Nine products by the piece at 10 and one by the set at 40, each as uncertain as it is large."""
    pieces = [f"P{number}" for number in range(9)]
    unit = dict.fromkeys(pieces, ("piece", 10.0)) | {"SET": ("set", 40.0)}
    amount = dict.fromkeys(pieces, 50.0) | {"SET": 5.0}
    months = [add_months(FIRST, lag) for lag in range(6)]
    # independent: the total's spread is the root of the sum of squares, in money
    total = sum(amount[name] * price for name, (_, price) in unit.items())
    width = 0.4 * np.sqrt(sum((amount[name] * price) ** 2 for name, (_, price) in unit.items()))

    def ranged(level: str, name: str, mean: float, width: float) -> list[dict]:
        row = {
            "level": level,
            "item_id": name,
            "mean": mean,
            "p10": mean - width / 2,
            "p50": mean,
            "p90": mean + width / 2,
        }
        return [row | {"month": month} for month in months]

    given: dict[str, list[dict]] = {
        "planning_demand": [{"product_id": n, "month": m, "quantity": amount[n]} for n in unit for m in months],
        "planning_products": [{"product_id": n, "product_name": n, "family": "Spares"} for n in unit],
        "opening_state": [
            {
                "product_id": n, "family": "Spares", "item_id": n, "opening_stock": 0, "opening_backlog": 0,
                "safety_stock": 0, "risk_months": 1, "service_level": 0.95, "method": "range",
            }
            for n in unit
        ],
        "demand_plan": [
            {
                "product_id": n, "family": "Spares", "month": m, "lag": lag, "statistical": amount[n], "adjustment": 0,
                "quantity": amount[n], "p10": 0, "p50": 0, "p90": 0,
            }
            for n in unit
            for lag, m in enumerate(months)
        ],
        "demand_units": [
            {
                "product_id": n, "family": "Spares", "unit_of_measure": measure, "family_unit": "EUR at unit price",
                "family_equivalent": price, "company_unit": "EUR at unit price", "company_equivalent": price,
            }
            for n, (measure, price) in unit.items()
        ],
        "demand_range": [
            *(row for n in unit for row in ranged("product", n, amount[n], 0.4 * amount[n])),
            *ranged("family", "Spares", total, width),
            *ranged("company", company.company, total, width),
        ],
    }  # fmt: skip
    made = {name: tables.conform(name, rows) for name, rows in given.items()}
    nothing = {name: tables.empty(name) for name in ("forecast_backtest", "forecast_approach")}
    table = demand_distribution(DistributionInputs(**made, **nothing), company=company)
    drawn = Distribution.of(table)
    fit = sample_fit(drawn, sample_demand(drawn, 2000), made["demand_range"], company=company.company)
    assert [(row["level"], row["forecast_width"]) for row in fit] == [
        ("company", pytest.approx(6 * width)),
        ("family", pytest.approx(6 * width)),
    ]
    assert [row["ratio"] for row in fit] == [pytest.approx(1.0, abs=0.06)] * 2
    assert [row["correlation"] for row in fit] == [pytest.approx(0.0, abs=0.02)] * 2
