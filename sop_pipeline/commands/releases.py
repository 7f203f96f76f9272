"""Commands on what is approved: release a cycle."""

from __future__ import annotations

from typing import Annotated

import typer

from sop_pipeline.commands.app import CompanyOption, app, folder_of, say

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
