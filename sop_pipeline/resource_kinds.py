"""Kinds of resources: the one list of them, and which have hours.

A resource of no stated kind is a machine. Labour and machines give hours; of the others a month has a capacity.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

UNSTATED = "machine"
HOUR_KINDS = ("labour", "machine")
KINDS = (*HOUR_KINDS, "material", "storage", "cash")
ASSUMED = "capacity"
"""The resource that stands in where no product takes hours of one."""


def stated_kind(resources: pd.DataFrame) -> pd.Series:
    """Return the kind of each resource, that of a blank filled in."""
    return resources["kind"].fillna(UNSTATED)


def has_hours(resources: pd.DataFrame) -> pd.Series:
    """Return which resources have hours."""
    return stated_kind(resources).isin(HOUR_KINDS)


def is_paid(regular_rate: Decimal | float | None, pay_basis: str | None) -> bool:
    """Whether a head costs its regular hours, worked or not; a plan that takes one on pays for it."""
    return (pay_basis or "paid") == "paid" and (regular_rate or 0) > 0


def unexplained_features(features: pa.Table, resources: pa.Table, materials: pa.Table) -> dict[str, int]:
    """Return features that are neither resource nor material, with their rows of ``product_features``.

    They are counted as needs (options), and limit nothing.
    """
    known = {*resources["resource_id"].to_pylist(), *materials["material_id"].to_pylist()}
    rows = Counter(str(name) for name in features["feature"].to_pylist() if name not in known)
    return dict(sorted(rows.items()))
