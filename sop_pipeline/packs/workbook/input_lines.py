"""Lines of a family's sheet that may be typed into: changes of demand by month, and what they come to.

A typed change moves the lines below it at once, by formula; the next run of the cycle reads it as an entry of its
stream. Not here: how such a line is written (``month_sheet``), entries by product (``input_sheets``).
"""

from __future__ import annotations

from collections.abc import Sequence

from sop_pipeline.inputs.form import Measure
from sop_pipeline.inputs.meaning import STREAMS
from sop_pipeline.packs.workbook.lines import Block, Line, Typing
from sop_pipeline.packs.workbook.month_sheet import column

TITLE = "Your input: type into the marked cells, with owner and reason"


def input_block(family: str, unit: str | None, months: int, sales: Sequence[Line], stock: Sequence[Line]) -> Block:
    """The block of a family; without a ``unit`` its products are never added, and only percent can be said."""

    def typed(measure: Measure, name: str, stream: str, number: int = 1) -> Line:
        key = f"input_{measure}_{number}"
        source = f"typed in: demand_inputs.{measure}"
        return Line(key, name, [None] * months, source, adds_up=False, typed=Typing(family, measure, number, stream))

    percent = typed("change_pct", "Change, %", STREAMS[0])
    if unit is None:
        return Block(TITLE, [percent])
    lines = [
        typed("change_units", f"Change, {unit}", STREAMS[0]),
        typed("change_units", f"Change, {unit}", STREAMS[1], 2),
        percent,
        typed("replace_units", f"Override, {unit}", STREAMS[0]),
    ]
    return Block(TITLE, [*lines, *_answers(sales, stock)])


def _answers(sales: Sequence[Line], stock: Sequence[Line]) -> list[Line]:
    """Demand as typed, and stock at the end of the month if no more and no less is made than planned."""
    demand = next((line for line in sales if line.key == "demand" and not line.is_empty), None)
    if demand is None:
        return []
    typed = (
        "=IF(ISNUMBER({at}{input_replace_units_1}),{at}{input_replace_units_1},{at}{demand})"
        "*(1+{at}{input_change_pct_1}/100)+{at}{input_change_units_1}+{at}{input_change_units_2}"
    )
    formulas = [None if value is None else typed for value in demand.values]
    answers = [Line("demand_typed", "Demand as typed", demand.values, "formula", formulas, weight="strong")]
    plan = next((line for line in stock if line.key == "stock_plan" and not line.is_empty), None)
    if plan is not None:
        first = next(at for at, value in enumerate(demand.values) if value is not None)
        values = [
            stood if wanted is not None else None for stood, wanted in zip(plan.values, demand.values, strict=True)
        ]
        template = (
            "={at}{stock_plan}+SUM({from}{demand}:{at}{demand})-SUM({from}{demand_typed}:{at}{demand_typed})".replace(
                "{from}", f"${column(first)}"
            )
        )
        moved = [None if value is None else template for value in values]
        answers.append(Line("stock_typed", "Stock, made as planned", values, "formula", moved, adds_up=False))
    return answers
