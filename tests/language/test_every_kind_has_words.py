"""Every kind of fact that the registry knows has words, and no words stand there for a kind it does not know."""

from __future__ import annotations

import re

import pytest

from sop_pipeline import tables
from sop_pipeline.language.catalogue import WAYS, Catalogue
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.tables.schema import Table, kind

FACT = re.compile(r"\{(\w+)(?::(\w+)(?: ([\w.]+))?)?\}")
TOLD = [(table.name, column) for table in tables.REGISTRY.values() for column in table.columns if column.words]


def without_words(table: Table, catalogue: Catalogue) -> list[str]:
    """Kinds of a table that the catalogue does not know."""
    wanted = [f"{column.words}.{one}" for column in table.columns if column.words for one in column.one_of]
    starts = {key.rpartition(".")[0] for key in catalogue.sentences}
    return [key for key in wanted if not catalogue.knows(key) and key not in starts]


@pytest.mark.parametrize("table", sorted({name for name, _ in TOLD}))
def test_every_kind_of_a_table_has_words(table):
    assert without_words(tables.get(table), ENGLISH) == []


def test_a_new_kind_without_words_is_found():
    cause = kind("cause", "why", ("statistical", "weather"), words="plan_change")
    assert without_words(Table("x", "one row", "demand", "x", (cause,)), ENGLISH) == ["plan_change.weather"]


def test_no_words_stand_for_a_kind_that_no_table_has():
    known: dict[str, set[str]] = {}
    for _, column in TOLD:
        known.setdefault(column.words, set()).update(column.one_of)
    stray = {
        key
        for key in ENGLISH.sentences
        for words, kinds in known.items()
        if key.startswith(f"{words}.") and key.removeprefix(f"{words}.").split(".")[0] not in kinds
    }
    helping = {"decision.steadiness", "decision.chance", "approach.beaten", "mix.misstated"}
    helping |= {f"decision.lead_{way}" for way in ("more", "less", "same")}
    helping |= {"forecast_note.members"}
    beneath = {key for key in stray if key.startswith(("decision.choice.", "decision.reason."))}
    assert stray - helping - beneath == set()


def test_a_limit_is_spoken_of_in_every_way_it_has_to_be():
    ways = (
        {key.split(".")[2] for key in ENGLISH.sentences if key.startswith(f"limit.{way}.")} for way in WAYS_OF_LIMITS
    )
    assert len({frozenset(kinds) for kinds in ways}) == 1


WAYS_OF_LIMITS = ("more", "unit")


def test_every_template_names_ways_nouns_and_kinds_that_exist():
    starts = {key.rpartition(".")[0] for key in ENGLISH.sentences}
    for key, template in ENGLISH.sentences.items():
        for fact, way, detail in FACT.findall(template):
            assert (way or "text") in WAYS, f"{key}: {{{fact}:{way}}}"
            assert way != "count" or detail in ENGLISH.nouns, f"{key}: no noun {detail}"
            assert way != "words" or detail in starts, f"{key}: no kinds {detail}"
        assert not re.search(r"[{}\[\]]", re.sub(r"\[|\]", "", FACT.sub("", template))), f"{key}: a brace too many"
        assert template.count("[") == template.count("]"), f"{key}: a bracket too many"
