"""What a plan was made with: the product, its code as it stands in this checkout, Python and every library it asks for.

Two plans of the same inputs, settings and decisions that differ were made by different code; this says so.
"""

from __future__ import annotations

import functools
import hashlib
import platform
import re
from importlib import metadata
from pathlib import Path

from sop_pipeline import __version__

PROJECT = Path(__file__).resolve().parent.parent
_CODE = ("sop_pipeline/**/*.py", "sop_pipeline/**/*.toml", "sql/**/*.sql", "reports/templates/**/*")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@functools.cache
def versions() -> dict[str, str]:
    """Return versions by name: ``sop-pipeline``, ``code`` (a hash of its sources), ``python``, and the libraries."""
    return {"sop-pipeline": __version__, "code": _code(), "python": platform.python_version(), **_libraries()}


def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _CODE for path in PROJECT.glob(pattern) if path.is_file()):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _libraries() -> dict[str, str]:
    """The libraries that the project asks for whatever it is installed for, with the versions found."""
    asked = [line for line in metadata.requires("sop-pipeline") or () if "extra ==" not in line]
    names = sorted({match[0].lower() for line in asked if (match := _NAME.match(line))})
    return {name: found for name in names if (found := _version(name)) is not None}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
