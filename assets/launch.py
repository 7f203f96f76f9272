"""Starting things by hand: one cycle in this process, the packs alone, the web UI.

The same job, instance and assets as the scheduled run; only the output differs: one line per step, for a terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import dagster as dg
import yaml
from filelock import FileLock
from sqlalchemy.exc import OperationalError

from assets.launcher import reap
from assets.reason import stopped_by
from assets.resources import FIRST_CYCLE, MONTHS_AHEAD, CompanyResource, this_cycle
from sop_pipeline.company_folder import PROJECT, CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.guardian import ends_with_this_process
from sop_pipeline.language.blank_money import blank_money_words
from sop_pipeline.language.freshness import stale_words
from sop_pipeline.pointers import write_atomically, write_json
from sop_pipeline.writer import only_writer

if TYPE_CHECKING:
    from assets.runs import Wanted

GRACE_SECONDS = 15
"""How long the web UI may take to end when asked."""


@dataclass(frozen=True)
class Outcome:
    """How a cycle ended: its files when all went well, else the reason, and whether it was published before that."""

    success: bool
    seconds: float
    published: bool = False
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    doubts: list[str] = field(default_factory=list)


def prepare_home() -> Path:
    """Make the project's own Dagster home and return it; DAGSTER_HOME overrides, SOP_DAGSTER_SETTINGS its settings.

    One process makes its databases and others wait: made by several at once, as a run and the parts of the web UI may,
    they would be stamped twice and never open again.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or PROJECT / ".dagster").expanduser().resolve()
    os.environ["DAGSTER_HOME"] = str(home)  # Dagster takes an absolute path alone
    with telling(home):
        settings = Path(os.environ.get("SOP_DAGSTER_SETTINGS") or PROJECT / "dagster.yaml").read_bytes()
        home.mkdir(parents=True, exist_ok=True)
        _make_home(home, settings)
    return home


def _make_home(home: Path, settings: bytes) -> None:
    with FileLock(home / "home.lock"):
        if not (home / "dagster.yaml").exists() or (home / "dagster.yaml").read_bytes() != settings:
            (home / "dagster.yaml").write_bytes(settings)
        if not (home / "schedules" / "schedules.db").exists():
            dg.DagsterInstance.get().dispose()


def run_cycle(folder: Path, cycle: str, *, fresh: bool = False) -> Outcome:
    """Run the job ``planning_cycle`` for one cycle on the project's persistent instance.

    Steps that an earlier run of the cycle has done with the same are taken over from it, unless it is to be ``fresh``.
    """
    from assets.runs import Wanted
    from sop_pipeline.steps.checking import prepare
    from sop_pipeline.steps.kept import has_kept

    if fresh or not has_kept(CompanyFolder(folder).lake, Cycle.parse(cycle)):
        prepare()
        return _cycle_outcome(folder, cycle, *_run(folder, cycle, Wanted(fresh=fresh)))
    return _cycle_outcome(folder, cycle, *_run(folder, cycle, Wanted(), _less_taken_over))


def _less_taken_over(company: CompanyResource, cycle: str, wanted: Wanted) -> Wanted:
    """What is left of a whole cycle once the steps are taken over that need not run."""
    from sop_pipeline.steps.month import LINEAGE
    from sop_pipeline.steps.taken_over import take_over

    taken = take_over(company.company_folder, Cycle.parse(cycle), wanted.run_id)
    told = [f"  note    {note}" for note in taken.notes]
    if taken.steps:
        told.append(f"  taken over from earlier runs, unchanged: {len(taken.steps)} steps (--fresh makes them again)")
    for line in told:
        print(line, file=sys.stderr, flush=True)  # noqa: T201
    left = frozenset(LINEAGE) - taken.tables
    return replace(
        wanted, assets=frozenset({*left, "published_cycle", "meeting_packs"}) if taken.steps else frozenset()
    )


def release(folder: Path, cycle: str, *, by: str, why: str) -> tuple[Outcome, Mapping[str, Any]]:
    """Release a cycle by the job ``release_cycle``, and return how that ended and what was released."""
    from assets.release import ASSET, JOB
    from assets.runs import Wanted

    result, seconds = _run(folder, cycle, Wanted(JOB, config={ASSET: {"config": {"by": by, "why": why}}}))
    if not result.success:
        return Outcome(success=False, seconds=seconds, reason=stopped_by(result.all_events).reason), {}
    told = result.asset_materializations_for_node(ASSET)[0].metadata
    made: dict[str, Any] = {name: value.value for name, value in told.items()}
    files = [Path(path) for path in made["files"]]
    return Outcome(success=True, seconds=seconds, published=True, files=files, notes=made["notes"]), made


def plan_again(folder: Path, cycle: str, tables: Collection[str]) -> Outcome:
    """Plan part of a published cycle again, as a run of the job ``planning_cycle``: tables, publication and packs."""
    from assets.runs import Wanted
    from sop_pipeline.steps.checking import prepare

    prepare()
    wanted = frozenset({*tables, "published_cycle", "meeting_packs"})
    return _cycle_outcome(folder, cycle, *_run(folder, cycle, Wanted(assets=wanted)))


def _run(
    folder: Path, cycle: str, wanted: Wanted, less: Callable[[CompanyResource, str, Wanted], Wanted] | None = None
) -> tuple[dg.JobExecutionResult, float]:
    """Run what is wanted of a cycle on the persistent instance; return the result and how long it took.

    ``less`` says what is left of it, asked while nobody else can write the cycle.
    """
    from assets.runs import run_here

    Cycle.parse(cycle)
    company = CompanyResource(folder=str(folder))
    _refuse_unknown(company, Cycle.parse(cycle))
    code = write_location(prepare_home(), company.company_folder)
    started = time.monotonic()
    with only_writer(company.lake.root, Cycle.parse(cycle)), dg.DagsterInstance.get() as instance:
        reap(instance)
        with _telling_of_home():
            left = less(company, cycle, wanted) if less else wanted
            return run_here(code, company, cycle, instance, left), time.monotonic() - started


def _cycle_outcome(folder: Path, cycle: str, result: dg.JobExecutionResult, seconds: float) -> Outcome:
    company = CompanyResource(folder=str(folder))
    published = bool(result.asset_materializations_for_node("published_cycle"))
    if not result.success:
        return Outcome(success=False, seconds=seconds, published=published, reason=stopped_by(result.all_events).reason)
    made = result.asset_materializations_for_node("meeting_packs")[0].metadata
    files = [Path(path) for path in cast("list[str]", made["files"].value)]
    return Outcome(
        success=True,
        seconds=seconds,
        published=True,
        files=files,
        notes=cast("list[str]", made["notes"].value),
        doubts=[
            *stale_words(company.lake.read("data_freshness", Cycle.parse(cycle)).to_pylist()),
            *blank_money_words(company.lake.read("defaults_used", Cycle.parse(cycle)).to_pylist()),
        ],
    )


def serve_ui(folders: list[Path], port: int) -> int:
    """Serve the web UI and the daemon for one or several companies on 127.0.0.1 until interrupted."""
    home = prepare_home()
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DO_NOT_TRACK": "1"}
    dagster = shutil.which("dagster", path=str(Path(sys.executable).parent)) or "dagster"
    workspace = write_workspace(home, [CompanyFolder(folder) for folder in folders])
    command = [dagster, "dev", "-w", str(workspace), "-h", "127.0.0.1", "-p", str(port)]
    with dg.DagsterInstance.get() as instance:
        reap(instance)
    return until_ended(command, environment)


def until_ended(command: list[str], environment: Mapping[str, str]) -> int:
    """Run a command until it ends, this process is asked to, or is killed; then all that it started ends with it."""
    served = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)

    def end(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(served.pid, signal.SIGINT)
        asked.append(number)

    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    with ends_with_this_process(served.pid):
        while served.poll() is None and not asked:
            with suppress(subprocess.TimeoutExpired):
                served.wait(1)
        with suppress(subprocess.TimeoutExpired):
            served.wait(GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(served.pid, signal.SIGKILL)  # what did not listen
    code = served.wait()
    return 0 if asked else code


def write_workspace(home: Path, companies: list[CompanyFolder]) -> Path:
    """Write a workspace with a code location for each company, named by its key, and return its file."""
    entries = []
    for company in companies:
        code = write_location(home, company)
        place = {"relative_path": str(code), "location_name": company.key, "working_directory": str(PROJECT)}
        entries.append({"python_file": place})
    workspace = home / "workspace.yaml"
    workspace.write_text(yaml.safe_dump({"load_from": entries}), encoding="utf-8")
    return workspace


def write_location(home: Path, company: CompanyFolder) -> Path:
    """Write the code location of a company, which its key names in this home, and return its file."""
    claim_key(home, company)
    code = home / "locations" / f"{company.key}.py"
    write_atomically(code, _LOCATION.format(folder=str(company.path)).encode())
    return code


_LOCATION = '''"""One company's code location; written anew by `sop ui` and `sop run`."""

from assets.definitions import build_defs
from assets.launcher import reap
from assets.reason import stopped_by
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


@contextmanager
def _telling_of_home() -> Iterator[None]:
    """Raise BadInput where Dagster cannot keep its own books: a full or read-only disk under its home."""
    try:
        yield
    except OperationalError as error:
        raise BadInput(
            found=str(error.orig),
            needed="a Dagster home that can be written",
            where=os.environ["DAGSTER_HOME"],
            mend="Make room there, allow writing it, or name another folder by DAGSTER_HOME.",
        ) from error
