"""The mistakes that creep in between a company's systems and its files, planted once and counted.

``spoil`` takes clean sales and returns what each file holds, with a record of what was done, so that tests can compare
what ingestion found with what is there. Not here: troubles of the market itself (``market``: stock-out, outlier,
returns, a launch, an end) and of stock counts (``factory``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.demo.days import CUT_OFF

DUPLICATES_IN, DUPLICATES = "2026-07", 42
UNKNOWN_IN, UNKNOWN, UNKNOWN_PRODUCT = "2026-02", 17, "XX-999"
RESENT_MONTH, LATE_POSTINGS = "2026-03", 5
MISTYPED_IN, MISTYPED = "2026-09", 6
CORRECTED_ON, CORRECTED_TOO_LATE_ON = date(2026, 10, 20), date(2026, 11, 5)
EXPORT_YEAR = 2026


@dataclass(frozen=True)
class Planted:
    """How many rows of each trouble the files hold, and what the clean sales were."""

    clean_rows: int
    duplicate_rows: int
    resent_rows: int
    late_postings: int
    unknown_product_rows: int
    corrected_rows: int
    corrections_too_late: int
    rows_after_cut_off: int


@dataclass(frozen=True)
class SalesFiles:
    """Rows of each sales file: by year (Parquet), by month (exports), the re-sent export and the corrections."""

    years: dict[int, pd.DataFrame]
    exports: dict[str, pd.DataFrame]
    resent: pd.DataFrame
    corrections: pd.DataFrame
    planted: Planted


def spoil(sales: pd.DataFrame, random: np.random.Generator) -> SalesFiles:
    """Split clean sales into files and plant the troubles."""
    year = sales["date"].dt.year
    years = {int(value): rows for value, rows in sales[year < EXPORT_YEAR].groupby(year)}
    newest = sales[year == EXPORT_YEAR]
    exports = {f"{EXPORT_YEAR}-{month:02d}": rows for month, rows in newest.groupby(newest["date"].dt.month)}
    resent = exports[RESENT_MONTH]
    exports[RESENT_MONTH] = resent.drop(index=_pick(resent, LATE_POSTINGS, random).index)
    exports[DUPLICATES_IN] = _with_duplicates(exports[DUPLICATES_IN], random)
    exports[UNKNOWN_IN] = _with_unknown(exports[UNKNOWN_IN], random)
    exports[MISTYPED_IN], mended = _mistyped(exports[MISTYPED_IN], random)
    too_late = _pick(exports["2026-10"], 3, random).assign(recorded_on=CORRECTED_TOO_LATE_ON)
    more = too_late["quantity"] + 1
    too_late = too_late.assign(quantity=more, revenue=(too_late["revenue"] * more / too_late["quantity"]).round(2))
    corrections = pd.concat([mended.assign(recorded_on=CORRECTED_ON), too_late])
    planted = Planted(
        clean_rows=int((sales["date"] < pd.Timestamp(CUT_OFF)).sum()),
        duplicate_rows=DUPLICATES,
        resent_rows=len(resent) - LATE_POSTINGS,
        late_postings=LATE_POSTINGS,
        unknown_product_rows=UNKNOWN,
        corrected_rows=len(mended),
        corrections_too_late=len(too_late),
        rows_after_cut_off=int((sales["date"] >= pd.Timestamp(CUT_OFF)).sum()),
    )
    return SalesFiles(years, exports, resent, corrections, planted)


def _pick(rows: pd.DataFrame, count: int, random: np.random.Generator) -> pd.DataFrame:
    """Some ordinary sales of a month, in the order of the file."""
    return rows[rows["quantity"] > 20].sample(count, random_state=random).sort_index()


def _with_duplicates(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The month's rows, some of them booked twice, at the end of the file."""
    return pd.concat([rows, _pick(rows, DUPLICATES, random)])


def _with_unknown(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The month's rows and some of a product that no product list knows."""
    strange = _pick(rows, UNKNOWN, random).assign(product_id=UNKNOWN_PRODUCT)
    return pd.concat([rows, strange]).sort_values(["date", "product_id"], kind="stable")


def _mistyped(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The month's rows, some with a digit too many, and the true rows that correct them later."""
    true = _pick(rows, MISTYPED, random)
    wrong = rows.copy()
    wrong.loc[true.index, "quantity"] *= 10
    wrong.loc[true.index, "revenue"] = (wrong.loc[true.index, "revenue"] * 10).round(2)
    return wrong, true
