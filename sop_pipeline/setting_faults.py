"""What is wrong with the settings of ``sop.yaml``, in words a person can act on.

Pydantic says which value breaks which rule, in words for programmers; here they become found, needed, where and how to
mend. Not here: the settings themselves, or reading the file (``config``).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from sop_pipeline.connections.secrets import HIDDEN
from sop_pipeline.errors import BadInput

_CONNECTIONS = "connections"
"""The part of the file where secrets are named, and might stand by mistake: nothing of it is repeated."""
_SEE = "sop init writes an example with every field explained."
PATTERNS = {
    r"^\d{4}-(0[1-9]|1[0-2])$": "a month such as 2026-07",
    r"^([01]\d|2[0-3]):[0-5]\d$": 'a time of day in quotes, such as "06:00"',
    r"^[A-Za-z_][A-Za-z0-9_]*$": "the name of a variable of the environment, such as SOP_WEBHOOK",
    r"^https?://\S+$": "an address that begins with http:// or https://",
    r"^dask(\+tls)?://[^\s/:]+:\d+$": "the address of a scheduler, such as dask://planning:8786",
    r"^[A-Z]{3}$": "three capital letters, such as EUR",
    r"^[a-z0-9_]+$": "small letters from a to z, digits and _",
    r"^[A-Z_][A-Z0-9_]*$": "the name of a variable of the environment in capitals, such as ERP_PASSWORD",
    r"^[a-z_]+\.[a-z_]+$": "a table and its column, such as products.product_id",
    r"^[\w/+-]+$": "a time zone, such as Europe/Berlin",
    r"^[\w. -]+(/[\w. -]+)*$": "a folder inside the company's, such as inputs",
    r"^[\w. -]+(/[\w. -]+)*\.(svg|png|jpg|jpeg)$": "a picture inside the company's folder, such as looks/logo.svg",
    r"^#[0-9a-fA-F]{6}$": 'a colour in quotes, such as "#1f4e79"',
}
IN_OUR_WORDS = "in_our_words"
_BLOCK = "settings below it, one name: value a line"
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "string": "text",
    "list": "a list, such as [a, b]",
    "tuple": "a list, such as [a, b]",
    "dict": _BLOCK,
    "model": _BLOCK,
    "mapping": _BLOCK,
    "date": "a day such as 2026-07-31",
}
_LIMITS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda context: "one of " + context["expected"].replace("'", "").replace(" or ", ", "),
    "union_tag_invalid": lambda context: "a type, one of " + context["expected_tags"].replace("'", ""),
    "union_tag_not_found": lambda context: "a type, and what goes with it, a line each",
    "greater_than_equal": lambda context: f"at least {context['ge']:g}",
    "less_than_equal": lambda context: f"at most {context['le']:g}",
    "greater_than": lambda context: f"more than {context['gt']:g}",
    "less_than": lambda context: f"less than {context['lt']:g}",
    "string_pattern_mismatch": lambda context: PATTERNS.get(context["pattern"], f"text like {context['pattern']}"),
    "string_too_short": lambda context: "some text",
    "too_short": lambda context: f"at least {context['min_length']} in the list",
    "too_long": lambda context: f"at most {context['max_length']} in the list",
}


def setting_faults(error: ValidationError, where: str, known: Collection[str]) -> list[BadInput]:
    """Return one fault for every setting that is wrong, in order; ``known`` are the names of settings there are.

    A setting that may have one of several forms and has none of them is one fault, which names them all.
    """
    by_place: dict[str, list[Any]] = {}
    for detail in error.errors():
        by_place.setdefault(_place(detail), []).append(detail)
    inner = [place for place in by_place if any(other.startswith(f"{place}.") for other in by_place)]
    return [_fault(details, place, where, known) for place, details in by_place.items() if place not in inner]


def in_our_words(fault: BadInput) -> PydanticCustomError:
    """Return a fault as what a validator raises, so that it is told with the field it is in."""
    return PydanticCustomError(IN_OUR_WORDS, "{needed}", {"needed": fault.needed, "mend": fault.mend})


def without_lines(error: Exception) -> str:
    """Say what is wrong with YAML and where, without the lines that PyYAML shows: a secret may stand in them."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return str(error)
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return f"{said}, line {mark.line + 1}, column {mark.column + 1}" if mark else said


def _place(detail: Any) -> str:
    """The setting's place as written in the file: without the forms that pydantic tried, or its mark of a key."""
    places = [part for at, part in enumerate(detail["loc"]) if not (at == 2 and detail["loc"][0] == _CONNECTIONS)]
    return ".".join(str(part) for part in places if not (isinstance(part, str) and _is_form(part)))


def _is_form(part: str) -> bool:
    return part in ("[key]", "str", "int", "float", "bool") or part.startswith(("dict[", "list["))


def _fault(details: Sequence[Any], place: str, where: str, known: Collection[str]) -> BadInput:
    first = details[0]
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        return BadInput(
            found=name, needed="a setting that exists", where=f"{where}, field {place}", mend=nearest(name, known)
        )
    if first["type"] == "missing":
        return BadInput(found=f"no {place}", needed="a value", where=where, mend=f"Add it; {_SEE}")
    found = first.get("input")
    shown = "nothing" if found is None else repr(found)
    needed = " or ".join(dict.fromkeys(_needed(detail) for detail in details))
    return BadInput(
        found="what is not repeated here" if _may_be_secret(first, place) else shown,
        needed=needed,
        where=f"{where}, field {place}",
        mend=_in_the_environment(place) if first["type"] == HIDDEN else _mend(found, first),
    )


def _may_be_secret(detail: Any, place: str) -> bool:
    """Whether people may have written a secret there: as a connection's, or where a variable is to be named."""
    return bool(detail["type"] == HIDDEN or detail["loc"][:1] == (_CONNECTIONS,) or place.endswith("_env"))


def _in_the_environment(place: str) -> str:
    """Say what to write in place of a secret."""
    first, *rest = place.split(".")
    if first != _CONNECTIONS:
        return "State who asks under connections:, by the variables that hold the secrets."
    name = "_".join(rest).upper().replace("-", "_")
    return f"Write {rest[-1]}: ${{{name}}} and set {name} where sop runs; the secret itself stands in no file."


def _needed(detail: Any) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _LIMITS:
        return _LIMITS[kind](context)
    if kind == IN_OUR_WORDS:
        return str(context["needed"])
    if kind == "value_error":
        return str(detail["msg"]).removeprefix("Value error, ")
    return _KINDS.get(kind.split("_")[0], str(detail["msg"]))


def _mend(found: Any, detail: Any) -> str:
    if detail["type"] == IN_OUR_WORDS:
        return str(detail["ctx"]["mend"])
    expected = detail.get("ctx", {}).get("expected") if detail["type"] == "literal_error" else None
    words = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")] if expected else []
    near = difflib.get_close_matches(str(found).lower(), words, n=1)
    return f"Did you mean {near[0]}?" if near else f"Correct this field; {_SEE}"


def nearest(name: str, known: Collection[str]) -> str:
    """Return the question whether the nearest of the known names was meant; all of them where none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(sorted(set(known)))}."
