"""The same months give the same tables to the byte: in any time zone and locale, in any order of rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PROGRAM = """
import json, random, sys
from datetime import date
import pyarrow as pa
from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand import markets, units
from sop_pipeline.demand.consensus.adjustments import demand_adjustments
from sop_pipeline.demand.consensus.plan import demand_plan, demand_range
from sop_pipeline.demand.history.demand_history import WhatIsSaid, demand_history
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.demand.statistical.tables import Told
from sop_pipeline.lake import content_hash
from sop_pipeline.portfolio import product_lifecycle

seed = int(sys.argv[1])
CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate(
    {"company": "Acme", "sources": {}, "horizon_months": 6, "forecast_approach": "auto", "currency": "EUR",
     "forecast": {"external": "z"}}
)
LEVEL = {"Äpfel": 300.5, "apples": 120.25, "Zimt": 40.0, "b'ä": 9.75, "İris": 77.125}
NAMES = list(LEVEL)
chance = random.Random(7)
def amount(name, step):
    return round(LEVEL[name] * (1 + 0.3 * (step % 12 in (4, 5, 6))) * chance.uniform(0.8, 1.2), 2)
sales = [
    {"product_id": name, "date": date(month.year, month.month, day), "quantity": amount(name, step) / 2,
     "region": "Nord" if day == 1 else "Süd"}
    for step in range(-40, 0) for month in [add_months(CYCLE.month, step)] for name in NAMES for day in (1, 28)
]
products = [
    {"product_id": name, "product_name": name, "family": "Früchte" if n < 3 else "zzz",
     "unit_of_measure": "kg" if n < 4 else "l", "equivalent_units": 1.0 + n}
    for n, name in enumerate(NAMES)
]
days = [{"month": add_months(CYCLE.month, s), "working_days": 19 + 5 * s % 4, "source": "t"} for s in range(-40, 6)]
entries = [
    {"stream": "sales", "family": "Früchte", "month_from": CYCLE.month, "change_units": 10.0, "owner": "Ö"},
    {"stream": "sales", "family": "Früchte", "month_from": CYCLE.month, "change_pct": 3.3, "owner": "o"},
    {"stream": "finance", "month_from": CYCLE.month, "change_pct": -7.7},
]
said = [
    {"model": model, "cycle": add_months(CYCLE.month, made), "month": add_months(CYCLE.month, made + ahead),
     "product_id": None if "Früchte" == item else item, "family": "Früchte" if "Früchte" == item else None,
     "mean": amount(item if item in LEVEL else "apples", 4) * size}
    for made in range(-13, 1) for ahead in range(5)
    for model, item, size in (("ä", "Zimt", 1), ("a", "Zimt", 1.1), ("z", "Früchte", 3), ("z", "Äpfel", 1.0))
]
happened = [
    {"product_id": "Zimt", "kind": "ä", "month_from": add_months(CYCLE.month, place), "size": 1.0 + place % 3}
    for place in (-31, -22, -17, -9, -3, 2)
] + [{"family": "Früchte", "kind": "z", "month_from": add_months(CYCLE.month, -5), "size": 2.0}]
empty = {name: tables.empty(name) for name in ("production", "inventory", "new_products")}
def mixed(table):
    order = list(range(table.num_rows))
    if seed:
        random.Random(seed).shuffle(order)
    return table.take(pa.array(order, pa.int64()))
sold, list_of = mixed(tables.conform("sales", sales)), mixed(tables.conform("products", products))
calendar = mixed(tables.conform("working_calendar", days))
inputs = mixed(tables.conform("demand_inputs", entries))
external = mixed(tables.conform("external_forecasts", said))
events = mixed(tables.conform("demand_events", happened))
life = product_lifecycle(list_of, sold, empty["production"], empty["new_products"], company=COMPANY, cycle=CYCLE)
past = demand_history(
    sold, empty["production"], empty["inventory"], life, calendar,
    WhatIsSaid(inputs, tables.empty("order_book")), company=COMPANY, cycle=CYCLE
)
counted = units.demand_units(list_of, life, company=COMPANY)
found = vars(statistical_forecast(
    mixed(past), mixed(life), calendar, mixed(counted), list_of, Told(external, events), company=COMPANY, cycle=CYCLE
))
changes = demand_adjustments(
    mixed(found["forecast"]), mixed(past), mixed(life), inputs, mixed(counted), cycle=CYCLE
)
plan = demand_plan(mixed(found["forecast"]), mixed(changes), mixed(life), mixed(counted))
ranges = demand_range(mixed(plan), mixed(found["forecast"]), mixed(counted), company=COMPANY)
known = markets.market_history(sold, mixed(counted), cycle=CYCLE)
made = {
    **found, "product_lifecycle": life, "demand_history": past, "demand_units": counted,
    "demand_adjustments": changes, "demand_plan": plan, "demand_range": ranges, "market_history": known,
    "market_forecast": markets.market_forecast(mixed(known), mixed(ranges), mixed(counted), cycle=CYCLE),
    "market_accuracy": markets.market_accuracy(
        mixed(known), mixed(found["forecast_backtest"]), mixed(counted),
        mixed(found["forecast_approach"]), company=COMPANY
    ),
}
print(json.dumps({name: [table.num_rows, content_hash(table)] for name, table in made.items()}))
"""


def made(seed, **environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(seed)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_neither_place_nor_order_nor_threads_change_a_byte():
    at_home = made(0, TZ="UTC", SOP_THREADS="2")
    assert [name for name, (rows, _) in at_home.items() if not rows] == []
    assert made(11, TZ="Pacific/Auckland", LC_ALL="C", SOP_THREADS="1", PYTHONHASHSEED="5") == at_home
