"""Every blocking check of the month fails when a figure it is about is a unit off, whichever of its figures that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import read_snapshot, snapshot
from sop_pipeline.past import Earlier
from sop_pipeline.steps import month
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Check, Step
from sop_pipeline.validation import Finding
from tests.steps import mill

CYCLE = Cycle.parse(mill.CYCLES[-1])
PLAN = ("demand", "output", "subcontract", "inventory", "backlog", "lost_sales")
LABOUR: Mapping[str, Any] = {"kind": "labour"}
CHOSEN: Mapping[str, Any] = {"chosen": True}
IN_MONEY = (
    *("revenue", "gross_margin", "operating_result", "overhead_in_stock", "spending_over_standard", "stock_change"),
    *("material_change", "cash_flow", "cash_change", "receivables", "payables"),
)
SPENT = (
    *("material", "regular_pay", "overtime", "temporary", "hiring", "layoff", "subcontracting", "setup", "rate_change"),
    *("holding", "fixed_cost", "revenue", "receipts", "cash_flow", "cash"),
)
LATER = date(2026, 8, 1)
FAR = {"forecast.quantiles", "plan_robustness.quantiles", "plan_robustness.as_planned"}
"""Checks of an order, and of sums whose cents may be rounded row by row: what is added is large."""
TESTED_IN_INGEST = {"source_files.accounted", "source_files.not_shrunk", "data_freshness.fresh"} | {
    "quarantine.within_tolerance"
}
"""``test_ingest_checks``, which gives each the files that break it."""
TESTED_WITH_LEVERS = {"gap_sets.add_up"}
"""``test_gap_levers_add_up``: the mill has no levers."""
FIGURES: dict[str, dict[str, tuple[tuple[str, ...], Mapping[str, Any]]]] = {
    "order_book.balances": {"order_book": (("opening_backlog", "bookings", "shipments", "closing_backlog"), {})},
    "forecast.coherence": {"forecast": (("mean",), {"level": "family"})},
    "forecast.quantiles": {"forecast": (("p10", "p50"), {"level": "product"})},
    "demand_plan.adds_up": {
        "demand_plan": (("statistical", "adjustment", "quantity"), {}),
        "demand_adjustments": (("change",), {}),
    },
    "market_forecast.adds_up": {"market_forecast": (("quantity",), {})},
    "aggregate_plan.inventory_balance": {"aggregate_plan": (PLAN, {})},
    "aggregate_plan.plan_checker": {
        "aggregate_plan": (("output", "lost_sales"), {}),
        "plan_costs": (("amount",), {}),
        "resource_plan": (("hires", "regular_hours", "overtime_hours"), LABOUR),
    },
    "resource_plan.workforce": {"resource_plan": (("units", "hires", "layoffs"), LABOUR)},
    "plan_robustness.as_planned": {
        "plan_robustness": (("plan",), {"measure": "lost_units", "months": mill.HORIZON}),
        "plan_summary": (("total_cost", "total_profit", "service", "peak_inventory", "lost_units", "late_units"), {}),
    },
    "plan_robustness.quantiles": {
        "plan_robustness": (("p10", "p50"), {"measure": "cost"}),
        "plan_robustness_months": (("inventory_p10", "service_p90"), {}),
    },
    "production_schedule.inventory_balance": {"production_schedule": ((*PLAN, "opening_stock", "opening_backlog"), {})},
    "production_schedule.adds_up": {"production_schedule": (("output", "subcontract", "lost_sales"), {})},
    "site_schedule.adds_up": {"site_schedule": (("output",), {})},
    "schedule_load.recomputed": {"schedule_load": (("by_products",), {})},
    "supply_allotment.foots": {"supply_allotment": (("demand", "allotted"), {})},
    "financial_plan.foots": {"financial_plan": (("revenue", "cogs", "margin"), {"basis": "plan"})},
    "plan_money.reconciles": {
        "plan_money": (IN_MONEY, CHOSEN),
        "financial_plan": (("revenue", "margin", "cash_flow", "receivables", "payables"), {"basis": "plan"}),
    },
    "operational_plan.one_set_of_numbers": {
        "operational_plan": (("quantity",), {}),
        "commitment_sheets": (("quantity",), {}),
        "sales_plan": (("sales", "revenue"), {"month": LATER}),
        "production_plan": (("output",), {"month": LATER}),
        "inventory_plan": (("inventory",), {"month": LATER}),
        "workforce_plan": (("heads", "temporary", "hires", "layoffs"), {}),
        "capacity_plan": (("load",), LABOUR),
        "material_plan": (("requirement", "order_quantity"), {}),
        "new_product_plan": (("units",), {}),
        "plan_money": (SPENT, CHOSEN),
    },
    "scenario_plan.plan_checker": {"scenario_plan": (("output",), {}), "scenario_costs": (("amount",), {})},
    "scenario_effects.add_up": {"scenario_effects": (("amount",), {})},
    "scenario_money.reconciles": {"scenario_money": (IN_MONEY[1:], {})},
}
"""By check, the figures of tables that it holds together, in rows with these values."""


def listed() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    for check, tables in FIGURES.items():
        for table, (columns, where) in tables.items():
            yield from ((check, table, column, where) for column in columns)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A month with everything a plan can have, planned once."""
    folder = tmp_path_factory.mktemp("bite") / "mill"
    mill.write(folder)
    company = CompanyFolder(folder)
    snapshot(company.settings, folder, CYCLE, company.lake)
    planned = steps.run(company.lake, company.settings, CYCLE, checks=False)
    earlier = Earlier(company.lake, company.lake.manifest(CYCLE, month.EARLIER))
    return Given(planned.tables, company.settings, CYCLE, earlier, lambda: read_snapshot(company.lake, CYCLE))


def checks() -> dict[str, tuple[Step, Check]]:
    return {f"{check.table}.{check.name}": (step, check) for step in month.STEPS for check in step.checks}


def finding_of(name: str, given: Given) -> Finding:
    """What a check says of what its step reads and makes."""
    step, check = checks()[name]
    seen = {table: given.tables[table] for table in (*step.reads, *step.outputs)}
    finding: Finding = check.part(replace(given, tables=seen))
    return finding


def more(table: pa.Table, column: str, where: Mapping[str, Any], amount: int) -> pa.Table:
    """The table with an amount added in the first row that has these values and a figure."""
    rows = table.to_pylist()
    place = next(
        place
        for place, row in enumerate(rows)
        if row[column] is not None and all(row[name] == value for name, value in where.items())
    )
    values: list[Any] = table.column(column).to_pylist()
    values[place] += Decimal(amount) if isinstance(values[place], Decimal) else amount
    field = table.schema.field(column)
    return table.set_column(table.schema.get_field_index(column), field, pa.array(values, field.type))


def test_every_blocking_check_is_listed() -> None:
    assert set(FIGURES) | TESTED_IN_INGEST | TESTED_WITH_LEVERS == set(checks())


@pytest.mark.slow
@pytest.mark.parametrize("check", sorted(FIGURES))
def test_the_month_as_planned_passes(given: Given, check: str) -> None:
    assert finding_of(check, given).passed


@pytest.mark.slow
@pytest.mark.parametrize(("check", "table", "column", "where"), list(listed()))
def test_a_figure_a_unit_off_stops_the_month(
    given: Given, check: str, table: str, column: str, where: Mapping[str, Any]
) -> None:
    amount = 10_000 if check in FAR else 1
    wrong = {**given.tables, table: more(given.tables[table], column, where, amount)}
    finding = finding_of(check, replace(given, tables=wrong))
    assert not finding.passed
    assert finding.severity == "block"
