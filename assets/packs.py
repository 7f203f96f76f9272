"""Publication and packs: the cycle's tables become visible at once, and then become what the meeting reads."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from assets.resources import CYCLES, CompanyResource, lake_run
from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput

Lineage = dict[str, set[str]]


def lineage_of(definitions: Sequence[dg.AssetsDefinition]) -> Lineage:
    """Return which tables each table is made from."""
    return {
        key.path[-1]: {parent.path[-1] for parent in parents}
        for definition in definitions
        for key, parents in definition.asset_deps.items()
    }


def blocking_checks_of(definitions: Sequence[dg.AssetsDefinition]) -> int:
    """Return how many blocking checks stand between files and packs."""
    return sum(spec.blocking for definition in definitions for spec in definition.check_specs)


@dg.asset(
    deps=[table.name for table in (*tables.INPUTS, *tables.OUTPUTS)],
    partitions_def=CYCLES,
    group_name="packs",
    kinds={"parquet"},
    description="The cycle's pointer, swapped once after the last blocking check: all of the run or nothing.",
)
def published_cycle(
    context: dg.AssetExecutionContext, company: CompanyResource, lineage: dg.ResourceParam[Lineage]
) -> dg.MaterializeResult:
    """Publish the run's tables."""
    cycle = Cycle.parse(context.partition_key)
    pointer = company.lake.publish(cycle, lake_run(context), lineage)
    hashes = "\n".join(f"{digest} {name}" for name, digest in company.lake.hashes(cycle).items())
    return dg.MaterializeResult(
        metadata={"tables": len(pointer["tables"]), "stale": ", ".join(pointer["stale"]) or "none", "hashes": hashes}
    )


def make_packs(company: CompanyResource, cycle: Cycle, blocking_checks: int) -> dict[str, Any]:
    """Make the packs of a published cycle and return the files made and notes on what could not be.

    A published cycle has passed every one of its ``blocking_checks``, or it would not be published.
    """
    from sop_pipeline.packs import build_packs

    lake = company.lake
    if not lake.pointer(cycle):
        raise BadInput(
            found=f"no published cycle {cycle}",
            needed="one of " + (", ".join(map(str, lake.cycles())) or "the cycles you run"),
            where=str(lake.root),
            mend=f"Run it first: sop run --cycle {cycle}.",
        )
    published = {name: lake.read(name, cycle) for name in lake.pointer(cycle).get("tables", {})}
    made = build_packs(
        published,
        company.settings,
        cycle,
        status="draft",
        hashes=lake.hashes(cycle),
        checks=(blocking_checks, blocking_checks),
        out=company.packs(cycle),
    )
    return {"files": [str(path) for path in made.files], "notes": list(made.notes)}


@dg.asset(
    deps=[published_cycle],
    partitions_def=CYCLES,
    group_name="packs",
    kinds={"jinja", "html", "pdf", "excel"},
    description="What the meeting gets: the executive pack as HTML and PDF, the workbook, the deliverables as files.",
)
def meeting_packs(
    context: dg.AssetExecutionContext, company: CompanyResource, blocking_checks: dg.ResourceParam[int]
) -> dg.MaterializeResult:
    """Make the packs from the published tables alone."""
    made = make_packs(company, Cycle.parse(context.partition_key), blocking_checks)
    for note in made["notes"]:
        context.log.warning(note)
    pages = {Path(name).name: dg.MetadataValue.path(name) for name in made["files"]}
    return dg.MaterializeResult(metadata={"files": made["files"], "notes": made["notes"], **pages})
