"""No function takes more than eight things: what needs more takes a value that names them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_PARAMETERS = 8


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the project, nested ones too, by file and name."""
    for top in ("sop_pipeline", "assets"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{path.relative_to(ROOT)}:{node.name}", node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters a function has, the object or class of a method left out."""
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is a command of ``sop``: typer makes an option of each parameter, and takes no other form."""
    return any(ast.unparse(each).startswith("app.command") for each in function.decorator_list)


def test_no_function_has_more_than_eight_parameters():
    counts = {name: parameters(function) for name, function in functions() if not is_command(function)}
    assert len(counts) > 1000
    assert {name: count for name, count in counts.items() if count > MOST_PARAMETERS} == {}
