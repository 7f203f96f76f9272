"""The faults that are planted in SQL are those that their names say, and touch no comment and no name of a column."""

from __future__ import annotations

import pytest

from tests.mutation.mutants import ROOT, mutants
from tests.mutation.sql_faults import sql_faults
from tests.thrift import soak_alone

STATEMENT = """-- grain: revenue + margin, least(a, b)
select
    greatest(plan.revenue, 0) as revenue,
    sum(plan.margin) / plan.units as share,
    coalesce(plan.overtime_hours, 0) - round(hours, 2)::decimal(18, 2) as regular_hours
from plan
left join other
    on
        plan.item = other.item
        and plan.month = other.month
where plan.kind in ('hiring', 'layoff') and plan.month < $cutoff
"""


def planted(name: str) -> list[str]:
    """The lines that differ once a fault of this name is planted, one text for each place."""
    found = []
    for fault in sql_faults(STATEMENT):
        if fault.name == name:
            changed = fault.planted(STATEMENT)
            new = [line.strip() for line in changed.splitlines() if line not in STATEMENT.splitlines()]
            found.append(" ".join(new))
    return found


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("least for greatest", ["least(plan.revenue, 0) as revenue,"]),
        ("greatest for least", []),
        ("minus for plus", []),
        ("plus for minus", ["coalesce(plan.overtime_hours, 0) + round(hours, 2)::decimal(18, 2) as regular_hours"]),
        ("margin for revenue", ["greatest(plan.margin, 0) as revenue,"]),
        ("revenue for margin", ["sum(plan.revenue) / plan.units as share,"]),
        (
            "regular_hours for overtime_hours",
            ["coalesce(plan.regular_hours, 0) - round(hours, 2)::decimal(18, 2) as regular_hours"],
        ),
        ("overtime_hours for regular_hours", []),
        ("times for by", ["sum(plan.margin) * plan.units as share,"]),
        ("a kind left out of a list", ["where plan.kind in ('layoff') and plan.month < $cutoff"]),
        ("up to for below", ["where plan.kind in ('hiring', 'layoff') and plan.month <= $cutoff"]),
        ("a join without one of its keys", [""]),
    ],
)
def test_a_fault_is_what_its_name_says(name: str, lines: list[str]) -> None:
    assert planted(name) == lines


def test_a_join_loses_one_key_alone() -> None:
    (fault,) = [fault for fault in sql_faults(STATEMENT) if fault.name == "a join without one of its keys"]
    assert "and plan.month = other.month" not in fault.planted(STATEMENT)
    assert "plan.item = other.item" in fault.planted(STATEMENT)


@soak_alone
@pytest.mark.slow
def test_a_sample_is_the_same_for_the_same_seed_and_every_mutant_differs_from_its_file() -> None:
    first, again = mutants(6, 3), mutants(6, 3)
    assert first == again
    assert first != mutants(6, 4)
    for mutant in first:
        assert mutant.text != (ROOT / mutant.file).read_text(encoding="utf-8")
    assert {mutant.file.split("/")[0] for mutant in first} == {"sql", "sop_pipeline"}
