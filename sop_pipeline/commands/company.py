"""Commands on a company's folder: make one, check one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, folder_of, say
from sop_pipeline.process import without


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or absent.")]) -> None:
    """Make a commented starter company that runs at once."""
    from sop_pipeline.starter import init_company

    init_company(folder)
    say(f"Made {folder}. Next: edit {folder / 'sop.yaml'}, then sop check --company {folder}")


@app.command()
def check(company: CompanyOption = None) -> None:
    """Validate a company folder without planning: settings, files, columns, rows."""
    without("pandas")
    from sop_pipeline.ingest import check_company

    report = check_company(folder_of(company))
    say(str(report))
    raise typer.Exit(0 if report.passed else 2)
