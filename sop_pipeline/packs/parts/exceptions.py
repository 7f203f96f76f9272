"""What is out of the ordinary in each family, by stated limits; the pack shows the families with most of it first."""

from __future__ import annotations

from dataclasses import dataclass

from sop_pipeline.language.dates import month_name
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import missing, number, percent
from sop_pipeline.packs.book.backtest import TRACKING, accuracy_row
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import of_family, total
from sop_pipeline.packs.book.reference import gap_rows, paired_rows

GAP, CHANGE, ATTAINMENT = 0.05, 0.05, 0.90
RULE = (
    f"Exceptions: full-year gap to the business plan over {GAP:.0%}; 12-month demand changed by over {CHANGE:.0%} "
    f"since the last cycle; sales attainment under {ATTAINMENT:.0%}; stock planned under its minimum; demand late or "
    f"lost; tracking signal beyond ±{TRACKING:.0f}. Families with most exceptions come first, then by size of the gap."
)


@dataclass(frozen=True)
class Exceptions:
    """A family's exceptions in words, and the gap that ranks it."""

    family: str
    words: tuple[str, ...]
    gap: float


def ranked(book: Book) -> list[Exceptions]:
    """Every family, most exceptions first, then the largest gap or demand."""
    every = [_of(book, family) for family in book.families]
    return sorted(every, key=lambda each: (-len(each.words), -abs(each.gap), each.family))


def _of(book: Book, family: str) -> Exceptions:
    tests = (_gap, _change, _attainment, _stock, _unserved, _tracking)
    words = tuple(said for test in tests if (said := test(book, family)))
    rows = of_family(gap_rows(book, book.year_months), family)
    return Exceptions(family, words, total(rows, "gap") or total(rows, "latest") or 0.0)


def _gap(book: Book, family: str) -> str:
    rows = paired_rows(of_family(gap_rows(book, book.year_months), family), "business_plan")
    plan = total(rows, "business_plan")
    if not plan:
        return ""
    share = (total(rows, "latest") or 0.0) / plan - 1
    return f"full-year {percent(share)} against business plan" if abs(share) > GAP else ""


def _change(book: Book, family: str) -> str:
    """Demand of the next 12 months against the last cycle's, over the months both plan."""
    before = of_family(book.frame("last_plan"), family)
    months = set(book.horizon[:12]) & set(before["month"])
    earlier = total(before[before["month"].isin(months)], "demand")
    if not earlier:
        return ""
    plan = of_family(book.frame("demand_plan"), family)
    share = (total(plan[plan["month"].isin(months)], "quantity") or 0.0) / earlier - 1
    return f"12-month demand {percent(share)} since {book.last_name}" if abs(share) > CHANGE else ""


def _attainment(book: Book, family: str) -> str:
    data = of_family(book.frame("plan_attainment"), family)
    data = data[(data["measure"] == "sales") & data["attainment"].notna()]
    if data.empty:
        return ""
    last = data.sort_values("month").iloc[-1]
    low = last["attainment"] < ATTAINMENT
    return f"sales plan kept to {percent(last['attainment'], 0)} in {month_name(last['month'])}" if low else ""


def _stock(book: Book, family: str) -> str:
    stock = book.in_total_unit(of_family(book.frame("inventory_plan"), family), "inventory", "target_low")
    stock = stock.groupby("month")[["inventory", "target_low"]].sum()
    months = int((stock["inventory"] < stock["target_low"] * 0.999 - 0.5).sum())
    return f"stock under its minimum in {plural(months, 'month')}" if months else ""


def _unserved(book: Book, family: str) -> str:
    plan = book.in_total_unit(of_family(book.frame("production_schedule"), family), "lost_sales", "backlog")
    unit = book.total_unit(family).name
    lost, late = total(plan, "lost_sales") or 0.0, float(plan.groupby("month")["backlog"].sum().max() or 0.0)
    words = [f"{number(lost)} {unit} not served"] if lost >= 1 else []
    words += [f"up to {number(late)} {unit} late"] if late >= 1 else []
    return ", ".join(words)


def _tracking(book: Book, family: str) -> str:
    row = accuracy_row(book, "family", family)
    if row is None or missing(row["tracking_signal"]) or abs(row["tracking_signal"]) <= TRACKING:
        return ""
    return f"tracking signal {number(row['tracking_signal'], 1)}"
