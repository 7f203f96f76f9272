"""The service: a code server for each company, the daemon and the web UI, looked after by one process.

Code servers listen on sockets of the file system, the web UI on 127.0.0.1 unless told otherwise: whoever lets others in
puts something that knows them before it (``deployment``). A part that ends by itself is started again, up to a limit;
all it says goes into one log that is rotated. Not here: the web UI for one person at a desk (``launch.serve_ui``).
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from assets.launch import prepare_home, write_location
from assets.launcher import reap
from sop_pipeline.company_folder import PROJECT, CompanyFolder
from sop_pipeline.guardian import ends_with_this_process

HERE = "127.0.0.1"
LOG, LOG_BYTES, LOGS_KEPT = "service.log", 10_000_000, 5
MOST_RESTARTS, WITHIN_SECONDS = 5, 600.0
"""How often the parts may end by themselves in a time before the service gives up, for whoever started it to see."""
GRACE_SECONDS = 20.0
"""How long a part may take to end when asked; then it is killed."""
_HEALTH = """{ version instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } }
workspaceOrError { ... on Workspace { locationEntries { name loadStatus locationOrLoadError { __typename } } } } }"""


@dataclass(frozen=True)
class Part:
    """One process of the service: what it is called in the log, and its command."""

    name: str
    command: Sequence[str]


def serve(companies: Sequence[CompanyFolder], host: str = HERE, port: int = 3000) -> int:
    """Serve companies until asked to end, by SIGTERM, SIGINT or SIGHUP; return 0 then, 1 after too many failures."""
    home = prepare_home()
    with dg.DagsterInstance.get() as instance:
        reap(instance)
    with tempfile.TemporaryDirectory(prefix="sop-") as sockets:  # a socket's path must be short
        parts = _parts(home, companies, Path(sockets), (host, port))
        return Service(parts, _logger(home)).run()


def _parts(home: Path, companies: Sequence[CompanyFolder], sockets: Path, place: tuple[str, int]) -> list[Part]:
    """The processes in the order they start: those that others ask come first."""
    code, entries = [], []
    for number, company in enumerate(companies):
        socket = str(sockets / str(number))
        file = write_location(home, company)
        given = ["-f", str(file), "-d", str(PROJECT), "-s", socket, "--location-name", company.key]
        code.append(Part(f"code {company.key}", [_program("dagster"), "code-server", "start", *given]))
        entries.append({"grpc_server": {"socket": socket, "location_name": company.key}})
    workspace = home / "service.yaml"
    workspace.write_text(yaml.safe_dump({"load_from": entries}), encoding="utf-8")
    host, port = place
    web = ["-w", str(workspace), "-h", host, "-p", str(port)]
    return [
        *code,
        Part("daemon", [_program("dagster-daemon"), "run", "-w", str(workspace)]),
        Part("web", [_program("dagster-webserver"), *web]),
    ]


def _program(name: str) -> str:
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


def _logger(home: Path) -> logging.Logger:
    """A log of its own in the Dagster home, and the terminal, each line with the part that said it."""
    folder = home / "service"  # not "logs", which Dagster's web server empties
    folder.mkdir(exist_ok=True)
    logger = logging.getLogger("sop.service")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    kept = RotatingFileHandler(folder / LOG, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")
    for handler in (kept, logging.StreamHandler()):
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        logger.addHandler(handler)
    return logger


@dataclass
class Service:
    """Processes that are kept running until one of them fails too often, or the service is asked to end."""

    parts: Sequence[Part]
    logger: logging.Logger
    _asked: threading.Event = field(default_factory=threading.Event)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _failed: list[float] = field(default_factory=list)

    def run(self) -> int:
        """Start the parts, look after them, and end them; 0 when asked to end, 1 when they failed too often."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._asked.set())
        with ExitStack() as guarded:
            try:
                for part in self.parts:
                    self._start(part, guarded)
                while not self._asked.wait(1.0):
                    if not self._look_after(guarded):
                        return 1
            finally:
                self._end()
        return 0

    def _start(self, part: Part, guarded: ExitStack) -> None:
        process = subprocess.Popen(
            list(part.command),
            cwd=PROJECT,
            env={**os.environ, "DO_NOT_TRACK": "1", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        guarded.enter_context(ends_with_this_process(process.pid))
        self._running[part.name] = process
        threading.Thread(target=self._tell, args=(part, process), daemon=True).start()
        self.logger.info("%s: started as process %s", part.name, process.pid)

    def _tell(self, part: Part, process: subprocess.Popen[bytes]) -> None:
        for line in process.stdout or ():
            self.logger.info("%s: %s", part.name, line.decode("utf-8", "replace").rstrip())

    def _look_after(self, guarded: ExitStack) -> bool:
        """Start again what has ended; False where that was too often."""
        for part in self.parts:
            code = self._running[part.name].poll()
            if code is None:
                continue
            now = time.monotonic()
            self._failed = [*(each for each in self._failed if now - each < WITHIN_SECONDS), now]
            self.logger.error("%s: ended with %s", part.name, code)
            if len(self._failed) > MOST_RESTARTS:
                self.logger.error("parts ended %s times: the service gives up", len(self._failed))
                return False
            self._start(part, guarded)
        return True

    def _end(self) -> None:
        """Ask the parts to end, the last started first, and kill what does not."""
        self.logger.info("ending")
        for part in reversed(self.parts):
            if process := self._running.get(part.name):
                _ask(process.pid, signal.SIGINT)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _ask(process.pid, signal.SIGKILL)  # what did not listen, and what it had started
            process.wait()
        self.logger.info("ended")


def _ask(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def faults(host: str = HERE, port: int = 3000) -> list[str]:
    """Return what is not well with a service, a sentence each; none when all of it is."""
    try:
        body = json.dumps({"query": _HEALTH}).encode()
        request = urllib.request.Request(f"http://{host}:{port}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            told: Mapping[str, Any] = json.load(answer)["data"]
    except (OSError, ValueError, KeyError) as error:
        return [f"the web UI does not answer at {host}:{port}: {error}"]
    return [*_daemon_faults(told), *_location_faults(told)]


def _daemon_faults(told: Mapping[str, Any]) -> Iterator[str]:
    for each in told["instance"]["daemonHealth"]["allDaemonStatuses"]:
        if each["required"] and not each["healthy"]:
            yield f"the daemon {each['daemonType'].lower()} gives no sign of life"


def _location_faults(told: Mapping[str, Any]) -> Iterator[str]:
    entries = (told["workspaceOrError"] or {}).get("locationEntries", [])
    if not entries:
        yield "no company is loaded"
    for each in entries:
        kind = (each["locationOrLoadError"] or {}).get("__typename")
        if each["loadStatus"] != "LOADED" or kind == "PythonError":
            yield f"the code location {each['name']} is not loaded"
