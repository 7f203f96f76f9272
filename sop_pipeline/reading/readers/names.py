"""How a fault says which name was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_SHOWN = 12
_LONGEST = 40


def shortened(text: str) -> str:
    """The text, or its beginning where it is long: a message is to be read."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def found_cell(value: str | None) -> str:
    """A cell as a message shows it."""
    return "nothing" if value is None else repr(shortened(value))


def plain(name: str) -> str:
    """A heading without case, spaces and punctuation: ``Product ID`` and ``product_id`` are the same.

    A percent sign is a word: ``Quantity (%)`` is no quantity.
    """
    return re.sub(r"[\W_]+", "_", name.replace("%", " pct ").strip().lower()).strip("_")


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name nearest to ``name``, or None when none is near."""
    near = all_closest(name, known, cutoff)
    return near[-1] if near else None


def all_closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """Return the known names that are nearest to ``name``, and as near as each other, in the order of ``known``."""
    by_plain = {plain(item): item for item in known}
    alike = {item: difflib.SequenceMatcher(None, item, plain(name)).ratio() for item in by_plain}
    best = max(alike.values(), default=0.0)
    return [by_plain[item] for item, ratio in alike.items() if ratio == best >= cutoff]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the sentence that ends a fault about an unknown name."""
    names = list(known)
    near = closest(name, names)
    if near is not None:
        return f"Did you mean {near!r}?"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"Found are: {', '.join(repr(shortened(item)) for item in names[:_SHOWN])}{more}."
