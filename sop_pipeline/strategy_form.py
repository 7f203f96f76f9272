"""How a strategy is written: ``level``, ``level:6,chase``, ``level_workforce+chase``.

Here: the names there are, and reading a text. Not here: what a rule adds to the model (``supply.strategies.rules``).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection

from sop_pipeline.errors import BadInput

RULE_NAMES = (
    "blended",
    "chase",
    "level",
    "level_family",
    "level_hours",
    "level_output",
    "level_workforce",
    "stochastic",
)
"""Rules that ``sop.yaml`` and the command line may name."""


def stretches(text: str, known: Collection[str] = RULE_NAMES, where: str = "") -> list[tuple[list[str], int | None]]:
    """Return the stretches of a strategy in order: the rules that hold together, and for how many months (None: on).

    Raises BadInput for a rule that is not ``known`` and a length that is no number of months; ``where`` is the place
    to name, the text itself when left out.
    """
    place = where or f"strategy {text!r}"
    found: list[tuple[list[str], int | None]] = []
    for stretch in text.split(","):
        names, colon, length = stretch.strip().partition(":")
        if colon and not (length.isdigit() and int(length)):
            raise _unknown(f"the length {length!r}", known, place, "Write months as a whole number, from 1 on.")
        rules = names.split("+")
        for rule in rules:
            if rule not in known:
                raise _unknown(repr(rule), known, place, _meant(rule, known))
        found.append((rules, int(length) if colon else None))
    return found


def _meant(rule: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(rule.strip().lower(), sorted(known), n=1)
    return f"Did you mean {near[0]}?" if near else "Write one of these names."


def _unknown(found: str, known: Collection[str], where: str, mend: str) -> BadInput:
    needed = f"one of {', '.join(sorted(known))}; joined by '+', or in stretches like 'level:6,chase'"
    return BadInput(found=found, needed=needed, where=where, mend=mend)
