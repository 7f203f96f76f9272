"""What a function reads and makes, from its signature.

A parameter is filled by its type:

- ``pa.Table``: the registry table of the parameter's name;
- a dataclass of tables: the registry tables its fields are named after;
- ``Company``, or a protocol that names some of its settings; ``Cycle``; ``Snapshot`` (the cycle's source files);
- ``DecisionLog``, ``EntryLog``: what was decided, and what was typed into books, in the company's lake;
- a ``PastCycle | None``, or a ``Sequence`` of one: tables of the last cycle, or of every earlier one;
- ``Mapping[str, pa.Table]``: all tables at hand (for checks).

A returned ``pa.Table`` is the table named after the function; a returned dataclass has the tables of its fields.

Every kind of parameter also says what it is known by: what of it, beside the code, decides what a function makes of it.
What one reads and this does not tell would be re-used when it should not (``identity``).
"""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    hashes: Mapping[str, str] = field(default_factory=dict)
    """Content hashes of the tables, where they are known; what a step makes itself is not among them."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: how it is filled, what it is known by, and the tables, past tables and settings it reads."""

    name: str
    fill: Callable[[Given], Any]
    known_by: Callable[[Given], Any]
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
        (table,) = _registered((name,), function)
        return Parameter(name, lambda given: given.tables[table], _hashes_of((table,)), reads=(table,))
    if kind is Cycle:
        return Parameter(name, lambda given: given.cycle, lambda given: given.cycle.name)
    if kind is Snapshot:
        return Parameter(name, lambda given: given.sources(), lambda given: given.sources().known_by, sources=True)
    if kind is DecisionLog:
        return Parameter(name, _decisions, lambda given: _decisions(given).until(given.cycle))
    if kind is EntryLog:
        return Parameter(name, _entries, _typed_before)
    if kind is Company or getattr(kind, "_is_protocol", False):
        settings = _settings(kind)
        return Parameter(name, lambda given: given.company, _values_of(settings), settings=settings)
    if typing.get_origin(kind) is Mapping:  # a check's: what its step reads and makes, which is known without it
        return Parameter(name, lambda given: given.tables, lambda _: None)
    if _is_past(plain):
        last = (Want(tables_of(plain), False),)
        return Parameter(
            name, lambda given: given.earlier.last(plain), lambda given: given.earlier.last_known_by(plain), past=last
        )
    if typing.get_origin(kind) is Sequence and _is_past(typing.get_args(kind)[0]):
        (each,) = typing.get_args(kind)
        every = (Want(tables_of(each), True),)
        return Parameter(
            name, lambda given: given.earlier.every(each), lambda given: given.earlier.every_known_by(each), past=every
        )
    if dataclasses.is_dataclass(plain) and isinstance(plain, type):
        names = _registered(_fields(plain), function)
        return Parameter(
            name, lambda given: plain(**{each: given.tables[each] for each in names}), _hashes_of(names), reads=names
        )
    raise TypeError(f"{function.__qualname__}: no step can fill parameter {name} of type {kind}")


def _hashes_of(names: Sequence[str]) -> Callable[[Given], Any]:
    """Content hashes; a table without one is made by the step itself, of what it is known by."""
    return lambda given: {name: given.hashes.get(name) for name in names}


def _values_of(settings: Sequence[str]) -> Callable[[Given], Any]:
    return lambda given: {name: getattr(given.company, name) for name in settings}


def _decisions(given: Given) -> DecisionLog:
    return DecisionLog(given.earlier.lake.root)


def _entries(given: Given) -> EntryLog:
    return EntryLog(given.earlier.lake.root)


def _typed_before(given: Given) -> list[Any]:
    """What was typed into the cycle's books, and what is carried on from earlier ones."""
    log = _entries(given)
    return [*log.of(given.cycle), *log.carried(given.cycle)]


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
