"""The one place where things are put together.

``build_defs`` takes overrides, so that a test or another company swaps a resource and never patches internals; ``defs``
is what ``workspace.yaml`` loads.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets import delivery, schedules
from assets.calendar_watch import calendar_watch, on_time
from assets.executors import executor_of
from assets.generate import assets_of
from assets.new_input import new_input
from assets.notices import run_notices
from assets.progress import progress_logger
from assets.publication import publication_of
from assets.release import release_job, release_of
from assets.resources import CompanyResource, LakeIOManager
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.steps.month import STEPS


def build_defs(**overrides: Any) -> dg.Definitions:
    """Return the whole code location of one company; ``overrides`` replace resources by name (``company``, ``lake``).

    Asset keys, partitions, schedule and sensors are those of ``company``, by default the one in force.
    """
    company = overrides.pop("company", None) or CompanyResource(folder=str(CompanyFolder.in_force().path))
    return dg.Definitions(
        assets=[*(assets_of(step, company) for step in STEPS), *publication_of(company), release_of(company)],
        asset_checks=[on_time(company)],
        jobs=[schedules.planning_cycle(company), release_job(company), delivery.send_preread(company)],
        schedules=[schedules.monthly_cycle(company), delivery.preread(company)],
        sensors=[
            new_input(company),
            schedules.publish_by_hand(company),
            *run_notices(company),
            calendar_watch(company),
        ],
        resources={"company": company, "lake": LakeIOManager(company=company), **overrides},
        loggers={"progress": progress_logger, "console": dg.colored_console_logger},
        executor=executor_of(company),
    )


defs = build_defs()
