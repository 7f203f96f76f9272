"""The drawing of docs/architecture.md is true: rooms and arrows are those of the imports, and none go in a circle."""

from __future__ import annotations

import ast
import functools
import graphlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text()


@functools.cache
def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name."""
    paths = [path for top in ("sop_pipeline", "assets") for path in (ROOT / top).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@functools.cache
def imported(module: str) -> frozenset[str]:
    """The project's modules that a module imports, anywhere in its file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(modules()[module].read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names.update(name if name in modules() else node.module for name in whole)
    return frozenset(names & set(modules()) - {module})


def room(module: str) -> str:
    """The room a module lies in: a folder, the command, or the ground that all share."""
    return "ground" if place(module) in ground() else place(module)


def place(module: str) -> str:
    """The folder, or the module beside the folders, that a module lies in."""
    return module if module == "sop_pipeline" else module.removeprefix("sop_pipeline.").split(".")[0]


@functools.cache
def ground() -> tuple[str, ...]:
    """What the page lists as the ground, in order: modules and folders that any room may import."""
    listed = re.search(r"\*\*The ground\*\* is (.*?)\n\n", PAGE, re.DOTALL)
    assert listed
    return ("sop_pipeline", *re.findall(r"`([a-z_]+)`", listed[1]))


def drawing() -> str:
    found = re.search(r"```mermaid\nflowchart TD\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def drawn() -> set[tuple[str, str]]:
    arrows = re.findall(r"^ *(\w+) --> ([\w& ]+)$", drawing(), re.MULTILINE)
    return {(source, target.strip()) for source, targets in arrows for target in targets.split("&")}


def test_the_arrows_of_the_drawing_are_the_imports():
    arrows = {(room(module), room(target)) for module in modules() for target in imported(module)}
    between_rooms = {(source, target) for source, target in arrows if source != target and target != "ground"}
    assert drawn() == between_rooms


def test_every_room_is_in_the_drawing_or_the_ground():
    rooms = {room(module) for module in modules()} - {"ground"}
    assert set(re.findall(r"\w+", drawing())) == rooms


def test_the_ground_imports_only_what_stands_before_it():
    order = ground().index
    inside = [
        (place(module), place(target))
        for module in modules()
        if room(module) == "ground"
        for target in imported(module)
    ]
    assert {target for _, target in inside} <= set(ground())
    assert [arrow for arrow in inside if order(arrow[1]) > order(arrow[0])] == []


def test_no_imports_go_in_a_circle():
    order = graphlib.TopologicalSorter({module: imported(module) for module in modules()})
    assert len(list(order.static_order())) == len(modules())


def test_only_the_command_and_the_assets_know_dagster():
    knowing = {
        module
        for module, path in modules().items()
        if re.search(r"^\s*(import|from) dagster", path.read_text(), re.MULTILINE)
    }
    assert {room(module) for module in knowing} <= {"assets"}
