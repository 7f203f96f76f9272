"""Which gaps there are to close: each year's margin below the business plan, and the goals that the plan misses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import month_text, parse_month
from sop_pipeline.fiscal import FiscalYear
from sop_pipeline.scenarios.measures import Gap
from sop_pipeline.tables.outputs.levers import MARGIN

CENT = Decimal("0.01")


def gaps(
    key_figures: pa.Table, goal_results: pa.Table, actuals: pa.Table, horizon: Sequence[str], *, fiscal: FiscalYear
) -> list[Gap]:
    """Return every gap that months of the plan can still change, years first."""
    return [*_of_years(key_figures, horizon, fiscal), *_of_goals(goal_results, actuals, horizon)]


def _of_years(key_figures: pa.Table, horizon: Sequence[str], fiscal: FiscalYear) -> Iterator[Gap]:
    margins = [row for row in tables.rows(key_figures) if row["measure"] == "margin"]
    for row in sorted(margins, key=lambda row: int(row["fiscal_year"])):
        year, latest, wanted = row["fiscal_year"], row["latest"], row["business_plan"]
        months = tuple(month for month in horizon if fiscal.of(parse_month(month)) == year)
        if months and latest is not None and wanted is not None and wanted - latest >= CENT:
            yield Gap(f"{MARGIN}_{year}", MARGIN, months, (wanted - latest).quantize(CENT), fiscal_year=year)


def _of_goals(goal_results: pa.Table, actuals: pa.Table, horizon: Sequence[str]) -> Iterator[Gap]:
    missed = [row for row in tables.rows(goal_results) if row["chosen"] and row["met"] is False]
    for row in sorted(missed, key=lambda row: int(row["goal"])):
        yield Gap(
            f"goal_{row['goal']}",
            row["measure"],
            tuple(horizon[: row["months"]]),
            row["missed_by"],
            must_fall=row["at_most"] is not None,
            goal=row["goal"],
            before=_before(actuals, row["months"], horizon[0]),
        )


def _before(actuals: pa.Table, count: int, first: str) -> Decimal:
    """Revenue of as many months before the plan."""
    by_month: dict[str, Decimal] = {}
    for row in tables.rows(actuals):
        month = month_text(row["month"])
        if month < first and row["revenue"] is not None:
            by_month[month] = by_month.get(month, Decimal(0)) + row["revenue"]
    return sum((by_month[month] for month in sorted(by_month)[-count:]), Decimal(0))
