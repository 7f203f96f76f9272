"""Strategies against demand that comes otherwise: the sentence, the table and the band of the chosen plan's stock.

Read from ``plan_robustness`` over the first year, the same for every strategy: plans stand as decided and nobody plans
anew, so later months say less. Not here: strategies when demand comes as planned (``strategies``).
"""

from __future__ import annotations

import pandas as pd

from sop_pipeline.language.dates import month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import listed, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Tone, say, strong
from sop_pipeline.packs.charts.series import Band
from sop_pipeline.packs.parts.book import Book, by_month
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

YEAR = 12
_ORDER = {"level": 0, "chase": 1, "blended": 2}
_TENTHS = ("p10", "p50", "p90")
_MOST = 5
_EMPTY = "No demand was sampled: supply.demand_samples is 0 in sop.yaml."


def sentences(book: Book) -> list[Sentence]:
    """What the samples mean for the choice, and what a plan made for them would save."""
    return [words for words in (_choice(book), _weakest(book), _worth(book)) if words]


def _measured(book: Book, measure: str) -> pd.DataFrame:
    """One measure over the first year (or the whole horizon when shorter), a row a strategy, in the usual order."""
    data = book.frame("plan_robustness")
    data = data[data["scenario"] == book.chosen[1]]
    if data.empty:
        return data.set_index("strategy")
    spans = sorted(data["months"].unique())
    span = max((months for months in spans if months <= YEAR), default=spans[0])
    own = data[(data["measure"] == measure) & (data["months"] == span)]
    order = own["strategy"].map(lambda name: _ORDER.get(name, 9))
    return own.assign(order=order).sort_values(["order", "strategy"], kind="stable").set_index("strategy")


def _choice(book: Book) -> Sentence:
    service, cost = _measured(book, "service").dropna(subset=["p10"]), _measured(book, "cost")
    chosen = book.chosen[0]
    if chosen not in service.index or chosen not in cost.index:
        return ()
    row, spent = service.loc[chosen], cost.loc[chosen]
    scale, sign = _apart(cost), book.company.currency if book.has_money else ""
    others = [f"{name} {percent(_number(one['p10']))}" for name, one in service.iterrows() if name != chosen]
    low, high = (amount(_number(spent[place]), scale, sign) for place in ("p10", "p90"))
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
    parts = [] if serves == chosen else [f"{serves} serves more"]
    parts += [] if costs == chosen else [f"{costs} costs less"]
    return f"{listed(parts)}.".capitalize()


def _weakest(book: Book) -> Sentence:
    """Family and month of the first year in which the plan in use leaves most units late in one path of ten."""
    data = _of_choice(book)
    data = data[(data["family"] != "all") & data["month"].isin(book.horizon[:YEAR])].dropna(subset=["service_p10"])
    if data["family"].nunique() < 2:
        return ()
    wanted = book.frame("demand_plan").groupby(["family", "month"])["quantity"].sum().rename("wanted").reset_index()
    data = data.merge(wanted, on=["family", "month"], how="left").fillna({"wanted": 0.0})
    data = data.assign(late=(1 - data["service_p10"].astype(float)) * data["wanted"].astype(float))
    row = data.sort_values(["late", "month", "family"], ascending=[False, True, True], kind="stable").iloc[0]
    if float(row["late"]) <= 0:
        return ()
    return say(
        "Most is late in ",
        strong(f"{shortened(row['family'])}, {month(row['month'])}"),
        f": {percent(_number(row['service_p10']))} on time or less in one path of ten; "
        f"{percent(_number(row['short']), 0)} of paths leave something unserved there.",
    )


def _of_choice(book: Book) -> pd.DataFrame:
    """Months of the chosen strategy and scenario."""
    data = book.frame("plan_robustness_months")
    strategy, scenario = book.chosen
    return data[(data["strategy"] == strategy) & (data["scenario"] == scenario)]


def _worth(book: Book) -> Sentence:
    data = book.frame("stochastic_value")
    data = data[data["scenario"] == book.chosen[1]] if len(data) else data
    if data.empty:
        return ()
    row = data.iloc[0]
    saved, error = float(row["value"]), float(row["standard_error"])
    scale = scale_for([saved])
    sign = book.company.currency if book.has_money else ""
    return say(
        "A plan made for sampled demand costs ",
        strong(f"{amount(abs(saved), scale, sign)} {'less' if saved >= 0 else 'more'}"),
        f" on average than {row['against']} over the horizon (standard error {amount(error, scale, sign)}), on "
        f"{int(row['evaluated']):,} paths it was not made for.",
    )


def _apart(cost: pd.DataFrame) -> Scale:
    """Money with places enough to tell the quantiles apart."""
    values = [float(value) for name in _TENTHS for value in cost[name]]
    scale = scale_for(values)
    span = (max(values) - min(values)) / scale.divisor if values else 0.0
    return Scale(scale.divisor, scale.suffix, max(scale.places, 1 if span > 0.8 else 2))


def listing(book: Book) -> Listing:
    """Strategies by service, cost and average stock, each P10, P50 and P90."""
    found = {name: _measured(book, name) for name in ("service", "cost", "average_inventory")}
    service, cost, stock = found.values()
    if service.empty:
        return Listing("Against sampled demand", [Column("Strategy", "left")], [], "", _EMPTY)
    money, units = _apart(cost), scale_for([float(value) for value in stock["p90"]], ("m", "k", ""))
    rows = [
        _row(book, name, service.loc[name], cost.loc[name], stock.loc[name], money, units) for name in service.index
    ]
    first = service.iloc[0]
    currency = f"{book.money_sign.strip() if book.has_money else 'unit value 1'}{money.suffix}"
    groups = ("Served on time %", f"Cost {currency}", f"Average stock {units.suffix} units".replace("  ", " "))
    columns = [Column("Strategy", "left", "11%")]
    columns += [Column(name, group=groups[0]) for name in ("P10", "P50", "P90")]
    columns += [Column(f"Paths under {percent(_number(first['target']), 0)}", group=groups[0])]
    columns += [Column(name, group=group) for group in groups[1:] for name in ("P10", "P50", "P90")]
    note = (
        f"{int(first['samples']):,} paths of the forecast’s distribution, the same for each strategy; first "
        f"{int(first['months'])} months, plans kept as decided{_fit(book)}"
    )
    return Listing("Against sampled demand", columns, rows[:_MOST], note, left_out=max(0, len(rows) - _MOST))


def _row(
    book: Book, name: object, service: pd.Series, cost: pd.Series, stock: pd.Series, money: Scale, units: Scale
) -> Row:
    tone: Tone = "strong" if name == book.chosen[0] else "plain"
    title = str(name).capitalize() + (" ●" if tone == "strong" else "")
    told = [percent(_number(service[place]), 1, NOTHING) for place in _TENTHS]
    told += [percent(_number(service["below_target"]), 0, NOTHING)]
    told += [money.write(_number(cost[place]), NOTHING) for place in _TENTHS]
    told += [units.write(_number(stock[place]), NOTHING) for place in _TENTHS]
    return Row([Cell(title, tone), *(Cell(words, tone) for words in told)], source="plan_robustness")


def _number(value: object) -> float | None:
    return None if missing(value) else float(value)  # type: ignore[arg-type]


def _fit(book: Book) -> str:
    """How wide the sampled total spreads against the forecast's own range."""
    data = book.frame("demand_sample_fit")
    whole = data[data["level"] == "company"] if len(data) else data
    if whole.empty or missing(whole.iloc[0]["ratio"]):
        return ""
    return f"; P10 to P90 of the total is {number(float(whole.iloc[0]['ratio']), 2)} of the forecast’s"


def stock_band(book: Book) -> Band | None:
    """P10 and P90 of the chosen plan's stock by month."""
    own = _of_choice(book)
    own = own[own["family"] == "all"]
    if own.empty:
        return None
    return Band(by_month(own, "inventory_p10", book.horizon), by_month(own, "inventory_p90", book.horizon))
