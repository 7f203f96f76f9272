"""Which tables a statement names, and in what order it comes to them, from DuckDB's own parse of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb


def parsed(connection: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """Return DuckDB's syntax tree of a query; duckdb.ParserException where it is none."""
    (tree,) = connection.execute("select json_serialize_sql($text)", {"text": text}).fetchone() or ("{}",)
    result: dict[str, Any] = json.loads(tree)
    if result["error"]:
        raise duckdb.ParserException(f"{result['error_message']} at character {result.get('position', '?')}")
    return result


def tables_in(tree: Any, inside: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the tables named in a syntax tree that are none of its own common table expressions."""
    if isinstance(tree, list):
        for node in tree:
            yield from tables_in(node, inside)
    if not isinstance(tree, dict):
        return
    if tree.get("type") == "RECURSIVE_CTE_NODE":
        inside = inside | {tree["cte_name"]}
    if tree.get("type") == "BASE_TABLE" and tree["table_name"] not in inside:
        yield tree["table_name"]
    for expression in tree.get("cte_map", {}).get("map", []):
        yield from tables_in(expression["value"], inside)
        inside = inside | {expression["key"]}
    for key, node in tree.items():
        if key != "cte_map":
            yield from tables_in(node, inside)


def late_imports(tree: dict[str, Any]) -> list[str]:
    """Return the common table expressions that read tables alone and yet come after one that reads another."""
    expressions = tree["statements"][0]["node"]["cte_map"]["map"]
    names = {expression["key"] for expression in expressions}
    alone = [names.isdisjoint(tables_in(expression["value"])) for expression in expressions]
    first = alone.index(False) if False in alone else len(alone)
    return [
        expression["key"] for expression, imports in zip(expressions[first:], alone[first:], strict=True) if imports
    ]
