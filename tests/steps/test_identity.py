"""Whatever a step reads is part of its identity: each table, setting, earlier cycle, file and decision by itself."""

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Forecasting, Source
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.ingest.snapshots import Snapshot, SourceFile
from sop_pipeline.inputs.log import EntryLog
from sop_pipeline.lake import Lake
from sop_pipeline.past import Earlier
from sop_pipeline.steps import identity as identities
from sop_pipeline.steps.identity import identity, plain
from sop_pipeline.steps.month import EARLIER, STEPS
from sop_pipeline.steps.signature import Given, parameters

CYCLE = Cycle.parse("2026-07")
COMPANY = Company.model_validate(
    {"company": "Bakery", "sources": {"products": "products.csv", "sales": "sales.csv"}, "country": "DE"}
)
SALES = SourceFile("sales", 0, "data/sales.csv", "ab/sales.csv", "ab" * 32)
RECORD = {"decision_id": "2026-05-strategy", "action": "reject", "cycle": "2026-05"}


def parts_of(step):
    return [*step.parts, *(check.part for check in step.checks)]


def settings_of(step):
    return {name for part in parts_of(step) for each in part.parameters for name in each.settings}


@pytest.fixture
def given(tmp_path):
    manifest = {
        month: {
            table: {"content_sha256": f"{month}{table}", "release": None} for want in EARLIER for table in want.tables
        }
        for month in ("2026-05", "2026-06")
    }
    snapshot = Snapshot(tmp_path, (SALES,))
    hashes = {name: f"hash of {name}" for name in tables.REGISTRY}
    return Given({}, COMPANY, CYCLE, Earlier(Lake(tmp_path), manifest), lambda: snapshot, hashes)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_table_and_setting_that_a_step_reads_is_in_its_identity_and_no_other(step, given):
    known = identity(step, given)
    settings = {name: getattr(COMPANY, name) for each in STEPS for name in settings_of(each)}
    settings["checks"] = []
    same = SimpleNamespace(**settings)
    assert identity(step, dataclasses.replace(given, company=same)) == known
    for name in tables.REGISTRY:
        hashes = {**given.hashes, name: "other rows"}
        assert (identity(step, dataclasses.replace(given, hashes=hashes)) != known) == (name in step.reads), name
    for name in settings.keys() - {"checks"}:
        changed = dataclasses.replace(given, company=SimpleNamespace(**{**settings, name: "another"}))
        assert (identity(step, changed) != known) == (name in settings_of(step)), name


@pytest.mark.parametrize("step", [step for step in STEPS if step.past], ids=lambda step: step.name)
def test_what_is_read_of_earlier_cycles_is_in_it(step, given):
    known, manifest = identity(step, given), given.earlier.manifest
    table = step.past[0].tables[0]
    last = {**manifest["2026-06"], table: {"content_sha256": "other rows", "release": None}}
    released = {name: {**entry, "release": "r01"} for name, entry in manifest["2026-06"].items()}
    for changed in ({**manifest, "2026-06": last}, {**manifest, "2026-06": released}, {"2026-05": manifest["2026-05"]}):
        earlier = Earlier(given.earlier.lake, changed)
        assert identity(step, dataclasses.replace(given, earlier=earlier)) != known


def test_files_count_by_bytes_name_and_place(given):
    (reading,) = (step for step in STEPS if step.reads_sources)
    known = identity(reading, given)
    for change in ({"sha256": "cd" * 32}, {"name": "data/older.csv"}, {"source": 1}, {"table": "orders"}):
        snapshot = Snapshot(Path("elsewhere"), (dataclasses.replace(SALES, **change),))
        assert identity(reading, dataclasses.replace(given, sources=lambda taken=snapshot: taken)) != known
    moved = Snapshot(Path("elsewhere"), (SALES,))
    assert identity(reading, dataclasses.replace(given, sources=lambda: moved)) == known


def test_a_decision_that_is_recorded_changes_the_step_that_reads_it(given):
    step = next(each for each in STEPS if each.name == "recorded_decisions")
    known = identity(step, given)
    DecisionLog(given.earlier.lake.root).add(Cycle.parse("2026-05"), RECORD)
    assert identity(step, given) != known


def test_an_entry_of_a_book_counts_in_its_own_cycle_an_assumption_in_later_ones_too(given):
    (reading,) = (step for step in STEPS if step.reads_sources)
    known, log = identity(reading, given), EntryLog(given.earlier.lake.root)
    entry = {"kind": "demand", "slot": "demand/A/2026-09", "owner": "Anna", "says": {"quantity": "5"}, "late": None}
    log.add(CYCLE.previous(), {**entry, "recorded_on": "2026-06-20"})
    assert identity(reading, given) == known
    log.add(CYCLE, {**entry, "recorded_on": "2026-07-20"})
    own = identity(reading, given)
    assert own != known
    log.add(CYCLE.previous(), {**entry, "kind": "assumption", "slot": "assumption/A1", "recorded_on": "2026-06-20"})
    assert identity(reading, given) != own


def test_a_rule_of_the_company_counts_where_its_table_is_made(given):
    rule = {"table": "sales_plan", "column": "sales", "at_least": 0}
    company = Company.model_validate({**COMPANY.model_dump(mode="json"), "checks": [rule]})
    ruled = {
        step.name
        for step in STEPS
        if identity(step, given) != identity(step, dataclasses.replace(given, company=company))
    }
    assert ruled == {"sales_plan"} | {step.name for step in STEPS if "checks" in settings_of(step)}


def test_other_code_other_libraries_and_another_cycle_make_another_identity(given, monkeypatch):
    step = STEPS[0]
    known = identity(step, given)
    assert identity(step, dataclasses.replace(given, cycle=CYCLE.previous())) != known
    found = identities.versions()
    for name in ("code", "duckdb", "highspy", "python"):
        monkeypatch.setattr(identities, "versions", lambda name=name: {**found, name: "another"})
        assert identity(step, given) != known


def given_alone(step, planned, given):
    """What a step says it reads and nothing else: tables by name, and settings by name with the methods on them."""
    company = planned.company
    if not settings_of(step) >= {name for name, field in Company.model_fields.items() if not field.exclude}:
        company = SimpleNamespace(**{name: getattr(planned.company, name) for name in settings_of(step)})
        company.working_to = planned.company.working_to
    only = {name: planned[name] for name in step.reads}
    return dataclasses.replace(given, tables=only, company=company)


@pytest.mark.slow
def test_with_nothing_but_what_its_identity_holds_every_step_makes_the_same(planned, starter):
    """Tables and settings that a step does not name are not there to be read."""
    from sop_pipeline.ingest import read_snapshot
    from sop_pipeline.lake import content_hash

    earlier = Earlier(starter.lake, starter.lake.manifest(CYCLE, EARLIER))
    given = Given({}, planned.company, CYCLE, earlier, lambda: read_snapshot(starter.lake, CYCLE))
    for step in STEPS:
        alone = given_alone(step, planned, given)
        made = step.make(alone)
        assert {name: content_hash(data) for name, data in made.items()} == {
            name: content_hash(planned[name]) for name in step.outputs
        }
        at_hand = dataclasses.replace(alone, tables={**alone.tables, **made})
        assert all(check.part(at_hand).passed for check in step.checks), step.name
        assert all(step.show(table, at_hand) for table in step.shown), step.name


def test_a_table_without_a_hash_has_no_identity(given):
    step = next(each for each in STEPS if each.reads)
    with pytest.raises(KeyError):
        identity(step, dataclasses.replace(given, hashes={}))


def test_every_parameter_of_every_step_and_check_is_known_by_something(given):
    """A new kind of parameter cannot be left out: all but a check's own tables tell what they read."""
    silent = {
        (step.name, each.name)
        for step in STEPS
        for part in step.parts
        for each in part.parameters
        if each.known_by(given) is None
    }
    assert silent == set()


def test_values_are_equal_in_their_plain_form_only_where_they_are_equal():
    assert plain({"a": (1, Decimal("1.0"), date(2026, 7, 1), None)}) == {"a": [1, "1.0", "2026-07-01", None]}
    assert plain(frozenset({6, 5})) == [5, 6]
    assert plain(COMPANY.working_days) == {"country": "DE", "subdivision": None, "weekend": None}
    assert plain(Forecasting()) == Forecasting().model_dump(mode="json") | {"budget_s": "60.0"}
    shrinks = [Source(path="sales.csv", shrinks_at_most=share) for share in (None, 20)]
    assert plain(shrinks[0]) != plain(shrinks[1])  # a check reads it, though no dump has it
    with pytest.raises(TypeError, match="no form for a object"):
        plain(object())


def test_kinds_of_parameters_without_a_form_are_refused_at_the_declaration():
    def bridge(sales: bytes) -> None:
        raise NotImplementedError

    with pytest.raises(TypeError, match="no step can fill parameter sales"):
        parameters(bridge)
