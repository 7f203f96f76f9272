"""Starting things by hand: one cycle in this process, the packs alone, the web UI.

The same job, instance and assets as the scheduled run; only the output differs: one line per step, for a terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import dagster as dg
import yaml
from filelock import FileLock

from assets.resources import FIRST_CYCLE, MONTHS_AHEAD, CompanyResource, this_cycle
from sop_pipeline.company_folder import PROJECT, CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.language.freshness import stale_words
from sop_pipeline.pointers import write_json
from sop_pipeline.writer import only_writer


@dataclass(frozen=True)
class Outcome:
    """How a cycle ended: its files when all went well, else the reason, and whether it was published before that."""

    success: bool
    seconds: float
    published: bool = False
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    stale: list[str] = field(default_factory=list)


def prepare_home() -> Path:
    """Make the project's own Dagster home and return it; DAGSTER_HOME overrides.

    One process makes its databases and others wait: made by several at once, as a run and the parts of the web UI may,
    they would be stamped twice and never open again.
    """
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(PROJECT / ".dagster")))
    home.mkdir(parents=True, exist_ok=True)
    settings = (PROJECT / "dagster.yaml").read_bytes()
    with FileLock(home / "home.lock"):
        if not (home / "dagster.yaml").exists() or (home / "dagster.yaml").read_bytes() != settings:
            (home / "dagster.yaml").write_bytes(settings)
        if not (home / "schedules" / "schedules.db").exists():
            dg.DagsterInstance.get().dispose()
    return home


def run_cycle(folder: Path, cycle: str) -> Outcome:
    """Run the job ``planning_cycle`` for one cycle on the project's persistent instance."""
    from assets.definitions import build_defs
    from assets.schedules import JOB
    from sop_pipeline.steps.checking import prepare

    Cycle.parse(cycle)
    company = CompanyResource(folder=str(folder), asked_for=cycle)
    _refuse_unknown(company, Cycle.parse(cycle))
    claim_key(prepare_home(), company.company_folder)
    prepare()
    started = time.monotonic()
    job = build_defs(company=company).resolve_job_def(JOB)
    with only_writer(company.lake.root, Cycle.parse(cycle)), dg.DagsterInstance.get() as instance:
        result = job.execute_in_process(
            partition_key=cycle,
            instance=instance,
            raise_on_error=False,
            tags=company.tags(cycle),
            run_config={"loggers": {"progress": {}}},
        )
    seconds = time.monotonic() - started
    published = bool(result.asset_materializations_for_node("published_cycle"))
    if not result.success:
        return Outcome(success=False, seconds=seconds, published=published, reason=_reason(result))
    made = result.asset_materializations_for_node("meeting_packs")[0].metadata
    files = [Path(path) for path in cast("list[str]", made["files"].value)]
    return Outcome(
        success=True,
        seconds=seconds,
        published=True,
        files=files,
        notes=cast("list[str]", made["notes"].value),
        stale=stale_words(company.lake.read("data_freshness", Cycle.parse(cycle)).to_pylist()),
    )


def serve_ui(folders: list[Path], port: int) -> int:
    """Serve the web UI and the daemon for one or several companies on 127.0.0.1 until interrupted."""
    home = prepare_home()
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DO_NOT_TRACK": "1"}
    dagster = shutil.which("dagster", path=str(Path(sys.executable).parent)) or "dagster"
    workspace = write_workspace(home, [CompanyFolder(folder) for folder in folders])
    command = [dagster, "dev", "-w", str(workspace), "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


def write_workspace(home: Path, companies: list[CompanyFolder]) -> Path:
    """Write a workspace with a code location for each company, named by its key, and return its file."""
    locations = home / "locations"
    locations.mkdir(exist_ok=True)
    entries = []
    for company in companies:
        claim_key(home, company)
        code = locations / f"{company.key}.py"
        code.write_text(_LOCATION.format(folder=str(company.path)), encoding="utf-8")
        place = {"relative_path": str(code), "location_name": company.key, "working_directory": str(PROJECT)}
        entries.append({"python_file": place})
    workspace = home / "workspace.yaml"
    workspace.write_text(yaml.safe_dump({"load_from": entries}), encoding="utf-8")
    return workspace


_LOCATION = '''"""One company's code location; written anew by `sop ui`."""

from assets.definitions import build_defs
from assets.resources import FIRST_CYCLE, MONTHS_AHEAD, CompanyResource, this_cycle

defs = build_defs(company=CompanyResource(folder={folder!r}))
'''


def claim_key(home: Path, company: CompanyFolder) -> None:
    """Note which folder a key stands for in this Dagster home; BadInput when it stands for another that is there."""
    noted = home / "companies.json"
    with FileLock(home / "home.lock"):
        folders = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {}
        other = Path(folders.get(company.key, company.path))
        if other != company.path and (other / "sop.yaml").exists():
            raise BadInput(
                found=f"the key {company.key}, which is that of {other}",
                needed="a key of its own for every company in one Dagster home",
                where=str(company.path),
                mend="Set key in sop.yaml, for example key: " + f"{company.key}_2.",
            )
        write_json(noted, {**folders, company.key: str(company.path)})


def _refuse_unknown(company: CompanyResource, cycle: Cycle) -> None:
    """Refuse a cycle before the company's first, and one so far ahead that it is a typo; BadInput also for sop.yaml."""
    first = Cycle.parse(company.settings.first_cycle or FIRST_CYCLE)
    last = this_cycle().previous(-MONTHS_AHEAD)
    if not first <= cycle <= last:
        raise BadInput(
            found=f"cycle {cycle}",
            needed=f"a cycle from {first} to {last}",
            where=str(Path(company.folder) / "sop.yaml"),
            mend="Set first_cycle to plan older ones.",
        )


def _reason(result: dg.ExecuteInProcessResult) -> str:
    failures = [event for event in result.all_events if event.is_step_failure]
    if not failures:
        return "the run failed before its first step"
    error = failures[0].step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{failures[0].step_key}: {error.message.strip() if error else 'failed'}"
