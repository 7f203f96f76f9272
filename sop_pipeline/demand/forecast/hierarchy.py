"""The hierarchy of a forecast: what its levels are called, and who belongs to whom.

Not here: how a level's forecast reaches the others (``approaches``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.errors import BadInput

SEPARATOR = "/"


@dataclass(frozen=True)
class Levels:
    """What the levels above and below the groups are called, and which one a middle-out forecast starts at."""

    top: str = "company"
    bottom: str = "product"
    middle: str | None = None

    def names(self, hierarchy: pa.Table) -> list[str]:
        """Return all levels from the top down."""
        return [self.top, *(name for name in hierarchy.column_names if name != "unique_id"), self.bottom]

    def middle_number(self, hierarchy: pa.Table) -> int | None:
        """Return the number of the middle level, 0 being the top; None in a hierarchy of two levels.

        It is the named one, else the one above the bottom. Raises BadInput for a name that is no level.
        """
        names = self.names(hierarchy)
        if self.middle is None:
            return len(names) - 2 if len(names) > 2 else None
        if self.middle not in names:
            raise BadInput(
                found=f"middle level {self.middle!r}",
                needed=f"one of {', '.join(names)}",
                where="forecast",
                mend="Name a level of the hierarchy.",
            )
        return names.index(self.middle)


COMPANY = Levels()


def flat(history: pa.Table) -> pa.Table:
    """Return a hierarchy of one level under the top, for series without groups."""
    return pa.table({"unique_id": pa.array(sorted(set(tables.texts(history, "unique_id"))), pa.string())})


def ancestry(hierarchy: pa.Table, levels: Levels) -> pa.Table:
    """Return one row per series and level: unique_id, level_no, level, item_id, parent_item_id.

    ``hierarchy`` has ``unique_id`` and its groups, outermost first; the top's only item carries the level's name. A
    group that occurs under two outer groups is told apart as ``outer/inner``. Raises BadInput for a series named twice
    or without a group.
    """
    names = levels.names(hierarchy)
    groups = names[1:-1]
    ids = [str(value) for value in hierarchy["unique_id"].to_pylist()]
    _refuse_repeats(ids)
    paths = _group_items(hierarchy, groups, ids)
    rows: list[tuple[str, int, str, str, str | None]] = []
    for position, unique_id in enumerate(ids):
        chain = [levels.top, *(paths[group][position] for group in groups), unique_id]
        for level_no, (level, item) in enumerate(zip(names, chain, strict=True)):
            rows.append((unique_id, level_no, level, item, chain[level_no - 1] if level_no else None))
    columns = [[row[place] for row in rows] for place in range(5)]
    types: dict[str, pa.DataType] = {
        "unique_id": pa.string(),
        "level_no": pa.int64(),
        "level": pa.string(),
        "item_id": pa.string(),
        "parent_item_id": pa.string(),
    }
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(types))


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
        items_of_level = [str(name) for name in names]
        if outer is not None:
            items_of_level = _told_apart(outer, items_of_level)
        items[group] = outer = items_of_level
    return items


def _told_apart(outer: Sequence[str], inner: Sequence[str]) -> list[str]:
    parents: dict[str, set[str]] = {}
    for above, name in zip(outer, inner, strict=True):
        parents.setdefault(name, set()).add(above)
    return [
        f"{above}{SEPARATOR}{name}" if len(parents[name]) > 1 else name
        for above, name in zip(outer, inner, strict=True)
    ]
