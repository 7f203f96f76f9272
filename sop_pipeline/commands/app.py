"""The application that every command is registered with, and what commands share: options, and how they speak."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.company_folder import CompanyFolder

app = typer.Typer(
    name="sop",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sales and operations planning: one monthly cycle from files to meeting pack.",
)

CompanyOption = Annotated[
    Path | None,
    typer.Option(
        "--company", "-c", help="Company folder; else SOP_COMPANY, else the demo company.", show_default=False
    ),
]


def say(text: str = "") -> None:
    """Print a line."""
    typer.echo(text)


def folder_of(company: Path | None) -> Path:
    """Settle which company is meant."""
    return CompanyFolder.in_force(company).path
