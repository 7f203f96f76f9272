"""What the forecasting engine did that a reader should know, as kinds with their numbers; ``language`` has the words.

Not here: when a note is made (the steps of the engine).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

JOINED = " + "
"""Between the names of models that forecast together."""


@dataclass(frozen=True)
class Note:
    """One thing the engine did: its kind, the models it concerns, and the numbers behind it.

    ``share`` is a model's weight, ``seconds`` an estimate and ``most_seconds`` its limit, ``series``, ``cases`` and
    ``items`` are counts, ``least_series`` and ``least_cases`` what was needed, ``names`` the first items concerned,
    ``message`` what a library said.
    """

    note: str
    models: tuple[str, ...] = ()
    share: float | None = None
    seconds: float | None = None
    most_seconds: float | None = None
    series: int | None = None
    least_series: int | None = None
    cases: int | None = None
    least_cases: int | None = None
    items: int | None = None
    names: tuple[str, ...] = ()
    message: str | None = None


def rows(notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Return notes as rows of ``forecast_notes``, in order."""
    return [
        {
            **vars(note),
            "position": position,
            "models": JOINED.join(note.models) or None,
            "names": ", ".join(note.names) or None,
        }
        for position, note in enumerate(notes, start=1)
    ]
