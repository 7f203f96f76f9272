"""What would stop a cycle that its inputs alone decide: said by ``sop check``, before anything is planned.

Launches and exchange rates are judged by the very rules of their steps, each with the tables as they were read. Those
of resources say again what the planner's ``supply.problem.checks`` do, which takes pandas. Not here: what a file may
not be (``ingest``), and what only a plan can show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput, SopError
from sop_pipeline.exchange import refuse_missing_rates
from sop_pipeline.portfolio import product_lifecycle
from sop_pipeline.resource_kinds import HOUR_KINDS, UNSTATED

Data = Mapping[str, pa.Table]


def rehearse(data: Data, company: Company, cycle: Cycle) -> list[str]:
    """Return a sentence for every rule of a later step that the inputs break."""
    return [*filter(None, (_told(rule, data, company, cycle) for rule in _RULES))]


def _told(rule: Callable[[Data, Company, Cycle], None], data: Data, company: Company, cycle: Cycle) -> str | None:
    try:
        rule(data, company, cycle)
    except SopError as fault:
        return str(fault)
    return None


def _launches(data: Data, company: Company, cycle: Cycle) -> None:
    names = ("products", "sales", "production", "new_products")
    product_lifecycle(*(data[name] for name in names), company=company, cycle=cycle)


def _rates(data: Data, company: Company, cycle: Cycle) -> None:
    refuse_missing_rates(data["sales"], data["exchange_rates"], company, cycle)


def _resources(data: Data, _company: Company, _cycle: Cycle) -> None:
    """Heads that products take have hours, and fewest of them that are not above the most."""
    taken = set(data["product_features"].column("feature").to_pylist())
    by_month = {row["resource_id"] for row in tables.rows(data["resource_months"]) if row["capacity"] is not None}
    for row in tables.rows(data["resources"]):
        name = row["resource_id"]
        counted = row["opening_units"] is not None or row["hire_cost"] is not None
        if name not in taken:
            continue
        if None not in (row["min_units"], row["max_units"]) and row["min_units"] > row["max_units"]:
            _refuse(
                f"resources, {name}",
                f"min_units {float(row['min_units']):g}",
                f"at most max_units {float(row['max_units']):g}",
            )
        if _kind(row) in HOUR_KINDS and counted and name not in by_month and all(row[each] is None for each in _HOURS):
            _refuse(f"resources, {name}", "units without hours", "hours_per_day or hours_per_month")


def _storage(data: Data, _company: Company, _cycle: Cycle) -> None:
    """Storage is taken by stock: what a product takes of it has no lead time and no alternatives."""
    kinds = {row["resource_id"]: _kind(row) for row in tables.rows(data["resources"])}
    stores = pa.array([name for name, kind in kinds.items() if kind == "storage"], pa.string())
    features = data["product_features"]
    of_stores = features.filter(pc.is_in(features.column("feature"), value_set=stores))
    for row in tables.rows(of_stores):
        where = f"product_features, {row['product_id']} {row['feature']}"
        if row["lead_months"] or row["option_group"]:
            found = f"lead_months {row['lead_months']}" if row["lead_months"] else f"option_group {row['option_group']}"
            _refuse(where, found, "a blank: storage is taken by stock, with no lead time and no choice")


def _kind(row: Mapping[str, Any]) -> str:
    return row["kind"] or UNSTATED


def _refuse(where: str, found: str, needed: str) -> None:
    raise BadInput(found=found, needed=needed, where=where, mend="Correct it, or clear the cell.")


_HOURS = ("hours_per_day", "hours_per_month", "capacity")
_RULES: tuple[Callable[[Data, Company, Cycle], None], ...] = (_launches, _rates, _resources, _storage)
