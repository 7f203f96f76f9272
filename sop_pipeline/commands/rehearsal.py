"""What would stop a cycle that its inputs alone decide: said by ``sop check``, before anything is planned.

Launches, exchange rates and resources are judged by the very rules of their steps, each with the tables as they were
read. Not here: what a file may not be (``ingest``), and what only a plan can show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import SopError
from sop_pipeline.exchange import refuse_missing_rates
from sop_pipeline.portfolio import product_lifecycle
from sop_pipeline.resource_rules import refuse_resources, refuse_storage

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
    """Those that products take anything of; of others no plan asks."""
    taken = set(data["product_features"].column("feature").to_pylist())
    by_month = {row["resource_id"] for row in tables.rows(data["resource_months"]) if row["capacity"] is not None}
    rows = (row for row in tables.rows(data["resources"]) if row["resource_id"] in taken)
    refuse_resources(rows, by_month)


def _storage(data: Data, _company: Company, _cycle: Cycle) -> None:
    stores = tables.where(data["resources"], kind="storage").column("resource_id")
    features = data["product_features"]
    refuse_storage(tables.rows(features.filter(pc.is_in(features.column("feature"), value_set=stores))))


_RULES: tuple[Callable[[Data, Company, Cycle], None], ...] = (_launches, _rates, _resources, _storage)
