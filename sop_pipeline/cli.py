"""The ``sop`` command: what planners and engineers type.

Here it starts, and user errors end as one sentence with a code. The commands are in ``commands``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from sop_pipeline import __version__
from sop_pipeline.commands import (
    backtest,
    company,
    cycles,
    decisions,
    deliver,
    planning,
    releases,
    typed,
    web_ui,
    what_if,
)
from sop_pipeline.commands.app import app, say
from sop_pipeline.disk import in_words
from sop_pipeline.errors import SopError

__all__ = [
    "app",
    "backtest",
    "company",
    "cycles",
    "decisions",
    "deliver",
    "main",
    "planning",
    "releases",
    "typed",
    "web_ui",
    "what_if",
]


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"sop {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command; user errors are printed as one sentence, with their exit code."""
    # pydantic otherwise looks through every installed package for plug-ins, of which it needs none
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _guarded(app)


def _guarded(command: Callable[[], Any]) -> None:
    try:
        command()
    except (SopError, OSError) as error:
        told = error if isinstance(error, SopError) else in_words(error)
        print(f"sop: {told}", file=sys.stderr)  # noqa: T201
        sys.exit(told.exit_code)


if __name__ == "__main__":
    main()
