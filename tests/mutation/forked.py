"""Calls a function of the project's code in a fork, which has every library loaded.

A new interpreter takes longer to import numerical libraries than most steps take to run. Where a fault is in Python,
the fork forgets what it inherited of the project and imports it anew; statements are read when they are run. The parent
must not have used a library that starts threads. Here: the fork. Not here: what is called.
"""

from __future__ import annotations

import importlib
import math
import multiprocessing
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

FORK = multiprocessing.get_context("fork")
OWN = ("sop_pipeline", "tests", "assets", "reports", "examples", "bench")
WARM = ("tests.mutation.judge", "tests.mutation.rooms", "sop_pipeline.starter", "sop_pipeline.packs", "hypothesis")
SHARED = 10
"""So many times its seconds of processor a call may wait for: others may use the machine, too."""


class Broken(RuntimeError):
    """The call raised, died or took too long."""


def warm() -> None:
    """Load the libraries that forks will use, by importing what imports them."""
    for name in WARM:
        importlib.import_module(name)


def call(target: str, *arguments: Any, anew: bool, seconds: float) -> Any:
    """Call ``module:function``, with the project imported ``anew`` or not; ``Broken`` where it does not answer.

    ``seconds`` are those of a processor, so that a loaded machine makes no fault look like one that keeps it busy.
    """
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_answer, args=(theirs, target, arguments, anew, seconds))
    process.start()
    theirs.close()
    try:
        if not ours.poll(SHARED * seconds):
            raise Broken(f"no answer within {SHARED * seconds:.0f} s")
        succeeded, value = ours.recv()
    except EOFError as error:
        raise Broken(f"the process died, or used {seconds:.0f} s of a processor") from error
    finally:
        _end(process)
        ours.close()
    if not succeeded:
        raise Broken(value)
    return value


def _end(process: Any) -> None:
    """End the fork with all that it started, in a group of its own."""
    process.join(0.5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join()


def _answer(theirs: Connection, target: str, arguments: tuple[Any, ...], anew: bool, seconds: float) -> None:
    os.setpgid(0, 0)
    most = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    if anew:
        _forget()
    try:
        theirs.send((True, _function(target)(*arguments)))
    except BaseException:  # told to the parent, whatever it is
        theirs.send((False, traceback.format_exc()))
    os._exit(0)


def _forget() -> None:
    """Forget the project's modules, to import them anew."""
    for name in [name for name in sys.modules if name.split(".")[0] in OWN]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _function(target: str) -> Callable[..., Any]:
    module, name = target.split(":")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
