"""The page of a cycle's data: one HTML file that fetches nothing; whatever comes from a source is escaped."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).resolve().parents[2] / "reports" / "templates"


@functools.cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    undefined = jinja2.StrictUndefined
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=undefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("quality/page.html")


def page(record: Mapping[str, Any]) -> bytes:
    """Return the page of a record."""
    findings = record.get("findings", [])
    broken = [each for each in findings if not each["passed"]]
    return (
        _template()
        .render(
            record=record,
            stopped=record.get("stopped", ""),
            drift=record.get("drift", []),
            volume=record.get("volume", []),
            blocked=[each for each in broken if each["severity"] == "block"],
            warned=[each for each in broken if each["severity"] == "warn"],
            passed=[each for each in findings if each["passed"]],
        )
        .encode()
    )
