"""Tables of ingest, portfolio and demand.

A function a table, named as it is, which returns its rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from sop_pipeline.cycle import add_months
from tests.packs.invented.firm import PAST, Firm


def source_files(firm: Firm) -> list[dict[str, Any]]:
    rows = (("sales", "data/sales.csv", 500123, 499880, 206, 31), ("products", "data/products.xlsx", 60, 60, 0, 0))
    names = ("table", "file", "rows_read", "rows_used", "rows_duplicate", "rows_quarantined")
    fixed = {"sha256": "ab" * 32, "rows_superseded": 0, "rows_later": 6, "rows_total": 0, "note": "comma, UTF-8"}
    shape = {
        "records_header": 1,
        "records_blank": 0,
        "records_skipped": 0,
        "records_unsplit": 0,
        "columns": 1,
        "cells_left_out": 0,
    }
    return [
        dict(zip(names, row, strict=True)) | fixed | shape | {"lines": row[2] + 1, "records": row[2] + 1}
        for row in rows
    ]


def quarantine(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "table": "sales",
            "file": "data/sales.csv",
            "row": 1000 + n,
            "column": "product_id",
            "value": "P9999",
            "reason": "no such product; add it to products or correct the row",
            "content": "{}",
        }
        for n in range(31)
    ]


def working_calendar(firm: Firm) -> list[dict[str, Any]]:
    return [{"month": month, "working_days": 20 + n % 3, "source": "calendar"} for n, month in enumerate(firm.months)]


def product_lifecycle(firm: Firm) -> list[dict[str, Any]]:
    rows = [
        {
            "product_id": item.product_id,
            "product_name": item.product_name,
            "family": item.family,
            "status": "active",
            "first_month": firm.past[0],
            "last_month": firm.past[-1],
            "history_months": PAST,
        }
        for item in firm.products.itertuples()
    ]
    rows[0] |= {"status": "new", "history_months": 4, "first_month": firm.past[-4]}
    rows[-1] |= {"status": "phase_out", "discontinued_on": date(2027, 3, 31)}
    return rows


def demand_history(firm: Firm) -> pd.DataFrame:
    out = firm.history.assign(quantity=firm.history["demand"], cleansed=firm.history["demand"], returns=0.0)

    def only_the_sixth(fact: object) -> pd.Series[Any]:
        return pd.Series([fact if n == 5 else None for n in range(len(out))], index=out.index, dtype=object)

    return out.assign(
        signal="sales",
        flag=only_the_sixth("outlier"),
        expected=only_the_sixth(2300.0),
        limits_away=only_the_sixth(1.4),
    )


def demand_plan(firm: Firm) -> pd.DataFrame:
    plan = firm.plan
    lag = plan["month"].map({month: n for n, month in enumerate(firm.ahead)})
    spread = 0.10 + 0.004 * lag
    return plan.assign(
        lag=lag,
        quantity=plan["demand"],
        adjustment=(plan["demand"] * 0.03).round(4),
        statistical=plan["demand"] - (plan["demand"] * 0.03).round(4),
        p10=plan["demand"] * (1 - spread),
        p50=plan["demand"] * 0.995,
        p90=plan["demand"] * (1 + spread),
    )


def demand_range(firm: Firm) -> pd.DataFrame:
    plan = demand_plan(firm)
    levels = (("product", plan["product_id"], 1.0), ("family", plan["family"], 0.6), ("company", None, 0.4))
    parts = []
    for level, item, narrow in levels:
        keyed = plan.assign(level=level, item_id=item if item is not None else "Meridian Foods")
        total = keyed.groupby(["level", "item_id", "month", "lag"], as_index=False)[["demand"]].sum()
        width = (0.10 + 0.004 * total["lag"]) * narrow
        total = total.assign(mean=total["demand"], p50=total["demand"] * 0.998)
        parts.append(total.assign(p10=total["demand"] * (1 - width), p90=total["demand"] * (1 + width)))
    return pd.concat(parts)


def demand_adjustments(firm: Firm) -> pd.DataFrame:
    plan = demand_plan(firm)
    return plan.assign(
        stream="sales", precedence=1, before=plan["statistical"], change=plan["adjustment"], reason="New listings"
    )


def forecast_accuracy(firm: Firm) -> list[dict[str, Any]]:
    rows = []
    for level, items in (("product", ["all"]), ("family", ["all", *firm.families()])):
        for n, item in enumerate(items):
            for lag in range(4):
                for approach, worse in (("bottom_up", 0.0), ("naive", 0.05)):
                    wmape = 0.08 + 0.012 * lag + 0.013 * n + worse
                    rows.append(
                        {
                            "approach": approach,
                            "level": level,
                            "item_id": item,
                            "lag": lag,
                            "n": 72,
                            "wmape": wmape,
                            "bias": 0.01 * (n % 3 - 1) + 0.003 * lag,
                            "tracking_signal": 5.2 if n == 3 else 1.1,
                            "mase": 0.8 + wmape,
                            "rmsse": 0.9,
                            "coverage": 0.79,
                        }
                    )
    return rows


def forecast_approach(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "approach": approach,
            "wmape": wmape,
            "bias": 0.004,
            "chosen": approach == "bottom_up",
            "basis": "configured_best" if approach == "bottom_up" else "worse",
            "against": None if approach == "bottom_up" else "bottom_up",
            "against_wmape": None if approach == "bottom_up" else 0.104,
        }
        for approach, wmape in (
            ("bottom_up", 0.104),
            ("top_down_forecast_proportions", 0.121),
            ("top_down_average_proportions", 0.133),
            ("top_down_proportion_of_averages", 0.131),
        )
    ]


def forecast_value_added(firm: Firm) -> list[dict[str, Any]]:
    steps = (("naive", 0.162), ("statistical", 0.118), ("sales", 0.109), ("marketing", 0.113), ("consensus", 0.112))
    rows = []
    for n, item in enumerate(["all", *firm.families()]):
        before = None
        for position, (step, wmape) in enumerate(steps):
            error = wmape + 0.01 * n + (0.006 * ((n + position) % 3 - 1) if n else 0)
            rows.append(
                {
                    "step": step,
                    "position": position,
                    "level": "family",
                    "item_id": item,
                    "lag": 1,
                    "n": 36,
                    "wmape": error,
                    "bias": 0.01,
                    "tracking_signal": 1.0,
                    "value_added": None if before is None else before - error,
                    "value_added_money": None if before is None else round((before - error) * 1e6, 2),
                }
            )
            before = error
    return rows


def demand_anomalies(firm: Firm) -> list[dict[str, Any]]:
    """A month before the cycle in which the first family sold more than ever."""
    return [
        {
            "level": "family",
            "item_id": family,
            "month": add_months(firm.cycle.month, -1),
            "quantity": 1500 + n,
            "expected": 1000,
            "p1": 800,
            "p99": 1200,
            "difference": 500 + n,
            "difference_money": 2500 + n,
        }
        for n, family in enumerate(firm.families()[:1])
    ]
