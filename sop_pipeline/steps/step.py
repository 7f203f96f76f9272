"""A step: functions of the library run in a row, the checks on what they make, and what is shown of it."""

from __future__ import annotations

import inspect
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from sop_pipeline.pointers import Want
from sop_pipeline.shown import Shown
from sop_pipeline.steps.signature import Given, Parameter, as_tables, parameters, returned
from sop_pipeline.validation import Finding


@dataclass(frozen=True)
class Part:
    """A function with what its signature says: how its parameters are filled, and what it makes."""

    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    makes: tuple[str, ...] = ()

    @classmethod
    def of(cls, function: Callable[..., Any], makes: Sequence[str] | None = None) -> Part:
        """Read a function's signature; ``makes`` for one whose return type cannot say."""
        return cls(function, parameters(function), returned(function) if makes is None else tuple(makes))

    def __call__(self, given: Given) -> Any:
        """Call the function with what is given."""
        return self.function(**{parameter.name: parameter.fill(given) for parameter in self.parameters})


@dataclass(frozen=True)
class Check:
    """A blocking check of one table: a function of tables and settings that answers with a ``Finding``."""

    table: str
    name: str
    function: Callable[..., Finding]

    @cached_property
    def part(self) -> Part:
        """The check's function with its parameters."""
        return Part.of(self.function, ())

    @property
    def meaning(self) -> str:
        """What must hold, in the words of the function."""
        return inspect.getdoc(self.function) or self.name


@dataclass(frozen=True)
class Step:
    """One step of the month.

    ``parts`` run in order, later ones seeing what earlier ones made. ``kinds`` are the engines at work, ``does`` is a
    sentence for people; ``shown`` maps a table to the function that picks what is shown of it.
    """

    name: str
    does: str
    parts: tuple[Part, ...]
    kinds: tuple[str, ...] = ("duckdb",)
    checks: tuple[Check, ...] = ()
    shown: Mapping[str, Callable[..., Shown]] = field(default_factory=dict)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The tables it makes."""
        return tuple(table for part in self.parts for table in part.makes)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The tables of earlier steps it reads: its edges."""
        wanted = dict.fromkeys(table for part in self.parts for each in part.parameters for table in each.reads)
        return tuple(table for table in wanted if table not in self.outputs)

    @cached_property
    def past(self) -> tuple[Want, ...]:
        """What it and its checks read of earlier cycles."""
        parts = (*self.parts, *(check.part for check in self.checks))
        return tuple(dict.fromkeys(want for part in parts for each in part.parameters for want in each.past))

    @cached_property
    def settings(self) -> frozenset[str]:
        """The settings of the company it may read."""
        return frozenset(name for part in self.parts for each in part.parameters for name in each.settings)

    @cached_property
    def reads_sources(self) -> bool:
        """Whether it reads the company's files."""
        return any(each.sources for part in self.parts for each in part.parameters)

    def make(self, given: Given) -> dict[str, pa.Table]:
        """Make the step's tables."""
        made: dict[str, pa.Table] = {}
        for part in self.parts:
            at_hand = replace(given, tables=ChainMap(made, given.tables))  # type: ignore[arg-type]  # reads alone
            made.update(as_tables(part.makes, part(at_hand)))
        return made

    def show(self, table: str, given: Given) -> Shown:
        """Return what is shown of a table beside its rows; ``given`` has what the step read and made."""
        return Part.of(self.shown[table], ())(given) if table in self.shown else {}


def step(
    *functions: Callable[..., Any],
    does: str,
    name: str = "",
    makes: Sequence[str] | None = None,
    kinds: Sequence[str] = ("duckdb",),
    checks: Sequence[Check] = (),
    shown: Mapping[str, Callable[..., Shown]] | None = None,
) -> Step:
    """Declare a step of ``functions``, named after the first unless it has a ``name`` of its own.

    ``makes`` names the tables of a function that returns them as a mapping.
    """
    parts = tuple(Part.of(function, makes) for function in functions)
    return Step(name or functions[0].__name__, does, parts, tuple(kinds), tuple(checks), dict(shown or {}))
