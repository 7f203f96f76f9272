"""What a step makes is decided by what goes into it: one hash over all of that, its identity.

Steps are pure functions, so two of one identity make tables of the same content (``kept`` takes them over). Into it go
what each parameter of the step's functions, checks and shown parts is known by (``signature``), the versions of the
code and of its libraries, and the kind of machine. Not here: where what was made is kept.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Part, Step
from sop_pipeline.versions import versions


def identity(step: Step, given: Given) -> str:
    """Return the identity of ``step`` with what is ``given``, whose ``hashes`` have every table the step reads.

    Raises KeyError for a table without a hash, and TypeError for a setting of a type that has no form here.
    """
    given = replace(given, hashes={name: given.hashes[name] for name in step.reads})
    if step.reads_sources:
        given.sources()  # takes what was typed into books, which is read after it
    return digest(
        {
            "step": step.name,
            "makes": step.outputs,
            "cycle": given.cycle.name,
            "tables": given.hashes,
            "parts": [_known_by(part, given) for part in step.parts],
            "checks": {f"{check.table}.{check.name}": _known_by(check.part, given) for check in step.checks},
            "rules": [rule for rule in given.company.checks if rule.table in step.outputs],
            "shown": {table: _known_by(Part.of(function, ()), given) for table, function in step.shown.items()},
        }
    )


def digest(known: Mapping[str, Any]) -> str:
    """Return a hash over what is known, the versions at work and the kind of machine."""
    whole = {**known, "versions": versions(), "machine": platform.machine()}
    return hashlib.sha256(json.dumps(plain(whole), sort_keys=True).encode()).hexdigest()


def _known_by(part: Part, given: Given) -> dict[str, Any]:
    """The function by name, and each parameter by what it is known by."""
    function = f"{part.function.__module__}.{part.function.__qualname__}"
    return {"function": function, "parameters": {each.name: each.known_by(given) for each in part.parameters}}


def plain(value: Any) -> Any:
    """Return a value in the forms of JSON, equal where the values are; TypeError for one that has none."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal | date):
        return str(value)
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}  # also what no dump has
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(map(plain, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    raise TypeError(f"no form for a {type(value).__name__}, so nothing can be known by it")
