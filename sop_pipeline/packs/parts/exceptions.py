"""What is out of the ordinary in each family, by stated limits; the pack shows the families with most of it first."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sop_pipeline.language.dates import month_name
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import missing, number, percent
from sop_pipeline.packs.parts.book import Book, total
from sop_pipeline.packs.parts.compare import gap_rows

GAP, CHANGE, ATTAINMENT, TRACKING = 0.05, 0.05, 0.90, 4.0
RULE = (
    f"Exceptions: full-year gap to the business plan over {GAP:.0%}; 12-month demand changed by over {CHANGE:.0%} "
    f"since the last cycle; sales attainment under {ATTAINMENT:.0%}; stock planned under its minimum; demand late or "
    f"lost; tracking signal beyond ±{TRACKING:.0f}. Families with most exceptions come first, then by size of the gap."
)


@dataclass(frozen=True)
class Exceptions:
    """A family's exceptions in words, and the gap that ranks it."""

    family: str
    found: tuple[str, ...]
    gap: float


def ranked(book: Book) -> list[Exceptions]:
    """Every family, most exceptions first, then the largest gap or demand."""
    everything = [_of(book, family) for family in book.families]
    return sorted(everything, key=lambda each: (-len(each.found), -abs(each.gap), each.family))


def _of(book: Book, family: str) -> Exceptions:
    found = [_gap(book, family), _change(book, family), _attained(book, family)]
    found += [_under(book, family), _unserved(book, family), _tracking(book, family)]
    rows = gap_rows(book, book.months_of_year(book.fiscal_year))
    rows = rows[rows["family"] == family]
    gap = total(rows, "gap") if len(rows) else None
    return Exceptions(family, tuple(words for words in found if words), gap or total(rows, "latest") or 0.0)


def of_family(data: pd.DataFrame, family: str) -> pd.DataFrame:
    """The rows of one family."""
    return data[data["family"] == family]


def _gap(book: Book, family: str) -> str:
    rows = of_family(gap_rows(book, book.months_of_year(book.fiscal_year)), family)
    rows = rows[rows["business_plan"].notna() & rows["latest"].notna()]
    plan = total(rows, "business_plan")
    if not plan:
        return ""
    share = (total(rows, "latest") or 0.0) / plan - 1
    return f"full-year {percent(share)} against business plan" if abs(share) > GAP else ""


def demand_change(book: Book, family: str) -> tuple[float, float] | None:
    """Demand of the next 12 months and the last cycle's, over months and products both plan; None without both."""
    before = of_family(book.frame("last_plan"), family)
    months = [each for each in book.horizon[:12] if each in set(before["month"])]
    if not months:
        return None
    plan = of_family(book.frame("demand_plan"), family)
    now = total(plan[plan["month"].isin(months)], "quantity") or 0.0
    return now, total(before[before["month"].isin(months)], "demand") or 0.0


def _change(book: Book, family: str) -> str:
    pair = demand_change(book, family)
    if pair is None or not pair[1] or abs(pair[0] / pair[1] - 1) <= CHANGE:
        return ""
    return f"12-month demand {percent(pair[0] / pair[1] - 1)} since {book.previous_name}"


def _attained(book: Book, family: str) -> str:
    data = of_family(book.frame("plan_attainment"), family)
    data = data[(data["measure"] == "sales") & data["attainment"].notna()]
    if data.empty:
        return ""
    last = data.sort_values("month").iloc[-1]
    short = last["attainment"] < ATTAINMENT
    return f"sales plan kept to {percent(last['attainment'], 0)} in {month_name(last['month'])}" if short else ""


def _under(book: Book, family: str) -> str:
    stock = of_family(book.frame("inventory_plan"), family)
    if stock.empty:
        return ""
    by_month = stock.groupby("month")[["inventory", "target_low"]].sum()
    months = int((by_month["inventory"] < by_month["target_low"] * 0.999 - 0.5).sum())
    return f"stock under its minimum in {plural(months, 'month')}" if months else ""


def _unserved(book: Book, family: str) -> str:
    plan = of_family(book.frame("production_schedule"), family)
    lost, late = total(plan, "lost_sales") or 0.0, total(plan, "backlog") or 0.0
    unit = book.unit(family).name
    words = [f"{number(lost)} {unit} not served"] if lost >= 1 else []
    return ", ".join([*words, *([f"{number(late)} {unit} months late"] if late >= 1 else [])])


def _tracking(book: Book, family: str) -> str:
    signal = accuracy_row(book, family)
    if signal is None or missing(signal["tracking_signal"]) or abs(signal["tracking_signal"]) <= TRACKING:
        return ""
    return f"tracking signal {number(signal['tracking_signal'], 1)}"


def planning_lag(book: Book) -> int:
    """The longest lag at which accuracy is judged, up to three months."""
    return max((lag for lag in book.company.forecast.lags if lag <= 3), default=0)


def accuracy_row(book: Book, family: str) -> pd.Series | None:
    """A family's backtest accuracy of the chosen approach at the planning lag."""
    data = book.frame("forecast_accuracy")
    rows = data[(data["level"] == "family") & (data["item_id"] == family) & (data["lag"] == planning_lag(book))]
    rows = rows[rows["approach"] == book.approach]
    return None if rows.empty else rows.iloc[0]
