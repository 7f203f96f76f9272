"""How names and lists of them are written: cut to fit, joined, with a count, in the plural."""

from __future__ import annotations

from collections.abc import Sequence

from sop_pipeline.language.conventions import DEFAULT, conventions
from sop_pipeline.language.numbers import number


def shortened(text: str, longest: int = 40) -> str:
    """A name that fits: cut at ``longest`` characters with an ellipsis."""
    clean = " ".join(str(text).split())
    return clean if len(clean) <= longest else f"{clean[: longest - 1].rstrip()}…"


def listed(words: Sequence[str], *, language: str = DEFAULT) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return words[0] if words else ""
    return conventions(language).pair.format(", ".join(words[:-1]), words[-1])


def name(identifier: str) -> str:
    """An identifier as people read it: ``tube_lines`` as tube lines."""
    return str(identifier).replace("_", " ")


def plural(count: int, one: str, many: str | None = None) -> str:
    """An English count with its noun: ``1 product``, ``2 products``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def units_of(unit: str) -> str:
    """The English plural of a unit's name: ``cases``, ``boxes``; symbols such as ``t`` or ``kg`` stay as they are."""
    unit = name(unit)
    if len(unit) <= 3 and unit.lower() not in ("box", "bag", "can", "jar", "keg", "lot", "pcs"):
        return unit
    if unit.endswith("s") or not unit.isascii() or not unit.isalpha():
        return unit
    return f"{unit}es" if unit.endswith(("x", "ch", "sh")) else f"{unit}s"


def possessive(word: str) -> str:
    """The English possessive: ``sales’``, ``marketing’s``."""
    return f"{word}’" if word.endswith("s") else f"{word}’s"
