"""Kinds of resources: the one list of them, and which have hours.

A resource of no stated kind is a machine. Labour and machines give hours; of the others a month has a capacity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

UNSTATED = "machine"
HOUR_KINDS = ("labour", "machine")
KINDS = (*HOUR_KINDS, "material", "storage", "cash")


def stated_kind(resources: pd.DataFrame) -> pd.Series:
    """Return the kind of each resource, that of a blank filled in."""
    return resources["kind"].fillna(UNSTATED)


def has_hours(resources: pd.DataFrame) -> pd.Series:
    """Return which resources have hours."""
    return stated_kind(resources).isin(HOUR_KINDS)
