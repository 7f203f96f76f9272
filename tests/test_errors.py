"""One form of message, one exit code a class, and the same error on both sides of a process boundary."""

import pickle

import pytest

from sop_pipeline.errors import BadInput, BadInputs, Infeasible, SopError

PARTS = {"found": "2 tills", "needed": "one", "where": "shop.csv, row 3", "mend": "Delete one of them."}
SENTENCE = "shop.csv, row 3: found 2 tills; needed one. Delete one of them."


@pytest.mark.parametrize(("kind", "exit_code"), [(SopError, 1), (BadInput, 2), (Infeasible, 3)])
def test_four_parts_make_one_sentence(kind, exit_code):
    error = kind(**PARTS)
    assert (str(error), error.exit_code) == (SENTENCE, exit_code)
    assert {part: getattr(error, part) for part in PARTS} == PARTS


def test_no_part_can_be_left_out():
    with pytest.raises(TypeError, match="mend"):
        BadInput(**{part: text for part, text in PARTS.items() if part != "mend"})


def test_several_faults_are_told_at_once():
    error = BadInputs([BadInput(**PARTS), BadInput(**{**PARTS, "where": "shop.csv, row 9"})])
    assert str(error).splitlines() == [SENTENCE, SENTENCE.replace("row 3", "row 9")]
    assert error.exit_code == 2


@pytest.mark.parametrize("error", [Infeasible(**PARTS), BadInputs([BadInput(**PARTS), BadInput(**PARTS)])])
def test_an_error_survives_the_way_from_another_process(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy)) == (type(error), str(error))
