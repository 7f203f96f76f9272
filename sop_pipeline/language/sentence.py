"""A sentence as spans of words, each with its tone, so that the same words serve HTML, PDF and the workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sop_pipeline.language.numbers import missing

Tone = Literal["plain", "strong", "worse", "better", "quiet"]


@dataclass(frozen=True)
class Span:
    """Some words of a sentence and how they are said."""

    text: str
    tone: Tone = "plain"


Sentence = tuple[Span, ...]


def say(*parts: str | Span) -> Sentence:
    """Put words together into a sentence."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts if part)


def strong(text: str) -> Span:
    """Words that carry the sentence."""
    return Span(text, "strong")


def quiet(text: str) -> Span:
    """Words one may skip."""
    return Span(text, "quiet")


def tone_of(value: float | None, good: int = 1) -> Tone:
    """Better or worse by the sign of a difference, plain when there is none; ``good`` -1: less is better."""
    if value is None or missing(value) or not value:
        return "plain"
    return "better" if value * good > 0 else "worse"


def toned(text: str, value: float | None, *, good: int = 1) -> Span:
    """Words about a difference in the tone of its sign; plain where the number they begin with is written as zero."""
    written = re.search(r"\d[\d.,]*", text)
    nothing = written is not None and not written[0].strip("0.,")
    return Span(text, "plain" if nothing else tone_of(value, good))


def plain_text(sentence: Sentence) -> str:
    """The words alone."""
    return "".join(span.text for span in sentence)
