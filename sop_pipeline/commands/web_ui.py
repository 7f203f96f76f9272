"""The commands that serve the web UI: for one person at a desk, and as a service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.commands.app import app, folder_of, say

CompaniesOption = Annotated[
    list[Path] | None,
    typer.Option("--company", "-c", help="Company folder; give several to see them side by side."),
]


def _folders(company: list[Path] | None) -> list[Path]:
    return [folder_of(each) for each in company] if company else [folder_of(None)]


@app.command()
def ui(
    company: CompaniesOption = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Start the Dagster web UI on 127.0.0.1 with the project's own instance."""
    from assets.launch import serve_ui

    raise typer.Exit(serve_ui(_folders(company), port))


@app.command()
def service(
    company: CompaniesOption = None,
    host: Annotated[str, typer.Option(help="Address of the web UI; who can reach it may do everything.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the web UI.")] = 3000,
    check: Annotated[bool, typer.Option("--check", help="Say whether a service is well; ends with 0 or 1.")] = False,
) -> None:
    """Serve companies for good: code servers, daemon and web UI, started again when they fail, with one rotated log."""
    from assets.service import faults, serve
    from sop_pipeline.company_folder import CompanyFolder

    if check:
        found = faults(host, port)
        for fault in found:
            say(fault)
        raise typer.Exit(1 if found else 0)
    raise typer.Exit(serve([CompanyFolder(each) for each in _folders(company)], host, port))
