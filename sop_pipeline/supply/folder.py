"""A planning folder: a file a table in, CSV files and summary.json out (TABLES.md, "A planning folder").

Here: which files there are, months that are labels, writing results. Not here: how a file is read (``reading``), what
the columns mean for a plan (``problem.data``, ``constraints``), nor anything of a company folder.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.config import SingleFile
from sop_pipeline.cycle import month_text
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells import dates
from sop_pipeline.reading.one_file import read_cells, read_rows
from sop_pipeline.reading.readers.names import closest
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.supply.problem.definition import TABLES, PlanningProblem, PlanOptions
from sop_pipeline.supply.schedule.material_orders import material_orders
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from sop_pipeline.supply.strategies.results.materials import plan_requirement
from sop_pipeline.supply.strategies.results.routes import route_plan
from sop_pipeline.tables.schema import Column, Kind, Table

_FORMATS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".parquet")
_ALIKE = 0.85
AS_FOUND = SingleFile()
"""Encoding, delimiter, marks and dates as each file shows them."""


def plan_folder(
    folder: Path,
    strategy: str = "blended",
    *,
    integer: bool = False,
    objective: str = "cost",
    fix: Path | None = None,
    out: Path | None = None,
    options: PlanOptions | None = None,
    source: SingleFile = AS_FOUND,
) -> PlanResult:
    """Plan a folder and write the result to ``out`` when it is given.

    ``fix`` is a ``fixed_plan`` file to be kept and priced, ``source`` how the files are written. Raises BadInput (exit
    code 2) for what cannot be read or contradicts itself and Infeasible (exit code 3) for hard rules that conflict;
    then nothing is written.
    """
    problem = read_folder(folder, source)
    if options is not None:
        problem = replace(problem, options=options)
    fixed = read_table(fix, TABLES["fixed_plan"], source) if fix is not None else None
    result = plan(problem, strategy, integer=integer, objective=objective, fixed=fixed)
    if out is not None:
        write_result(result, out)
    return result


def read_folder(folder: Path, source: SingleFile = AS_FOUND) -> PlanningProblem:
    """Read every table present; only demand_plan.csv is required. A fixed_plan.csv counts only where --fix names it."""
    files = _files(folder)
    if "demand_plan" not in files:
        raise BadInput(
            found="no demand_plan.csv",
            needed="a planning folder with at least demand_plan.csv",
            where=str(folder),
            mend="Give the folder that holds it.",
        )
    with Reader.open() as reader:
        frames: dict[str, Any] = {
            name: _read(reader, path, TABLES[name], source) for name, path in files.items() if name != "fixed_plan"
        }
    _refuse_early_demand(folder, frames)
    return PlanningProblem(**frames)


def _files(folder: Path) -> dict[str, Path]:
    """The file of each table; refuses a table with two, and a file whose name is one letter off that of a table."""
    paths = [path for path in sorted(folder.glob("*")) if path.suffix.lower() in _FORMATS and path.is_file()]
    found: dict[str, Path] = {}
    for path in paths:
        if path.stem in found:
            raise BadInput(
                found=f"{found[path.stem].name} and {path.name}",
                needed="one file for a table",
                where=str(folder),
                mend="Take the one not meant out of the folder.",
            )
        if path.stem in TABLES:
            found[path.stem] = path
    for path in paths:
        near = closest(path.stem, TABLES, _ALIKE)
        if near is not None and near not in found:
            raise BadInput(
                found=path.name,
                needed="a file named after a table of planning folders, or a name that is like none of them",
                where=str(folder),
                mend=f"Did you mean {near}{path.suffix}? Files of other names are left out.",
            )
    return found


def _refuse_early_demand(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    """Nothing is demanded before a product is launched."""
    products = frames.get("products", pd.DataFrame())
    if "launched_on" not in products:
        return
    launched = products.dropna(subset=["launched_on"]).set_index("product_id")["launched_on"].str[:7]
    demand = frames["demand_plan"].assign(launched=frames["demand_plan"]["product_id"].map(launched))
    early = demand[
        demand["launched"].notna() & (demand["month"].str[:7] < demand["launched"]) & (demand["quantity"] > 0)
    ]
    if len(early):
        row = early.iloc[0]
        raise BadInput(
            found=f"demand of {row['quantity']:g} in {row['month']}",
            needed=f"none before its launch in {row['launched']}",
            where=f"{folder}, demand_plan, {row['product_id']}",
            mend="Move the demand or launched_on.",
        )


def read_table(path: Path, table: Table, source: SingleFile = AS_FOUND) -> pd.DataFrame:
    """Read one file into a frame of the table's columns that are present; other columns are left out."""
    with Reader.open() as reader:
        return _read(reader, path, table, source)


def _read(reader: Reader, path: Path, table: Table, source: SingleFile) -> pd.DataFrame:
    raw = read_cells(reader, path, table.name, source)
    spec = replace(table, columns=tuple(_in_a_folder(column, raw, source) for column in table.columns))
    rows = read_rows(reader, path, raw, spec, source).rows.drop_columns(["row", "covers"])
    return pd.DataFrame({name: _plain(rows.column(name), spec[name].kind) for name in rows.column_names})


def _in_a_folder(column: Column, raw: Raw, source: SingleFile) -> Column:
    """A product needs no name here, and months may be labels, such as Jul or week 7, which keep their order."""
    if column.name == "product_name":
        return replace(column, required=False)
    if column.kind is not Kind.MONTH or column.name not in raw.headings:
        return column
    cells = raw.cells.column(f"c{raw.headings.index(column.name)}")
    texts = sorted({text.strip() for text in pc.unique(cells).to_pylist() if text and text.strip()})
    return column if source.date_format or _may_be_months(texts) else replace(column, kind=Kind.TEXT)


def _may_be_months(texts: list[str]) -> bool:
    """Whether texts are days or months, in whichever of two ways: which is for the reader to refuse."""
    try:
        return dates.all_are_dates(texts)
    except dates.Undecidable:
        return True


def _plain(values: pa.ChunkedArray, kind: Kind) -> list[Any] | pd.Series:
    """Numbers with NaN for blank, months and days as text, the rest as it is."""
    if kind.is_decimal or kind is Kind.COUNT:
        return values.cast(pa.float64()).to_pandas()
    if kind is Kind.MONTH:
        return [value and month_text(value) for value in values.to_pylist()]
    return [value and str(value) for value in values.to_pylist()] if kind is Kind.DATE else values.to_pylist()


def write_result(result: PlanResult, out: Path) -> None:
    """Write the six tables and summary.json; months as they were given, numbers without needless zeros."""
    out.mkdir(parents=True, exist_ok=True)
    frames = {name: getattr(result, name) for name in ("aggregate_plan", "resource_plan", "shadow_prices", "costs")}
    frames["routes"] = route_plan(result.solved, result.aggregate_plan)
    needed = plan_requirement(result.solved, result.aggregate_plan, frames["routes"])
    data = result.solved.draft.data
    frames["material_orders"] = material_orders(data.materials, needed, data.months)
    for name, frame in frames.items():
        frame.to_csv(out / f"{name}.csv", index=False, lineterminator="\n", float_format="%.10g")
    text = json.dumps(result.summary, indent=2, ensure_ascii=False)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
