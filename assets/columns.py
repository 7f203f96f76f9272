"""What Dagster shows of a table's columns: kind, meaning and rules, and the columns they come from."""

import functools

import dagster as dg

from sop_pipeline import tables
from sop_pipeline.steps.month import LINEAGE


@functools.cache
def column_schema(name: str) -> dg.TableSchema:
    """Return a registry table as Dagster's column schema."""
    spec = tables.get(name)
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.kind),
                description=f"{column.meaning}, {column.unit}" if column.unit else column.meaning,
                constraints=dg.TableColumnConstraints(nullable=not column.required, unique=spec.key == (column.name,)),
            )
            for column in spec.columns
        ]
    )


@functools.cache
def column_sources(table: str) -> dict[str, list[tuple[str, str]]]:
    """Return by column the columns it comes from: those of one name, meaning and unit in the tables it is made from.

    A quantity has one name everywhere (the registry sees to that), so a column of the same meaning upstream is what it
    is taken or added up from; columns that are computed anew have no such source and are left out.
    """
    found = {
        column.name: [
            (other, column.name)
            for other in sorted(LINEAGE.get(table, ()))
            if column.name in tables.get(other) and _same(column, tables.get(other)[column.name])
        ]
        for column in tables.get(table).columns
    }
    return {name: sources for name, sources in found.items() if sources}


def _same(one: tables.Column, other: tables.Column) -> bool:
    return (one.kind, one.meaning, one.unit) == (other.kind, other.meaning, other.unit)


def column_lineage(company: str, table: str) -> dict[str, dg.TableColumnLineage]:
    """Return the sources of a table's columns as Dagster shows them, for the company of a key; nothing for none."""
    sources = column_sources(table)
    if not sources:
        return {}
    deps = {
        name: [dg.TableColumnDep(dg.AssetKey([company, other]), column) for other, column in found]
        for name, found in sources.items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)}
