"""A process beside this one that answers by one function, request by request.

What it loads, it loads while this process works, on a core of its own. Both ends of a socket pair speak pickles
(``multiprocessing.connection``); a thread of the child does nothing but listen, so that the child ends the moment its
parent does, in the middle of an answer, however that died. Here: the two ends. Not here: what is asked (the suites in
``validation.background``, the PDF in ``packs``).
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from queue import SimpleQueue
from typing import Any

_ROOT = str(Path(__file__).resolve().parents[1])


class WorkerDied(RuntimeError):
    """The process ended before it answered."""


class Worker:
    """A process that answers by ``answer``, a function of a module, after it has called ``prepare``."""

    def __init__(self, answer: Callable[..., Any], prepare: Callable[[], Any] | None = None) -> None:
        self._connection, theirs = Pipe()
        descriptor = theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sop_pipeline.worker", str(descriptor)],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=sys.__stderr__,  # what a library prints is no answer
            env=_environment(),
        )
        theirs.close()
        self._requests: SimpleQueue[tuple[Future[Any], Any]] = SimpleQueue()
        self._connection.send((answer, prepare))
        threading.Thread(target=self._exchange, name="worker", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(self, *arguments: Any) -> Future[Any]:
        """Ask and return at once; the future has the answer, the error the function raised, or ``WorkerDied``."""
        future: Future[Any] = Future()
        self._requests.put((future, arguments))
        return future

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()

    def _exchange(self) -> None:
        while True:
            future, arguments = self._requests.get()
            try:
                self._connection.send(arguments)
                succeeded, value = self._connection.recv()
            except (EOFError, OSError):
                future.set_exception(WorkerDied(f"the process ended with {self._process.wait()}"))
            except Exception as error:  # what cannot be pickled
                future.set_exception(error)
            else:
                (future.set_result if succeeded else future.set_exception)(value)


def _environment() -> dict[str, str]:
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{path}" if path else _ROOT}


def serve(connection: Connection) -> None:
    """Answer until the other end is gone, which ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and decides
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, requests), daemon=True).start()
    answer, prepare = pickle.loads(requests.get())
    if prepare is not None:
        prepare()
    while True:
        arguments = pickle.loads(requests.get())
        try:
            connection.send((True, answer(*arguments)))
        except Exception as error:
            error.add_note(traceback.format_exc())
            connection.send((False, error))


def _listen(connection: Connection, requests: SimpleQueue[bytes]) -> None:
    while True:
        try:
            requests.put(connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
