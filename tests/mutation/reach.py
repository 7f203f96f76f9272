"""What a piece of work runs of the code: functions by file and first line, and SQL statements by file.

A fault in what is not run changes nothing, so the steps and tests that do not reach it need not be run to know.
"""

from __future__ import annotations

import ast
import functools
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

from tests.mutation.mutants import ROOT, Mutant

Reached = dict[str, set[int]]
"""By file, the first lines of the functions that ran; of a statement, no lines."""


@contextmanager
def watched() -> Iterator[Reached]:
    """Note what runs inside, in this thread and in those it starts; the result is filled at the end."""
    reached: Reached = {}
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        seen.add(frame.f_code)

    from sop_pipeline import sql

    render = sql.text

    def text(name: str, **structure: object) -> str:
        reached.setdefault(f"sql/{name}.sql", set())
        return render(name, **structure)

    before = sys.gettrace()
    sql.text = text
    threading.settrace(note)
    sys.settrace(note)
    try:
        yield reached
    finally:
        sys.settrace(before)
        threading.settrace(before)  # type: ignore[arg-type]  # None ends it
        sql.text = render
        for code in seen:
            path = Path(code.co_filename)
            if path.is_relative_to(ROOT):
                reached.setdefault(str(path.relative_to(ROOT)), set()).add(code.co_firstlineno)


def reaches(reached: Reached, mutant: Mutant) -> bool:
    """Whether the line of a fault was run, or may have been: what is done on import, by all that import it."""
    if mutant.file.endswith(".sql"):
        return mutant.file in reached
    first = _function(mutant)
    if first is None:
        return not importers(mutant.file).isdisjoint(reached)
    return first in reached.get(mutant.file, set())


@functools.cache
def importers(file: str) -> frozenset[str]:
    """A file of the project and all that import it, by way of others or not: who may use what is done on its import."""
    found, new = {file}, {file}
    while new:
        new = {name for name, imported in _imports().items() if not imported.isdisjoint(new)} - found
        found |= new
    return frozenset(found)


@functools.cache
def _imports() -> dict[str, set[str]]:
    """By file, the project's files that it imports, anywhere in it; a package is its ``__init__``."""
    files = {str(path.relative_to(ROOT)): path for path in (ROOT / "sop_pipeline").rglob("*.py")}
    modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in files}
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        wanted = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        found[name] = {modules[module] for module in wanted & modules.keys()}
    return found


def _function(mutant: Mutant) -> int | None:
    """First line of the innermost function with the fault in its body; None where there is none, or it is cached."""
    tree = ast.parse((ROOT / mutant.file).read_text(encoding="utf-8"))
    inside = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= mutant.line <= (node.end_lineno or 0)
    ]
    if not inside or any("cache" in ast.unparse(each) for node in inside for each in node.decorator_list):
        return None
    innermost = max(inside, key=lambda node: node.lineno)
    return min([innermost.lineno, *(each.lineno for each in innermost.decorator_list)])
