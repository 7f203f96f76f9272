"""One notice: what happened, why, the rows, and where to read on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sop_pipeline.operating import NoticeEvent

_WIDEST = 40
"""Letters of a cell that are shown: a notice is read on a telephone."""


@dataclass(frozen=True)
class Notice:
    """What is told: ``title`` in one line, ``reason`` in a sentence or two, sample ``rows``, what to do next."""

    event: NoticeEvent
    company: str
    cycle: str
    title: str
    reason: str
    rows: Sequence[Mapping[str, str]] = ()
    more: Sequence[str] = field(default_factory=tuple)
    runbook: str = ""
    link: str = ""

    @property
    def subject(self) -> str:
        """The line a person sees first, without anything that could end it early."""
        return _one_line(f"{self.company}: {self.title}")

    @property
    def text(self) -> str:
        """The whole of it as plain text."""
        parts = [self.subject, self.reason, *self.more]
        parts += [_grid(self.rows)] if self.rows else []
        parts += [f"What to do: {self.runbook}"] if self.runbook else []
        parts += [f"Run: {self.link}"] if self.link else []
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def payload(self) -> dict[str, Any]:
        """What a webhook gets: its parts, and ``text``, which chat programs show."""
        return {
            "text": self.text,
            "event": self.event,
            "company": self.company,
            "cycle": self.cycle,
            "title": self.title,
            "reason": self.reason,
            "rows": [dict(row) for row in self.rows],
            "runbook": self.runbook,
            "link": self.link,
        }


def _one_line(text: str) -> str:
    return " ".join("".join(each if unicodedata.category(each) != "Cc" else " " for each in text).split())


def _grid(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows in columns of equal width."""
    headings = list(rows[0])
    lines = [headings, *([_cell(row.get(name, "")) for name in headings] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cell(value: str) -> str:
    text = _one_line(str(value))
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
