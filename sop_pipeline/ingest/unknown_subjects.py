"""Scenarios of ``sop.yaml`` that are about nothing the company has, or take away more than there is.

A cycle plans the other scenarios all the same, and says the same on the page of scenarios. Not here: what a change does
(``supply.scenarios``), how it is written (``plan_change``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.ingest.rows.references import NO_FAMILY
from sop_pipeline.plan_change import ALL, Measure, PlanChange, Way, read_changes
from sop_pipeline.resource_kinds import ASSUMED, HOUR_KINDS, UNSTATED, is_paid

ABOUT: Mapping[Measure, tuple[str, ...]] = {
    Measure.DEMAND: ("product",),
    Measure.PRICE: ("product",),
    Measure.COST: ("product", "material"),
    Measure.WAGE: ("resource with hours",),
    Measure.CAPACITY: ("resource", "material"),
    Measure.WORKING_DAYS: ("site",),
    Measure.LEAD_TIME: ("product", "resource with hours", "material"),
    Measure.SAFETY_STOCK: ("product",),
    Measure.SERVICE_LEVEL: ("product",),
    Measure.OVERTIME: ("resource with hours",),
}
"""What each measure may be about; products by family and site, resources by site as well."""
Data = Mapping[str, pa.Table]
Row = Mapping[str, Any]


def unknown_subjects(data: Data, company: Company, newest: Cycle | None) -> list[str]:
    """Return a sentence for every change that names nothing, no month of the plan, or more than there is."""
    if not company.scenarios:
        return []
    names = _names(data)
    told = []
    for scenario in company.scenarios:
        where = f"sop.yaml, scenario {scenario.name!r}"
        for change in read_changes(scenario.changes, where):
            fault = (
                _subject_fault(change, names)
                or (_months_fault(change, newest, company.horizon_months) if newest else None)
                or (_capacity_fault(change, data) if change.measure is Measure.CAPACITY else None)
            )
            told += [f"{change.where}: {fault} As it stands the scenario is not planned."] if fault else []
    return told


def _names(data: Data) -> dict[str, set[str]]:
    """Names by what they may stand for."""
    resources = tables.rows(data["resources"])
    products = [*tables.rows(data["products"]), *tables.rows(data["new_products"])]
    hours = [row for row in resources if (row["kind"] or UNSTATED) in HOUR_KINDS]
    taken = _filled(tables.rows(data["product_features"]), "feature") & _filled(hours, "resource_id")
    assumed = set() if taken else {ASSUMED}
    return {
        "product": _filled(products, "product_id", "product_name", "family", "site_id") | {NO_FAMILY},
        "resource": _filled(resources, "resource_id", "resource_name", "site_id") | assumed,
        "resource with hours": _filled(hours, "resource_id", "resource_name", "site_id") | assumed,
        "material": _filled(tables.rows(data["materials"]), "material_id"),
        "site": _filled(products, "site_id") | _filled(resources, "site_id"),
    }


def _filled(rows: Iterable[Row], *columns: str) -> set[str]:
    return {str(row[name]) for row in rows for name in columns if row.get(name)}


def _subject_fault(change: PlanChange, names: Mapping[str, set[str]]) -> str | None:
    known = set().union(*(names[kind] for kind in ABOUT[change.measure]))
    if change.subject == ALL or change.subject.lower() in {name.lower() for name in known}:
        return None
    near = difflib.get_close_matches(change.subject, sorted(known), n=1, cutoff=0.5)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"found {change.subject!r}; needed {_either(ABOUT[change.measure])}, or all.{meant}"


def _either(kinds: Sequence[str]) -> str:
    return " or ".join(f"a {kind}" + (", family or site" if kind == "product" else "") for kind in kinds)


def _months_fault(change: PlanChange, newest: Cycle, horizon: int) -> str | None:
    months = [add_months(newest.month, number) for number in range(horizon)]
    if any(change.covers(month) for month in months):
        return None
    return f"found {change.months}; needed months of the plan, {months[0]:%Y-%m} to {months[-1]:%Y-%m}."


def _capacity_fault(change: PlanChange, data: Data) -> str | None:
    named = [
        row
        for row in tables.rows(data["resources"])
        if change.subject.lower() in {str(row[name]).lower() for name in ("resource_id", "resource_name")}
    ]
    for row in named:
        by_heads = row["capacity"] is None and row["opening_units"] is not None
        there = row["opening_units"] if by_heads else row["capacity"]
        if change.way is Way.ADD and there is not None and there + change.amount < 0:
            return f"found {change}; needed no more than the {there.normalize():f} there are."
        more = change.amount > 0 and change.way is not Way.SET
        if more and by_heads and is_paid(row["regular_rate"], row["pay_basis"]):
            return f"found {change}, whose heads are paid; needed fewer heads: the plan hires where that pays."
    return None
