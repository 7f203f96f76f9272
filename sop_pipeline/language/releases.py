"""How a release is told: its standing on every page, and who approved it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sop_pipeline.language.dates import day


def status_words(release: str | None) -> str:
    """The status on every page."""
    return f"released {release}" if release else "draft"


def approval_words(manifest: Mapping[str, Any]) -> str:
    """Who released it, when and why."""
    at = datetime.fromisoformat(manifest["released_at"]).date()
    return f"by {manifest['released_by']} on {day(at)}: {manifest['why']}"
