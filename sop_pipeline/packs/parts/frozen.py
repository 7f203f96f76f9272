"""What the meeting is told where a frozen month did not hold: which products, why, and what changes most.

Read from ``frozen_plan`` beside the schedule. Not here: what is kept and what is released (the supply step).
"""

from __future__ import annotations

import pandas as pd

from sop_pipeline.language.dates import short_month, span_of
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import number
from sop_pipeline.language.sentence import Sentence, Span, say
from sop_pipeline.language.supply import frozen_words
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records

_NAMED = 3


def released(book: Book) -> list[Sentence]:
    """One sentence where frozen output or purchases were released, none where all that was frozen holds."""
    plan = book.frame("frozen_plan")
    rows = plan[~plan["kept"].astype(bool)].sort_values(["month", "product_id"])
    if rows.empty:
        return []
    products = [book.product(str(name), 30) for name in rows["product_id"].unique()]
    more = len(products) - _NAMED
    names = ", ".join(products[:_NAMED]) + (f" and {plural(more, 'other')}" if more > 0 else "")
    named_first = rows.assign(unnamed=rows["limit"].isna()).sort_values(["month", "unnamed", "product_id"])
    reasons = list(dict.fromkeys(frozen_words(row) for row in records(named_first)))
    others = f" ({plural(len(reasons) - 1, 'further reason')})" if len(reasons) > 1 else ""
    head = f"The frozen plan does not hold for {plural(len(rows), 'product month')}, {span_of(list(rows['month']))}"
    return [say(Span(head, "worse"), f": {names}. Why: {reasons[0]}{others}.", _largest(rows, book))]


def _largest(rows: pd.DataFrame, book: Book) -> str:
    """The released product and month whose output changes most, as a share of the larger of the two figures."""
    schedule = book.frame("production_schedule")[["product_id", "month", "output"]]
    pairs = rows.merge(schedule, on=["product_id", "month"], suffixes=("", "_now"))
    size = pairs[["output", "output_now"]].max(axis=1)
    share = ((pairs["output_now"] - pairs["output"]).abs() / size.where(size > 0)).fillna(0.0)
    if not (share > 0).any():
        return ""
    most = pairs.to_dict("records")[int(share.to_numpy().argmax())]
    return (
        f" Most changes {book.product(str(most['product_id']), 30)} in {short_month(most['month'], year=True)}: "
        f"{number(float(most['output']))} were frozen, {number(float(most['output_now']))} are planned."
    )
