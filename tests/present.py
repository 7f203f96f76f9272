"""For tests of what may be absent and must not be: the value itself, or a failure."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """Return the value; fail where there is none."""
    assert value is not None
    return value
