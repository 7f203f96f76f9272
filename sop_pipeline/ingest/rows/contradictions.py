"""Rows whose own cells contradict each other: a last month before the first, a material dearer than the product.

What cannot be meant is set aside or stops the cycle; what is only unlikely is told. Each is one line of ``ROWS``. Not
here: rules of one column (``tables``), names that refer to nothing (``references``, ``unknown_names``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from sop_pipeline import sql
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.tables import Kind


class Effect(Enum):
    """What becomes of such a row: it counts and is told, it is set aside, or the cycle stops."""

    TOLD = auto()
    SET_ASIDE = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class Contradiction:
    """A condition on a row's columns in SQL, the columns to show, and what was needed and how to mend it."""

    table: str
    when: str
    shown: tuple[str, ...]
    needed: str
    mend: str
    effect: Effect = Effect.TOLD


DAY, MONTH = 24, 24 * 31
"""Hours of a day, and of the longest month."""
_IN_ORDER = "As it stands they are applied in this order."


def _ends_before_it_begins(table: str) -> Contradiction:
    return Contradiction(
        table,
        "month_to < month_from",
        ("month_from", "month_to"),
        "a last month that is not before the first",
        "Turn them round, or clear month_to.",
        Effect.SET_ASIDE,
    )


ROWS = (
    _ends_before_it_begins("demand_inputs"),
    Contradiction(
        "demand_inputs",
        "coalesce(change_units, change_pct, replace_units) is null",
        ("change_units", "change_pct", "replace_units"),
        "change_units, change_pct or replace_units",
        "As it stands the row changes nothing: say what does, or delete it.",
    ),
    Contradiction(
        "demand_inputs",
        "change_units <> 0 and change_pct <> 0",
        ("change_pct", "change_units"),
        "one of the two, or both on purpose",
        _IN_ORDER,
    ),
    Contradiction(
        "demand_inputs",
        "replace_units is not null and (change_units <> 0 or change_pct <> 0)",
        ("replace_units", "change_pct", "change_units"),
        "a replacement or a change",
        _IN_ORDER,
    ),
    Contradiction(
        "products",
        "unit_price = 0",
        ("unit_price",),
        "a price, or a blank where it is not known",
        "As it stands the product is planned to earn nothing.",
    ),
    Contradiction(
        "products",
        "unit_material_cost > unit_price and unit_price > 0",
        ("unit_material_cost", "unit_price"),
        "material that costs less than the product sells for",
        "Is one of them per dozen or per case? As it stands every unit sold loses money.",
    ),
    Contradiction(
        "products",
        "unit_material_cost > standard_cost",
        ("unit_material_cost", "standard_cost"),
        "a standard cost that contains the material",
        "Correct one of the two.",
    ),
    Contradiction(
        "products",
        "discontinued_on < launched_on",
        ("launched_on", "discontinued_on"),
        "a last day of sale after the first",
        "Turn them round.",
    ),
    Contradiction(
        "products",
        "cover_days_max < cover_days_min",
        ("cover_days_min", "cover_days_max"),
        "a most that is not below the least",
        "Turn them round.",
    ),
    Contradiction(
        "products",
        "min_lot > max_stock",
        ("min_lot", "max_stock"),
        "a smallest lot that fits into its stock",
        "Correct one of the two.",
    ),
    Contradiction(
        "resources",
        f"kind = 'labour' and (hours_per_day > {DAY} or hours_per_month > {MONTH})",
        ("hours_per_day", "hours_per_month", "kind"),
        f"hours of one head: at most {DAY} a day, {MONTH} a month",
        "Write the hours of one person, and how many there are in opening_units.",
        Effect.REFUSED,
    ),
    Contradiction(
        "resources",
        f"coalesce(kind, 'machine') = 'machine' and (hours_per_day > {DAY} or hours_per_month > {MONTH})",
        ("hours_per_day", "hours_per_month"),
        f"hours of one machine: at most {DAY} a day, {MONTH} a month",
        "Right where it stands for several, or counts units; else write how many there are in opening_units.",
    ),
    Contradiction(
        "resources",
        "hours_per_day is not null and hours_per_month is not null",
        ("hours_per_day", "hours_per_month"),
        "one of the two",
        "hours_per_month counts.",
    ),
    Contradiction(
        "resources",
        "max_units < min_units",
        ("min_units", "max_units"),
        "a most that is not below the fewest",
        "Turn them round.",
    ),
    Contradiction(
        "resources",
        "overtime_rate < regular_rate",
        ("regular_rate", "overtime_rate"),
        "an overtime hour that costs no less than a regular one",
        "As it stands overtime is the cheaper hour.",
    ),
    Contradiction(
        "materials",
        "max_receipt < min_order",
        ("min_order", "max_receipt"),
        "a smallest order that the supplier can deliver in a month",
        "Correct one of the two.",
    ),
    Contradiction(
        "inventory",
        "on_hand < 0",
        ("product_id", "date", "on_hand"),
        "stock of 0 or more",
        "As it stands these units are owed: count them, or write what customers wait for into backlog.",
    ),
    Contradiction(
        "price_list",
        "product_id is null and family is null",
        ("product_id", "family"),
        "a product or a family",
        "Say whose price it is, or delete the row.",
        Effect.SET_ASIDE,
    ),
    _ends_before_it_begins("demand_events"),
    Contradiction(
        "demand_events",
        "product_id is not null and family is not null",
        ("product_id", "family"),
        "one of the two",
        "As it stands the event is the product's alone.",
    ),
    Contradiction(
        "external_forecasts",
        "p10 > p90 or p50 not between coalesce(p10, p50) and coalesce(p90, p50)",
        ("p10", "p50", "p90"),
        "P10 not above P50, and P50 not above P90",
        "Put them in order, or clear them: the range then comes from past errors.",
        Effect.SET_ASIDE,
    ),
    Contradiction(
        "external_forecasts",
        "(p10 is null) <> (p90 is null)",
        ("p10", "p90"),
        "both, or neither",
        "As it stands the range comes from past errors.",
    ),
    Contradiction(
        "external_forecasts",
        "mean not between p10 and p90",
        ("mean", "p10", "p90"),
        "a mean between P10 and P90",
        "As it stands both count. Is one of them in another unit?",
    ),
    Contradiction(
        "external_forecasts",
        "month < cycle",
        ("cycle", "month"),
        "a month that was still to come in its cycle",
        "As it stands the row is not used: what was made later says nothing of how well it was forecast.",
    ),
    Contradiction(
        "cost_changes",
        "coalesce(resource_id, material_id, product_id) is null",
        ("resource_id", "material_id", "product_id"),
        "a resource, a material or a product",
        "Say whose cost changes, or delete the row.",
        Effect.SET_ASIDE,
    ),
    Contradiction(
        "cost_changes",
        "coalesce(change_pct, replace_rate) is null",
        ("change_pct", "replace_rate"),
        "change_pct or replace_rate",
        "As it stands the row changes nothing: say what does, or delete it.",
    ),
    Contradiction(
        "cost_changes",
        "change_pct is not null and replace_rate is not null",
        ("change_pct", "replace_rate"),
        "one of the two",
        "change_pct counts.",
    ),
    Contradiction(
        "new_products",
        "product_id in (like_product_id, cannibalises)",
        ("product_id", "like_product_id", "cannibalises"),
        "another product to sell like, or to take demand from",
        "Name the other product, or clear the cell.",
    ),
    Contradiction(
        "calendar",
        "working_days > extract(day from last_day(month))",
        ("month", "working_days"),
        "no more working days than the month has",
        "Correct one of the two.",
    ),
    Contradiction(
        "orders",
        "shipped_on < ordered_on",
        ("ordered_on", "shipped_on"),
        "a shipment after the order",
        "Correct one of the two; service is measured by them.",
    ),
    Contradiction(
        "decisions",
        'due < "on"',
        ("on", "due"),
        "a day due after the decision",
        "Turn them round.",
    ),
    Contradiction(
        "exchange_rates",
        "rate = 0",
        ("rate",),
        "a rate above 0",
        "Correct it: every amount in this currency would count nothing.",
        Effect.SET_ASIDE,
    ),
)


def judge_contradictions(loaded: Mapping[str, LoadedTable]) -> list[BadInput]:
    """Tell, set aside or return as faults the rows that contradict themselves."""
    faults = []
    for rule in ROWS:
        if rule.table in loaded:
            faults += _judge(loaded[rule.table], rule)
    return faults


def _judge(table: LoadedTable, rule: Contradiction) -> list[BadInput]:
    shown = [name for name in table.spec.key[:1] if name not in rule.shown] + list(rule.shown)
    quoted = [f'"{name}"' for name in shown]
    rows = sql.run(table.connection, "ingest/contradictory_rows", when=rule.when, shown=quoted)
    if not rows.num_rows:
        return []
    if rule.effect is Effect.SET_ASIDE:
        reason = f"Needed {rule.needed}. {rule.mend}"
        table.set_aside(rows, "quarantined", rule.shown[-1], reason)
        return []
    found = rows.to_pylist()
    more = f" (and {len(found) - 1} more row{'s' if len(found) > 2 else ''})" if len(found) > 1 else ""
    cells = _cells(table, shown, found[0])
    entry = table.files[found[0]["file"]]
    place = f"row {found[0]['row']}"
    if rule.effect is Effect.REFUSED:
        where = f"{table.spec.name}: {entry.label}, {place}"
        return [BadInput(found=cells + more, needed=rule.needed, where=where, mend=rule.mend)]
    entry.remarks.append(f"{place}: found {cells}{more}; needed {rule.needed}. {rule.mend}")
    return []


def _cells(table: LoadedTable, shown: Sequence[str], row: Mapping[str, Any]) -> str:
    """The row's key and the cells at fault, as they are written."""
    return ", ".join(f"{name} {_written(table, name, row[name])}" for name in shown if row[name] is not None)


def _written(table: LoadedTable, name: str, value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return f"{value:%Y-%m}" if isinstance(value, date) and table.spec[name].kind is Kind.MONTH else str(value)
