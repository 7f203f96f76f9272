"""Every ``.sql`` file on empty tables: it can be prepared, and joins no two tables row by row unawares."""

import re

import pytest

from sop_pipeline import sql, tables
from sop_pipeline.statements.joins import every_pair
from sop_pipeline.statements.shapes import FAULTS, Catalogue, read_folder

SAMPLE = 12
MONEY = tables.Kind.MONEY


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue(read_folder(sql.SQL_FOLDER))


def fault(catalogue, name):
    try:
        catalogue.check(name)
    except FAULTS as error:
        return str(error)
    return None


def test_every_statement_can_be_prepared(catalogue):
    assert {name: fault(catalogue, name) for name in catalogue.names if fault(catalogue, name)} == {}


def test_every_join_of_all_pairs_is_meant(catalogue):
    unmeant = {}
    for name in catalogue.names:
        joins = max((every_pair(plan) for plan in catalogue.plans(name)), key=len)
        if len(joins) != len(catalogue.header(name).meant):
            unmeant[name] = joins
    assert unmeant == {}


def test_money_is_added_up_as_decimals(catalogue):
    """A float among the terms of a sum makes floats of all, and cents are lost where amounts are large."""
    money = {
        (table.name, column.name)
        for table in tables.REGISTRY.values()
        for column in table.columns
        if column.kind is MONEY
    }
    floats = {
        (name.rsplit("/", 1)[-1], column)
        for name in catalogue.names
        for column, kind in catalogue.shape(name)
        if kind == "DOUBLE"
    }
    assert floats & money == {("scenario_comparison", "mean_inventory_value")}  # a mean, rounded once


def typos(text):
    """A keyword, a table and a column misspelt, and a column that no table has."""
    code = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
    comments = text[: text.index(code)] if code in text else ""
    yield comments + code.replace("select", "selec", 1)
    last = code.rindex("select")
    yield f"{comments}{code[:last]}select no_such_column,{code[last + len('select') :]}"
    for pattern in (r"\b(?:from|join) [a-z_]+\b", r"(?<=[a-z]\.)[a-z_]+\b(?! *\()"):
        places = list(re.finditer(pattern, code))
        if places:
            end = places[len(places) // 2].end()
            yield f"{comments}{code[:end]}_misspelt{code[end:]}"


def test_a_typo_in_a_statement_is_a_fault(catalogue):
    for name in catalogue.names[::SAMPLE]:
        for text in typos(catalogue.texts[name]):
            shapes = {other: shape for other, shape in catalogue.shapes.items() if other != name}
            assert fault(Catalogue({**catalogue.texts, name: text}, shapes), name), f"{name} passes as\n{text}"
