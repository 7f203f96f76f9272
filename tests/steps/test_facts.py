"""The lake holds facts: no table of a planned cycle has a sentence in it."""

from tests.steps.facts import sentences


def test_no_table_of_the_starter_holds_a_sentence(starter, planned):
    assert sentences(planned.tables, starter.settings) == []


def test_a_sentence_would_be_found(starter, planned):
    table = planned.tables["plan_frontier"]
    place = table.column_names.index("label")
    told = table.set_column(place, "label", [["the cheapest of all"] * table.num_rows])
    found = sentences({**planned.tables, "plan_frontier": told}, starter.settings)
    assert found == [("plan_frontier", "label", "the cheapest of all")]
