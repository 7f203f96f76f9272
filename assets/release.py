"""Release: a published cycle is approved, in a run of its own that says who did it and why."""

from typing import Any

import dagster as dg

from assets.delivery import mailed
from assets.described import of_packs
from assets.resources import CompanyResource
from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.release import release_cycle

JOB = "release_cycle"
ASSET = "release"


class Approval(dg.Config):
    """Who releases the cycle, and why."""

    by: str
    why: str


def release_of(company: CompanyResource) -> dg.AssetsDefinition:
    """Return the asset of a company's releases: the newest manifest of each cycle."""

    @dg.multi_asset(
        name=ASSET,
        specs=[
            dg.AssetSpec(
                company.asset_key(ASSET),
                deps=[company.asset_key("published_cycle")],
                kinds={"json"},
                description="What was approved of the cycle: one read-only manifest a release, and its packs.",
                **of_packs(company),
            )
        ],
        required_resource_keys={"company"},
    )
    def release(context: dg.AssetExecutionContext, config: Approval) -> dg.MaterializeResult:
        """Freeze what is published; what the newest release says already is not released again."""
        folder, cycle = context.resources.company.company_folder, Cycle.parse(context.partition_key)
        made = release_cycle(folder, cycle, by=config.by, why=config.why, run=context.run.run_id)
        for note in made.notes:
            context.log.warning(note)
        told = mailed(context, context.resources.company, made.plan)
        return dg.MaterializeResult(
            metadata={
                "release": str(made.plan),
                "manifest": dg.MetadataValue.path(str(made.manifest)),
                "content": made.content,
                "is_new": made.is_new,
                "files": [str(path) for path in made.files],
                "notes": [*made.notes, *told],
            }
        )

    return release


def release_job(company: CompanyResource) -> Any:
    """Return the job that releases a cycle."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.assets(company.asset_key(ASSET)),
        partitions_def=company.cycles,
        tags=company.tags(),
        description="Freezes the published cycle as its next release; asks who releases it, and why.",
    )
