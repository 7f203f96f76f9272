"""Real servers for tests, each started in a folder of its own, on a port of its own, and ended with the block."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_NOBODY = 65534  # neither PostgreSQL nor MariaDB runs as root


@dataclass(frozen=True)
class DatabaseServer:
    """A server that answers on 127.0.0.1: its port, its first user and that user's password."""

    port: int
    user: str
    password: str
    folder: Path
    program: str
    process: subprocess.Popen[bytes]

    def execute(self, script: str, database: str) -> str:
        """Run SQL as the first user, by the server's own client."""
        password = {"PGPASSWORD": self.password, "MYSQL_PWD": self.password}
        done = subprocess.run(
            [self.program, *self._arguments(database)],
            input=script, env={**os.environ, **password}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _arguments(self, database: str) -> list[str]:
        at = ["-h", "127.0.0.1"]
        if Path(self.program).name == "psql":
            return [*at, "-p", str(self.port), "-U", self.user, "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1"]
        return ["--no-defaults", *at, "-P", str(self.port), "-u", self.user, "--protocol=tcp", "-N", database]


@contextmanager
def postgresql(password: str) -> Iterator[DatabaseServer]:
    """A PostgreSQL server with password authentication; skips, saying so, where Debian's package is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    programs = found[-1].parent
    with _folder() as folder:
        (folder / "password").write_text(password)
        data = folder / "data"
        first = ["-U", "sop", "-A", "scram-sha-256", "--pwfile", str(folder / "password"), "-E", "UTF8", "--no-sync"]
        _run([str(programs / "initdb"), "-D", str(data), *first])
        port = free_port()
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
        command += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        with _running(command, folder, signal.SIGINT, _as_nobody()) as process:  # ends though clients are there
            server = DatabaseServer(port, "sop", password, folder, str(programs / "psql"), process)
            _wait_for(port, process)
            ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            _wait(lambda: subprocess.run(ready, check=False).returncode == 0)
            yield server


@contextmanager
def mariadb(password: str) -> Iterator[DatabaseServer]:
    """A MariaDB server with password authentication; skips, saying so, where Debian's package is not installed."""
    program = shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.skip("no MariaDB server: apt-get install mariadb-server")
    with _folder() as folder:
        data, port = folder / "data", free_port()
        own = ["--no-defaults", f"--datadir={data}"]
        _run(["mariadb-install-db", *own, "--auth-root-authentication-method=normal", "--skip-test-db"])
        command = [program, *own, f"--socket={folder / 'socket'}", f"--port={port}", "--bind-address=127.0.0.1"]
        command += [f"--pid-file={folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0"]
        with _running(command, folder, user=_as_nobody()) as process:
            _wait_for(port, process)
            root = ["mariadb", "--no-defaults", "-uroot", f"--socket={folder / 'socket'}", "-e"]
            escaped = password.replace("\\", "\\\\").replace("'", "\\'")
            _run([*root, f"create database erp; grant all on *.* to sop@'127.0.0.1' identified by '{escaped}'"])
            yield DatabaseServer(port, "sop", password, folder, "mariadb", process)


@contextmanager
def storage() -> Iterator[str]:
    """Storage with the interface of S3: moto's server, as a process of its own; gives its address."""
    port = free_port()
    with _folder() as folder:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        with _running(command, folder) as process:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the server's user owns."""
    folder = Path(tempfile.mkdtemp(prefix="sop-server-"))
    if os.getuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_nobody() -> dict[str, int]:
    return {"user": _NOBODY, "group": _NOBODY} if os.getuid() == 0 else {}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_as_nobody())  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr


@contextmanager
def _running(
    command: list[str], folder: Path, ends_by: signal.Signals = signal.SIGTERM, user: dict[str, int] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **(user or {}))  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.send_signal(ends_by)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    def listens() -> bool:
        assert process.poll() is None, "the server ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _wait(listens)


def _wait(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not done():
        assert time.monotonic() < ends, "the server did not start"
        time.sleep(0.05)
