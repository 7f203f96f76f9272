"""The one place where things are put together.

``build_defs`` takes overrides, so that a test or another company swaps a resource and never patches internals; ``defs``
is what ``workspace.yaml`` loads.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets import demand, ingest, packs, portfolio, reconciliation, schedules, supply
from assets.progress import progress_logger
from assets.resources import CYCLES, CompanyResource, LakeIOManager
from sop_pipeline.company_folder import CompanyFolder

STEPS = (ingest, portfolio, demand, supply, reconciliation, packs)


def build_defs(**overrides: Any) -> dg.Definitions:
    """Return the whole code location; ``overrides`` replace resources by name (``company``, ``lake`` ...)."""
    company = overrides.pop("company", None) or CompanyResource(folder=str(CompanyFolder.in_force().path))
    assets = dg.load_assets_from_modules(STEPS)
    definitions = [each for each in assets if isinstance(each, dg.AssetsDefinition)]
    resources = {
        "company": company,
        "lake": LakeIOManager(company=company),
        "lineage": packs.lineage_of(definitions),
        "blocking_checks": packs.blocking_checks_of(definitions),
        **overrides,
    }
    planning_cycle = dg.define_asset_job(
        schedules.JOB,
        selection=dg.AssetSelection.all(),
        partitions_def=CYCLES,
        description="One whole planning cycle: ingest, demand, supply, reconciliation, publication, packs.",
    )
    return dg.Definitions(
        assets=assets,
        jobs=[planning_cycle],
        schedules=[schedules.monthly_cycle],
        sensors=[schedules.new_input, schedules.publish_by_hand],
        resources=resources,
        loggers={"progress": progress_logger, "console": dg.colored_console_logger},
        executor=dg.in_process_executor,
    )


defs = build_defs()
