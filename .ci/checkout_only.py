"""The build backend: setuptools for an editable install, and a refusal for everything else.

SQL, templates and Dagster's files are folders of the checkout; a wheel would lack them
(docs/decisions/0017-no-wheel.md).
"""

from typing import NoReturn

from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def build_wheel(*_: object, **__: object) -> NoReturn:
    """Refuse, and say how the project is installed."""
    raise SystemExit(
        "sop-pipeline runs from its checkout and has no wheel. "
        "Clone it and run: make demo (or: pip install --no-deps --editable .)"
    )


build_sdist = build_wheel
