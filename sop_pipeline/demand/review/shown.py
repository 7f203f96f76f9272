"""What is shown of the demand review beside its rows: a picture a family, accuracy, what each step added.

Each function takes tables by name and returns what is shown of one; figures come from the tables as they are. Not here:
the tables, the drawing (``family_plots``), or the packs.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from sop_pipeline.choice import FEWEST_JUDGED
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.review.family_plots import family_plots
from sop_pipeline.language.demand import approach_words, note_words
from sop_pipeline.room_settings import DemandSettings
from sop_pipeline.shown import Shown, ShownTable

WORST = 10


def forecast(forecast: pa.Table, demand_history: pa.Table, demand_units: pa.Table, cycle: Cycle) -> Shown:
    """A picture of every family: history, forecast with its range, last year."""
    plots, others = family_plots(forecast, demand_history, demand_units, cycle=cycle)
    pictures = [f"![{_plain(plot.family)}]({_data_uri(plot.svg)})" for plot in plots]
    if others:
        pictures.append(f"Not drawn: {', '.join(map(_plain, others))}.")
    return {"families": "\n\n".join(pictures) or "No family has demand."}


def forecast_accuracy(forecast_accuracy: pa.Table, forecast_approach: pa.Table, company: DemandSettings) -> Shown:
    """Error by level and lag of the approach in use and of naive, and the products that are forecast worst."""
    if not forecast_accuracy.num_rows:
        return {"accuracy": "The history is too short for a backtest: no accuracy is claimed."}
    used = next((row["approach"] for row in forecast_approach.to_pylist() if row["chosen"]), "")
    rows = [row for row in forecast_accuracy.to_pylist() if row["lag"] in company.forecast.lags]
    whole = [row for row in rows if row["item_id"] == "all" and row["approach"] in (used, "naive")]
    whole.sort(key=lambda row: (LEVELS.index(row["level"]), row["lag"], row["approach"] == "naive"))
    first = min(company.forecast.lags)
    products = [
        row
        for row in rows
        if (row["level"], row["approach"], row["lag"]) == ("product", used, first)
        and row["item_id"] != "all"
        and row["wmape"] is not None
    ]
    products.sort(key=lambda row: (-row["wmape"], row["item_id"]))
    measures = ("wmape", "bias", "tracking_signal", "mase", "coverage")
    return {
        "by_level_and_lag": _table(whole, ("level", "lag", "approach", *measures)),
        "worst_products": _table(products[:WORST], ("item_id", "lag", *measures)),
    }


LEVELS = ("company", "family", "product")


def forecast_approach(forecast_approach: pa.Table, forecast_notes: pa.Table, company: DemandSettings) -> Shown:
    """Approaches side by side, the best first, and what the engine says of its models."""
    rows = forecast_approach.to_pylist()
    rows.sort(key=lambda row: (row["wmape"] is None, row["wmape"] or 0, row["approach"]))
    rows = [{**row, "why": approach_words(row, rows, company.forecast.lags)} for row in rows]
    used = next((row["why"] for row in rows if row["chosen"]), "")
    columns = ("approach", "wmape", "bias", "chosen", "why")
    notes = [f"{note[0].upper()}{note[1:]}." for note in note_words(forecast_notes.to_pylist())]
    return {"why": _plain(" ".join([used, *notes])), "approaches": _table(rows, columns)}


def external_accuracy(external_accuracy: pa.Table) -> Shown:
    """External forecasts beside the statistical one, those in use first; or that there is none."""
    rows = external_accuracy.to_pylist()
    if not rows:
        return {"external": "There is no external forecast."}
    rows.sort(key=lambda row: (not row["used"], LEVELS.index(row["level"]), row["item_id"], row["model"]))
    columns = ("model", "level", "item_id", "months", "wmape", "statistical_wmape", "value_added", "outcome")
    return {"external": _table(rows[: 2 * WORST], columns), "used": f"{sum(row['used'] for row in rows)} used"}


def event_effects(event_effects: pa.Table) -> Shown:
    """What events did and will do, those in use first; or that there is none."""
    rows = event_effects.to_pylist()
    if not rows:
        return {"events": "There is no known event."}
    rows.sort(key=lambda row: (not row["used"], LEVELS.index(row["level"]), row["item_id"], row["kind"]))
    columns = ("kind", "level", "item_id", "cases", "effect", "p10", "p90", "outcome", "months_ahead", "units_ahead")
    return {"events": _table(rows[: 2 * WORST], columns), "used": f"{sum(row['used'] for row in rows)} used"}


def forecast_value_added(forecast_value_added: pa.Table) -> Shown:
    """Error after each step over products, and the inputs that made forecasts worse; or that there is none."""
    rows = forecast_value_added.to_pylist()
    if not rows:
        words = "Nothing to compare yet: no month planned in an earlier cycle has come."
        return {"value_added": words}
    steps = [row for row in rows if row["level"] == "product" and row["item_id"] == "all"]
    steps.sort(key=lambda row: (row["lag"], row["position"]))
    hurt = [
        row
        for row in rows
        if row["step"] not in ("naive", "statistical", "consensus")
        and row["item_id"] != "all"
        and row["value_added"] is not None
        and row["value_added"] < 0
        and row["n"] >= FEWEST_JUDGED
    ]
    hurt.sort(key=lambda row: (row["value_added"], row["item_id"], row["step"], row["lag"]))
    columns = ("step", "lag", "wmape", "bias", "tracking_signal", "value_added", "value_added_money")
    worst = ("step", "item_id", "lag", "n", "value_added", "value_added_money")
    return {"step_by_step": _table(steps, columns), "inputs_that_hurt_most": _table(hurt[:WORST], worst)}


def demand_anomalies(demand_anomalies: pa.Table) -> Shown:
    """The items whose newest month was outside its range, most money first; or that there is none."""
    rows = demand_anomalies.to_pylist()
    rows.sort(key=lambda row: (LEVELS.index(row["level"]), -abs(row["difference_money"] or 0), row["item_id"]))
    columns = ("level", "item_id", "month", "quantity", "p1", "p99", "difference_money")
    return {"anomalies": _table(rows[: 2 * WORST], columns), "outside": f"{len(rows)} items outside P1 to P99"}


def market_forecast(market_forecast: pa.Table, market_accuracy: pa.Table) -> Shown:
    """How well each region and channel could have been told; or that sales name none."""
    if not market_forecast.num_rows:
        return {"markets": "No sale names a region or a channel."}
    rows = [row for row in market_accuracy.to_pylist() if row["family"] == "all"]
    return {"accuracy": _table(rows, ("dimension", "market", "lag", "n", "wmape", "bias"))}


def _table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> str | ShownTable:
    """The rows as a small table, shares with one decimal; words where there is none."""
    names = tuple(columns)
    if not rows:
        return "none"
    return ShownTable(
        headings=tuple(_HEADS.get(name, name) for name in names),
        rows=tuple(tuple(_cell(name, row[name]) for name in names) for row in rows),
    )


_HEADS = {
    "tracking_signal": "signal",
    "coverage": "in range",
    "value_added": "points",
    "value_added_money": "money",
    "difference_money": "money",
    "item_id": "item",
}
"""Headings shorter than the columns' names, since the page cuts wide tables off."""
_SHARES = ("wmape", "bias", "coverage")


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _SHARES:
        return f"{float(value):.1%}"
    if name == "value_added":
        return f"{100 * float(value):+.1f}"
    if name in ("mase", "tracking_signal"):
        return f"{float(value):.2f}"
    if name in ("value_added_money", "difference_money", "quantity", "p1", "p99"):
        return f"{float(value):,.0f}"
    return {True: "yes", False: ""}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _plain(words: str) -> str:
    """Words that Markdown leaves as they are."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#<>|!" else sign for sign in words)


def _data_uri(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
