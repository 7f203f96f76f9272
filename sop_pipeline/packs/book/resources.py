"""How full the chosen plan's resources are."""

from __future__ import annotations

import pandas as pd

from sop_pipeline.packs.book.book import Book

FULL = 1.005
"""A resource works beyond its regular hours from here on; half a percent is rounding."""


def utilised(book: Book) -> pd.DataFrame:
    """The chosen plan's resources and months that have a capacity to compare with."""
    plan = book.plan_of("resource_plan")
    return plan[plan["utilisation"].notna()]


def fullest_first(plan: pd.DataFrame) -> pd.DataFrame:
    """Rows by utilisation, the fullest first; then by name and month."""
    return plan.sort_values(["utilisation", "resource_id", "month"], ascending=[False, True, True])


def by_peak(plan: pd.DataFrame) -> list[str]:
    """Resources by their fullest month, the fullest first."""
    peak = plan.groupby("resource_id")["utilisation"].max()
    return [str(name) for name in peak.sort_values(ascending=False, kind="stable").index]
