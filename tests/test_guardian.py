"""What a process started ends with it, even when it is killed outright."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTS = """
import subprocess, sys, time
from assets.launch import until_ended
until_ended([sys.executable, "-c", '''
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that does not listen, and has a child
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
''', sys.argv[1]], __import__("os").environ)
"""


def is_there(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def waited(condition, seconds=40):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()


def test_a_process_killed_outright_leaves_no_children(tmp_path):
    noted = tmp_path / "child"
    parent = subprocess.Popen([sys.executable, "-c", STARTS, str(noted)], cwd=ROOT)
    assert waited(lambda: noted.exists() and noted.read_text())
    child = int(noted.read_text())
    group = os.getpgid(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    try:
        assert waited(lambda: not is_there(child), 20)
        assert waited(lambda: not is_there(group), 20)
    finally:
        if is_there(child):
            os.killpg(group, signal.SIGKILL)
