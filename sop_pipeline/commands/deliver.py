"""The command that sends packs by e-mail."""

from __future__ import annotations

from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, say
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.releases import PlanName


@app.command()
def deliver(
    plan: Annotated[str, typer.Argument(help="A cycle, YYYY-MM, for its draft, or a release of one, YYYY-MM@r01.")],
    again: Annotated[
        list[str] | None,
        typer.Option("--again", help="Address whose message of unknown fate is sent once more.", show_default=False),
    ] = None,
    company: CompanyOption = None,
) -> None:
    """Send the packs of a cycle or release to those named in sop.yaml, each message once."""
    from sop_pipeline.delivery.mailing import deliver

    delivered = deliver(CompanyFolder.in_force(company), PlanName.parse(plan), again=again or ())
    for line in delivered.lines:
        say(line)
    raise typer.Exit(1 if delivered.undelivered else 0)
