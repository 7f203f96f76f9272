"""What a function reads and makes, from its signature.

A parameter is filled by its type:

- ``pa.Table``: the registry table of the parameter's name;
- a dataclass of tables: the registry tables its fields are named after;
- ``Company``, or a protocol that names some of its settings; ``Cycle``; ``Snapshot`` (the cycle's source files);
- ``DecisionLog``, ``EntryLog``: what was decided, and what was typed into books, in the company's lake;
- a ``PastCycle | None``, or a ``Sequence`` of one: tables of the last cycle, or of every earlier one;
- ``Mapping[str, pa.Table]``: all tables at hand (for checks).

A returned ``pa.Table`` is the table named after the function; a returned dataclass has the tables of its fields.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.ingest import Snapshot
from sop_pipeline.inputs.log import EntryLog
from sop_pipeline.past import Earlier, PastCycle, tables_of
from sop_pipeline.pointers import Want


@dataclass(frozen=True)
class Given:
    """All that a step may read: the cycle's tables so far, the company, the cycle, earlier cycles, source files."""

    tables: Mapping[str, pa.Table]
    company: Company
    cycle: Cycle
    earlier: Earlier
    sources: Callable[[], Snapshot]


@dataclass(frozen=True)
class Parameter:
    """One parameter: the tables, past tables and settings it reads, and how it is filled."""

    name: str
    fill: Callable[[Given], Any]
    reads: tuple[str, ...] = ()
    past: tuple[Want, ...] = ()
    settings: tuple[str, ...] = ()
    sources: bool = False


def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return how each parameter of a function is filled; TypeError names one whose type says nothing."""
    hints = typing.get_type_hints(function)
    wanted = inspect.signature(function).parameters
    return tuple(_parameter(name, hints[name], function) for name in wanted)


def returned(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the tables a function makes."""
    kind = typing.get_type_hints(function)["return"]
    if kind is pa.Table:
        return _registered((function.__name__,), function)
    if dataclasses.is_dataclass(kind):
        return _registered(_fields(kind), function)
    raise TypeError(f"{function.__qualname__} returns {kind}; needed a pa.Table or a dataclass of tables")


def as_tables(makes: Sequence[str], result: Any) -> dict[str, pa.Table]:
    """Return what a function made, by table: its one table, the fields of a dataclass, or a mapping as it is."""
    if isinstance(result, pa.Table):
        return {makes[0]: result}
    return {name: result[name] if isinstance(result, Mapping) else getattr(result, name) for name in makes}


def _parameter(name: str, kind: Any, function: Callable[..., Any]) -> Parameter:
    plain = _without_none(kind)
    if plain is pa.Table:
        _registered((name,), function)
        return Parameter(name, lambda given: given.tables[name], reads=(name,))
    if kind is Cycle:
        return Parameter(name, lambda given: given.cycle)
    if kind is Snapshot:
        return Parameter(name, lambda given: given.sources(), sources=True)
    if kind in (DecisionLog, EntryLog):
        return Parameter(name, lambda given: kind(given.earlier.lake.root))
    if kind is Company or getattr(kind, "_is_protocol", False):
        return Parameter(name, lambda given: given.company, settings=_settings(kind))
    if typing.get_origin(kind) is Mapping:
        return Parameter(name, lambda given: given.tables)
    if _is_past(plain):
        return Parameter(name, lambda given: given.earlier.last(plain), past=(Want(tables_of(plain), False),))
    if typing.get_origin(kind) is Sequence and _is_past(typing.get_args(kind)[0]):
        (every,) = typing.get_args(kind)
        return Parameter(name, lambda given: given.earlier.every(every), past=(Want(tables_of(every), True),))
    if dataclasses.is_dataclass(plain) and isinstance(plain, type):
        names = _registered(_fields(plain), function)
        return Parameter(name, lambda given: plain(**{each: given.tables[each] for each in names}), reads=names)
    raise TypeError(f"{function.__qualname__}: no step can fill parameter {name} of type {kind}")


def _without_none(kind: Any) -> Any:
    """The type without ``| None``."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    left = [each for each in typing.get_args(kind) if each is not types.NoneType]
    return left[0] if len(left) == 1 else kind


def _is_past(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, PastCycle)


def _settings(kind: Any) -> tuple[str, ...]:
    """The settings a company type has: all of ``Company`` that change a plan, or a protocol's members."""
    if kind is Company:
        return tuple(name for name, field in Company.model_fields.items() if not field.exclude)
    own = [vars(base) for base in kind.__mro__ if getattr(base, "_is_protocol", False) and base is not typing.Protocol]
    members = {name for part in own for name in part.get("__annotations__", {})}
    return tuple(sorted(members | {name for part in own for name in part if isinstance(part[name], property)}))


def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _registered(names: Iterable[str], function: Callable[..., Any]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in tables.REGISTRY]
    if unknown:
        raise TypeError(f"{function.__qualname__}: no tables of the registry: {', '.join(unknown)}")
    return tuple(names)
