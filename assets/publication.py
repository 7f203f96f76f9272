"""Publication and packs: the cycle's tables become visible at once, and then become what the meeting reads."""

from typing import Any

import dagster as dg

from assets.described import of_packs
from assets.resources import FRESH, CompanyResource, lake_run
from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.month import LINEAGE
from sop_pipeline.steps.publication import make_packs
from sop_pipeline.views import refresh_views

BEFORE = dg.TimeWindowPartitionMapping(start_offset=-1, end_offset=-1)
"""A cycle rests on the one before it, as its steps read that one's plan."""


def publication_of(company: CompanyResource) -> list[dg.AssetsDefinition]:
    """Return the two assets behind the last step of a company."""
    published = company.asset_key("published_cycle")

    @dg.multi_asset(
        name="published_cycle",
        specs=[
            dg.AssetSpec(
                published,
                deps=[
                    *(company.asset_key(table) for table in LINEAGE),
                    dg.AssetDep(published, partition_mapping=BEFORE),
                ],
                kinds={"parquet"},
                description="The cycle's pointer, swapped once after the last blocking check: all of the run or none.",
                **of_packs(company),
            )
        ],
        required_resource_keys={"company"},
        pool=f"{company.key}_views",  # one file of views for all of a company's cycles
    )
    def published_cycle(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """Publish the run's tables; what comes after the swap is told and stops nothing."""
        lake, cycle = context.resources.company.lake, Cycle.parse(context.partition_key)
        pointer = lake.publish(cycle, lake_run(context), LINEAGE)
        for note in refresh_views(lake):
            context.log.warning(note)
        hashes = "\n".join(f"{entry['content_sha256']} {name}" for name, entry in pointer["tables"].items())
        stale = ", ".join(pointer["stale"]) or "none"
        told: dict[str, Any] = {"tables": len(pointer["tables"]), "stale_tables": len(pointer["stale"])}
        return dg.MaterializeResult(metadata={**told, "stale": stale, "hashes": hashes})

    @dg.multi_asset(
        name="meeting_packs",
        specs=[
            dg.AssetSpec(
                company.asset_key("meeting_packs"),
                deps=[published],
                kinds={"jinja", "html", "pdf", "excel"},
                description="What the meeting gets: executive pack as HTML and PDF, workbook, deliverables as files.",
                **of_packs(company),
            )
        ],
        required_resource_keys={"company"},
    )
    def meeting_packs(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """Make the packs from the published tables alone."""
        folder, fresh = context.resources.company.company_folder, FRESH in context.run.tags
        packs = make_packs(folder, Cycle.parse(context.partition_key), fresh=fresh)
        for note in packs.notes:
            context.log.warning(note)
        pages = {path.name: dg.MetadataValue.path(str(path)) for path in packs.files}
        files = [str(path) for path in packs.files]
        return dg.MaterializeResult(
            metadata={"files": files, "notes": list(packs.notes), "note_count": len(packs.notes), **pages}
        )

    return [published_cycle, meeting_packs]
