"""What a terminal and a log get to see of a run.

Dagster's own console log prints every event; a planner wants a line a step, with its time and what it made. The full
record stays in the event log and the UI.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import dagster as dg

_TOLD = {"SopError", "BadInput", "BadInputs", "Infeasible", "CheckFailed"}
"""Errors whose message is written for users."""


class ProgressHandler(logging.Handler):
    """Prints one line per finished step, failed check and failed step."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print what the event means to a person, if anything."""
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        line = _line(event) if event is not None else _message(record)
        if line:
            print(line, file=sys.stderr, flush=True)  # noqa: T201  (this handler is the terminal's voice)


def _message(record: logging.LogRecord) -> str:
    """Return what an asset warns of; Dagster's own errors about steps not started only repeat the cause."""
    if record.levelno != logging.WARNING:
        return ""
    return f"  note    {getattr(record, 'dagster_meta', {}).get('orig_message', record.getMessage())}"


def _line(event: Any) -> str:
    kind = event.event_type_value
    if kind == "STEP_SUCCESS":
        return f"  done    {event.step_key:<28} {event.event_specific_data.duration_ms / 1000:6.1f} s"
    if kind == "STEP_FAILURE":
        return f"  FAILED  {event.step_key}: {cause(event.event_specific_data.error)}"
    if kind == "ASSET_CHECK_EVALUATION" and not event.event_specific_data.passed:
        result = event.event_specific_data
        mark = "warning" if result.severity == dg.AssetCheckSeverity.WARN else "CHECK  "
        return f"  {mark} {result.asset_key.to_user_string()}.{result.check_name}: {result.description or 'failed'}"
    return ""


def cause(error: Any) -> str:
    """Return what went wrong in words: the first error of the chain that is told to users, else the last one's own."""
    last = error
    while error is not None:
        if error.cls_name in _TOLD:
            return str(error.message.partition(": ")[2].strip())
        last, error = error, error.cause
    return "" if last is None else str(last.message.strip())


@dg.logger({}, description="One line a step, for people at a terminal")
def progress_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """Return a logger that writes progress to standard error."""
    logger = logging.getLogger("sop.progress")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.handlers = [ProgressHandler()]
    return logger
