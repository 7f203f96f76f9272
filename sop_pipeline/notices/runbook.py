"""Which section of the runbook helps with what stopped a run. The page itself is ``docs/runbook.md``."""

from __future__ import annotations

PAGE = "docs/runbook.md"
LATE, CHECK, DISK, TIME, RUN = "late-data", "failed-check", "disk-full", "a-run-takes-too-long", "a-run-stopped"
SECTIONS = (LATE, CHECK, DISK, TIME, RUN)
_OF_CHECKS = {"fresh": LATE}
_OF_WORDS = (("a full disk", DISK), ("minutes; needed the step to be done", TIME), ("Exceeded maximum runtime", TIME))


def section(check: str | None, reason: str) -> str:
    """Return the section that helps: by the check that failed, else by what the fault says."""
    if check is not None:
        return f"{PAGE}#{_OF_CHECKS.get(check, CHECK)}"
    return f"{PAGE}#{next((place for words, place in _OF_WORDS if words in reason), RUN)}"
