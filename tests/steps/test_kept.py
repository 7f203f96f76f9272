"""What a step made is found again by its identity while its files are what they were, and only then."""

import pyarrow as pa
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.shown import ShownTable
from sop_pipeline.steps.kept import Kept, Made, has_kept
from sop_pipeline.validation import Finding

CYCLE = Cycle.parse("2026-07")
ROWS = pa.table({"product_id": ["A", "B"], "units": [1, 2]})
SHOWN = {
    "sales": {
        "units": 3,
        "revenue": 2.5,
        "words": "two products",
        "table": ShownTable(("product", "units"), (("A", "1"), ("B", "2"))),
    }
}
FOUND = (Finding("schema", "sales", True, "2 rows kept 2 of 2 rules", failures=[], sample=[{"product_id": "A"}]),)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


@pytest.fixture
def kept(lake):
    made = Made("first-run", {"sales": lake.write("sales", ROWS, CYCLE, "first-run")}, FOUND, SHOWN)
    kept = Kept(lake, CYCLE, "source_tables")
    assert not has_kept(lake, CYCLE)
    kept.keep("a1b2", made)
    return kept, made


def test_what_was_kept_comes_back_as_it_was(kept, lake):
    store, made = kept
    found = store.find("a1b2")
    assert found == made
    assert has_kept(lake, CYCLE)


def test_nothing_is_found_under_another_identity_step_or_cycle(kept, lake):
    store, _ = kept
    assert store.find("a1b3") is None
    assert Kept(lake, CYCLE, "actuals").find("a1b2") is None
    assert Kept(lake, CYCLE.previous(), "source_tables").find("a1b2") is None


def test_a_file_with_other_bytes_or_none_is_not_taken_over(kept, lake):
    store, made = kept
    path = lake.root / made.entries["sales"].file
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"x")
    assert store.find("a1b2") is None
    path.write_bytes(whole)
    assert store.find("a1b2") == made
    path.unlink()
    assert store.find("a1b2") is None


@pytest.mark.parametrize("note", [b"", b"[]", b'{"run": "first-run"}', b"\xff\xfe"])
def test_a_note_that_cannot_be_read_is_no_note(kept, lake, note):
    store, _ = kept
    (path,) = (lake.root / "kept").rglob("a1b2.json")
    path.write_bytes(note)
    assert store.find("a1b2") is None


def test_a_run_that_takes_a_table_over_has_it_as_its_own_without_another_file(kept, lake):
    _, made = kept
    taken = lake.take(made.entries["sales"], CYCLE, "second-run")
    assert (taken.run, taken.file) == ("second-run", made.entries["sales"].file)
    assert lake.read("sales", CYCLE, "second-run").equals(ROWS)
    assert lake.head(taken, CYCLE, 1).equals(ROWS.slice(0, 1))
    assert len(list((lake.root / "data" / "sales").iterdir())) == 1
    lake.publish(CYCLE, "second-run")
    assert lake.hashes(CYCLE) == {"sales": made.entries["sales"].content_sha256}
