"""Strategies against demand that comes otherwise: the sentence, the table and the band of the chosen plan's stock.

Read from ``plan_robustness`` over the first year, the same for every strategy: plans stand as decided and nobody plans
anew, so later months say less. Not here: strategies when demand comes as planned (``strategies``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sop_pipeline.language.dates import month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import listed, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month
from sop_pipeline.packs.book.strategies import rank
from sop_pipeline.packs.charts.series import Band
from sop_pipeline.packs.parts.strategy import cost_scale, name_cell
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

YEAR = 12
_QUANTILES = ("p10", "p50", "p90")
_MOST = 5
_TITLE = "Against sampled demand"
_EMPTY = "No demand was sampled: supply.demand_samples is 0 in sop.yaml."


# -- sentences ---------------------------------------------------------------------------------------------------------


def sentences(book: Book) -> list[Sentence]:
    """What the samples mean for the choice, and what a plan made for them would save."""
    return [words for words in (_choice(book), _weakest(book), _worth(book)) if words]


def _choice(book: Book) -> Sentence:
    service, cost = _measured(book, "service").dropna(subset=["p10"]), _measured(book, "cost")
    chosen = book.chosen.strategy
    if chosen not in service.index or chosen not in cost.index:
        return ()
    row, spent, scale = service.loc[chosen], cost.loc[chosen], _cost_scale(cost)
    others = [f"{name} {percent(_number(other['p10']))}" for name, other in service.iterrows() if name != chosen]
    low, high = (amount(_number(spent[quantile]), scale, book.currency) for quantile in ("p10", "p90"))
    return say(
        strong(f"In nine of ten demand paths {chosen} serves at least {percent(_number(row['p10']))} on time"),
        f" over {int(row['months'])} months" + (f" ({listed(others)})" if others else ""),
        f"; eight of ten cost {low} to {high}. ",
        _better(service, cost, chosen),
    )


def _better(service: pd.DataFrame, cost: pd.DataFrame, chosen: str) -> str:
    """Whether another strategy serves more (P10) or costs less (P50) when demand moves."""
    serves, costs = service["p10"].astype(float).idxmax(), cost["p50"].astype(float).idxmin()
    if serves == chosen and costs == chosen:
        return "" if len(service) < 2 else "No other serves more or costs less."
    if serves == costs:
        return f"{serves} serves more and costs less.".capitalize()
    parts = [] if serves == chosen else [f"{serves} serves more"]
    parts += [] if costs == chosen else [f"{costs} costs less"]
    return f"{listed(parts)}.".capitalize()


def _weakest(book: Book) -> Sentence:
    """Family and month of the first year in which the plan in use leaves most units late in one path of ten."""
    data = book.plan_of("plan_robustness_months")
    data = data[(data["family"] != "all") & data["month"].isin(book.horizon[:YEAR])].dropna(subset=["service_p10"])
    if data["family"].nunique() < 2:
        return ()
    planned = book.in_total_unit(book.frame("demand_plan"), "quantity", of="company")
    demand = planned.groupby(["family", "month"])["quantity"].sum().rename("demand").reset_index()
    data = data.merge(demand, on=["family", "month"], how="left").fillna({"demand": 0.0})
    data = data.assign(late=(1 - data["service_p10"].astype(float)) * data["demand"].astype(float))
    row = data.sort_values(["late", "month", "family"], ascending=[False, True, True], kind="stable").iloc[0]
    if float(row["late"]) <= 0:
        return ()
    return say(
        "Most is late in ",
        strong(f"{shortened(row['family'])}, {month(row['month'])}"),
        f": {percent(_number(row['service_p10']))} on time or less in one path of ten; "
        f"{percent(_number(row['short']), 0)} of paths leave something unserved there.",
    )


def _worth(book: Book) -> Sentence:
    data = book.frame("stochastic_value")
    data = data[data["scenario"] == book.chosen.scenario]
    if data.empty:
        return ()
    row = data.iloc[0]
    saved, error = float(row["value"]), float(row["standard_error"])
    scale = scale_for([saved])
    return say(
        "A plan made for sampled demand costs ",
        strong(f"{amount(abs(saved), scale, book.currency)} {'less' if saved >= 0 else 'more'}"),
        f" on average than {row['against']} over the horizon (standard error {amount(error, scale, book.currency)}), "
        f"on {number(int(row['evaluated']))} paths it was not made for.",
    )


# -- the table ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Measures:
    """Service, what is targeted of it, cost and average stock, a row a strategy, and the scales of the last two."""

    service: pd.DataFrame
    targeted: pd.DataFrame
    cost: pd.DataFrame
    stock: pd.DataFrame

    @property
    def by_units(self) -> bool:
        """Whether the target is one of the fill rate."""
        return bool((self.targeted["measure"] == "service").all())

    @property
    def money(self) -> Scale:
        return _cost_scale(self.cost)

    @property
    def units(self) -> Scale:
        return scale_for([float(value) for value in self.stock["p90"]])


def listing(book: Book) -> Listing:
    """Strategies by service, cost and average stock, each P10, P50 and P90."""
    names = ("service", _targeted(book), "cost", "average_inventory")
    measures = _Measures(*(_measured(book, name) for name in names))
    if measures.service.empty:
        return Listing(_TITLE, [Column("Strategy", "left")], [], "", _EMPTY)
    rows = [_row(str(name), measures, name == book.chosen.strategy) for name in measures.service.index]
    first = measures.service.iloc[0]
    note = (
        f"{number(int(first['samples']))} paths of the forecast’s distribution, the same for each strategy; first "
        f"{int(first['months'])} months, plans kept as decided{_fit(book)}"
    )
    columns = _columns(book, measures, float(measures.targeted.iloc[0]["target"]))
    return Listing(_TITLE, columns, rows[:_MOST], note, left_out=max(0, len(rows) - _MOST))


def _targeted(book: Book) -> str:
    """The measure of service that has a target."""
    told = book.frame("plan_robustness").dropna(subset=["target"])["measure"]
    return str(told.iloc[0]) if len(told) else "service"


def _columns(book: Book, measures: _Measures, target: float) -> list[Column]:
    total = book.total_unit()
    unit = total.name if total.agrees else "units"
    stock = f"Average stock {measures.units.suffix} {unit}".replace("  ", " ")
    groups = (f"Cost {book.value_unit(measures.money, 'unit value 1')}", stock)
    quantiles = [name.upper() for name in _QUANTILES]
    return [
        Column("Strategy", "left", "11%"),
        *(Column(name, group="Fill rate %") for name in quantiles),
        *_targeted_columns(measures, target),
        *(Column(name, group=group) for group in groups for name in quantiles),
    ]


def _targeted_columns(measures: _Measures, target: float) -> list[Column]:
    """Paths that miss the target, under the name of what it is a target of, with that measure where it is another."""
    missed = f"Paths under {percent(target, 0)}"
    if measures.by_units:
        return [Column(missed, group="Fill rate %")]
    return [Column(name, group="Months without stock-out %") for name in ("P10", missed)]


def _row(name: str, measures: _Measures, chosen: bool) -> Row:
    service, cost, stock = (data.loc[name] for data in (measures.service, measures.cost, measures.stock))
    targeted = measures.targeted.loc[name]
    words = [percent(_number(service[quantile]), 1, NOTHING) for quantile in _QUANTILES]
    words += [] if measures.by_units else [percent(_number(targeted["p10"]), 1, NOTHING)]
    words += [percent(_number(targeted["below_target"]), 0, NOTHING)]
    words += [measures.money.write(_number(cost[quantile]), NOTHING) for quantile in _QUANTILES]
    words += [measures.units.write(_number(stock[quantile]), NOTHING) for quantile in _QUANTILES]
    title = name_cell(name, chosen)
    return Row(
        [title, *(Cell(each, title.tone) for each in words)],
        source=f"plan_robustness.p10, p50, p90, below_target; months: {service['months']}",
    )


def _fit(book: Book) -> str:
    """How wide the sampled total spreads against the forecast's own range."""
    data = book.frame("demand_sample_fit")
    company = data[data["level"] == "company"]
    if company.empty or missing(company.iloc[0]["ratio"]):
        return ""
    return f"; P10 to P90 of the total is {number(float(company.iloc[0]['ratio']), 2)} of the forecast’s"


# -- the chosen plan's stock -------------------------------------------------------------------------------------------


def stock_band(book: Book) -> Band | None:
    """P10 and P90 of the chosen plan's stock by month."""
    data = book.plan_of("plan_robustness_months")
    data = data[data["family"] == "all"]
    if data.empty:
        return None
    return Band(by_month(data, "inventory_p10", book.horizon), by_month(data, "inventory_p90", book.horizon))


def _measured(book: Book, measure: str) -> pd.DataFrame:
    """One measure over the first year (or the whole horizon when shorter), a row a strategy, in the usual order."""
    data = book.frame("plan_robustness")
    data = data[data["scenario"] == book.chosen.scenario]
    if data.empty:
        return data.set_index("strategy")
    spans = sorted(data["months"].unique())
    span = max((months for months in spans if months <= YEAR), default=spans[0])
    rows = data[(data["measure"] == measure) & (data["months"] == span)]
    rows = rows.assign(order=rows["strategy"].map(rank))
    return rows.sort_values(["order", "strategy"], kind="stable").set_index("strategy")


def _cost_scale(cost: pd.DataFrame) -> Scale:
    return cost_scale([float(value) for quantile in _QUANTILES for value in cost[quantile]])


def _number(value: object) -> float | None:
    return None if missing(value) else float(value)  # type: ignore[arg-type]
