"""The command for one more scenario on the spot."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, say
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import FORM, read_changes


@app.command("what-if")
def what_if(
    changes: Annotated[list[str], typer.Argument(help=f"Changes in order, each in quotes: {FORM}", show_default=False)],
    cycle: Annotated[
        str | None, typer.Option("--cycle", help="Published cycle, YYYY-MM; else the newest.", show_default=False)
    ] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", help="Else that of the operational plan.", show_default=False)
    ] = None,
    company: CompanyOption = None,
) -> None:
    """Say what a change would do to a published cycle, planned by family; nothing is published."""
    gc.disable()  # a tenth of the time, in a process that is over when it has answered
    read = read_changes(changes, "the command line")
    folder = CompanyFolder.in_force(company)
    chosen = _cycle(folder, cycle)
    from sop_pipeline.scenarios.report import lines
    from sop_pipeline.scenarios.what_if import settings_of, what_if

    settings = settings_of(folder, chosen)
    answer = what_if(folder.lake.published(chosen), read, company=settings, cycle=chosen, strategy=strategy)
    for line in lines(answer, company=settings.company, currency=settings.currency, cycle=chosen):
        say(line)


def _cycle(folder: CompanyFolder, named: str | None) -> Cycle:
    """The cycle that is asked about; BadInput where it is not published."""
    known = folder.pointers.cycles()
    wanted = Cycle.parse(named) if named else max(known, default=None)
    if wanted is None or wanted not in known:
        raise BadInput(
            found=f"no published cycle {wanted}" if wanted else "no published cycle",
            needed="one of " + ", ".join(map(str, known)) if known else "a published cycle",
            where=str(folder.path),
            mend="Plan it first: sop run --cycle YYYY-MM.",
        )
    return wanted
