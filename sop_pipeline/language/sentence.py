"""A sentence as spans of words, each with its tone, so that the same words serve HTML, PDF and the workbook."""

from __future__ import annotations

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
    """Words about a difference in the tone of its sign."""
    return Span(text, tone_of(value, good))


def plain_text(sentence: Sentence) -> str:
    """The words alone."""
    return "".join(span.text for span in sentence)
