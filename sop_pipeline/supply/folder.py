"""A planning folder: CSV files in, CSV files and summary.json out (TABLES.md, "A planning folder").

Here: reading with file, row and column in every complaint, writing results. Not here: what the columns mean for a plan
(``problem.data``, ``constraints``), nor anything of a company folder.
"""

from __future__ import annotations

import csv
import difflib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.problem.definition import TABLES, PlanningProblem, PlanOptions
from sop_pipeline.supply.schedule.material_orders import material_orders
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from sop_pipeline.supply.strategies.results.materials import plan_requirement
from sop_pipeline.supply.strategies.results.routes import route_plan
from sop_pipeline.tables.schema import Column, Kind, Table

TRUE = {"1", "true", "yes", "y", "t"}
FALSE = {"0", "false", "no", "n", "f"}
_LIKELY = 0.8

# Filled in, these would promise something that a plan made from a folder does not do.
NOT_SERVED = {
    ("materials", "min_order"): "smallest orders are kept when materials are ordered, after the plan",
}


def plan_folder(
    folder: Path,
    strategy: str = "blended",
    *,
    integer: bool = False,
    objective: str = "cost",
    fix: Path | None = None,
    out: Path | None = None,
    options: PlanOptions | None = None,
) -> PlanResult:
    """Plan a folder and write the result to ``out`` when it is given.

    ``fix`` is a ``fixed_plan`` file to be kept and priced. Raises BadInput (exit code 2) for what cannot be read or
    contradicts itself and Infeasible (exit code 3) for hard rules that conflict; then nothing is written.
    """
    problem = read_folder(folder)
    if options is not None:
        problem = replace(problem, options=options)
    fixed = read_table(fix, TABLES["fixed_plan"]) if fix is not None else None
    result = plan(problem, strategy, integer=integer, objective=objective, fixed=fixed)
    if out is not None:
        write_result(result, out)
    return result


def read_folder(folder: Path) -> PlanningProblem:
    """Read every table present; only demand_plan.csv is required. A fixed_plan.csv counts only where --fix names it."""
    if not (folder / "demand_plan.csv").is_file():
        raise BadInput(
            found="no demand_plan.csv",
            needed="a planning folder with at least demand_plan.csv",
            where=str(folder),
            mend="Give the folder that holds it.",
        )
    frames: dict[str, Any] = {
        name: read_table(folder / f"{name}.csv", table)
        for name, table in TABLES.items()
        if name != "fixed_plan" and (folder / f"{name}.csv").is_file()
    }
    _refuse_early_demand(folder, frames)
    return PlanningProblem(**frames)


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
            where=f"{folder / 'demand_plan.csv'}, {row['product_id']}",
            mend="Move the demand or launched_on.",
        )


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Read one CSV file into a frame of the table's columns that are present; other columns are left out."""
    if not path.is_file():
        needed = f"a CSV file of {table.name}"
        raise BadInput(found="no such file", needed=needed, where=str(path), mend="Add it.")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle)
        header = [name.strip() for name in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    _check_header(path, table, header)
    columns = {
        name: [_cell(path, table[name], _at(row, place), number) for number, row in rows]
        for place, name in enumerate(header)
        if name in table
    }
    return pd.DataFrame(columns)


def _check_header(path: Path, table: Table, header: list[str]) -> None:
    missing = [name for name in table.required if name not in header and name != "product_name"]
    if missing:
        raise BadInput(
            found="columns " + (", ".join(header) or "none"),
            needed="the column " + ", ".join(missing),
            where=str(path),
            mend="Add it to the first line.",
        )
    absent = [name for name in table.names if name not in header]
    for name in header:
        meant = difflib.get_close_matches(name.lower(), absent, n=1, cutoff=_LIKELY) if name not in table else []
        if meant:
            raise BadInput(
                found=f"the column {name}",
                needed=f"columns of {table.name}, or others that are like none of them",
                where=str(path),
                mend=f"Did you mean {meant[0]}? Columns of other names are left out.",
            )
    twice = sorted({name for name in header if header.count(name) > 1 and name in table})
    if twice:
        found = f"column {twice[0]} twice"
        raise BadInput(found=found, needed="it once", where=str(path), mend="Delete one of them.")


def _at(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _cell(path: Path, column: Column, text: str, row: int) -> str | float | bool | None:
    if text == "":
        return float("nan") if column.kind.is_decimal or column.kind is Kind.COUNT else None
    if column.kind is Kind.FLAG:
        if text.lower() not in TRUE | FALSE:
            raise _unreadable(path, column, row, text, "true or false")
        return text.lower() in TRUE
    if column.kind.is_decimal or column.kind is Kind.COUNT:
        return _number(path, column, text, row)
    return text


def _number(path: Path, column: Column, text: str, row: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _unreadable(path, column, row, text, "a number such as 1234.5") from None
    if not math.isfinite(value):
        raise _unreadable(path, column, row, text, "a finite number; leave it blank for no limit")
    if column.minimum is not None and value < column.minimum:
        raise _unreadable(path, column, row, text, f"at least {column.minimum:g}")
    if column.maximum is not None and value > column.maximum:
        raise _unreadable(path, column, row, text, f"at most {column.maximum:g}")
    return value


def _unreadable(path: Path, column: Column, row: int, text: str, needed: str) -> BadInput:
    where = f"{path}, row {row}, column {column.name}"
    return BadInput(found=repr(text), needed=needed, where=where, mend="Correct the cell.")


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
