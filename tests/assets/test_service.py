"""The service: it answers, is well, is reached from this machine alone, mends itself, keeps its log short, and ends."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from logging.handlers import RotatingFileHandler

import psutil
import pytest

from assets.service import LOG_BYTES, LOGS_KEPT, Part, Service, _logger, faults
from sop_pipeline.company_folder import PROJECT


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait(question, seconds=180):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


@pytest.mark.slow
def test_the_service_is_well_on_this_machine_alone_and_ends_with_all_it_started(starter, tmp_path):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "sop_pipeline.cli",
        "service",
        "--company",
        str(starter.folder),
        "--port",
        str(port),
    ]
    environment = {**os.environ, "DAGSTER_HOME": str(tmp_path / "home")}
    said = (tmp_path / "said").open("wb")
    served = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=said, stderr=said)
    try:
        assert faults(port=port)[0].startswith("the web UI does not answer")
        wait(lambda: not faults(port=port))
        family = psutil.Process(served.pid).children(recursive=True)
        listening = {
            connection.laddr.ip
            for process in family
            for connection in process.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
        web = next(each for each in family if "dagster-webserver" in " ".join(each.cmdline()))
        web.kill()
        wait(lambda: faults(port=port))
        wait(lambda: not faults(port=port))
        family = psutil.Process(served.pid).children(recursive=True)
    finally:
        served.send_signal(signal.SIGTERM)
    assert served.wait(60) == 0
    assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    log = (tmp_path / "home" / "service" / "service.log").read_text()
    assert "web: ended with -9" in log
    assert log.rstrip().endswith("ended")


def test_a_part_that_keeps_failing_ends_the_service():
    part = Part("broken", [sys.executable, "-c", "print('no luck')"])
    logger = logging.getLogger("test.service")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assets.service.MOST_RESTARTS", 1)
        assert Service([part], logger).run() == 1


def test_the_log_is_rotated(tmp_path):
    handler = next(each for each in _logger(tmp_path).handlers if isinstance(each, RotatingFileHandler))
    assert (handler.maxBytes, handler.backupCount) == (LOG_BYTES, LOGS_KEPT)
    assert handler.baseFilename == str(tmp_path / "service" / "service.log")
