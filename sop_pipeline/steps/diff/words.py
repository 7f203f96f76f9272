"""A difference as a person reads it: what is otherwise behind the plans, the year's figures, then table by table."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from sop_pipeline.reconciliation.diff.cells import TableChanges
from sop_pipeline.steps.diff.causes import Change
from sop_pipeline.steps.diff.compare import Difference

_MOST_CHANGES = 12
_FIGURES = "latest"
_LONGEST = 40


def diff_lines(difference: Difference) -> list[str]:
    """Return the summary of a difference."""
    before, after = difference.before.plan, difference.after.plan
    if not difference.tables:
        return [f"{before} and {after} say the same: {difference.same} tables."]
    return [
        f"{before} -> {after}: {len(difference.tables)} tables differ, {difference.same} say the same.",
        *_behind(difference),
        *_figures(difference.tables.get("key_figures")),
        *_tables(difference),
    ]


def _behind(difference: Difference) -> Iterator[str]:
    changes = difference.causes.changes
    yield "What is otherwise behind them:" if changes else "Nothing that is known is otherwise behind them."
    for change in changes[:_MOST_CHANGES]:
        yield f"  {change.cause:<15} {change.name}{_values(change)}"
    if len(changes) > _MOST_CHANGES:
        yield f"  and {len(changes) - _MOST_CHANGES} more"


def _values(change: Change) -> str:
    known = change.old is not None or change.new is not None
    return f"  {_short(change.old)} -> {_short(change.new)}" if known else ""


def _short(value: str | None) -> str:
    """A value as long as a line bears; the files have it whole."""
    return textwrap.shorten(value or "none", _LONGEST, placeholder=" ...")


def _figures(changes: TableChanges | None) -> Iterator[str]:
    """The year's figures that moved."""
    rows = changes.cells.to_pylist() if changes is not None else []
    moved = [row for row in rows if row["column_name"] == _FIGURES and row["change"] == "changed"]
    if moved:
        yield "Full-year figures:"
    for row in moved:
        key = json.loads(row["key"])
        yield f"  {key['measure']:<16} {key['fiscal_year']}  {row['old'] or 'none'} -> {row['new'] or 'none'}"


def _columns(changes: TableChanges) -> str:
    """Columns that one plan alone has, as plans of different versions may."""
    old, new = set(changes.columns_before), set(changes.columns_after)
    if not old or not new or old == new:
        return ""
    moved = [*(f"+{name}" for name in sorted(new - old)), *(f"-{name}" for name in sorted(old - new))]
    return f"; columns {' '.join(moved)}"


def _tables(difference: Difference) -> Iterator[str]:
    width = max(len(name) for name in difference.tables)
    yield f"{'Table':<{width}}  {'rows':>8}  {'added':>7}  {'removed':>7}  {'changed':>7}  {'cells':>8}  may be due to"
    for name, changes in difference.tables.items():
        counted = [changes.rows(kind) for kind in ("added", "removed", "changed")]
        numbers = "  ".join(f"{count:>7}" for count in counted)
        reached = ", ".join(difference.causes.by_table[name]) + _columns(changes)
        yield f"{name:<{width}}  {changes.rows_after:>8}  {numbers}  {changes.cells_changed:>8}  {reached}"
