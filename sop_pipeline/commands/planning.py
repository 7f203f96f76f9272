"""Commands on files that belong to no company: forecast a long file, plan a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sop_pipeline.commands.app import app, say

ReadOption = Annotated[
    str | None,
    typer.Option("--read", help="How files are written, in the words of sop.yaml: \"decimal: ',', dated_by: day\"."),
]


@app.command()
def forecast(
    file: Annotated[Path, typer.Argument(help="Long file: one row a series and period.")],
    id: Annotated[str, typer.Option("--id", help="Column that names the series.")],
    date: Annotated[str, typer.Option("--date", help="Column with the period.")],
    value: Annotated[str, typer.Option("--value", help="Column with the quantity.")],
    horizon: Annotated[int, typer.Option("--horizon", min=1, help="Periods to forecast.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    group: Annotated[list[str] | None, typer.Option("--group", help="Grouping column, outer first.")] = None,
    freq: Annotated[
        str,
        typer.Option("--freq", help="M for months, Q quarters, W weeks, D days, P the periods of a 4-4-5 calendar."),
    ] = "M",
    approach: Annotated[str, typer.Option("--approach", help="bottom_up, top_down or reconciled.")] = "bottom_up",
    engine: Annotated[str, typer.Option("--engine", help="fast, accurate, thorough or auto.")] = "fast",
    budget: Annotated[
        float, typer.Option("--budget", min=0, help="Seconds of CPU time that engine auto may spend.")
    ] = 60.0,
    quantiles: Annotated[
        str, typer.Option("--quantiles", help="Shares of demand to give quantiles of beside P10, P50, P90: 0.05,0.95.")
    ] = "",
    read: ReadOption = None,
) -> None:
    """Forecast any long file, each series past its own last period, at every level."""
    from sop_pipeline.config import single_file
    from sop_pipeline.demand.analyst.file import Columns
    from sop_pipeline.demand.analyst.forecast import forecast_file
    from sop_pipeline.demand.forecast.settings import Settings, other_quantiles

    columns = Columns(id, date, value, tuple(group or ()))
    settings = Settings(
        horizon=horizon,
        freq=freq,  # type: ignore[arg-type]
        engine=engine,  # type: ignore[arg-type]
        affordable_seconds=budget,
        quantiles=other_quantiles(quantiles),
    )
    say(str(forecast_file(file, out, columns, settings, approach=approach, source=single_file(read))))


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
    read: ReadOption = None,
) -> None:
    """Plan a planning folder by one strategy or a mix of several, at least cost or most profit."""
    from sop_pipeline.config import single_file
    from sop_pipeline.supply.folder import plan_folder
    from sop_pipeline.supply.problem.definition import PlanOptions

    options, source = PlanOptions(mip_gap=gap), single_file(read)
    result = plan_folder(
        folder, strategy, integer=integer, objective=objective, fix=fix, out=out, options=options, source=source
    )
    for line in _plan_lines(result.summary):
        say(line)
    say(f"Written to {out}: aggregate_plan, resource_plan, shadow_prices, costs (CSV), summary.json")


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
