"""Twelve cycles of a small company replayed: every figure of the report from the rows beside it, by other means."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle, cycles_wanted
from sop_pipeline.errors import BadInput
from sop_pipeline.replay.backtest import Wanted, backtest
from sop_pipeline.replay.files import write_files
from sop_pipeline.replay.happened import happened
from sop_pipeline.replay.known import known_at
from sop_pipeline.replay.policy import Course, Knowledge, Policy
from sop_pipeline.replay.problems import problems
from sop_pipeline.replay.report import lines
from sop_pipeline.starter import init_company

pytestmark = pytest.mark.slow
FIRST, LAST = "2025-08", "2026-07"
POLICY = Policy("bottom_up", "blended")


@pytest.fixture(scope="module")
def bakery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay") / "bakery"
    init_company(folder)
    return CompanyFolder(folder)


@pytest.fixture(scope="module")
def replayed(bakery):
    """Twelve cycles; the last one's month is not over."""
    return backtest(bakery, cycles_wanted(None, FIRST, LAST), Wanted((POLICY.approach,), (POLICY.strategy,)))


@pytest.fixture(scope="module")
def summary(replayed):
    return {(row["approach"], row["strategy"]): row for row in replayed.tables["replay_summary"].to_pylist()}


def loops(table):
    """Rows by loop, in the order of months."""
    found = defaultdict(list)
    for row in table.to_pylist():
        found[row["approach"], row["strategy"], row["knowledge"]].append(row)
    return found


def of_policy(table, approach, strategy):
    """Rows of the loop that shows a policy."""
    knowledge = "statistical" if approach == "naive" else "consensus"
    return loops(table)[approach, strategy, knowledge]


def test_every_loop_balances_from_month_to_month(replayed, bakery):
    with (bakery.path / "data" / "inventory.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["date"] == "2025-07-31"]
    counted = {row["product_id"]: Decimal(row["on_hand"]) for row in rows}
    for rows in loops(replayed.tables["replay_months"]).values():
        net = dict(counted)
        assert len({row["month"] for row in rows}) == 11
        for row in sorted(rows, key=lambda row: row["month"]):
            came = row["output"] + row["subcontract"] - (row["demand"] - row["lost_sales"])
            assert row["inventory"] - row["backlog"] == net[row["item_id"]] + came
            assert min(row["inventory"], row["backlog"], row["lost_sales"]) >= 0
            net[row["item_id"]] = row["inventory"] - row["backlog"]


def test_demand_is_what_the_files_say_was_sold(replayed, bakery):
    sold: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with (bakery.path / "data" / "sales.csv").open() as file:
        for row in csv.DictReader(file):
            sold[row["product_id"], row["date"][:7]] += Decimal(row["quantity"])
    for row in replayed.tables["replay_months"].to_pylist():
        assert row["demand"] == sold[row["item_id"], f"{row['month']:%Y-%m}"]


def test_costs_foot_and_the_parts_of_regret_add_up(replayed, summary):
    assert set(summary) == {POLICY, ("naive", "chase"), ("as_made", "as_made")}
    for (approach, strategy), row in summary.items():
        spent = of_policy(replayed.tables["replay_costs"], approach, strategy)
        assert row["cost"] == sum(each["amount"] for each in spent)
        assert row["regret"] == row["cost"] - row["least_cost"]
        assert row["forecast_regret"] + row["policy_regret"] + row["override_regret"] == row["regret"]
        assert row["regret"] > Decimal("-0.05"), "nothing costs less than the least"


def test_material_is_output_at_the_unit_cost_of_the_files(replayed, bakery):
    with (bakery.path / "data" / "products.csv").open() as file:
        unit_cost = {row["product_id"]: Decimal(row["unit_material_cost"]) for row in csv.DictReader(file)}
    for approach, strategy in (POLICY, ("naive", "chase"), ("as_made", "as_made")):
        used: dict[date, Decimal] = defaultdict(Decimal)
        paid: dict[date, Decimal] = {}
        for row in of_policy(replayed.tables["replay_months"], approach, strategy):
            used[row["month"]] += row["output"] * unit_cost[row["item_id"]]
        for row in of_policy(replayed.tables["replay_costs"], approach, strategy):
            if row["kind"] == "material":
                paid[row["month"]] = row["amount"]
        assert set(used) == set(paid)
        assert all(abs(paid[month] - amount) < Decimal("0.05") for month, amount in used.items())


def test_service_and_stock_are_those_of_the_rows(replayed, summary, bakery):
    with (bakery.path / "data" / "products.csv").open() as file:
        worth = {row["product_id"]: Decimal(row["standard_cost"]) for row in csv.DictReader(file)}
    for (approach, strategy), row in summary.items():
        rows = of_policy(replayed.tables["replay_months"], approach, strategy)
        late = [min(each["backlog"], each["demand"] - each["lost_sales"]) + each["lost_sales"] for each in rows]
        service = 1 - sum(late) / sum(each["demand"] for each in rows)
        assert row["service"] == round(service, 6)
        stock = sum(each["inventory"] * worth[each["item_id"]] for each in rows) / 11
        assert abs(row["mean_inventory_value"] - stock) < Decimal("0.01")


def test_knowing_demand_is_worth_something(summary):
    """On this company the plan in use has less than half the regret of last year's sales, chased."""
    assert 0 < summary[POLICY]["regret"] < summary["naive", "chase"]["regret"] / 2
    assert summary[POLICY]["in_use"]


def test_what_cannot_be_dated_is_listed(replayed):
    basis = {row["table"]: row["basis"] for row in replayed.tables["replay_inputs"].to_pylist()}
    assert basis["sales"] == basis["production"] == basis["inventory"] == "own_date"
    assert {name for name, of in basis.items() if of == "undated"} == {
        *("products", "resources", "product_features", "business_plan", "demand_inputs", "levers")
    }
    cycles = replayed.tables["replay_cycles"].to_pylist()
    assert [row["carried_out"] for row in cycles] == [True] * 11 + [False]


def test_the_report_and_the_files_say_what_the_tables_say(replayed, bakery, summary):
    told = "\n".join(lines(replayed))
    assert f"{summary[POLICY]['regret']:,.0f}" in told
    assert "11 months replayed, Aug 2025 to Jun 2026; Jul 2026 planned" in told
    assert "products and resources" in told
    files = {path.name: path for path in write_files(replayed, bakery, Cycle.parse(FIRST), Cycle.parse(LAST))}
    assert set(files) == {"backtest.html", "schema.json", *(f"{name}.csv" for name in tables.REPLAY)}
    with files["replay_summary.csv"].open() as file:
        read = {(row["approach"], row["strategy"]): Decimal(row["regret"]) for row in csv.DictReader(file)}
    assert read == {key: row["regret"] for key, row in summary.items()}
    assert set(json.loads(files["schema.json"].read_text())) == set(tables.REPLAY)
    page = files["backtest.html"].read_text()
    assert f">{summary['naive', 'chase']['regret'] / 1000:.1f}<" in page
    assert not list(bakery.path.glob("lake/cycles/*")), "nothing is published"


def test_a_past_cycle_knows_nothing_of_later_months(bakery, tmp_path):
    """What is sold after the cut-off changes no problem that the cycle was planned on."""
    other = CompanyFolder(tmp_path / "other")
    init_company(other.path)
    sales = other.path / "data" / "sales.csv"
    head, *rows = sales.read_text().splitlines()
    later = [row.replace(",", ",9", 2).replace(",9", ",", 1) if row >= "2026-03" else row for row in rows]
    assert later != rows
    sales.write_text("\n".join([head, *later]) + "\n")
    cycle, course = Cycle.parse("2026-03"), Course(POLICY, Knowledge.CONSENSUS)
    nothing = happened(tables.empty("demand_history"), tables.empty("production"))
    found = []
    for company in (bakery, other):
        settings = company.settings
        (problem,) = problems(known_at(company, settings, cycle), nothing, [course], company=settings).values()
        found.append(vars(problem.planning))
    assert all(found[0][name].equals(found[1][name]) for name in found[0])


def test_cycles_whose_months_are_not_over_are_refused(bakery):
    with pytest.raises(BadInput, match=r"first cycle 2026-07 whose month is not over.*up to 2026-06"):
        backtest(bakery, [Cycle.parse("2026-07")])
