"""What the rule of known events finds, misses and costs on simulated companies (decision 0058).

``python -m bench.bench_events``: products with season, noise and five promotions each in four years, of a planted
effect. How often the planted effect lies inside P10 and P90, how often an effect is used, WMAPE of the next twelve
months beside the forecast that knows of no event, and the CPU both take.
"""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.events.estimate import estimate
from sop_pipeline.demand.events.series import Demand, Events, Place
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.demand.statistical.tables import Told

CYCLE, MONTHS, AHEAD, NOISE = Cycle.parse("2026-01"), 48, 12, 0.15
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": AHEAD})


def simulated(chance: np.random.Generator, products: int, effect: float) -> tuple[Demand, Events, np.ndarray]:
    """Demand and events of four years, and the demand of the year after."""
    months = MONTHS + AHEAD
    sizes = np.zeros((products, months))
    for row in sizes:
        row[chance.choice(MONTHS, 5, replace=False)] = chance.choice([10, 20, 30], 5)
        row[MONTHS + chance.choice(AHEAD, 2, replace=False)] = 20
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(months) / 12)
    level = 100 * np.exp(chance.normal(0, 0.5, (products, 1)))
    made = level * season * (1 + effect * sizes) * np.exp(NOISE * chance.normal(size=(products, months)))
    names = [f"p{number:03d}" for number in range(products)]
    families = [f"F{number % 4}" for number in range(products)]
    places = [Place("product", name, family) for name, family in zip(names, families, strict=True)]
    first = add_months(CYCLE.month, -MONTHS)
    demand = Demand(names, families, first, made[:, :MONTHS])
    return demand, Events(places, ["promotion"] * products, sizes, np.eye(products, dtype=bool)), made[:, MONTHS:]


def calibration(products: int, effect: float, companies: int = 200) -> tuple[float, float]:
    """Return how often the effect lies inside its P10 and P90, and how often one is used."""
    chance = np.random.default_rng(1)
    found = [estimate(*simulated(chance, products, effect)[:2]) for _ in range(companies)]
    away = np.array([np.abs(one.means - effect) / np.sqrt(one.variances) for one in found])
    return float((away < 1.281552).mean()), float(np.mean([one.used.mean() for one in found]))


def forecast(demand: Demand, events: Events, *, known: bool) -> tuple[np.ndarray, float]:
    """Return the means of the year ahead, products by months, and the CPU seconds they took."""
    months = [add_months(demand.first, step) for step in range(MONTHS)]
    history = [
        {"product_id": name, "family": family, "month": month, "quantity": y, "cleansed": y}
        | {"returns": 0, "signal": "sales"}
        for name, family, row in zip(demand.products, demand.families, demand.amounts, strict=True)
        for month, y in zip(months, row, strict=True)
    ]
    life = [
        {"product_id": name, "product_name": name, "family": family, "history_months": MONTHS, "status": "active"}
        for name, family in zip(demand.products, demand.families, strict=True)
    ]
    told = Told(tables.empty("external_forecasts"), _rows(demand.first, events) if known else _rows(demand.first, None))
    given = tables.conform("demand_history", history), tables.conform("product_lifecycle", life)
    begin = time.process_time()
    made = statistical_forecast(*given, told=told, company=COMPANY, cycle=CYCLE)
    seconds = time.process_time() - begin
    chosen = tables.frame(tables.where(made.forecast, chosen=True, level="product"))
    wide = chosen.pivot(index="item_id", columns="month", values="mean")
    return wide.loc[demand.products].to_numpy(float), seconds


def _rows(first: date, events: Events | None) -> pa.Table:
    found = [] if events is None else zip(*np.nonzero(events.sizes), strict=True)
    return tables.conform(
        "demand_events",
        [
            {"product_id": events.places[row].item_id, "month_from": add_months(first, int(month))}
            | {"kind": "promotion", "size": events.sizes[row, month]}
            for row, month in found
            if events is not None
        ],
    )


def gain(effect: float, products: int = 40, companies: int = 5) -> tuple[float, float, float]:
    """Return WMAPE of the year ahead without and with events, and the ratio of CPU."""
    chance = np.random.default_rng(2)
    errors, spent, total = np.zeros(2), np.zeros(2), 0.0
    for _ in range(companies):
        demand, events, came = simulated(chance, products, effect)
        for place, known in enumerate((False, True)):
            means, seconds = forecast(demand, events, known=known)
            errors[place] += np.abs(means - came).sum()
            spent[place] += seconds
        total += came.sum()
    return float(errors[0] / total), float(errors[1] / total), float(spent[1] / spent[0])


if __name__ == "__main__":
    for products in (1, 4, 12):
        for effect in (0.0, 0.005, 0.01, 0.02):
            inside, used = calibration(products, effect)
            print(f"{products} products, {effect:.1%} a percent: inside {inside:.0%}, used {used:.0%}")
    for effect in (0.0, 0.005, 0.01, 0.02):
        without, with_events, ratio = gain(effect)
        print(f"{effect:.1%} a percent: WMAPE {without:.1%} without, {with_events:.1%} with; CPU {ratio:.2f} times")
