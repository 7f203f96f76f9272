"""Commands on planning cycles: run them, make their packs, list them, hold them against their hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sop_pipeline.commands.app import CompanyOption, app, folder_of, say
from sop_pipeline.company_folder import DEMO, CompanyFolder
from sop_pipeline.cycle import cycles_wanted
from sop_pipeline.process import without
from sop_pipeline.releases import PlanName


@app.command()
def run(
    cycle: Annotated[str | None, typer.Option("--cycle", help="Planning cycle, YYYY-MM.", show_default=False)] = None,
    first: Annotated[str | None, typer.Option("--from", help="First of several cycles, planned in order.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last of several cycles.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make everything again, also what an earlier run has made of the same.")
    ] = False,
    company: CompanyOption = None,
) -> None:
    """Run one whole planning cycle as the Dagster job, or several in order, and make the packs."""
    folder, wanted = folder_of(company), cycles_wanted(cycle, first, last)
    from assets.launch import run_cycle

    for each in wanted:
        report_cycle(folder, each.name, run_cycle(folder, each.name, fresh=fresh))


@app.command()
def demo(
    cycle: Annotated[str, typer.Option("--cycle", help="Planning cycle, YYYY-MM.")] = "2026-11",
) -> None:
    """Write the demo company's files and run its newest planning cycle."""
    from assets.launch import run_cycle
    from sop_pipeline.demo import write_company

    folder = folder_of(DEMO)
    say(f"Writing the demo company to {folder}")
    write_company(folder)
    report_cycle(folder, cycle, run_cycle(folder, cycle))


@app.command()
def pack(
    plan: Annotated[
        str | None, typer.Argument(help="A cycle, YYYY-MM, or a release of one, YYYY-MM@r01.", show_default=False)
    ] = None,
    cycle: Annotated[str | None, typer.Option("--cycle", help="Planning cycle, YYYY-MM.", show_default=False)] = None,
    company: CompanyOption = None,
) -> None:
    """Make the packs of a published cycle again, without planning, or those of a release, byte for byte."""
    from sop_pipeline.steps.publication import make_packs

    if (plan is None) == (cycle is None):
        raise typer.BadParameter("name one plan, for example 2026-11 or 2026-11@r01")
    packs = make_packs(CompanyFolder.in_force(company), PlanName.parse(str(plan or cycle)), fresh=True)
    for path in packs.files:
        say(str(path))
    for note in packs.notes:
        say(f"note: {note}")


@app.command()
def cycles(company: CompanyOption = None) -> None:
    """List the published cycles with their tables, run and content hash, and what has changed since."""
    from sop_pipeline.config import load
    from sop_pipeline.cycle_list import cycle_lines

    folder = CompanyFolder.in_force(company)
    if not folder.path.is_dir():
        load(folder.path)  # says what is missing, and how a company is made
    for line in cycle_lines(folder.pointers):
        say(line)


@app.command()
def status(
    cycle: Annotated[
        str | None, typer.Option("--cycle", help="Cycle, YYYY-MM; else that of the running month.", show_default=False)
    ] = None,
    company: CompanyOption = None,
) -> None:
    """Say where a cycle stands: what is due when, what is in, what is late, who is asked. Exit code 1 when late."""
    from datetime import datetime

    from sop_pipeline.agenda import status, status_lines
    from sop_pipeline.cycle import Cycle

    folder = CompanyFolder.in_force(company)
    today = datetime.now(folder.settings.operation.zone).date()
    found = status(folder, Cycle.parse(cycle) if cycle else Cycle(today.replace(day=1)), today)
    for line in status_lines(found):
        say(line)
    raise typer.Exit(1 if found.late or found.is_late else 0)


@app.command()
def prune(
    keep_days: Annotated[float, typer.Option("--keep-days", min=1, help="Days of runs that stay in any case.")] = 90,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it only say what would go.")] = False,
    company: CompanyOption = None,
) -> None:
    """Say what of old runs nothing needs any more, and with --yes delete it; never what a cycle or release rests on."""
    import time

    from sop_pipeline.prune import prunable
    from sop_pipeline.prune import prune as delete

    lake, now = CompanyFolder.in_force(company).lake, time.time()
    found = prunable(lake, now, keep_days)
    size = found.size / 1e6
    for path in (*found.files, *found.runs):
        say(f"  {path.relative_to(lake.root)}")
    told = f"{len(found.files)} files and the notes of {len(found.runs)} runs, {size:,.1f} MB"
    if yes:
        delete(lake, now, keep_days)
        say(f"Deleted {told}.")
    else:
        say(f"{told} may go; nothing was deleted. To delete: sop prune --keep-days {keep_days:g} --yes")


@app.command()
def verify(
    plan: Annotated[
        str | None,
        typer.Argument(help="A cycle, YYYY-MM, or a release of one, YYYY-MM@r01; everything without one."),
    ] = None,
    company: CompanyOption = None,
) -> None:
    """Hold the files of published cycles and of releases against the hashes they were published with."""
    without("pandas")
    from sop_pipeline.verification import verify_cycles

    folder = CompanyFolder.in_force(company)
    report = verify_cycles(folder.lake, PlanName.parse(plan) if plan else None, packs=folder.path / "packs")
    for line in report.lines:
        say(line)
    raise typer.Exit(0 if report.passed else 2)


def report_cycle(folder: Path, cycle: str, outcome: Any) -> None:
    """Print where the results are, or why there are none; what matters most is the last line."""
    if not outcome.success and outcome.published:
        say(f"\nCycle {cycle} is planned and published. Make its packs: sop pack --cycle {cycle} --company {folder}")
        say(f"Its packs were not made: {outcome.reason}")
        raise typer.Exit(1)
    if not outcome.success:
        say(f"\nThe published cycle {cycle}, if there was one, is unchanged. Details: sop ui --company {folder}")
        say(f"Cycle {cycle} stopped: {outcome.reason}")
        raise typer.Exit(1)
    for path in outcome.files:
        say(f"  {path}")
    for note in outcome.notes:
        say(f"  note: {note}")
    say(f"  Dagster UI: make ui   (or: sop ui --company {folder})")
    doubts = f" But {'; '.join(outcome.doubts)}." if outcome.doubts else ""
    say(f"\nCycle {cycle} is planned and published ({outcome.seconds:.0f} s).{doubts}")
