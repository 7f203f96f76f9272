"""Planning by family: what 30,000 products cost after the forecast, in seconds and memory.

Measures the whole supply review of one cycle (requirements, problem, every strategy and the frontier, schedule, loads
recomputed from the products), as the pipeline calls it, and the checks that guard the schedule:

    python -m bench.bench_families [--products 30000] [--families 30] [--resources 30] [--months 24]

The demand plan is invented; nothing of the forecast is timed. The bounds are 15 s wall and 2 GB.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs
from sop_pipeline.supply.requirements.inputs import RequirementInputs
from sop_pipeline.supply.requirements.requirements import total_requirements
from sop_pipeline.supply.schedule.disaggregate import ScheduleInputs, disaggregate
from sop_pipeline.supply.schedule.load import LoadInputs, schedule_loads
from sop_pipeline.supply.strategies.comparison.compare import StrategyInputs, compare_strategies
from sop_pipeline.supply.strategies.frozen import planning_problem
from sop_pipeline.validation import identities

CYCLE = Cycle(date(2026, 7, 1))


def company_tables(products: int, families: int, resources: int, months: int, seed: int = 1) -> dict[str, pa.Table]:
    """Invent a company: seasonal products of shifting mix, five features each, one in ten with a lot."""
    random = np.random.default_rng(seed)
    names = np.array([f"P{number:05d}" for number in range(products)], object)
    family = np.array([f"F{number:02d}" for number in range(families)], object)[np.arange(products) % families]
    lines = np.array([f"R{number:02d}" for number in range(resources)], object)
    base, phase = random.gamma(2.0, 60.0, products) + 5, random.uniform(0, 2 * np.pi, products)
    season = 1 + 0.4 * np.sin(np.arange(months)[None, :] * 2 * np.pi / 12 + phase[:, None])
    demand = np.round(base[:, None] * season, 2)
    takes = random.integers(0, resources, (products, 5))
    hours = np.round(random.uniform(0.02, 0.2, (products, 5)), 4)
    load = np.zeros(resources)
    np.add.at(load, takes, hours * base[:, None])
    cost = random.uniform(5, 50, products).round(2)
    calendar = [add_months(CYCLE.month, lag) for lag in range(-24, months)]
    frames: dict[str, pd.DataFrame] = {
        "products": pd.DataFrame(
            {
                "product_id": names,
                "product_name": names,
                "family": family,
                "unit_price": cost * 2,
                "unit_material_cost": cost / 2,
                "standard_cost": cost,
                "min_lot": np.where(random.random(products) < 0.1, np.round(base / 2), np.nan),
            }
        ),
        "resources": pd.DataFrame(
            {
                "resource_id": lines,
                "kind": "labour",
                "opening_units": np.ceil(load / 160 / 0.95),
                "hours_per_day": 8,
                "regular_rate": 20,
                "overtime_limit_pct": 20,
                "hire_cost": 1500,
                "layoff_cost": 2500,
            }
        ),
        "product_features": pd.DataFrame(
            {"product_id": names.repeat(5), "feature": lines[takes.ravel()], "quantity": hours.ravel()}
        ).drop_duplicates(["product_id", "feature"]),
        "inventory": pd.DataFrame({"date": date(2026, 6, 30), "product_id": names, "on_hand": (base * 0.7).round()}),
        "demand_plan": _demand(names, family, demand),
        "demand_history": _history(names, family, base),
        "product_lifecycle": pd.DataFrame(
            {"product_id": names, "product_name": names, "family": family, "status": "active", "history_months": 12}
        ),
        "working_calendar": pd.DataFrame({"month": calendar, "working_days": 20, "source": "weekdays"}),
    }
    blank = ("resource_months", "materials", "calendar", "production", "forecast_backtest", "forecast_approach")
    made = {name: tables.conform(name, frame) for name, frame in frames.items()}
    approaches = pd.DataFrame({"family": sorted(set(family)), "approach": "bottom_up"})
    approaches = approaches.assign(basis="configured", drift="none")
    made["planning_approach"] = tables.conform("planning_approach", approaches)
    return made | {name: tables.empty(name) for name in blank}


def _demand(names: np.ndarray, family: np.ndarray, demand: np.ndarray) -> pd.DataFrame:
    count = demand.shape[1]
    values = demand.ravel()
    return pd.DataFrame(
        {
            "product_id": names.repeat(count),
            "family": family.repeat(count),
            "month": [add_months(CYCLE.month, lag) for lag in range(count)] * len(names),
            "lag": list(range(count)) * len(names),
            "statistical": values,
            "adjustment": 0.0,
            "quantity": values,
            "p10": values * 0.8,
            "p50": values,
            "p90": values * 1.2,
        }
    )


def _history(names: np.ndarray, family: np.ndarray, base: np.ndarray) -> pd.DataFrame:
    months = [add_months(CYCLE.month, -back) for back in range(1, 13)]
    values = base.round(2).repeat(12)
    return pd.DataFrame(
        {
            "product_id": names.repeat(12),
            "family": family.repeat(12),
            "month": months * len(names),
            "quantity": values,
            "cleansed": values,
            "returns": 0.0,
            "signal": "sales",
        }
    )


@dataclass
class Clock:
    """Wall and CPU seconds of each part, printed as it ends."""

    wall: float = 0.0
    cpu: float = field(default=0.0)

    def time(self, name: str, action: Callable[[], dict[str, pa.Table]]) -> dict[str, pa.Table]:
        """Run one part."""
        wall, cpu = time.perf_counter(), time.process_time()
        made = action()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.wall, self.cpu = self.wall + wall, self.cpu + cpu
        print(f"{name}: {wall:.2f} s wall, {cpu:.2f} s CPU")
        return made


def main() -> None:
    """Print the parts and the bounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, default in (("products", 30_000), ("families", 30), ("resources", 30), ("months", 24)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    given = company_tables(chosen.products, chosen.families, chosen.resources, chosen.months)
    company = Company(company="Bench", sources={}, horizon_months=chosen.months)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock = Clock()
    known = {**given, "demand_distribution": tables.empty("demand_distribution")}

    def add(name: str, function: Callable[..., Any], inputs: type, **more: Any) -> None:
        read = inputs(**{each.name: known[each.name] for each in fields(inputs)})
        known.update(clock.time(name, lambda: vars(function(read, company=company, **more))))

    add("planning problem", planning_problem, ProblemInputs, cycle=CYCLE)
    add("requirements, approach, rough cut", total_requirements, RequirementInputs, cycle=CYCLE)
    add("strategies and frontier", compare_strategies, StrategyInputs)
    add("schedule by product", disaggregate, ScheduleInputs)
    add("loads recomputed", schedule_loads, LoadInputs)
    clock.time("checks of the schedule", lambda: _checks(known, company))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{chosen.products:,} products x {chosen.months} months in {chosen.families} families: {clock.wall:.1f} s wall "
        f"(bound 15), {clock.cpu:.1f} s CPU, {peak / 1e6:.2f} GB at most (bound 2; {before / 1e6:.2f} GB before)"
    )
    for row in known["schedule_defaults"].to_pylist():
        print(f"{row['default_id']}: {row['assumed']}")


def _checks(known: dict[str, pa.Table], company: Company) -> dict[str, pa.Table]:
    schedule = known["production_schedule"]
    strategy = company.supply.strategy
    for finding in (
        identities.schedule_balance(schedule),
        identities.schedule_adds_up(schedule, known["schedule_remainders"], known["aggregate_plan"], strategy=strategy),
        identities.sites_add_up(known["site_schedule"], schedule),
        identities.schedule_load_recomputed(known["schedule_load"], schedule, known["planned_features"]),
    ):
        if not finding.passed:
            raise SystemExit(finding.summary)
    return {}


if __name__ == "__main__":
    main()
