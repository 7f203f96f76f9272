"""Writes the reference pages from the code itself, so that they cannot drift.

``docs/reference/tables.md`` comes from the registry, ``settings.md`` from the pydantic models of ``sop.yaml``. A test
compares the pages with what this module writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from sop_pipeline import config
from sop_pipeline.connections.settings import KINDS
from sop_pipeline.tables import INPUTS, OUTPUTS, PLANNING, REPLAY, RESULTS
from sop_pipeline.tables.schema import Column, Table

PAGES = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[str, str]:
    """Return file name to text of every generated page."""
    return {"tables.md": tables_page(), "settings.md": settings_page()}


def write(folder: Path = PAGES) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def tables_page() -> str:
    """Return the page of all tables: grain, key, columns."""
    known = {table.name for table in INPUTS}
    own = [table for table in PLANNING if table.name not in known]
    parts = [
        "# Tables\n\nGenerated from `sop_pipeline/tables/`; `make reference` rewrites it. In the lake months are "
        "dates (the first of the month), quantities DECIMAL(18,4), money DECIMAL(18,2), rates DECIMAL(18,6); in "
        "exported files months read `YYYY-MM`.\n",
        "## Input tables of a company folder\n",
        *map(_table, INPUTS),
        "## Further tables of a planning folder (`sop plan`)\n",
        *map(_table, own),
        "## What `sop plan` writes\n",
        *map(_table, RESULTS),
        "## Output tables of a cycle\n",
        *map(_table, OUTPUTS),
        "## What `sop backtest` writes\n",
        *map(_table, REPLAY.values()),
    ]
    return "\n".join(parts)


def settings_page() -> str:
    """Return the page of ``sop.yaml``: every field, its default and meaning."""
    sections: list[tuple[str, type[BaseModel]]] = [
        ("sop.yaml", config.Company),
        ("sources.TABLE", config.Source),
        ("sources.TABLE.wide", config.Wide),
        *((f"connections.NAME of type {', '.join(kind.types())}", kind) for kind in KINDS),
        ("periods", config.Periods),
        ("forecast", config.Forecasting),
        ("supply", config.Supply),
        ("finance", config.Finance),
        ("tolerances", config.Tolerances),
        ("freshness", config.Freshness),
        ("packs", config.Packs),
        ("operation", config.Operation),
        ("checks", config.Rule),
        ("notices", config.Notices),
        ("reviews", config.Review),
        ("mail", config.MailServer),
        ("delivery", config.Delivery),
        ("scenarios", config.Scenario),
    ]
    parts = ["# Settings\n\nEvery field of `sop.yaml`, generated from `sop_pipeline/config.py`.\n"]
    parts.extend(f"## {title}\n\n{_fields(model)}" for title, model in sections)
    return "\n".join(parts)


def _table(table: Table) -> str:
    key = f" Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    head = f"### {table.name}\n\n{table.meaning[0].upper()}{table.meaning[1:]}. Grain: {table.grain}.{key}\n"
    return head + "\n" + _grid(("column", "kind", "unit", "required", "meaning"), map(_column, table.columns)) + "\n"


def _column(column: Column) -> tuple[str, ...]:
    rules = []
    if column.minimum is not None:
        rules.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        rules.append(f"at most {column.maximum:g}")
    if column.one_of:
        rules.append("one of " + ", ".join(column.one_of))
    meaning = "; ".join([column.meaning, *rules])
    return f"`{column.name}`", str(column.kind), column.unit, "yes" if column.required else "", meaning


def _fields(model: type[BaseModel]) -> str:
    rows = []
    for name, field in model.model_fields.items():
        default = "required" if field.is_required() else _default(field.get_default(call_default_factory=True))
        rows.append((f"`{name}`", _type(field.annotation), default, field.description or "see below"))
    return _grid(("field", "type", "default", "meaning"), rows) + "\n"


def _default(value: Any) -> str:
    return "see below" if isinstance(value, BaseModel) else f"`{value!r}`"


def _type(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0])
    if get_origin(annotation) is None:
        return getattr(annotation, "__name__", str(annotation))
    if get_origin(annotation) is Annotated:  # what else it has to be is said in words
        return _type(get_args(annotation)[0])
    inner = ", ".join(_type(part) if not isinstance(part, str) else part for part in get_args(annotation))
    name = getattr(get_origin(annotation), "__name__", str(get_origin(annotation)))
    return inner if name in ("Literal", "UnionType", "Union") else f"{name} of {inner}"


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines) + "\n"


if __name__ == "__main__":
    write()
