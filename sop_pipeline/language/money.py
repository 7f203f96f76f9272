"""How an amount of money is written: its sign, its size, negative in brackets; the same on every page."""

from __future__ import annotations

from sop_pipeline.language.conventions import DEFAULT, conventions, sign
from sop_pipeline.language.numbers import NOTHING, Number, missing, number
from sop_pipeline.language.scale import PLAIN, Scale, scale_for


def money(value: Number | None, currency: str, nothing: str = NOTHING, *, language: str = DEFAULT) -> str:
    """Write an amount in a sentence at its own size: ``€412.6m``, ``€1.24m``, ``€67.3k``, ``€950``, ``(€950)``."""
    scale = scale_for([None if value is None else float(value)])
    return amount(value, scale if scale.suffix else PLAIN, currency, nothing, language=language)


def amount(
    value: Number | None, scale: Scale, currency: str = "", nothing: str = NOTHING, *, language: str = DEFAULT
) -> str:
    """Write an amount at a scale it shares with others, so that they compare at sight: ``€8.7m``, ``(€8.7m)``."""
    if value is None or missing(value):
        return nothing
    words = scale.write(abs(float(value)), language=language)
    if not words.strip("0.,"):
        return _signed("0", currency, language)
    text = _signed(f"{words}{conventions(language).suffixes.get(scale.suffix, '')}", currency, language)
    return f"({text})" if value < 0 else text


def price(value: Number, currency: str, *, language: str = DEFAULT) -> str:
    """Write what one unit costs or is worth, to the cent: ``€31.48``."""
    words = _signed(number(-value if value < 0 else value, 2, language=language), currency, language)
    return f"({words})" if value < 0 else words


def _signed(words: str, currency: str, language: str) -> str:
    if not currency:
        return words
    written = sign(currency, language)
    return f"{written}{words}" if conventions(language).currency_first else f"{words}\u00a0{written.strip()}"
