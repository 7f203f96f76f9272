"""Questions to the operational plan: which sites there are, a commitment by month, who answers for it.

Not here: how a page shows the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from sop_pipeline.language.decisions import owner_words
from sop_pipeline.language.numbers import missing
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import Values, by_month, records

_TWO = 34
"""Letters up to which two names stand beside each other."""
ANYWHERE = "*"
"""In place of a site: every line, wherever it is."""


def lines_of(book: Book, *commitments: str, site: str | None = ANYWHERE) -> pd.DataFrame:
    """The plan's lines of some commitments, those counted in a family's line left out; of one site where it is named.

    ``site`` None is what stands without a site.
    """
    plan = book.frame("operational_plan")
    rows = plan[plan["commitment"].isin(commitments) & ~plan["detail"].fillna(False).astype(bool)]
    if site == ANYWHERE:
        return rows
    return rows[rows["site_id"].isna()] if site is None else rows[rows["site_id"] == site]


def sites(book: Book) -> list[str]:
    """The sites at which people work, machines run or anything is made, in order of the alphabet."""
    rows = lines_of(book, "employ", "run", "regular_hours", "make")
    return sorted({str(site) for site in rows["site_id"].dropna()})


def items_of(rows: pd.DataFrame) -> list[str]:
    """The items of some lines, in order of the alphabet."""
    return sorted({str(item) for item in rows["item"]})


def monthly(rows: pd.DataFrame, months: Sequence[date], column: str = "quantity") -> Values:
    """A column of some lines added up by month; None where there is nothing."""
    return by_month(rows, column, months)


def owner_of(rows: pd.DataFrame) -> str:
    """Who answers for some lines: a name or two, of more the first and how many others."""
    if rows.empty:
        return ""
    told = rows.drop_duplicates(["department", "site_id", "owner"])
    cells = [{key: None if missing(value) else value for key, value in row.items()} for row in records(told)]
    names = list(dict.fromkeys(owner_words(row) for row in cells))
    both = " and ".join(names)
    return (
        both if len(names) == 1 or (len(names) == 2 and len(both) <= _TWO) else f"{names[0]} and {len(names) - 1} more"
    )


def unit_of(rows: pd.DataFrame) -> str:
    """The unit of some lines, where they have one in common."""
    units = set(rows["unit"])
    return str(units.pop()) if len(units) == 1 else ""


def address(rows: pd.DataFrame, column: str = "quantity") -> str:
    """Where the figures of some lines are from: table, column, and the keys of its rows.

    ``operational_plan.quantity; commitment: employ; site_id: Lyon``. Of many items only that there are many is said.
    """
    if rows.empty:
        return ""
    table = "commitment_sheets" if "sheet" in rows else "operational_plan"
    told = {key: sorted({str(value) for value in rows[key].dropna()}) for key in _KEYS if key in rows}
    keys = [f"{key}: {', '.join(values)}" for key, values in told.items() if 0 < len(values) <= _MOST_NAMED]
    return "; ".join([f"{table}.{column}", *keys])


_KEYS = ("sheet", "commitment", "item", "site_id")
_MOST_NAMED = 12
