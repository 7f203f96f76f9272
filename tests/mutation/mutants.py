"""Which faults are planted: a sample of all that the files behind tables and figures can have, drawn by a seed."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from cosmic_ray import plugins
from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import MutationVisitor, mutate_code

from tests.mutation.sql_faults import SIBLINGS, Fault, sql_faults

ROOT = Path(__file__).resolve().parents[2]
SQL = ("sql/reconciliation", "sql/supply", "sql/demand")
PYTHON = (
    *("sop_pipeline/reconciliation", "sop_pipeline/supply/strategies/comparison", "sop_pipeline/supply/schedule"),
    *("sop_pipeline/supply/strategies/results", "sop_pipeline/supply/strategies/options"),
    *("sop_pipeline/supply/problem/cycle", "sop_pipeline/supply/problem/data", "sop_pipeline/demand/consensus"),
)
OPERATORS = (
    *("ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div"),
    *("ReplaceBinaryOperator_Div_Mul", "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_LtE_Lt"),
    *("ReplaceComparisonOperator_Gt_GtE", "ReplaceComparisonOperator_GtE_Gt", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "NumberReplacer", "AddNot"),
)
"""Operators of cosmic-ray; those that only break the program are left out."""


@dataclass(frozen=True)
class Mutant:
    """A file with one fault: where, what, and its whole text with the fault and without."""

    file: str
    line: int
    fault: str
    text: str
    right: str


def mutants(count: int, seed: int) -> list[Mutant]:
    """Draw mutants, half in SQL and half in Python, by turns; each fault of the half is equally likely.

    A smaller sample of a seed is the beginning of a larger one, and a run that is cut short has as many of either.
    """
    chance = np.random.default_rng(seed)
    drawn = [
        _drawn(places, size, chance) for places, size in zip(_halves(), (count - count // 2, count // 2), strict=True)
    ]
    by_turns = chain.from_iterable(zip_longest(*drawn))
    return [_mutant(*place) for place in by_turns if place]


Place = tuple[Path, str, Fault | int]


@functools.cache
def _halves() -> tuple[list[Place], list[Place]]:
    """Every place in SQL and in Python where a fault can be."""
    return list(_in_sql()), list(_in_python())


def _drawn(places: list[Place], count: int, chance: np.random.Generator) -> list[Place]:
    return [places[number] for number in chance.permutation(len(places))[:count]]


def _files(folders: tuple[str, ...], ending: str) -> Iterator[Path]:
    return (path for folder in folders for path in sorted((ROOT / folder).rglob(f"*{ending}")))


def _in_sql() -> Iterator[Place]:
    for path in _files(SQL, ".sql"):
        for fault in sql_faults(path.read_text(encoding="utf-8")):
            yield path, fault.name, fault


def _in_python() -> Iterator[Place]:
    """Places of cosmic-ray's operators, and columns named in quotes that are taken for a sibling."""
    for path in _files(PYTHON, ".py"):
        text = path.read_text(encoding="utf-8")
        for name in OPERATORS:
            for occurrence in range(_places(text, name)):
                yield path, name, occurrence
        for pair in SIBLINGS:
            for one, other in (pair, pair[::-1]):
                for match in re.finditer(rf'(?<=")\b{one}\b(?=")', text):
                    yield path, f"{other} for {one}", Fault(one, match.start(), match.end(), other)


def _operator(name: str) -> object:
    return plugins.get_operator(f"core/{name}")()


def _places(text: str, name: str) -> int:
    """How often an operator applies to a file: the visitor counts them when none is mutated."""
    visitor = MutationVisitor(-1, _operator(name))
    visitor.walk(get_ast(text))
    return int(visitor._count)


def _mutant(path: Path, fault: str, place: Fault | int) -> Mutant:
    text = path.read_text(encoding="utf-8")
    changed = place.planted(text) if isinstance(place, Fault) else mutate_code(text, _operator(fault), place)
    lines = zip(text.splitlines(), str(changed).splitlines(), strict=False)
    line = next((number for number, (old, new) in enumerate(lines, start=1) if old != new), 0)
    return Mutant(str(path.relative_to(ROOT)), line, fault, str(changed), text)
