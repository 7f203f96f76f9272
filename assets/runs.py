"""A run of the command line as the instance's own: it stands in the timeline, and the web UI can take it up again.

Dagster's public calls run a job in this process, but leave out which code location it comes from, without which the web
UI cannot run it again. So the run is made and executed by the calls that Dagster's own worker uses; the few names this
takes from ``dagster._core`` are all here (decision 0015).
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from assets.launcher import process_tag
from assets.resources import FRESH, PARTITION, CompanyResource
from assets.schedules import JOB
from sop_pipeline.company_folder import PROJECT

REPOSITORY = "__repository__"
"""What Dagster calls the definitions of a code location that names no repository."""


@dataclass(frozen=True)
class Wanted:
    """What a run is to do: the whole of a job, or the assets named of it, with what its steps are told.

    ``fresh``: all of it, also what an earlier run has made of the same.
    """

    job: str = JOB
    assets: frozenset[str] = frozenset()
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fresh: bool = False
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def run_here(
    code: Path, company: CompanyResource, cycle: str, instance: dg.DagsterInstance, wanted: Wanted
) -> dg.JobExecutionResult:
    """Run a cycle's job in this process, as a run of the code location ``code`` of the company."""
    job = ReconstructableRepository.for_file(str(code), "defs", str(PROJECT)).get_reconstructable_job(wanted.job)
    run_id = wanted.run_id
    selected = frozenset(company.asset_key(name) for name in wanted.assets) or None
    part = job.get_subset(asset_selection=selected) if selected else job
    run = instance.create_run_for_job(
        part.get_definition(),
        run_id=run_id,
        run_config={"loggers": {"progress": {}}, **({"ops": dict(wanted.config)} if wanted.config else {})},
        tags={
            **company.tags(cycle),
            **process_tag(run_id),
            PARTITION: cycle,
            **({FRESH: "true"} if wanted.fresh else {}),
        },
        asset_selection=selected,
        remote_job_origin=_origin(code, company.key, wanted.job),
        job_code_origin=job.get_python_origin(),
    )
    return execute_run(job, run, instance)


def _origin(code: Path, location: str, job: str) -> RemoteJobOrigin:
    target = LoadableTargetOrigin(
        executable_path=sys.executable, python_file=str(code), working_directory=str(PROJECT), attribute="defs"
    )
    place = ManagedGrpcPythonEnvCodeLocationOrigin(target, location)
    return RemoteJobOrigin(RemoteRepositoryOrigin(place, REPOSITORY), job)
