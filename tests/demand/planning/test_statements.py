"""Single statements: given rows, expected rows."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from sop_pipeline import sql, tables


def rows(data):
    return pa.Table.from_pylist(data)


def day(text):
    return date.fromisoformat(text)


def test_monthly_sales_net_returns_and_leave_out_what_is_not_known_yet():
    sales = tables.conform(
        "sales",
        [
            {"product_id": "A", "date": day("2025-12-01"), "quantity": 10},
            {"product_id": "A", "date": day("2025-12-31"), "quantity": -4},
            {"product_id": "A", "date": day("2025-11-30"), "quantity": 1},
            {"product_id": "B", "date": day("2025-12-31"), "quantity": 5, "recorded_on": day("2026-01-01")},
        ],
    )
    found = sql.query("demand/history/monthly_sales", {"sales": sales}, {"cutoff": day("2026-01-01")})
    assert found.to_pylist() == [
        {"product_id": "A", "month": day("2025-11-01"), "quantity": 1, "returned": 0},
        {"product_id": "A", "month": day("2025-12-01"), "quantity": 6, "returned": 4},
    ]


def test_monthly_stock_takes_the_last_count_of_each_site_and_the_lowest_day():
    def count(text, held, site):
        return {"product_id": "A", "date": day(text), "on_hand": held, "site_id": site}

    inventory = tables.conform(
        "inventory",
        [
            count("2025-12-10", 0, "S"),
            count("2025-12-10", 3, "T"),
            count("2025-12-20", 1, "S"),
            count("2025-12-31", 8, "S"),
            count("2025-12-31", 9, "T"),
        ],
    )
    found = sql.query("demand/history/monthly_stock", {"inventory": inventory}, {"cutoff": day("2026-01-01")})
    assert found.to_pylist() == [
        {"product_id": "A", "month": day("2025-12-01"), "sites": 2, "closing": 17, "lowest": 3}
    ]


def test_heirs_follow_the_chain_of_ended_products():
    lifecycle = rows(
        [
            {"product_id": name, "status": status, "successor_id": after, "first_month": first}
            for name, status, after, first in (
                ("A", "ended", "B", day("2023-01-01")),
                ("B", "ended", "C", day("2023-01-01")),
                ("C", "active", None, day("2023-01-01")),
                ("P", "phase_out", "C", day("2023-01-01")),
                ("Q", "ended", "N", day("2023-01-01")),
                ("N", "never_sold", None, None),
            )
        ]
    )
    found = sql.query("demand/history/heirs", {"product_lifecycle": lifecycle}, {"longest_chain": 20})
    assert {row["product_id"]: row["heir_id"] for row in found.to_pylist()} == {
        "A": "C",
        "B": "C",
        "C": "C",
        "P": "P",
        "Q": "Q",
    }


def test_remaining_shares_count_the_calendar_days_of_the_last_month():
    amounts = rows(
        [
            {"product_id": "A", "month": day(month), "statistical": Decimal("10")}
            for month in ("2026-03-01", "2026-04-01", "2026-05-01")
        ]
    )
    succession = rows(
        [
            {
                "product_id": "A",
                "last_day": day("2026-04-12"),
                "successor_id": "B",
                "takes_over_from": day("2026-05-01"),
                "takes_over": True,
            }
        ]
    )
    found = sql.query("demand/consensus/remaining_shares", {"statistical_amounts": amounts, "succession": succession})
    assert [(row["remaining"], row["is_taken_over"]) for row in found.to_pylist()] == [
        (1, False),
        (pytest.approx(0.4), False),
        (0, True),
    ]


def test_entries_are_spread_over_their_months_and_read_in_small_letters():
    amounts = rows([{"month": day(month)} for month in ("2026-01-01", "2026-02-01")])
    inputs = tables.conform(
        "demand_inputs",
        [
            {
                "stream": " Sales",
                "family": "F",
                "month_from": day("2025-06-01"),
                "month_to": day("2026-12-01"),
                "change_pct": 5,
            },
            {
                "stream": "sales",
                "month_from": day("2026-01-01"),
                "change_units": 1,
                "recorded_on": day("2026-01-10"),
            },
        ],
    )
    found = sql.query(
        "demand/consensus/entries",
        {"statistical_amounts": amounts, "demand_inputs": inputs},
        {"input_deadline": day("2026-01-10")},
    )
    assert [(r["stream"], r["level_no"], r["item_id"], r["change_pct"], r["month"]) for r in found.to_pylist()] == [
        ("sales", 2, "F", 5, day("2026-01-01")),
        ("sales", 2, "F", 5, day("2026-02-01")),
    ]


def test_approach_errors_are_those_of_products_at_the_lags_asked_for():
    def forecast(level, lag, amount):
        return {
            "approach": "bottom_up",
            "level": level,
            "item_id": "A",
            "origin": day("2025-06-01"),
            "lag": lag,
            "month": day("2025-06-01"),
            "forecast": amount,
            "actual": 100,
        }

    backtest = tables.conform(
        "forecast_backtest", [forecast("product", 0, 90), forecast("product", 1, 150), forecast("family", 0, 500)]
    )
    inputs = {"forecast_backtest": backtest, "demand_units": tables.empty("demand_units")}
    found = sql.query("demand/accuracy/approach_errors", inputs, {"lags": [0, 2]})
    assert found.to_pylist() == [{"approach": "bottom_up", "n": 1, "wmape": 0.1, "bias": -0.1}]


def test_approach_errors_weigh_units_by_their_equivalents_and_average_what_has_none():
    """Cases: A counts twice, B once, E is returned on balance; C is in metres, which make no cases."""

    def forecast(item, amount, actual, **more):
        at = {
            "approach": "reconciled",
            "level": "product",
            "origin": day("2025-06-01"),
            "month": day("2025-06-01"),
            "lag": 0,
        }
        return at | {"item_id": item, "forecast": amount, "actual": actual} | more

    given = [
        forecast("A", 90, 100),
        forecast("B", 60, 50),
        forecast("E", -5, -10),
        forecast("C", 30, 20),
        forecast("B", 500, 1, is_judged=False, lag=1),
    ]
    units = [
        {
            "product_id": name,
            "family": "F",
            "unit_of_measure": "piece",
            "company_unit": "case",
            "company_equivalent": weight,
        }
        for name, weight in (("A", 2), ("B", 1), ("E", 1))
    ]
    units.append({"product_id": "C", "family": "F", "unit_of_measure": "m"})
    inputs = {
        "forecast_backtest": tables.conform("forecast_backtest", given),
        "demand_units": tables.conform("demand_units", units),
    }
    (found,) = sql.query("demand/accuracy/approach_errors", inputs, {"lags": [0, 1]}).to_pylist()
    assert found["n"] == 4
    assert found["wmape"] == pytest.approx(((2 * 10 + 10 + 5) / (200 + 50 + 10) + 0.5) / 2, abs=1e-6)
    assert found["bias"] == pytest.approx(((-2 * 10 + 10 + 5) / (200 + 50 + 10) + 0.5) / 2, abs=1e-6)


def test_coverage_holds_scores_of_one_half_against_quantiles_of_the_other():
    """Scores count in widths of their own series, where it has one; of intermittent demand P10 is nothing."""
    kinds = {"approach": "bottom_up", "level_no": 3, "is_erratic": False}
    places = [
        # node, half, score, intermittent; node 1 is twice as wide as others, node 3 half as wide
        *((1, 1, 3.0, False), (1, 1, -3.0, False), (1, 1, 4.5, False), (1, 2, 3.0, False), (1, 1, -4.5, False)),
        *((2, 1, 1.9, False), (2, 1, 2.1, False), (2, 1, -2.1, False), (2, 1, 2.0, False), (2, 1, -9.0, True)),
        *((3, 1, 0.9, False), (3, 1, 1.1, False), (2, 1, 2.1, True)),
        (1, 1, -4.0, False),
    ]
    scores = [
        {**kinds, "node_id": node, "run": run, "lag": 0, "half": half, "score": score, "is_intermittent": slow}
        for run, (node, half, score, slow) in enumerate(places)
    ]
    quantiles = [
        {**kinds, "is_intermittent": slow, "part": part, "q10": -q, "q90": q}
        for slow in (False, True)
        for part, q in ((1, 0.1), (2, 2.0))
    ]
    other = {**kinds, "is_intermittent": False, "part": 2, "q10": -0.01, "q90": 0.01}
    quantiles += [other | {"approach": "reconciled"}, other | {"level_no": 2}, other | {"is_erratic": True}]
    widths = [
        {"approach": "bottom_up", "node_id": node, "part": part, "width": width}
        for node, part, width in ((1, 2, 2.0), (1, 1, 9.0), (3, 2, 0.5))
    ]
    nodes = [{"node_id": 1, "level_no": 3}, {"node_id": 9, "level_no": 1}]
    coherent = [
        {"approach": approach, "node_id": node, "run": 77, "lag": 1, "period": period}
        for approach, node, period in (
            *(("bottom_up", 1, 10), ("bottom_up", 1, 9), ("reconciled", 1, 10)),
            *(("reconciled", 9, 10), ("naive", 9, 10), ("naive", 1, 10)),
        )
    ]
    shifts = [{"node_id": node, "run": 77, "from_period": 10} for node in (1, 9)]
    inputs = {
        "scores": rows(scores),
        "error_quantiles": rows(quantiles),
        "own_widths": rows(widths),
        "nodes": rows(nodes),
        "coherent": rows(coherent),
        "missed_shifts": rows(shifts),
    }
    found = sql.query("demand/forecast/coverage", inputs, ranged=["bottom_up"]).to_pylist()
    covered = {row["run"]: row["covered"] for row in found if row["run"] != 77}
    assert [covered[run] for run in range(len(places))] == [
        *(True, True, False, False, False),  # 3 / 2 within 2; 4.5 / 2 beyond; 3 / 9 beyond 0.1 of the other half
        *(True, False, False, True, True),
        *(True, False, False, True),
    ]
    assert len(found) == len(places) + 2
    missed = [(row["approach"], row["node_id"], row["covered"]) for row in found if row["run"] == 77]
    assert sorted(missed) == [("bottom_up", 1, False), ("reconciled", 9, False)]


def test_working_day_effect_of_proportional_demand_has_slope_one():
    days = [20, 22, 21, 19, 23, 20, 21, 22, 18, 21, 20, 22, 21, 20, 23, 22, 19, 21, 20, 21, 22, 19, 23, 20]
    months = [date(2024 + number // 12, number % 12 + 1, 1) for number in range(24)]
    calendar = rows([{"month": m, "working_days": Decimal(d)} for m, d in zip(months, days, strict=True)])
    history = rows(
        [{"product_id": "A", "month": m, "cleansed": Decimal(10 * d)} for m, d in zip(months, days, strict=True)]
    )
    inputs = {
        "demand_history": history,
        "working_calendar": calendar,
        "demand_units": tables.empty("demand_units"),
    }
    found = sql.query("demand/history/working_day_effect", inputs).to_pylist()[0]
    assert found["pairs"] == 12
    assert found["slope"] == pytest.approx(1)
    assert found["t_value"] > 10
