"""A part is made once of the same: kept by what it is made of, believed while it has its bytes, made anew if fresh."""

import pytest

from sop_pipeline import made_once
from sop_pipeline.made_once import keeping, once, parts_folder


def drawn(lake, made_of, data=b"drawn", **options):
    """Ask for a chart, and return it with whether it was made."""
    made = []

    def draw():
        made.append(data)
        return data

    with keeping(lake, **options) as tally:
        got = once("chart", made_of, draw)
    assert (tally.made["chart"], tally.found["chart"]) == ((1, 0) if made else (0, 1))
    return got, bool(made)


def test_the_same_is_made_once_and_anything_else_anew(tmp_path):
    assert drawn(tmp_path, ["key", {"a": 1, "b": 2}]) == (b"drawn", True)
    assert drawn(tmp_path, ["key", {"b": 2, "a": 1}], b"other") == (b"drawn", False)
    assert drawn(tmp_path, ["key", {"a": 1, "b": 3}], b"other") == (b"other", True)


def test_other_code_makes_it_anew(tmp_path, monkeypatch):
    drawn(tmp_path, "key")
    monkeypatch.setattr(made_once, "versions", lambda: {"code": "other"})
    assert drawn(tmp_path, "key") == (b"drawn", True)


def test_kinds_are_kept_apart(tmp_path):
    drawn(tmp_path, "key")
    with keeping(tmp_path):
        assert once("font", "key", lambda: b"letters") == b"letters"


@pytest.mark.parametrize("damage", [b"", b"short", bytes(80)])
def test_what_is_damaged_is_made_anew(tmp_path, damage):
    drawn(tmp_path, "key")
    (kept,) = (path for path in parts_folder(tmp_path).rglob("*") if path.is_file())
    kept.write_bytes(damage)
    assert drawn(tmp_path, "key") == (b"drawn", True)
    assert drawn(tmp_path, "key") == (b"drawn", False)


def test_a_fresh_run_takes_nothing_and_leaves_what_it_made(tmp_path):
    drawn(tmp_path, "key", b"before")
    assert drawn(tmp_path, "key", b"now", fresh=True) == (b"now", True)
    assert drawn(tmp_path, "key") == (b"now", False)


def test_where_nothing_is_kept_all_is_made(tmp_path):
    drawn(tmp_path, "key", b"before")
    assert once("chart", "key", lambda: b"now") == b"now"
