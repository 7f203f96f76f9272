"""For tests over many instances: a few in the fast suite, more in the slow one, all in a soak."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import pytest

SOAK = bool(os.environ.get("SOP_SOAK"))
"""Whether this is ``make soak``, which has the time for all instances."""

soak_alone = pytest.mark.skipif(not SOAK, reason="only in make soak")


def few_fast(values: Iterable[Any], fast: int) -> list[Any]:
    """Return the values as parameters, all but the first ``fast`` of them marked slow; tuples are several arguments."""
    each = iter(values)
    first = list(islice(each, fast))
    return [*first, *(pytest.param(*_arguments(value), marks=pytest.mark.slow) for value in each)]


def some(values: Sequence[Any], step: int) -> Sequence[Any]:
    """Return every ``step``-th value, all of them in a soak."""
    return values if SOAK else values[::step]


def _arguments(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
