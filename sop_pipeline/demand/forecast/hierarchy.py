"""The hierarchy of a forecast: who belongs to whom, and how a level's forecast reaches every other level.

What belongs here: the ancestry of each series, and the approaches (top-down with three proportions, middle-out,
bottom-up) as tables over the base forecasts. Not here: the base forecasts (``base``) and minimum-trace
reconciliation (``reconciliation``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from sop_pipeline.demand.forecast.reconciliation import reconcile
from sop_pipeline.demand.forecast.settings import PROPORTIONS, Settings
from sop_pipeline.demand.forecast.statements import make
from sop_pipeline.errors import BadInput

SEPARATOR = "/"


def ancestry(hierarchy: pa.Table, top: str, bottom: str) -> pa.Table:
    """Return one row per series and level: unique_id, level_no, level, item_id, parent_item_id.

    ``hierarchy`` has ``unique_id`` and its groups, outermost first; the top's only item carries the level's name. A
    group that occurs under two outer groups is told apart as ``outer/inner``. Raises BadInput for a series named twice
    or without a group.
    """
    groups = [name for name in hierarchy.column_names if name != "unique_id"]
    ids = [str(value) for value in hierarchy["unique_id"].to_pylist()]
    _refuse_repeats(ids)
    paths = _group_items(hierarchy, groups, ids)
    rows: list[tuple[str, int, str, str, str | None]] = []
    for position, unique_id in enumerate(ids):
        chain = [top, *(paths[group][position] for group in groups), unique_id]
        for level_no, (level, item) in enumerate(zip([top, *groups, bottom], chain, strict=True)):
            rows.append((unique_id, level_no, level, item, chain[level_no - 1] if level_no else None))
    columns = [[row[place] for row in rows] for place in range(5)]
    schema = pa.schema(
        [
            ("unique_id", pa.string()),
            ("level_no", pa.int64()),
            ("level", pa.string()),
            ("item_id", pa.string()),
            ("parent_item_id", pa.string()),
        ]
    )
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


def _refuse_repeats(ids: Sequence[str]) -> None:
    seen: set[str] = set()
    repeated = sorted({unique_id for unique_id in ids if unique_id in seen or seen.add(unique_id)})  # type: ignore[func-returns-value]
    if repeated:
        raise BadInput(
            found=f"{repeated[0]!r} under two places of the hierarchy",
            needed="one place for each series",
            where="hierarchy",
            mend="Give every series one group at each level.",
        )


def _group_items(hierarchy: pa.Table, groups: Sequence[str], ids: Sequence[str]) -> dict[str, list[str]]:
    """Item of every series at every group level, told apart by its outer group where one name occurs under two."""
    items: dict[str, list[str]] = {}
    outer: list[str] | None = None
    for group in groups:
        names = hierarchy[group].to_pylist()
        missing = [unique_id for unique_id, name in zip(ids, names, strict=True) if name is None or name == ""]
        if missing:
            raise BadInput(
                found=f"no {group} for {missing[0]!r} ({len(missing)} series in all)",
                needed=f"a {group} for every series",
                where="hierarchy",
                mend=f"Fill in {group}, or leave the level out.",
            )
        own = [str(name) for name in names]
        if outer is not None:
            own = _told_apart(outer, own)
        items[group] = outer = own
    return items


def _told_apart(outer: Sequence[str], inner: Sequence[str]) -> list[str]:
    parents: dict[str, set[str]] = {}
    for above, name in zip(outer, inner, strict=True):
        parents.setdefault(name, set()).add(above)
    return [
        f"{above}{SEPARATOR}{name}" if len(parents[name]) > 1 else name
        for above, name in zip(outer, inner, strict=True)
    ]


def known_approaches(middle: int | None) -> list[str]:
    """Names of the approaches a hierarchy allows, ``middle`` being the number of its middle level if it has one."""
    top_down = [f"top_down_{proportion}" for proportion in PROPORTIONS]
    return ["bottom_up", *top_down, *(["middle_out"] if middle is not None else []), "reconciled"]


def approach_forecasts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, approaches: Sequence[str], middle: int | None
) -> None:
    """Make view ``approaches`` (approach, leaf_id, run, period, mean) from ``base``: every series once each.

    Bottom-up and the seasonal naive, the yardstick, are columns of ``base`` and read from there (``leaves``).
    ``middle`` is the level a middle-out forecast starts at.
    """
    spread = [name for name in approaches if name != "bottom_up"]
    if set(spread) - {"reconciled"}:
        make(connection, "historical_shares", "demand/forecast/historical_shares", settings.params())
    for proportion in PROPORTIONS:
        if f"top_down_{proportion}" in spread:
            _split(connection, settings, f"top_down_{proportion}", proportion, 0)
    if "middle_out" in spread:
        _split(connection, settings, "middle_out", settings.proportions, middle or 0)
    if "reconciled" in spread:
        reconcile(connection, settings)
        make(connection, "reconciled", "demand/forecast/reconciled", settings.params())
    _gather(connection, spread)


def _gather(connection: duckdb.DuckDBPyConnection, spread: Sequence[str]) -> None:
    """Make view ``approaches`` over the tables of ``spread``, under names of one byte that sort by the alphabet."""
    names = ", ".join(f"'{name}'" for name in sorted({"naive", "bottom_up", *spread}))
    connection.execute(f"create type approach_name as enum ({names})")
    columns = "select null::approach_name as approach, node_id as leaf_id, run, period, mean from base where false"
    parts = (f"select '{name}'::approach_name as approach, leaf_id, run, period, mean from {name}" for name in spread)
    connection.execute(f"create or replace temp view approaches as {' union all '.join([columns, *parts])}")


def _split(
    connection: duckdb.DuckDBPyConnection, settings: Settings, name: str, proportion: str, level_no: int
) -> None:
    """Make table ``name``: forecasts of level ``level_no`` split over the series."""
    params = {**settings.params(), "split_level": level_no}
    by_period = proportion == "forecast_proportions"
    if by_period:
        make(connection, "forecast_shares", "demand/forecast/forecast_shares", params)
    make(
        connection,
        name,
        "demand/forecast/split",
        params,
        shares="forecast_shares" if by_period else "historical_shares",
        share="share" if by_period else proportion,
        by_period=by_period,
    )
