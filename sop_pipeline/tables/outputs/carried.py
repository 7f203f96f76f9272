"""The table of what is carried from cycle to cycle: risks, opportunities and assumptions, each since when."""

from __future__ import annotations

from sop_pipeline.tables.schema import Table, kind, money, month, quantity, rate, text

OPEN_ITEMS = Table(
    "open_items",
    "one row per risk, opportunity or assumption that is open, or was in the last cycle",
    "reconciliation",
    "risks, opportunities and assumptions from cycle to cycle: since when, what changed, and those that are not listed "
    "again",
    (
        text("kind", "what it is", required=True, one_of=("risk", "opportunity", "assumption")),
        text("item_id", "identifier", required=True),
        text("description", "what it is, in the company's words", required=True),
        text("owner", "who answers for it"),
        month("since", "cycle in which it was first listed", required=True),
        kind(
            "status",
            "what became of it since the last cycle",
            ("new", "open", "changed", "not_listed", "over", "closed"),
            required=True,
            words="open_item",
        ),
        month("month_to", "last month it speaks of"),
        rate("probability", "chance that it happens", "share"),
        quantity("units", "effect on units"),
        money("revenue", "effect on revenue"),
        money("margin", "effect on margin"),
        text("value", "value of an assumption; without one, its percentage"),
        rate("probability_before", "chance in the last cycle, where it changed", "share"),
        quantity("units_before", "effect on units in the last cycle, where it changed"),
        money("revenue_before", "effect on revenue, likewise"),
        money("margin_before", "effect on margin, likewise"),
        text("value_before", "value of the assumption, likewise"),
    ),
    ("kind", "item_id"),
)

TABLES: tuple[Table, ...] = (OPEN_ITEMS,)
