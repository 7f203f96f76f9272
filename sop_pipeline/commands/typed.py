"""The command that shows what was typed into a planner's workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, say
from sop_pipeline.company_folder import CompanyFolder


@app.command()
def inputs(
    book: Annotated[Path, typer.Argument(help="Workbook of a cycle that was typed into.", exists=True, dir_okay=False)],
    company: CompanyOption = None,
) -> None:
    """Show what was typed into a workbook, cell by cell, and what the next run makes of it; nothing is taken."""
    from sop_pipeline.steps.take_inputs import inputs_told

    for line in inputs_told(CompanyFolder.in_force(company), book):
        say(line)
