"""How an asset is described: who answers for it, what it is to the company, where its code is.

All of it follows from the registry, the step and ``sop.yaml``; nothing is written down a second time here. Not here:
what is measured of a table when it is made (``sop_pipeline.steps.figures``).
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

import dagster as dg

from assets.resources import CompanyResource
from sop_pipeline import tables
from sop_pipeline.company_folder import PROJECT, slug
from sop_pipeline.config import WHOLE
from sop_pipeline.steps.step import Part, Step

ANSWERS = {
    "ingest": "data_engineering",
    "portfolio": "product_development",
    "demand": "sales",
    "supply": "production",
    "reconciliation": "finance",
    "packs": "data_engineering",
}
"""By group: the department that answers for its tables; who that is says ``owners`` in sop.yaml."""


def owners(company: CompanyResource, group: str) -> list[str]:
    """Return who answers for a group's tables, as Dagster writes it: an address, or ``team:`` and a name."""
    department = ANSWERS[group]
    named: Any = dict(company.at_load.owners).get(department) if company.at_load else None  # type: ignore[call-overload]
    name = str((named.get(WHOLE) if isinstance(named, dict) else named) or department)
    return [name if "@" in name else f"team:{slug(name)}"]


def tags(company: CompanyResource, table: str) -> dict[str, str]:
    """Return what an asset can be found by: its company, and what its table is to it."""
    return {"sop/company": company.key, "sop/tier": tier(table)}


def due(company: CompanyResource, table: str) -> dict[str, str]:
    """Return by when an input has to be in, for which review, and who is asked; nothing where none waits for it."""
    reviews = sorted(company.at_load.reviews if company.at_load else (), key=lambda review: review.working_day)
    first = next((review for review in reviews if table in review.waits_for), None)
    return {"due": f"working day {first.working_day}, {first.name}: {first.owner}"} if first else {}


def of_packs(company: CompanyResource) -> dict[str, Any]:
    """Return what the assets behind the last step have in common."""
    return {
        "group_name": "packs",
        "partitions_def": company.cycles,
        "owners": owners(company, "packs"),
        "tags": {"sop/company": company.key, "sop/tier": "deliverable"},
    }


def tier(table: str) -> str:
    """Return ``input``, ``deliverable`` or ``working``."""
    if any(each.name == table for each in tables.DELIVERABLES):
        return "deliverable"
    return "input" if any(each.name == table for each in tables.INPUTS) else "working"


def code_version(step: Step, table: str) -> str:
    """Return a hash of the sources of the room that makes a table, its Python and its SQL."""
    _, *rooms = _maker(step, table).function.__module__.split(".")
    return _room_version(rooms[-1] if rooms[0] == "steps" else rooms[0])


@functools.cache
def _room_version(room: str) -> str:
    digest = hashlib.sha256()
    for place in (PROJECT / "sop_pipeline" / room, PROJECT / "sql" / room):
        for path in sorted(path for path in place.rglob("*") if path.suffix in (".py", ".sql")):
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def code_references(step: Step, table: str) -> dg.CodeReferencesMetadataValue:
    """Return where a table is made: the function, and the statement of its name where there is one."""
    function = _maker(step, table).function
    places = [(function.__code__.co_filename, function.__code__.co_firstlineno, function.__name__)]
    places += [(str(path), 1, f"SQL of {table}") for path in _statements().get(table, ())]
    found = [dg.LocalFileCodeReference(file_path=file, line_number=line, label=name) for file, line, name in places]
    return dg.CodeReferencesMetadataValue(code_references=list(found))


@functools.cache
def _statements() -> dict[str, list[Path]]:
    """Every statement by its name."""
    found: dict[str, list[Path]] = {}
    for path in sorted((PROJECT / "sql").rglob("*.sql")):
        found.setdefault(path.stem, []).append(path)
    return found


def _maker(step: Step, table: str) -> Part:
    return next(part for part in step.parts if table in part.makes)
