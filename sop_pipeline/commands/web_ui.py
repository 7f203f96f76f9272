"""The command that serves the web UI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.commands.app import app, folder_of


@app.command()
def ui(
    company: Annotated[
        list[Path] | None,
        typer.Option("--company", "-c", help="Company folder; give several to see them side by side."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Start the Dagster web UI on 127.0.0.1 with the project's own instance."""
    from assets.launch import serve_ui

    raise typer.Exit(serve_ui([folder_of(each) for each in company] if company else [folder_of(None)], port))
