"""``sop forecast``: an analyst's long file in, a forecast of every series and level out; no company folder needed.

What belongs here: reading and refusing the file, naming what was filled, writing the result (TABLES.md, *Analysts'
forecast*). Not here: forecasting itself (``forecast``) and a company's ingestion, which maps and quarantines.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql
from sop_pipeline.demand.engine import make
from sop_pipeline.demand.forecast import forecast
from sop_pipeline.demand.forecast_settings import MONTHS_PER_PERIOD
from sop_pipeline.errors import BadInput, fault

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
    path: str | Path,
    *,
    id: str,
    date: str,
    value: str,
    horizon: int,
    out: str | Path,
    group: Sequence[str] = (),
    freq: str = "M",
    approach: str = "bottom_up",
    engine: str = "fast",
    threads: int | None = None,
) -> FileForecast:
    """Forecast the long CSV ``path`` and write ``unique_id, level, month, mean, p10, p50, p90`` to ``out``.

    One row a series and period; ``group`` names the grouping columns, outermost first. Levels are called ``total``, by
    the grouping columns and by the id column. Every series is forecast ``horizon`` periods past its own last value,
    aggregates for the periods all their members have. Raises BadInput with file, line and column.
    """
    path, out = Path(path), Path(out)
    if freq not in MONTHS_PER_PERIOD:
        raise BadInput(fault(found=f"freq {freq!r}", needed="M or Q", where="--freq", mend="Choose one of the two."))
    columns = [id, date, value, *group]
    _check_columns(path, columns)
    with sql.session(threads=threads) as connection:
        _read(connection, path, columns, MONTHS_PER_PERIOD[freq])
        _check_rows(connection, path, columns)
        hierarchy = _hierarchy(connection, path, group)
        filled, offset = _fill(connection, path, id, MONTHS_PER_PERIOD[freq])
    result = forecast(
        filled.select(["unique_id", "month", "y"]),
        hierarchy,
        horizon=horizon,
        freq=freq,
        engine=engine,
        approach=approach,
        approaches=(),
        top=TOP,
        bottom=id,
        threads=threads,
    )
    plan = result.plan()
    rows = _write(plan, out, [TOP, *group, id], offset)
    notes = (*_gap_notes(filled), *_missing_aggregates(plan, hierarchy, group), *result.notes)
    return FileForecast(out, rows, hierarchy.num_rows, result.chosen, notes)


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    if not path.is_file():
        raise BadInput(fault(found="no such file", needed="a CSV file", where=str(path), mend="Check the path."))
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        head = lines.readline()
    try:
        header = next(csv.reader([head], csv.Sniffer().sniff(head, ",;\t|")))
    except csv.Error:
        header = next(csv.reader([head]), [])
    absent = [name for name in columns if name not in header]
    if absent:
        raise BadInput(
            fault(
                found=f"columns {', '.join(header)}",
                needed=f"a column {absent[0]!r}",
                where=f"{path}, line 1",
                mend="Name the columns with --id, --date, --value and --group as the file does.",
            )
        )
    if len(set(columns)) < len(columns):
        raise BadInput(
            fault(
                found=f"{', '.join(columns)}",
                needed="different columns for id, date, value and groups",
                where="--id, --date, --value, --group",
                mend="Name each column once.",
            )
        )


def _read(connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str], months_per_period: int) -> None:
    """Make ``file_rows`` from the file's text."""
    try:
        connection.execute(
            "create or replace temp table lines as select * from read_csv($path, all_varchar = true, header = true)",
            {"path": str(path)},
        )
    except duckdb.Error as error:
        raise BadInput(
            fault(
                found=str(error).splitlines()[0],
                needed="a CSV file in UTF-8 with one header line",
                where=str(path),
                mend="Save it as CSV again.",
            )
        ) from error
    quoted = ['"' + name.replace('"', '""') + '"' for name in columns]
    make(
        connection,
        "file_rows",
        "demand/forecast_file/rows",
        {"months_per_period": months_per_period},
        id=quoted[0],
        date=quoted[1],
        value=quoted[2],
        groups=quoted[3:],
    )


def _check_rows(connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> None:
    """Refuse lines without a series, with an unreadable date or number, and repeats of a series and period."""
    checks = [
        ("unique_id is null or unique_id = ''", "unique_id", columns[0], "the name of a series"),
        ("day is null", "date_text", columns[1], "a date such as 2026-11, 2026-11-30 or 2026Q4"),
        (
            "(y is null or not isfinite(y)) and coalesce(value_text, '') <> ''",
            "value_text",
            columns[2],
            "a number with a decimal point, or nothing",
        ),
    ]
    for condition, text, column, needed in checks:
        bad = connection.execute(f"select line, {text} from file_rows where {condition} order by line").fetchall()
        if bad:
            raise BadInput(
                fault(
                    found=f"{bad[0][1]!r} ({len(bad)} such lines)",
                    needed=needed,
                    where=f"{path}, line {bad[0][0]}, column {column}",
                    mend="Mend or remove the line.",
                )
            )
    twice = connection.execute(
        "select unique_id, min(date_text), min(line), max(line) from file_rows "
        "group by unique_id, period having count(*) > 1 order by min(line)"
    ).fetchone()
    if twice:
        raise BadInput(
            fault(
                found=f"two rows for {twice[0]} in the period of {twice[1]}",
                needed="one row a series and period",
                where=f"{path}, lines {twice[2]} and {twice[3]}",
                mend="Add them up, or take one out.",
            )
        )


def _hierarchy(connection: duckdb.DuckDBPyConnection, path: Path, group: Sequence[str]) -> pa.Table:
    """Return unique_id and its groups, outermost first; refuses a series that changes its group."""
    keys = ["unique_id", *(f"group_{number}" for number in range(1, len(group) + 1))]
    table = connection.execute(
        f"select distinct {', '.join(keys)} from file_rows order by {', '.join(keys)}"
    ).to_arrow_table()
    if not table.num_rows:
        raise BadInput(fault(found="no rows", needed="at least one series", where=str(path), mend="Check the file."))
    return table.rename_columns(["unique_id", *group])


def _fill(connection: duckdb.DuckDBPyConnection, path: Path, id: str, months_per_period: int) -> tuple[pa.Table, int]:
    """Return the gapless history and the month within a period that the file writes its dates with."""
    empty = connection.execute(
        "select unique_id from file_rows group by unique_id having count(y) = 0 order by unique_id"
    ).fetchall()
    if empty:
        raise BadInput(
            fault(
                found=f"no values for {empty[0][0]} ({len(empty)} such series)",
                needed="at least one value a series",
                where=f"{path}, column {id}",
                mend="Take the series out, or give it a history.",
            )
        )
    make(connection, "filled", "demand/forecast_file/filled", {"months_per_period": months_per_period})
    (offset,) = connection.execute("select mode(month_in_period order by line) from file_rows").fetchone() or (0,)
    return connection.execute("select * from filled").to_arrow_table(), int(offset)


def _gap_notes(filled: pa.Table) -> list[str]:
    """Say which periods were filled, and how."""
    gaps = filled.filter(filled["is_gap"])
    notes = []
    for zeros, rule in ((True, "zero, as the series knows zeros"), (False, "the line between the neighbours")):
        part = gaps.filter(pc.equal(gaps["knows_zeros"], zeros))
        if part.num_rows:
            named = [
                f"{unique_id} {month:%Y-%m}"
                for unique_id, month in zip(
                    part["unique_id"][:NAMED].to_pylist(), part["month"][:NAMED].to_pylist(), strict=True
                )
            ]
            more = f" and {part.num_rows - NAMED} more" if part.num_rows > NAMED else ""
            notes.append(f"gaps filled with {rule}: {', '.join(named)}{more}")
    return notes


def _missing_aggregates(plan: pa.Table, hierarchy: pa.Table, group: Sequence[str]) -> list[str]:
    """Name the aggregates that have no period in common to all their members."""
    notes = []
    for level, names in ((TOP, {TOP}), *((name, set(hierarchy[name].to_pylist())) for name in group[:1])):
        present = set(plan.filter(pc.equal(plan["level"], level))["item_id"].to_pylist())
        absent = sorted(names - present)
        if absent:
            notes.append(
                f"no forecast for {level} {', '.join(absent[:NAMED])}: its series end too far apart to share a period"
            )
    return notes


def _write(plan: pa.Table, out: Path, levels: list[str], offset: int) -> int:
    """Write the chosen approach as CSV, aside and then renamed; returns the number of rows."""
    table = sql.query("demand/forecast_file/output", {"forecast": plan}, {"levels": levels, "month_in_period": offset})
    aside = out.with_name(out.name + ".part")
    try:
        with aside.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(table.column_names)
            writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
        aside.replace(out)
    except OSError as error:
        raise BadInput(
            fault(found=str(error), needed="a place to write to", where=str(out), mend="Choose another --out.")
        ) from error
    return table.num_rows
