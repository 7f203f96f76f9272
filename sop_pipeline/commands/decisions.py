"""The command that records what the meeting decides."""

from __future__ import annotations

from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, folder_of, say
from sop_pipeline.commands.cycles import report_cycle
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle


@app.command()
def decide(
    cycle: Annotated[str, typer.Argument(help="Planning cycle, YYYY-MM.")],
    decision: Annotated[str, typer.Argument(help="Decision that the pack puts up, such as strategy.")],
    option: Annotated[str, typer.Option("--option", help="Letter of the option adopted, or reject, or defer.")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    why: Annotated[str, typer.Option("--why", help="Why, in a sentence that stands in the pack.")],
    company: CompanyOption = None,
) -> None:
    """Record what the meeting decides, and plan again what that changes, as a run of the Dagster instance."""
    from sop_pipeline.steps.decide import Choice, take_decision

    folder = folder_of(company)
    taken = take_decision(CompanyFolder(folder), Cycle.parse(cycle), decision, Choice(option, by, why))
    record = taken.record
    what = record["action"] + (f" {record['option']}" if record["option"] else "")
    told = f"{record['decision_id']}: {what}, by {record['by']} on {record['on']}"
    say(f"Recorded {told}." if taken.is_new else f"Recorded before: {told}.")
    if taken.too_late:
        say(taken.too_late)
    if taken.later:
        say(
            f"Planned without it: {', '.join(each.name for each in taken.later)}; plan them again with sop run --cycle."
        )
    if not taken.again:
        say(f"Cycle {cycle} is planned with it; nothing is to be done.")
        return
    from assets.launch import plan_again

    report_cycle(folder, cycle, plan_again(folder, cycle, taken.again))
