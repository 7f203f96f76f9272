"""The command that replays past cycles."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from sop_pipeline.commands.app import CompanyOption, app, say
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import cycles_wanted


@app.command()
def backtest(
    first: Annotated[str, typer.Option("--from", help="First cycle to replay, YYYY-MM.", show_default=False)],
    last: Annotated[str, typer.Option("--to", help="Last cycle to replay, YYYY-MM.", show_default=False)],
    approach: Annotated[
        list[str] | None,
        typer.Option("--approach", help="Forecast approach; may be given again. Else the one in use and two others."),
    ] = None,
    strategy: Annotated[
        list[str] | None, typer.Option("--strategy", help="Strategy; may be given again. Else those compared.")
    ] = None,
    by: Annotated[
        Literal["family", "product"] | None,
        typer.Option("--by", help="What is planned: families or products; else as the company plans."),
    ] = None,
    company: CompanyOption = None,
) -> None:
    """Replay past cycles on what was then known, carry each plan out against what then happened, and price it."""
    from sop_pipeline.replay.backtest import Wanted
    from sop_pipeline.replay.backtest import backtest as replayed
    from sop_pipeline.replay.files import write_files
    from sop_pipeline.replay.report import lines

    folder, cycles = CompanyFolder.in_force(company), cycles_wanted(None, first, last)
    result = replayed(folder, cycles, Wanted(tuple(approach or ()), tuple(strategy or ()), by))
    for line in lines(result):
        say(line)
    for path in write_files(result, folder, cycles[0], cycles[-1]):
        say(str(path))
