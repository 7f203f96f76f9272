"""What would stop a cycle that its inputs alone decide: said by ``sop check``, before anything is planned.

The very rules of the steps are asked, each with the tables as they were read. Not here: what a file may not be
(``ingest``), and what only a plan can show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import SopError
from sop_pipeline.exchange import refuse_missing_rates
from sop_pipeline.portfolio import product_lifecycle

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


_RULES: tuple[Callable[[Data, Company, Cycle], None], ...] = (_launches, _rates)
