"""Prepares every statement on empty tables, so that a wrong table, column or word is an error before any data comes.

A name that a statement reads is, in this order: a table that Python makes, declared in ``given.sql`` of its folder or
one above; a table of the registry; a statement of the same folder; the one statement of that name in the same room.
The shape of a statement's rows is what DuckDB says of it over the empty tables that it reads in turn.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

from sop_pipeline import sql, tables
from sop_pipeline.statements.header import BadStatement, Header, header_of
from sop_pipeline.statements.reads import late_imports, parsed, tables_in

FAULTS = (BadStatement, duckdb.Error, jinja2.TemplateError, yaml.YAMLError)
"""What may be wrong with a statement."""
GIVEN = "given"
Shape = list[tuple[str, str]]
"""Column names and DuckDB types, in order."""

_EXAMPLES: dict[str, Any] = {
    "bigint": 1,
    "bigint[]": [1],
    "boolean": True,
    "date": date(2026, 1, 1),
    "decimal": Decimal("1.00"),
    "double": 0.5,
    "double[]": [0.5],
    "file": __file__,
    "varchar": "x",
    "varchar[]": ["x"],
}
"""A value to bind for every type that a header may name."""
_NARROW = 18
"""Up to so many digits DuckDB computes a product of decimals in 64 bits."""
_PLANS_AS_OF_LARGE_TABLES = """
set disabled_optimizers = 'empty_result_pullup,statistics_propagation'
"""
"""Settings under which empty tables are joined as if they had rows, not left out."""


class FaultyRead(BadStatement):
    """A statement that cannot be prepared because one that it reads cannot."""


def read_folder(folder: Path) -> dict[str, str]:
    """Return name to text of every ``.sql`` file of a folder."""
    paths = sorted(folder.rglob("*.sql"))
    return {path.relative_to(folder).with_suffix("").as_posix(): path.read_text(encoding="utf-8") for path in paths}


@dataclass(frozen=True)
class Catalogue:
    """Statements by name, with their texts, and the shapes found so far."""

    texts: dict[str, str]
    shapes: dict[str, Shape] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the statements; the macros and what ``given.sql`` declares are none."""
        return [name for name in self.texts if "/" in name and name.rsplit("/", 1)[-1] != GIVEN]

    def header(self, name: str) -> Header:
        """Return what a statement says of itself."""
        return header_of(self.texts[name])

    def check(self, name: str) -> None:
        """Prepare a statement in each of its structures; BadStatement or duckdb.Error says what is wrong."""
        _refuse_narrow(self.texts[name])
        read: set[str] = set()
        bound: set[str] = set()
        for text in self._renderings(name):
            with self._prepared(name, text) as (connection, values):
                _described(connection, text, values)
                tree = parsed(connection, text)
            read.update(tables_in(tree))
            late = late_imports(tree)
            if late:
                raise BadStatement(f"{late[0]} reads tables alone: it belongs before what reads other expressions")
            bound.update(sql.parameters(text))
        header = self.header(name)
        _agree("reads", read, set(header.reads))
        _agree("binds", bound, set(header.binds))

    def plans(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the plan of a statement in each of its structures."""
        for text in self._renderings(name):
            with self._prepared(name, text) as (connection, values):
                rows = connection.execute(f"explain (format json) {text}", values).fetchall()
            yield json.loads(rows[0][1])[0]

    def shape(self, name: str) -> Shape:
        """Return the columns of a statement's rows, in the first of its structures."""
        if name not in self.shapes:
            text = self._renderings(name)[0]
            with self._prepared(name, text) as (connection, values):
                self.shapes[name] = _described(connection, text, values)
        return self.shapes[name]

    def _shape_read(self, name: str) -> Shape:
        try:
            return self.shape(name)
        except FAULTS as error:
            raise FaultyRead(f"reads {name}, which has a fault of its own") from error

    def _renderings(self, name: str) -> list[str]:
        template = sql.environment(sql.SQL_FOLDER).from_string(self.texts[name])
        return [template.render(**structure) for structure in self.header(name).structures]

    @contextmanager
    def _prepared(self, name: str, text: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any] | None]]:
        """Open a session with the tables that one rendering of a statement reads, and give it values to bind."""
        header = self.header(name)
        values = {bound: _example(header.binds, bound) for bound in sql.parameters(text)}
        with sql.reading(threads=1) as connection:
            connection.execute(_PLANS_AS_OF_LARGE_TABLES)
            given = self._give(connection, name)
            for table in set(tables_in(parsed(connection, text))) - given:
                if table not in header.reads:
                    raise BadStatement(f"`reads` lacks {table}")
                _create(connection, table, self._shape_of(header.reads[table], name))
            yield connection, values or None

    def _give(self, connection: duckdb.DuckDBPyConnection, reader: str) -> set[str]:
        """Make the tables that Python makes for the statements of a folder and those above it; return their names."""
        folders = reader.split("/")[:-1]
        declared = [self.texts.get("/".join([*folders[:depth], GIVEN]), "") for depth in range(1, len(folders) + 1)]
        text = "\n".join(declared)
        for table in tables.REGISTRY:
            if re.search(rf"\bfrom {table}\b", text):
                _create(connection, table, _registered(table))
        connection.execute(text)
        return set(re.findall(r"^create temp (?:table|view) (\w+)", text, re.MULTILINE))

    def _shape_of(self, source: str, reader: str) -> Shape:
        """Return the columns of what ``reader`` reads under the name ``source``."""
        if source in tables.REGISTRY:
            return _registered(source)
        folder, room = reader.rsplit("/", 1)[0], reader.split("/", 1)[0]
        for name in (f"{folder}/{source}", source):
            if name in self.texts:
                return self._shape_read(name)
        matches = [name for name in self.names if f"/{name}".endswith(f"/{source}") and name.startswith(f"{room}/")]
        if len(matches) != 1:
            raise BadStatement(f"reads {source!r}: no table of the registry, and {len(matches)} statements of {room}")
        return self._shape_read(matches[0])


@functools.cache
def _registered(name: str) -> Shape:
    with sql.reading({"registered": tables.get(name).arrow.empty_table()}, threads=1) as connection:
        return _described(connection, "from registered")


def _described(connection: duckdb.DuckDBPyConnection, text: str, values: dict[str, Any] | None = None) -> Shape:
    return [(name, kind) for name, kind, *_ in connection.execute(f"describe {text}", values).fetchall()]


def _create(connection: duckdb.DuckDBPyConnection, name: str, shape: Shape) -> None:
    columns = ", ".join(f'"{column}" {kind}' for column, kind in shape)
    connection.execute(f'create or replace temp table "{name}" ({columns})')


def _example(binds: dict[str, str], name: str) -> Any:
    try:
        return _EXAMPLES[binds[name]]
    except KeyError:
        raise BadStatement(f"`binds` has no ${name} of a type among {', '.join(_EXAMPLES)}") from None


def _refuse_narrow(text: str) -> None:
    """DuckDB gives a product of decimals of up to 18 digits 18 digits too, and stops at what is larger."""
    for written, digits in re.findall(r"(decimal\((\d+)[^)]*\))", text, re.IGNORECASE):
        if int(digits) <= _NARROW:
            raise BadStatement(f"{written}: a product of it may overflow; write decimal({sql.DIGITS}, ...)")


def _agree(entry: str, needed: set[str], stated: set[str]) -> None:
    if needed != stated:
        missing, idle = ", ".join(sorted(needed - stated)), ", ".join(sorted(stated - needed))
        raise BadStatement(
            f"`{entry}` lacks {missing or 'nothing'} and has {idle or 'nothing'} that the statement does not"
        )
