"""The ``sop`` command: what planners and engineers type.

Each command is a few lines that read options, call one function and print what came of it. The only module of the
package that knows Dagster, and it imports it only in the commands that run a cycle.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sop_pipeline import __version__
from sop_pipeline.company_folder import DEMO, CompanyFolder
from sop_pipeline.cycle import Cycle, cycles_wanted
from sop_pipeline.disk import in_words
from sop_pipeline.errors import SopError
from sop_pipeline.process import without

app = typer.Typer(
    name="sop",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sales and operations planning: one monthly cycle from files to meeting pack.",
)

CompanyOption = Annotated[
    Path | None,
    typer.Option(
        "--company", "-c", help="Company folder; else SOP_COMPANY, else the demo company.", show_default=False
    ),
]
CycleOption = Annotated[str, typer.Option("--cycle", help="Planning cycle, YYYY-MM.", show_default=False)]


def _say(text: str = "") -> None:
    typer.echo(text)


def _show_version(wanted: bool) -> None:
    if wanted:
        _say(f"sop {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def _folder(company: Path | None) -> Path:
    """Settle which company is meant."""
    return CompanyFolder.in_force(company).path


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or absent.")]) -> None:
    """Make a commented starter company that runs at once."""
    from sop_pipeline.starter import init_company

    init_company(folder)
    _say(f"Made {folder}. Next: edit {folder / 'sop.yaml'}, then sop check --company {folder}")


@app.command()
def check(company: CompanyOption = None) -> None:
    """Validate a company folder without planning: settings, files, columns, rows."""
    without("pandas")
    from sop_pipeline.ingest import check_company

    report = check_company(_folder(company))
    _say(str(report))
    raise typer.Exit(0 if report.passed else 2)


@app.command()
def run(
    cycle: Annotated[str | None, typer.Option("--cycle", help="Planning cycle, YYYY-MM.", show_default=False)] = None,
    first: Annotated[str | None, typer.Option("--from", help="First of several cycles, planned in order.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last of several cycles.")] = None,
    company: CompanyOption = None,
) -> None:
    """Run one whole planning cycle as the Dagster job, or several in order, and make the packs."""
    folder, wanted = _folder(company), cycles_wanted(cycle, first, last)
    from assets.launch import run_cycle

    for each in wanted:
        _report(folder, each.name, run_cycle(folder, each.name))


@app.command()
def demo(
    cycle: Annotated[str, typer.Option("--cycle", help="Planning cycle, YYYY-MM.")] = "2026-11",
) -> None:
    """Write the demo company's files and run its newest planning cycle."""
    from assets.launch import run_cycle
    from sop_pipeline.demo import write_company
    from sop_pipeline.steps.checking import prepare

    folder = _folder(DEMO)
    prepare()
    _say(f"Writing the demo company to {folder}")
    write_company(folder)
    _report(folder, cycle, run_cycle(folder, cycle))


@app.command()
def pack(cycle: CycleOption, company: CompanyOption = None) -> None:
    """Make the packs of a published cycle again, without planning."""
    from sop_pipeline.steps.publication import make_packs

    packs = make_packs(CompanyFolder.in_force(company), Cycle.parse(cycle))
    for path in packs.files:
        _say(str(path))
    for note in packs.notes:
        _say(f"note: {note}")


@app.command()
def cycles(company: CompanyOption = None) -> None:
    """List the published cycles with their tables, run and content hash, and what has changed since."""
    from sop_pipeline.cycle_list import cycle_lines

    for line in cycle_lines(CompanyFolder.in_force(company).pointers):
        _say(line)


@app.command()
def verify(
    cycle: Annotated[str | None, typer.Argument(help="Planning cycle, YYYY-MM; every cycle without one.")] = None,
    company: CompanyOption = None,
) -> None:
    """Hold the files of published cycles against the hashes they were published with."""
    without("pandas")
    from sop_pipeline.verification import verify_cycles

    report = verify_cycles(CompanyFolder.in_force(company).lake, Cycle.parse(cycle) if cycle else None)
    for line in report.lines:
        _say(line)
    raise typer.Exit(0 if report.passed else 2)


@app.command()
def ui(
    company: Annotated[
        list[Path] | None,
        typer.Option("--company", "-c", help="Company folder; give several to see them side by side."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Start the Dagster web UI on 127.0.0.1 with the project's own instance."""
    from assets.launch import serve_ui

    raise typer.Exit(serve_ui([_folder(each) for each in company] if company else [_folder(None)], port))


@app.command()
def forecast(
    file: Annotated[Path, typer.Argument(help="Long file: one row a series and period.")],
    id: Annotated[str, typer.Option("--id", help="Column that names the series.")],
    date: Annotated[str, typer.Option("--date", help="Column with the period.")],
    value: Annotated[str, typer.Option("--value", help="Column with the quantity.")],
    horizon: Annotated[int, typer.Option("--horizon", min=1, help="Periods to forecast.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    group: Annotated[list[str] | None, typer.Option("--group", help="Grouping column, outer first.")] = None,
    freq: Annotated[str, typer.Option("--freq", help="M for months, Q for quarters.")] = "M",
    approach: Annotated[str, typer.Option("--approach", help="bottom_up, top_down or reconciled.")] = "bottom_up",
    engine: Annotated[str, typer.Option("--engine", help="fast, accurate or auto.")] = "fast",
) -> None:
    """Forecast any long file, each series past its own last period, at every level."""
    from sop_pipeline.demand.analyst.file import Columns
    from sop_pipeline.demand.analyst.forecast import forecast_file
    from sop_pipeline.demand.forecast.settings import Settings

    columns = Columns(id, date, value, tuple(group or ()))
    settings = Settings(horizon=horizon, freq=freq, engine=engine)  # type: ignore[arg-type]
    _say(str(forecast_file(file, out, columns, settings, approach=approach)))


@app.command()
def plan(
    folder: Annotated[Path, typer.Argument(help="Planning folder with products.csv, demand_plan.csv and the rest.")],
    strategy: Annotated[
        str,
        typer.Option(
            "--strategy",
            help="blended, chase, level, its parts level_hours and level_workforce, level_family or level_output (each "
            "family's or product's rate), or stochastic; mixed as stretches of months (level:6,chase) or together "
            "(level_workforce+chase).",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder to write the plan to.")],
    integer: Annotated[bool, typer.Option("--integer", help="Whole workers and lots.")] = False,
    objective: Annotated[str, typer.Option("--objective", help="cost or profit.")] = "cost",
    fix: Annotated[Path | None, typer.Option("--fix", help="A plan of your own, to be priced.")] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            "--gap", min=0, max=0.1, help="MIP gap to stop at. Default: 0 up to 500 whole numbers, else 0.001."
        ),
    ] = None,
) -> None:
    """Plan a planning folder by one strategy or a mix of several, at least cost or most profit."""
    from sop_pipeline.supply.folder import plan_folder
    from sop_pipeline.supply.problem.definition import PlanOptions

    options = PlanOptions(mip_gap=gap)
    result = plan_folder(folder, strategy, integer=integer, objective=objective, fix=fix, out=out, options=options)
    for line in _plan_lines(result.summary):
        _say(line)
    _say(f"Written to {out}: aggregate_plan, resource_plan, shadow_prices, costs (CSV), summary.json")


def _plan_lines(summary: dict[str, Any]) -> list[str]:
    """Return what a planner wants to see first: status, money by kind, what could not be kept, what was assumed."""
    money = [
        f"{name} {summary[f'total_{name}']:,.2f}"
        for name in ("cost", "revenue", "profit")
        if summary[f"total_{name}"] is not None
    ]
    lines = [", ".join([f"{summary['strategy']}: {summary['status']}", *money])]
    lines.extend(f"  {kind:<16} {amount:>16,.2f}" for kind, amount in sorted(summary["cost_by_kind"].items()))
    for name, found in summary.get("robustness", {}).items():
        low, middle, high = (f"{found[place]:,.4g}" for place in ("p10", "p50", "p90"))
        lines.append(f"  {name} over {summary['samples']} sampled paths: P10 {low}, P50 {middle}, P90 {high}")
    for title in ("shortfalls", "deviations", "assumptions"):
        lines.extend(f"  {title[:-1]}: {_flat(item)}" for item in summary.get(title, []))
    if summary["mip_gap"] > 1e-9:
        lines.append(f"  gap left open: {summary['mip_gap']:.4%}")
    return lines


def _flat(item: Any) -> str:
    return ", ".join(f"{key} {value}" for key, value in item.items()) if isinstance(item, dict) else str(item)


def _report(folder: Path, cycle: str, outcome: Any) -> None:
    """Print where the results are, or why there are none; what matters most is the last line."""
    if not outcome.success and outcome.published:
        _say(f"\nCycle {cycle} is planned and published. Make its packs: sop pack --cycle {cycle} --company {folder}")
        _say(f"Its packs were not made: {outcome.reason}")
        raise typer.Exit(1)
    if not outcome.success:
        _say(f"\nThe published cycle {cycle}, if there was one, is unchanged. Details: sop ui --company {folder}")
        _say(f"Cycle {cycle} stopped: {outcome.reason}")
        raise typer.Exit(1)
    for path in outcome.files:
        _say(f"  {path}")
    for note in outcome.notes:
        _say(f"  note: {note}")
    _say(f"  Dagster UI: make ui   (or: sop ui --company {folder})")
    stale = f" But {'; '.join(outcome.stale)}." if outcome.stale else ""
    _say(f"\nCycle {cycle} is planned and published ({outcome.seconds:.0f} s).{stale}")


def main() -> None:
    """Run the command; user errors are printed as one sentence, with their exit code."""
    # pydantic otherwise looks through every installed package for plug-ins, of which it needs none
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _guarded(app)


def _guarded(command: Callable[[], Any]) -> None:
    try:
        command()
    except (SopError, OSError) as error:
        told = error if isinstance(error, SopError) else in_words(error)
        print(f"sop: {told}", file=sys.stderr)  # noqa: T201
        sys.exit(told.exit_code)


if __name__ == "__main__":
    main()
