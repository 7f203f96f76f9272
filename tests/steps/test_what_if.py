"""What-if: the same figures as the scenario in the cycle, to the cent, and nothing written."""

import pytest
from typer.testing import CliRunner

from sop_pipeline import steps, tables
from sop_pipeline.cli import app
from sop_pipeline.config import Scenario
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import read_changes
from sop_pipeline.scenarios.report import lines
from sop_pipeline.scenarios.what_if import WHAT_IF, settings_of, what_if
from tests.steps.conftest import CYCLE

pytestmark = pytest.mark.slow

CHANGES = ("demand Bread +20% 2026-09..2026-12", "price Bread +1 2026-09..", "capacity ovens -1 2026-10")
OWN = ("scenario", "strategy")


@pytest.fixture(scope="module")
def company(starter):
    return starter.settings.model_copy(update={"scenarios": [Scenario(name="Autumn", changes=list(CHANGES))]})


@pytest.fixture(scope="module")
def in_cycle(starter, planned, company):
    return steps.run(starter.lake, company, CYCLE, base=planned, until="scenarios", checks=False)


def figures(table):
    (row,) = tables.rows(table)
    return {name: value for name, value in row.items() if name not in OWN}


def of_cycle(in_cycle, name, strategy):
    return tables.where(in_cycle["scenario_comparison"], scenario=name, strategy=strategy)


@pytest.mark.parametrize("strategy", ["level", "chase", "blended"])
@pytest.mark.parametrize("with_scenarios", [True, False])
def test_it_is_the_scenario_of_the_cycle_to_the_cent(in_cycle, planned, company, strategy, with_scenarios):
    published = in_cycle.tables if with_scenarios else planned.tables
    answer = what_if(published, read_changes(CHANGES, "x"), company=company, cycle=CYCLE, strategy=strategy)
    assert figures(answer.after.figures) == figures(of_cycle(in_cycle, "Autumn", strategy))
    assert figures(answer.base.figures) == figures(of_cycle(in_cycle, "base", strategy))
    plan = tables.where(in_cycle["scenario_plan"], scenario="Autumn", strategy=strategy)
    assert answer.after.plan.drop_columns("scenario") == plan.drop_columns("scenario")
    assert set(tables.texts(answer.after.plan, "scenario")) == {WHAT_IF}


def test_nothing_is_written_and_the_answer_names_what_moves(starter, planned):
    before = starter.lake.pointer(CYCLE), sorted(path.name for path in starter.path.rglob("*"))
    result = CliRunner().invoke(app, ["what-if", *CHANGES, "--cycle", "2026-07", "--company", str(starter.path)])
    assert result.exit_code == 0, result.output
    after = starter.lake.pointer(CYCLE), sorted(path.name for path in starter.path.rglob("*"))
    assert after == before
    text = result.output
    assert "planned by family (2 for 5 products), and nothing is published." in text
    for word in ("Revenue", "Contribution", "Cash flow", "Served in their month", "Hires", "Overtime hours", "Bread"):
        assert word in text
    assert "demand Bread +20% 2026-09..2026-12" in text
    assert "Pastry" not in text


def test_figures_of_the_answer_are_those_of_its_tables(starter, planned, company):
    changes = read_changes(["demand bread-1 +100 2026-09"], "x")
    answer = what_if(planned.tables, changes, company=company, cycle=CYCLE)
    told = list(lines(answer, company="Bakery", currency="EUR", cycle=CYCLE))
    revenue = next(line.split() for line in told if line.startswith("Revenue"))
    base, after = figures(answer.base.figures), figures(answer.after.figures)
    assert revenue[1:3] == [f"{base['revenue']:,.0f}", f"{after['revenue']:,.0f}"]
    product = next(line.split() for line in told if line.startswith("bread-1"))
    assert product[1] == "100"
    family = next(line.split() for line in told if line.startswith("Bread "))
    assert family[1:3] == ["100", "100"]


def test_no_change_moves_nothing(planned, company):
    answer = what_if(planned.tables, read_changes(["demand all +0%"], "x"), company=company, cycle=CYCLE)
    assert figures(answer.after.figures) == figures(answer.base.figures)
    told = list(lines(answer, company="Bakery", currency="EUR", cycle=CYCLE))
    assert not any("by family, units" in line or "Asked for" in line for line in told)


def test_it_plans_with_the_settings_of_the_cycle(starter, planned):
    assert settings_of(starter, CYCLE) == starter.settings


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["demand Bred +10%"], "Did you mean Bread"),
        (["demnd Bread +10%"], "Did you mean demand?"),
        (["demand Bread +10%", "--cycle", "2031-01"], "no published cycle 2031-01"),
        (["demand Bread +10%", "--strategy", "lvl"], "lvl"),
    ],
)
def test_what_is_wrong_is_said(starter, planned, words, told):
    result = CliRunner().invoke(app, ["what-if", *words, "--company", str(starter.path)])
    assert isinstance(result.exception, BadInput)
    assert told in str(result.exception)


def test_a_strategy_without_a_plan_is_told(planned, company, monkeypatch):
    from sop_pipeline.supply.model.solver import SolverError
    from sop_pipeline.supply.scenarios import plans

    def lost(*_, **__):
        raise SolverError("lost")

    monkeypatch.setattr(plans, "planned", lost)
    with pytest.raises(BadInput, match="no blended plan"):
        what_if(planned.tables, read_changes(["demand all +1%"], "x"), company=company, cycle=CYCLE)


def test_the_command_needs_neither_dagster_nor_the_steps(starter, planned):
    import subprocess
    import sys

    program = (
        "import sys\nfrom sop_pipeline.cli import app\n"
        f"app(['what-if', 'price +1%', '--company', {str(starter.path)!r}], standalone_mode=False)\n"
        "assert not {'dagster', 'great_expectations', 'sop_pipeline.steps'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
