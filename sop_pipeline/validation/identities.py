"""Identities of the business, written by hand: what adds up in a company adds up here.

Each function takes tables and answers with one ``Finding``. They guard single steps; ``plan_checker`` recomputes whole
plans. Exact arithmetic in SQL, so "to the last unit" means just that.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.validation.finding import Finding, as_text

_SAMPLE = 5


def _finding(check: str, table: str, rule: str, broken: pa.Table, checked: int) -> Finding:
    failures = [{"rule": rule, "column": "", "rows": broken.num_rows, "found": "", "error": ""}]
    return Finding(
        check=check,
        table=table,
        passed=broken.num_rows == 0,
        summary=f"{rule}: {checked - broken.num_rows} of {checked} rows"
        if broken.num_rows
        else f"{rule}: all {checked} rows",
        failures=failures if broken.num_rows else (),
        sample=as_text(broken.slice(0, _SAMPLE).to_pylist()),
    )


def _broken(name: str, **inputs: pa.Table) -> pa.Table:
    return sql.query(f"validation/{name}", inputs)


def forecast_coherence(forecast: pa.Table, demand_units: pa.Table) -> Finding:
    """``mean`` of every family and of the company is the sum of its products, in its own unit (METHODS 1, 3)."""
    broken = _broken("forecast_coherence", forecast=forecast, demand_units=demand_units)
    return _finding("coherence", "forecast", "parent = sum of children", broken, forecast.num_rows)


def forecast_quantiles(forecast: pa.Table) -> Finding:
    """P10 <= P50 <= P90 in every row."""
    broken = _broken("forecast_quantiles", forecast=forecast)
    return _finding("quantiles", "forecast", "P10 <= P50 <= P90", broken, forecast.num_rows)


def demand_plan_adds_up(demand_plan: pa.Table, demand_adjustments: pa.Table) -> Finding:
    """Consensus is the statistical forecast plus what each stream added, to the last unit."""
    broken = _broken("demand_plan_adds_up", demand_plan=demand_plan, demand_adjustments=demand_adjustments)
    return _finding("adds_up", "demand_plan", "statistical + streams = consensus", broken, demand_plan.num_rows)


def market_forecast_adds_up(market_forecast: pa.Table, demand_range: pa.Table) -> Finding:
    """Markets of each dimension add up to the family's consensus, to the last unit, in every planned month."""
    broken = _broken("market_forecast_adds_up", market_forecast=market_forecast, demand_range=demand_range)
    return _finding("adds_up", "market_forecast", "markets = family", broken, market_forecast.num_rows)


def order_book_balances(order_book: pa.Table, orders: pa.Table, cycle: Cycle) -> Finding:
    """``backlog(t) = backlog(t-1) + bookings - shipments``, and the backlog is that of the open lines (METHODS 2)."""
    inputs = {"order_book": order_book, "orders": orders}
    broken = sql.query("validation/order_book_balances", inputs, {"cutoff": cycle.cutoff})
    return _finding("balances", "order_book", "backlog balances", broken, order_book.num_rows)


def inventory_balance(aggregate_plan: pa.Table, planning_state: pa.Table) -> Finding:
    """``I(t-1) - B(t-1) + X + C = D - L + I - B`` for every strategy, item and month (METHODS 5)."""
    broken = _broken("inventory_balance", aggregate_plan=aggregate_plan, planning_state=planning_state)
    return _finding("inventory_balance", "aggregate_plan", "stock balances", broken, aggregate_plan.num_rows)


def workforce_balance(resource_plan: pa.Table, planning_resources: pa.Table) -> Finding:
    """``W(t) = W(t-1) + hires - layoffs`` for every labour resource (METHODS 5)."""
    broken = _broken("workforce_balance", resource_plan=resource_plan, planning_resources=planning_resources)
    return _finding("workforce", "resource_plan", "heads balance", broken, resource_plan.num_rows)


def schedule_balance(production_schedule: pa.Table) -> Finding:
    """Stock of every product balances over the months of the schedule, and each month opens as the last closed."""
    broken = _broken("schedule_balance", production_schedule=production_schedule)
    return _finding("inventory_balance", "production_schedule", "stock balances", broken, production_schedule.num_rows)


def schedule_adds_up(
    production_schedule: pa.Table,
    schedule_remainders: pa.Table,
    aggregate_plan: pa.Table,
    *,
    strategy: str,
    scenario: str = "base",
) -> Finding:
    """Products add up to the chosen plan, exactly, what lots or fixed shares left over counted (METHODS 5)."""
    inputs = {
        "production_schedule": production_schedule,
        "schedule_remainders": schedule_remainders,
        "aggregate_plan": aggregate_plan,
    }
    broken = sql.query("validation/schedule_adds_up", inputs, {"strategy": strategy, "scenario": scenario})
    return _finding("adds_up", "production_schedule", "products = plan", broken, production_schedule.num_rows)


def sites_add_up(site_schedule: pa.Table, production_schedule: pa.Table) -> Finding:
    """The sites of every product and month add up to its output, exactly."""
    broken = _broken("sites_add_up", site_schedule=site_schedule, production_schedule=production_schedule)
    return _finding("adds_up", "site_schedule", "sites = output", broken, site_schedule.num_rows)


def schedule_load_recomputed(
    schedule_load: pa.Table, production_schedule: pa.Table, planned_features: pa.Table
) -> Finding:
    """Hours by products are output times hours a unit, in the month they are taken (METHODS 4)."""
    broken = _broken(
        "schedule_load_recomputed",
        schedule_load=schedule_load,
        production_schedule=production_schedule,
        planned_features=planned_features,
    )
    return _finding("recomputed", "schedule_load", "hours = sum of products", broken, schedule_load.num_rows)


def allotment_foots(supply_allotment: pa.Table, sales_plan: pa.Table) -> Finding:
    """What channels, regions and customers get adds up to the sales plan, and what they ask for to its demand."""
    broken = _broken("allotment_foots", supply_allotment=supply_allotment, sales_plan=sales_plan)
    return _finding("foots", "supply_allotment", "markets = sales plan", broken, supply_allotment.num_rows)


def money_foots(financial_plan: pa.Table, sales_plan: pa.Table) -> Finding:
    """Planned revenue, cost and margin by family are the sums of their products, to the cent."""
    broken = _broken("money_foots", financial_plan=financial_plan, sales_plan=sales_plan)
    return _finding("foots", "financial_plan", "family = sum of products", broken, financial_plan.num_rows)


def money_reconciles(plan_money: pa.Table, financial_plan: pa.Table) -> Finding:
    """Profit and loss, cash and balances of every plan reconcile to 0.00, and families add up to the chosen plan."""
    broken = _broken("money_reconciles", plan_money=plan_money, financial_plan=financial_plan)
    return _finding("reconciles", "plan_money", "result = change of cash and balances", broken, plan_money.num_rows)


@dataclass(frozen=True)
class Deliverables:
    """The plans that departments commit to."""

    operational_plan: pa.Table
    commitment_sheets: pa.Table
    sales_plan: pa.Table
    production_plan: pa.Table
    inventory_plan: pa.Table
    new_product_plan: pa.Table
    workforce_plan: pa.Table
    capacity_plan: pa.Table
    material_plan: pa.Table
    plan_money: pa.Table


def one_set_of_numbers(deliverables: Deliverables) -> Finding:
    """Every department's sheet, the operational plan and the deliverables agree to the unit and to the cent."""
    broken = _broken("one_set_of_numbers", **vars(deliverables))
    lines = deliverables.operational_plan.num_rows
    return _finding("one_set_of_numbers", "operational_plan", "sheets = plan = deliverables", broken, lines)


def scenario_money_reconciles(scenario_money: pa.Table) -> Finding:
    """Profit and loss, cash and balances of every scenario's plan reconcile to 0.00, as those of the month's plans."""
    none_chosen = scenario_money.append_column("chosen", pa.array([False] * scenario_money.num_rows, pa.bool_()))
    broken = _broken("money_reconciles", plan_money=none_chosen, financial_plan=tables.empty("financial_plan"))
    rule = "result = change of cash and balances"
    return _finding("reconciles", "scenario_money", rule, broken, scenario_money.num_rows)


def gap_levers_add_up(gap_sets: pa.Table, gap_levers: pa.Table) -> Finding:
    """What the levers of a gap bring and cost adds up to their set's, and with what stays open to the gap."""
    broken = sql.query("validation/gap_levers_add_up", {"gap_sets": gap_sets, "gap_levers": gap_levers})
    return _finding("add_up", "gap_sets", "levers = set, set + open = gap", broken, gap_sets.num_rows)


def scenario_effects_add_up(scenario_effects: pa.Table, scenario_comparison: pa.Table) -> Finding:
    """What the changes of a scenario bring adds up to the difference from base, to the cent."""
    inputs = {"scenario_effects": scenario_effects, "scenario_comparison": scenario_comparison}
    broken = sql.query("validation/scenario_effects_add_up", inputs)
    rule = "changes = scenario - base"
    return _finding("add_up", "scenario_effects", rule, broken, scenario_effects.num_rows)
