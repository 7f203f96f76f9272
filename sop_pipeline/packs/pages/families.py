"""A page a family: three sentences, demand and inventory drawn, and the S&OP grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from sop_pipeline.cycle import months_between
from sop_pipeline.language.dates import month_name, span_of
from sop_pipeline.language.names import listed, plural, possessive, shortened
from sop_pipeline.language.numbers import missing, number, percent, points
from sop_pipeline.language.scale import Scale, footing, scale_for
from sop_pipeline.language.sentence import Sentence, Span, Tone, quiet, say, strong, toned
from sop_pipeline.packs.charts.series import Band, Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts.book import Book, by_month, each_row, total
from sop_pipeline.packs.parts.exceptions import Exceptions, accuracy_row, of_family, planning_lag, ranked
from sop_pipeline.packs.parts.grid import grid
from sop_pipeline.packs.parts.markets import family_markets
from sop_pipeline.packs.parts.page import Beside, Figure, Page

_PAST, _AHEAD = 18, 18
_NAMED = 3


def families(book: Book) -> list[Page]:
    """A page for every family, exceptions first; the first of them, as many as the company wants, are in the PDF."""
    order, in_pdf = ranked(book), book.company.packs.families_in_pdf
    return [_page(book, each, n, len(order), n < in_pdf) for n, each in enumerate(order)]


def _page(book: Book, each: Exceptions, position: int, of: int, in_pdf: bool) -> Page:
    family = each.family
    unit = book.unit(family)
    meta = f"family {position + 1} of {of}, most exceptions first · {unit.name} · plan: {book.chosen[0]}"
    chips = [Span(words, "worse") for words in each.found] or [Span("no exception", "better")]
    grids = [replace(grid(book, family, len(book.horizon)), only="screen")]
    grids += [replace(grid(book, family, _AHEAD), only="paper")] if in_pdf else []
    by_market = family_markets(book, family)
    return Page(
        key=f"family-{position + 1}",
        title=family,
        meta=meta,
        sentences=[demand_sentence(book, family), supply_sentence(book, family), accuracy_sentence(book, family)],
        body=[
            Beside([_demand(book, family, position), _inventory(book, family, position)]),
            *grids,
            *([replace(by_market, only="screen")] if by_market else []),
        ],
        layout="family",
        family=family,
        in_pdf=in_pdf,
        chips=chips,
    )


# -- sentences ---------------------------------------------------------------------------------------------------------


def demand_sentence(book: Book, family: str) -> Sentence:
    """Demand of the next 12 months, its change, and the products that make it; contributions add up as read."""
    plan = of_family(book.frame("demand_plan"), family)
    ahead = book.horizon[:12]
    if plan.empty:
        return say("No demand is planned for this family.")
    now = plan[plan["month"].isin(ahead)].groupby("product_id")["quantity"].sum()
    before, months, name = _before(book, family, ahead)
    unit = book.total_unit(family)
    if not unit.agrees:
        return say("Its products are counted in different units, so no total is stated; see the workbook.")
    now = book.weighed(now)
    scale = Scale()
    opening = f"Demand for the next {len(ahead)} months is "
    words = f"{scale.write(float(now.sum()))} {unit.name}"
    if before is None or not float(before.sum()):
        return say(opening, strong(words), "; there is no earlier plan or year to compare it with.")
    same = plan[plan["month"].isin(months)].groupby("product_id")["quantity"].sum()
    same, before = book.weighed(same), book.weighed(before)
    change = same.subtract(before, fill_value=0.0)
    share = float(change.sum()) / float(before.sum())
    side = "under" if share < 0 else "over"
    over = "" if len(months) == len(ahead) else f" over the {plural(len(months), 'month')} both plan"
    lead = toned(f"{percent(abs(share))} {side} {name}{over}", share)
    return say(opening, strong(words), ", ", lead, *_contributions(book, change, unit.name))


def _before(book: Book, family: str, ahead: Sequence[date]) -> tuple[pd.Series | None, list[date], str]:
    """Quantities by product to compare with: the last cycle's plan, else the same months a year before."""
    last = of_family(book.frame("last_plan"), family)
    months = [each for each in ahead if each in set(last["month"])]
    if months:
        rows = last[last["month"].isin(months)]
        return rows.groupby("product_id")["demand"].sum(), months, f"{book.previous_name}’s plan"
    history = of_family(book.frame("demand_history"), family)
    year = book.past(12)
    if len(ahead) == 12 and set(year) <= set(history["month"]):
        rows = history[history["month"].isin(year)]
        return rows.groupby("product_id")["quantity"].sum(), list(ahead), "the 12 months before"
    return None, [], ""


def _contributions(book: Book, change: pd.Series, unit: str) -> list[str | Span]:
    parts = sorted(change.items(), key=lambda part: (-abs(part[1]), str(part[0])))
    named, rest = parts[:_NAMED], parts[_NAMED:]
    values = [float(value) for _, value in named] + ([sum(float(value) for _, value in rest)] if rest else [])
    shown = footing(values)
    if not any(shown):
        return ["."]
    names = [book.product(str(key), 28) for key, _ in named] + ([plural(len(rest), "other")] if rest else [])
    words = listed([f"{name} {number(value)}" for name, value in zip(names, shown, strict=True)])
    return [f": {words}. ", quiet(f"Contributions add up to {number(sum(shown))} {unit}.")]


def supply_sentence(book: Book, family: str) -> Sentence:
    """The tightest resource the family uses, what is late or lost, and where its stock goes."""
    return say(*_tightest(book, family), *_served(book, family), *_stock(book, family))


def _tightest(book: Book, family: str) -> list[str | Span]:
    used = book.resources_of(family)
    plan = book.plan_of("resource_plan")
    plan = plan[plan["resource_id"].isin(used) & plan["utilisation"].notna()]
    if plan.empty:
        return []
    top = plan.sort_values(["utilisation", "resource_id", "month"], ascending=[False, True, True]).iloc[0]
    name = book.resource(top["resource_id"]).capitalize()
    full = sorted(plan[(plan["resource_id"] == top["resource_id"]) & (plan["utilisation"] >= 0.995)]["month"])
    peak = f"{percent(top['utilisation'], 0)} of regular hours in {_when(top['month'])}"
    if not full:
        return [f"{name} is its tightest resource at {peak}; "]
    tone: Tone = "worse" if top["utilisation"] > 1.005 else "plain"
    first = span_of(runs(full)[0])
    when = f"in {plural(len(full), 'month')}, first {first}" if len(full) > 1 else f"in {first}"
    return [f"{name} is full {when}, ", Span(peak, tone), "; "]


def runs(months: Sequence[date]) -> list[list[date]]:
    """Months in order, parted into unbroken runs."""
    out: list[list[date]] = []
    for each in months:
        if out and months_between(out[-1][-1], each) == 1:
            out[-1].append(each)
        else:
            out.append([each])
    return out


def _when(value: Any) -> str:
    return f"{month_name(value)} {value.year}"


def _served(book: Book, family: str) -> list[str | Span]:
    plan = of_family(book.frame("production_schedule"), family)
    if plan.empty:
        return ["no supply plan reaches this family."]
    total_unit = book.total_unit(family)
    lost = total(book.in_total_unit(plan, "lost_sales"), "lost_sales") or 0.0
    late = book.in_total_unit(plan, "backlog").groupby("month")["backlog"].sum()
    if not total_unit.agrees and (lost > 0 or late.max() > 0):
        return [Span("not all demand is served in its month", "worse"), "; "]
    unit = total_unit.name
    words: list[str | Span] = []
    if lost >= 1:
        words.append(Span(f"{number(lost)} {unit} of demand are not served", "worse"))
    if len(late) and late.max() >= 1:
        words += [
            ", " if words else "",
            Span(f"{number(float(late.max()))} {unit} late in {_when(late.idxmax())}", "worse"),
        ]
    return [*words, "; "] if words else [f"all demand is served in its month over {plural(len(late), 'month')}; "]


def _stock(book: Book, family: str) -> list[str | Span]:
    stock = of_family(book.frame("inventory_plan"), family)
    if stock.empty:
        return ["no stock is planned."]
    unit_of_total = book.total_unit(family)
    if not unit_of_total.agrees:
        return ["its stock is counted in different units."]
    months = book.in_total_unit(stock, "inventory").groupby("month")["inventory"].sum()
    unit = unit_of_total.name
    if float(months.max() - months.min()) < 0.5:
        return [f"stock stays at {number(float(months.max()))} {unit} over {plural(len(months), 'month')}."]
    return [
        f"stock is highest with {number(float(months.max()))} {unit} in {_when(months.idxmax())}, lowest with "
        f"{number(float(months.min()))} in {_when(months.idxmin())}."
    ]


def accuracy_sentence(book: Book, family: str) -> Sentence:
    """How far forecasts were off, and whose input made them better or worse."""
    row = accuracy_row(book, family)
    if row is None or missing(row["wmape"]):
        return say("Too few forecasts have met their actuals to state an error for this family.")
    lag = planning_lag(book)
    made = "for the month itself" if lag == 0 else f"{plural(lag, 'month')} ahead"
    bias = row["bias"]
    high = "" if missing(bias) else f", {percent(abs(bias))} {'high' if bias > 0 else 'low'}"
    words: list[str | Span] = [f"Forecasts made {made} were ", strong(f"{percent(row['wmape'])} off (WMAPE){high}")]
    return say(*words, *_value_added(book, family), ".")


def _value_added(book: Book, family: str) -> list[str | Span]:
    data = book.frame("forecast_value_added")
    rows = data[(data["level"] == "family") & (data["item_id"] == family)]
    rows = rows[(rows["value_added"].abs() >= 0.0005) & ~rows["step"].isin(("naive", "consensus"))]
    if rows.empty:
        return []
    lag = rows["lag"].min()
    parts = []
    for row in each_row(rows[rows["lag"] == lag].sort_values("position")):
        verb = "improved them by" if row.value_added >= 0 else "cost"
        name = "the statistical forecast" if row.step == "statistical" else f"{possessive(str(row.step))} input"
        parts.append(f"{name} {verb} {points(abs(row.value_added))} points")
    return ["; ", ", ".join(parts)]


# -- charts ------------------------------------------------------------------------------------------------------------


def _demand(book: Book, family: str, position: int) -> Figure:
    months = [*book.past(_PAST), *book.horizon[:_AHEAD]]
    unit, key = book.total_unit(family), f"demand-{position + 1}"
    if not unit.agrees:
        return Figure(key, "Demand", "", None, "Its products are counted in different units.")
    history = book.in_total_unit(of_family(book.frame("demand_history"), family), "quantity")
    span = book.frame("demand_range")
    span = span[(span["level"] == "family") & (span["item_id"] == family)]
    gap = book.frame("plan_gap")
    business = by_month(gap[(gap["family"] == family) & (gap["measure"] == "units")], "business_plan", months)
    actual, plan = by_month(history, "quantity", months), by_month(span, "mean", months)
    last = book.in_total_unit(of_family(book.frame("last_plan"), family), "demand")
    before = by_month(last, "demand", months)
    before = [value if each >= book.cycle.month else None for each, value in zip(months, before, strict=True)]
    lines = [
        Line(f"{book.previous_name}’s plan", "last", before),
        Line("Business plan", "business", business),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
    ]
    band = Band(by_month(span, "p10", months), by_month(span, "p90", months)) if len(span) else None
    scale = scale_for([*actual, *plan], ("k", ""))
    words = f"Demand of {shortened(family)} by month in {scale.suffix} {unit.name}, with its range."
    chart = timeline(lines, months, words=words, band=band, now=_PAST, scale=scale, size=(500, 138))
    return Figure(
        key, "Demand", f"{scale.suffix} {unit.name} a month · actual, plan with P10 to P90".strip(), chart, _NO_DEMAND
    )


_NO_DEMAND = "No month has demand."


def _inventory(book: Book, family: str, position: int) -> Figure:
    months = [*book.past(_PAST), *book.horizon[:_AHEAD]]
    unit, key = book.unit(family), f"inventory-{position + 1}"
    if not unit.agrees:
        return Figure(key, "Inventory against its band", "", None, "Its products are counted in different units.")
    stock = of_family(book.frame("inventory_plan"), family)
    actual = by_month(of_family(book.frame("actuals"), family), "inventory", months)
    plan = by_month(stock, "inventory", months)
    low = by_month(stock, "target_low", months)
    whole = stock.groupby("month").filter(lambda rows: bool(rows["target_high"].notna().all())) if len(stock) else stock
    high = by_month(whole, "target_high", months)
    before = by_month(of_family(book.frame("last_plan"), family), "inventory", months)
    before = [value if each >= book.cycle.month else None for each, value in zip(months, before, strict=True)]
    lines = [
        Line(f"{book.previous_name}’s plan", "last", before),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
    ]
    has_ceiling = any(value is not None for value in high)
    band = Band(low, high, ("Minimum", "Ceiling")) if has_ceiling else None
    lines += [] if has_ceiling else [Line("Minimum", "limit", low)]
    scale = scale_for([*actual, *plan], ("k", ""))
    note = f"{scale.suffix} {unit.name}, month end".strip()
    words = f"Inventory of {shortened(family)} at month end in {scale.suffix} {unit.name} against its band."
    chart = timeline(lines, months, words=words, band=band, now=_PAST, scale=scale, size=(500, 138))
    return Figure(key, "Inventory against its band", note, chart, "No stock is known or planned.")
