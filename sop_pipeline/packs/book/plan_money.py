"""Every strategy in money, added up over its months: margins, cash at the end and at its lowest.

Not here: what the measures are (``docs/money.md``), or how a page shows them.
"""

from __future__ import annotations

import pandas as pd

from sop_pipeline.packs.book.book import Book

_SUMS = ("revenue", "gross_margin", "contribution", "operating_result", "cash_flow")


def has_balance(book: Book) -> bool:
    """Whether the opening balance of cash is given; else only its change is known."""
    return bool(book.frame("plan_money")["cash"].notna().any())


def cash_words(book: Book) -> str:
    """What the columns of cash are, with a semicolon behind; nothing where no cash is known."""
    if book.frame("plan_money")["cash_flow"].isna().all():
        return ""
    return (
        "cash: balance at month end; " if has_balance(book) else "cash: change since the start, no balance is given; "
    )


def chosen_money(book: Book) -> pd.DataFrame:
    """The months of the plan in use."""
    data = book.frame("plan_money")
    return data[data["chosen"].fillna(False).astype(bool)]


def strategy_money(book: Book, scenario: str | None = "") -> pd.DataFrame:
    """Sums over the months, ``closing_cash`` and ``lowest_cash``, by strategy of the chosen scenario.

    Of another scenario where it is named; by strategy and scenario where it is None. A sum in which a month is not
    known is not known.
    """
    data = book.frame("plan_money")
    keys = ["strategy", "scenario"] if scenario is None else ["strategy"]
    if scenario is not None:
        data = data[data["scenario"] == (scenario or book.chosen.scenario)]
    numbers = data.astype(dict.fromkeys((*_SUMS, "cash", "cash_change"), float)).sort_values("month", kind="stable")
    grouped = numbers.groupby(keys)
    cash = grouped["cash" if has_balance(book) else "cash_change"]
    sums = {name: grouped[name].agg(lambda values: values.sum(skipna=False)) for name in _SUMS}
    return pd.DataFrame({**sums, "closing_cash": cash.last(), "lowest_cash": cash.min()})
