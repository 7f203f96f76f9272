"""The names of months as files of European countries write them, from the Unicode locale data (CLDR) that Babel has.

English is known at once; the others are gathered the first time a name is not English. With and without accents, long
and short, in any case: ``März``, ``MAERZ``, ``mrz``, ``févr.``, ``fevrier``. Not here: where in a date a name stands
(``dates``).
"""

from __future__ import annotations

import unicodedata
from functools import cache

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "pl", "cs")
"""No name means two months in them; a language in which one does (Croatian ``listopad``) has to stay out."""
_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = 3
_OTHERS = {"sept": 9, "mrz": 3}
"""What spreadsheets write and the locale data has not: German Excel says Mrz."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "ł": "l"})


def month_number(name: str) -> int | None:
    """Return the month, 1 to 12, that a name stands for; None when it is no name of a month, or of more than one."""
    wanted = unicodedata.normalize("NFC", name).casefold().strip(".")
    for number, english in enumerate(_ENGLISH, start=1):
        if wanted in (english, english[:_SHORT]):
            return number
    return None if len(wanted) < _SHORT else _other_names().get(wanted)


def in_english(word: str, *, is_short: bool) -> str:
    """Return the English name of the month a word names, whole or of three letters; else the word."""
    number = month_number(word)
    return word if number is None else _ENGLISH[number - 1][: _SHORT if is_short else None]


@cache
def _other_names() -> dict[str, int]:
    from babel import Locale

    meant: dict[str, set[int]] = {name: {number} for name, number in _OTHERS.items()}
    for language in LANGUAGES:
        for widths in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in widths[width].items():
                    for spelt in _spellings(name):
                        meant.setdefault(spelt, set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


def _spellings(name: str) -> set[str]:
    plain = name.casefold().strip(".")
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return {plain, bare, plain.translate(_SPELT_OUT)}
