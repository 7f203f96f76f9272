"""Commands on what is approved: release a cycle, say how two plans differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, folder_of, say
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.releases import PlanName

CycleArgument = Annotated[str, typer.Argument(help="Planning cycle, YYYY-MM.")]


@app.command()
def release(
    cycle: CycleArgument,
    by: Annotated[str, typer.Option("--by", help="Who releases it.")],
    why: Annotated[str, typer.Option("--why", help="Why, in a sentence that stands in the pack.")],
    company: CompanyOption = None,
) -> None:
    """Release a published cycle, as a run of the Dagster instance: r01, read-only, with its packs as released."""
    from assets.launch import release as release_run

    outcome, made = release_run(folder_of(company), cycle, by=by, why=why)
    if not outcome.success:
        say(f"Cycle {cycle} was not released: {outcome.reason}")
        raise typer.Exit(1)
    for path in outcome.files:
        say(f"  {path}")
    for note in outcome.notes:
        say(f"  note: {note}")
    if made["is_new"]:
        say(f"\nReleased {made['release']}, content {made['content'][:16]}: {made['manifest']}")
    else:
        say(f"\n{made['release']} says the same already, content {made['content'][:16]}; nothing new was released.")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A cycle, YYYY-MM, or a release of one, YYYY-MM@r01.")],
    after: Annotated[str, typer.Argument(help="Another cycle or release.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write every change to.")] = None,
    company: CompanyOption = None,
) -> None:
    """Say what two plans say differently, table by table and by cause; with --out, every cell of it as files."""
    from sop_pipeline.steps.diff import diff_lines, diff_plans, write_diff

    lake = CompanyFolder.in_force(company).lake
    difference = diff_plans(lake, PlanName.parse(before), PlanName.parse(after))
    for line in diff_lines(difference):
        say(line)
    for path in write_diff(difference, out) if out is not None else ():
        say(f"  {path}")
