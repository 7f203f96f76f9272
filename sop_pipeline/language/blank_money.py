"""The words for a cycle whose money is blank: no price, no cost, or a column that is called otherwise than it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.english import ENGLISH

_OF_ALL = ("no_price", "no_cost")
_ALWAYS = ("column_not_used",)


def blank_money_words(defaults: Iterable[Mapping[str, Any]], *, catalogue: Catalogue = ENGLISH) -> list[str]:
    """Return a phrase for each of ``defaults_used`` by which a whole column of money is not there."""
    rows = {row["default_id"]: row for row in defaults}
    chosen = [
        rows[name]
        for name in (*_ALWAYS, *_OF_ALL)
        if name in rows and (name in _ALWAYS or rows[name]["items"] == rows[name]["among"])
    ]
    return [catalogue.say(f"blank_money.{row['default_id']}", row) for row in chosen]
