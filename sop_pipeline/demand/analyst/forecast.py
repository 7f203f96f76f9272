"""``sop forecast``: an analyst's long file in, a forecast of every series and level out; no company folder needed.

What belongs here: the order of the steps, naming what was filled, writing the result (TABLES.md, *Analysts' forecast*).
Not here: what a row of the file must hold (``file``) and forecasting itself (``forecast.engine``).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.config import SingleFile
from sop_pipeline.cycle import parse_month
from sop_pipeline.demand.analyst.file import AS_FOUND, Columns, read_series
from sop_pipeline.demand.analyst.grid import Grid
from sop_pipeline.demand.analyst.periods import Placed
from sop_pipeline.demand.forecast import notes as engine_notes
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.hierarchy import Levels, ancestry
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import make, read
from sop_pipeline.errors import BadInput
from sop_pipeline.language.demand import note_words

TOP = "total"
NAMED = 5
"""How many gaps or series a message names before it only counts."""


@dataclass(frozen=True)
class FileForecast:
    """What was written, and what a reader should know about it."""

    out: Path
    rows: int
    series: int
    approach: str
    notes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.out}: {self.rows} rows, {self.series} series, approach {self.approach}", *self.notes]
        return "\n".join(lines)


def forecast_file(
    path: Path,
    out: Path,
    columns: Columns,
    settings: Settings,
    *,
    approach: str = "bottom_up",
    source: SingleFile = AS_FOUND,
) -> FileForecast:
    """Forecast the long file ``path`` and write ``unique_id, level, month, mean, p10, p50, p90`` to ``out``.

    Other quantiles of ``settings`` stand among them in order, as ``p2.5``.

    One row a series and period; weeks, days and periods of a 4-4-5 calendar stand in a column ``period``. Levels are
    called ``total``, by the grouping columns and by the id column. Every series is forecast ``settings.horizon``
    periods past its own last value, aggregates for the periods all their members have. Raises BadInput with file, row
    and column.
    """
    levels = Levels(top=TOP, bottom=columns.id)
    with sql.session() as connection:
        placed = read_series(connection, path, columns, settings.freq, source)
        _check_levels([TOP, *columns.groups, columns.id], columns.groups)
        hierarchy = _hierarchy(connection, columns.groups)
        filled = _fill(connection, path, columns.id, settings.months_per_period)
        outside = read(
            connection, "demand/forecast_file/without_value", {"months_per_period": settings.months_per_period}
        )
    grid = placed.grid
    history = filled.select(["unique_id", "month", "y"])
    settings = replace(settings, periods_in_year=grid.calendar.periods if grid.freq == "P" and grid.calendar else None)
    result = forecast(history, hierarchy, settings, levels, approach=approach, approaches=())
    plan = result.plan()
    rows = _write(plan, result.quantiles, out, levels.names(hierarchy), grid)
    notes = (
        *_left_out(placed),
        *_gap_notes(filled, grid),
        *_outside_notes(outside, grid),
        *_early_ends(filled, grid),
        *_missing_aggregates(plan, ancestry(hierarchy, levels)),
        *_no_range(result),
        *note_words(engine_notes.rows([_named(note, grid) for note in result.notes])),
    )
    return FileForecast(out, rows, hierarchy.num_rows, result.chosen, notes)


def _check_levels(levels: Sequence[str], groups: Sequence[str]) -> None:
    """Refuse names under which two levels could not be told apart, in the result or on the way there."""
    clashes = [name for name in levels if levels.count(name) > 1] or [name for name in groups if name == "unique_id"]
    if clashes:
        raise BadInput(
            found=f"a level called {clashes[0]!r}",
            needed=f"names for groups and series that differ, from {TOP!r} and, for groups, from 'unique_id' too",
            where="--id, --group",
            mend="Rename that column in the file.",
        )


def _hierarchy(connection: duckdb.DuckDBPyConnection, groups: Sequence[str]) -> pa.Table:
    """Return unique_id and its groups, outermost first, one row a series."""
    keys = ["unique_id", *(f"group_{number}" for number in range(1, len(groups) + 1))]
    table = connection.execute(
        f"select distinct {', '.join(keys)} from file_rows order by {', '.join(keys)}"
    ).to_arrow_table()
    return table.rename_columns(["unique_id", *groups])


def _fill(connection: duckdb.DuckDBPyConnection, path: Path, id: str, months_per_period: int) -> pa.Table:
    """Return the gapless history."""
    empty = connection.execute(
        "select unique_id from file_rows group by unique_id having count(y) = 0 order by unique_id"
    ).fetchall()
    if empty:
        raise BadInput(
            found=f"no values for {empty[0][0]} ({len(empty)} such series)",
            needed="at least one value a series",
            where=f"{path}, column {id}",
            mend="Take the series out, or give it a history.",
        )
    make(connection, "filled", "demand/forecast_file/filled", {"months_per_period": months_per_period})
    return connection.execute("select * from filled").to_arrow_table()


def _left_out(placed: Placed) -> list[str]:
    """Say which periods the file has only a part of."""
    if not placed.left_out:
        return []
    return [f"left out, as the file has only a part of them: {', '.join(placed.left_out)}"]


def _named(note: engine_notes.Note, grid: Grid) -> engine_notes.Note:
    """Give periods in a note the names they have in the file."""
    if grid.in_months or note.note != "level_shift":
        return note
    parts = [name.rsplit(" ", 1) for name in note.names]
    return replace(note, names=tuple(f"{item} {grid.named(parse_month(month))[0]}" for item, month in parts))


def _gap_notes(filled: pa.Table, grid: Grid) -> list[str]:
    """Say which periods were filled, and how."""
    gaps = filled.filter(filled["is_gap"])
    notes = []
    for zeros, rule in ((True, "zero, as the series knows zeros"), (False, "the line between the neighbours")):
        part = tables.where(gaps, knows_zeros=zeros)
        if part.num_rows:
            notes.append(f"gaps filled with {rule}: {_periods(part, grid)}")
    return notes


def _outside_notes(outside: pa.Table, grid: Grid) -> list[str]:
    """Say which rows without a value lie outside their series: nothing is filled there, and the forecast begins."""
    if not outside.num_rows:
        return []
    return [f"left out, as they have no value and none follows or none came before: {_periods(outside, grid)}"]


def _periods(rows: pa.Table, grid: Grid) -> str:
    """The first periods of ``rows`` (unique_id, month), and how many more there are."""
    first = rows.slice(0, NAMED)
    pairs = zip(tables.texts(first, "unique_id"), tables.days(first, "month"), strict=True)
    return _listed([f"{unique_id} {grid.named(month)[0]}" for unique_id, month in pairs], rows.num_rows)


def _listed(names: Sequence[str], number: int) -> str:
    """The first names of ``number``, and how many more there are."""
    more = f" and {number - NAMED} more" if number > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _early_ends(filled: pa.Table, grid: Grid) -> list[str]:
    """Name the series that end before the last: no approach hands them what their siblings sell meanwhile."""
    ends = filled.group_by("unique_id").aggregate([("month", "max")])
    last = pc.max(ends["month_max"])
    early = ends.filter(pc.less(ends["month_max"], last)).sort_by("unique_id")
    if not early.num_rows:
        return []
    named = [f"{row['unique_id']} {grid.named(row['month_max'])[0]}" for row in early.to_pylist()]
    rule = "each keeps its own forecast until the others' begin, and totals begin there"
    return [f"series that end before {grid.named(last.as_py())[0]}: {_listed(named, len(named))}; {rule}"]


def _missing_aggregates(plan: pa.Table, members: pa.Table) -> list[str]:
    """Name the aggregates that have no period in common to all their members; ``members`` is the ``ancestry``."""
    notes = []
    for level in dict.fromkeys(tables.texts(members, "level")):
        names = set(tables.texts(tables.where(members, level=level), "item_id"))
        present = set(tables.texts(tables.where(plan, level=level), "item_id"))
        absent = sorted(names - present)
        if absent:
            which = "the total" if level == TOP else f"{level} {_listed(absent, len(absent))}"
            notes.append(f"no forecast for {which}: its series end too far apart to share a period")
    return notes


def _no_range(result: ForecastResult) -> list[str]:
    """Say so where there is too little to compare forecasts with for a range."""
    errors = tables.where(result.backtest, approach=result.chosen).num_rows
    needed = Settings.fewest_errors
    if errors >= needed:
        return []
    return [f"no range: {errors} past errors, at least {needed} are needed; p10, p50 and p90 repeat the mean"]


def _write(plan: pa.Table, quantiles: pa.Table | None, out: Path, levels: list[str], grid: Grid) -> int:
    """Write the chosen approach as CSV, its quantiles in order, aside and then renamed; returns the number of rows."""
    months = sorted(set(tables.days(plan, "month")))
    named = [grid.named(month) for month in months]
    names = pa.table(
        {
            "month": pa.array(months, pa.date32()),
            "name": pa.array([name for name, _ in named], pa.string()),
            "weeks": pa.array([weeks for _, weeks in named], pa.int64()),
        }
    )
    others = [] if quantiles is None else [name for name in quantiles.column_names if name.startswith("p")]
    shares = sorted(["p10", "p50", "p90", *others], key=lambda name: float(name[1:]))
    table = sql.query(
        "demand/forecast_file/output",
        {"forecast": plan, "names": names} | ({} if quantiles is None else {"quantiles": quantiles}),
        {"levels": levels},
        columns=shares,
        others=bool(others),
    ).select(["unique_id", "level", "month", "mean", *shares])
    if not grid.in_months:
        table = table.rename_columns(["period" if name == "month" else name for name in table.column_names])
    aside = out.with_name(out.name + ".part")
    try:
        with aside.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(table.column_names)
            writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
        aside.replace(out)
    except OSError as error:
        raise BadInput(
            found=str(error), needed="a place to write to", where=str(out), mend="Choose another --out."
        ) from error
    return table.num_rows
