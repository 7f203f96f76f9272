"""Joins that compare every row of one side with every row of the other, found in a statement's plan.

DuckDB hashes a join that has an equality between its two sides, and walks both sides in order for an ``asof`` join. Any
other join costs the product of its sides, unless one of them is a single row (an aggregate without groups) or comes
from no table (a list of months ahead).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_EVERY_PAIR = {"BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "IE_JOIN", "NESTED_LOOP_JOIN", "PIECEWISE_MERGE_JOIN"}
_CONSTANTS = {"COLUMN_DATA_SCAN", "DUMMY_SCAN", "RANGE"}

Plan = dict[str, Any]


def every_pair(plan: Plan) -> list[str]:
    """Return what each such join of a plan is: its operator and its condition."""
    return list(
        _every_pair(plan, {node["extra_info"]["Table Index"]: node for node in _walk(plan) if _is(node, "CTE")})
    )


def _every_pair(plan: Plan, expressions: dict[str, Plan]) -> Iterator[str]:
    for node in _walk(plan):
        if node["name"].strip() in _EVERY_PAIR and not any(_is_small(side, expressions) for side in node["children"]):
            condition = node["extra_info"].get("Conditions") or node["extra_info"].get("Condition") or ""
            yield f"{node['name'].strip()} {condition}".strip()


def _walk(plan: Plan) -> Iterator[Plan]:
    yield plan
    for child in plan["children"]:
        yield from _walk(child)


def _is(node: Plan, operator: str) -> bool:
    return bool(node["name"].strip() == operator)


def _is_small(node: Plan, expressions: dict[str, Plan]) -> bool:
    """Whether the rows of a node are one, or come from no table: not more of them as tables grow."""
    if _is(node, "CTE_SCAN"):
        return _is_small(expressions[node["extra_info"]["CTE Index"]]["children"][0], expressions)
    if _is(node, "UNGROUPED_AGGREGATE"):
        return True
    if not node["children"]:
        return node["name"].strip() in _CONSTANTS
    return all(_is_small(child, expressions) for child in node["children"])
