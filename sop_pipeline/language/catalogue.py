"""The sentences of one language by kind, and how facts are put into them.

A sentence is a template such as ``{demand_change:quantity} units[, withdrawn: {reason}]``: a fact's name and how it is
written, and in square brackets a part that falls away when one of its facts is missing. Facts are never read as
templates, whatever people wrote into them.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.language import dates, money, names, numbers
from sop_pipeline.language.conventions import plural_form

Facts = Mapping[str, Any]
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"\{(\w+)(?::(\w+)(?: ([\w.]+))?)?\}")


class WordsMissing(LookupError):
    """A kind without words, or a sentence without one of its facts: a mistake in the code, never in the input."""


@dataclass(frozen=True)
class Catalogue:
    """What one language says: ``sentences`` by kind, ``nouns`` by name and plural form (CLDR: one, few, other, ...)."""

    language: str
    sentences: Mapping[str, str]
    nouns: Mapping[str, Mapping[str, str]]

    def knows(self, kind: str) -> bool:
        """Whether there are words for a kind."""
        return kind in self.sentences

    def say(self, kind: str, facts: Facts, *, currency: str = "") -> str:
        """Tell facts in the words of a kind; WordsMissing names a kind without words or a fact that is not there."""
        template = self.sentences.get(kind)
        if template is None:
            raise WordsMissing(f"{self.language} has no words for {kind}")
        parts = enumerate(_OPTIONAL.split(template))  # every second one stood in brackets
        told = [part for position, part in parts if position % 2 == 0 or _holds(part, facts)]
        return "".join(self._filled(part, kind, facts, currency) for part in told)

    def count(self, value: int, noun: str) -> str:
        """Write a count with its noun: ``1 month``, ``3 months``."""
        return f"{numbers.number(value, language=self.language)} {self._noun(noun, plural_form(value, self.language))}"

    def counted(self, value: numbers.Number, noun: str) -> str:
        """Write what may be a fraction with its noun: ``1 hire``, ``32 hires``, ``0.5 FTE hired``.

        What is read as a fraction takes the noun's form ``part``, where it has one: nobody hires half a person.
        """
        written = numbers.quantity(value, language=self.language)
        if value == int(value):
            return f"{written} {self._noun(noun, plural_form(int(value), self.language))}"
        return f"{written} {self._noun(noun, 'part' if -numbers.WHOLE_FROM < value < numbers.WHOLE_FROM else 'other')}"

    def _noun(self, noun: str, form: str) -> str:
        forms = self.nouns.get(noun)
        if forms is None:
            raise WordsMissing(f"{self.language} has no noun {noun}")
        return forms.get(form, forms["other"])

    def _filled(self, template: str, kind: str, facts: Facts, currency: str) -> str:
        def written(match: re.Match[str]) -> str:
            fact, way, detail = match[1], match[2] or "text", match[3] or ""
            if fact not in facts or numbers.missing(facts[fact]):
                raise WordsMissing(f"{kind}: no {fact} among {', '.join(sorted(facts))}")
            return WAYS[way](Telling(self, facts, currency), facts[fact], detail)

        return _FACT.sub(written, template)


@functools.cache
def read_catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language: what stands in ``<language>.toml`` beside this module."""
    written = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))
    nouns = written.pop("nouns")
    return Catalogue(language, dict(_flat(written, "")), nouns)


def _flat(written: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in written.items():
        if isinstance(value, str):
            yield f"{prefix}{key}", value
        else:
            yield from _flat(value, f"{prefix}{key}.")


@dataclass(frozen=True)
class Telling:
    """What a way of writing may need beside the fact itself."""

    catalogue: Catalogue
    facts: Facts
    currency: str

    @property
    def language(self) -> str:
        """The language told in."""
        return self.catalogue.language


def _holds(template: str, facts: Facts) -> bool:
    return not any(numbers.missing(facts.get(match[1])) for match in _FACT.finditer(template))


Way = Callable[[Telling, Any, str], str]


def _number(telling: Telling, value: Any, places: str) -> str:
    return numbers.number(value, int(places or 0), language=telling.language)


def _share(telling: Telling, value: Any, places: str) -> str:
    return numbers.percent(value, int(places or 1), language=telling.language)


def _sized(telling: Telling, value: Any, _detail: str) -> str:
    return numbers.quantity(abs(value), language=telling.language)


def _months(telling: Telling, value: Any, _detail: str) -> str:
    """From the first of some months to the last: ``Feb 2027``, ``Feb 2027 to May 2027``."""
    first, last = (dates.month_of_year(one, language=telling.language) for one in (value[0], value[-1]))
    return first if first == last else telling.catalogue.say("span", {"first": first, "last": last})


def _words(telling: Telling, value: Any, kinds: str) -> str:
    """The words of a kind that is itself a fact: ``{choice:words decision.option}``."""
    return telling.catalogue.say(f"{kinds}.{value}", telling.facts, currency=telling.currency)


WAYS: Mapping[str, Way] = {
    "text": lambda _, value, __: str(value),
    "name": lambda _, value, __: names.name(value),
    "Name": lambda _, value, __: names.name(value).capitalize(),
    "list": lambda telling, value, _: names.listed([str(one) for one in value], language=telling.language),
    "number": _number,
    "quantity": lambda telling, value, _: numbers.quantity(value, language=telling.language),
    "size": _sized,
    "share": _share,
    "points": lambda telling, value, _: numbers.points(value, language=telling.language),
    "money": lambda telling, value, _: money.money(value, telling.currency, language=telling.language),
    "price": lambda telling, value, _: money.price(value, telling.currency, language=telling.language),
    "month": lambda telling, value, _: dates.month_of_year(value, language=telling.language),
    "months": _months,
    "year": lambda _, value, __: str(value.year),
    "package": lambda _, value, __: value.replace("==", " "),
    "day": lambda telling, value, _: dates.day(value, language=telling.language),
    "count": lambda telling, value, noun: telling.catalogue.count(int(value), noun),
    "counted": lambda telling, value, noun: telling.catalogue.counted(value, noun),
    "words": _words,
}
"""Every way a template may write a fact."""
