"""The month: every table made once, each step after the ones it reads."""

from sop_pipeline import tables
from sop_pipeline.steps import month


def test_every_table_of_the_registry_is_made_by_one_step():
    made = [table for step in month.STEPS for table in step.outputs]
    assert sorted(made) == sorted(tables.REGISTRY)


def test_each_step_reads_only_what_the_ones_before_it_made():
    known: set[str] = set()
    for step in month.STEPS:
        assert set(step.reads) <= known, step.name
        known |= set(step.outputs)


def test_checks_judge_tables_their_step_reads_or_makes():
    for step in month.STEPS:
        for check in step.checks:
            assert check.table in step.outputs
            read = {table for each in check.part.parameters for table in each.reads}
            assert read <= {*step.outputs, *step.reads}, check


def test_every_table_is_checked_by_its_suite_and_some_by_identities():
    identities = sum(len(step.checks) for step in month.STEPS)
    assert identities >= 15
    assert len(tables.REGISTRY) + identities == month.BLOCKING_CHECKS


def test_what_a_table_rests_on_comes_in_order_and_leaves_the_rest_out():
    names = [step.name for step in month.needed_for("demand_plan")]
    assert names == [
        *("source_tables", "product_lifecycle", "order_book", "demand_history", "statistical_forecast"),
        "consensus_demand",
    ]
    assert month.needed_for("consensus_demand") == month.needed_for("demand_plan")
