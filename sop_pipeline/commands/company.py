"""Commands on a company's folder: make one, check one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, folder_of, say
from sop_pipeline.process import without

_FROM = "Exports or folders to draft sop.yaml from; before them, or alone: odoo, erpnext, sap, dynamics, shopify."


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or absent.")],
    more: Annotated[list[Path] | None, typer.Argument(help="Further exports after --from.", hidden=True)] = None,
    exports: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", help="Exports or folders to draft sop.yaml from; or odoo, erpnext, sap, dynamics, shopify."
        ),
    ] = None,
) -> None:
    """Make a commented starter company that runs at once, or with --from a draft from raw exports."""
    from sop_pipeline.draft.system import SYSTEMS, start_company

    if exports and exports[0].name in SYSTEMS and not exports[0].exists():
        for line in start_company(folder, exports[0].name, [*exports[1:], *(more or ())]):
            say(f"  {line}")
        say(f"Made {folder}. Next: look through {folder / 'sop.yaml'}, then sop check --company {folder}")
        return
    if exports:
        from sop_pipeline.draft import draft_company

        say(str(draft_company(folder, [*exports, *(more or ())])))
        say(f"Next: look through the guesses in {folder / 'sop.yaml'}, then sop check --company {folder}")
        return
    from sop_pipeline.starter import init_company

    init_company(folder)
    say(f"Made {folder}. Next: edit {folder / 'sop.yaml'}, then sop check --company {folder}")


@app.command()
def check(company: CompanyOption = None) -> None:
    """Validate a company folder without planning: settings, files, columns, rows."""
    without("pandas")
    from sop_pipeline.commands.rehearsal import rehearse
    from sop_pipeline.ingest import check_company

    report = check_company(folder_of(company), rehearse)
    say(str(report))
    raise typer.Exit(0 if report.passed else 2)
