"""The checks of what was read: every line has its place."""

from sop_pipeline.steps.ingest import STEPS, accounted
from sop_pipeline.tables import conform

FILE = {
    "table": "sales",
    "file": "data/sales.csv",
    "sha256": "0" * 64,
    "lines": 12,
    "records": 12,
    "records_header": 1,
    "records_blank": 1,
    "records_skipped": 0,
    "records_unsplit": 0,
    "columns": 1,
    "cells_left_out": 0,
    "rows_read": 10,
    "rows_used": 6,
    "rows_duplicate": 1,
    "rows_superseded": 0,
    "rows_later": 1,
    "rows_total": 1,
    "rows_quarantined": 1,
}


def found(**changed):
    return accounted(conform("source_files", [FILE | changed]))


def test_a_file_whose_rows_add_up_passes():
    assert found().passed
    assert found().summary == "files accounted for: 1"


def test_a_lost_record_and_a_lost_row_stop_the_cycle_by_name():
    lost_record, lost_row = found(records=14, lines=14), found(rows_used=5)
    assert not lost_record.passed
    assert "data/sales.csv (sales): found 14 records of which 2 are neither" in lost_record.summary
    assert not lost_row.passed
    assert "12 records of which 1 are neither" in lost_row.summary


def test_it_is_a_check_of_the_step():
    assert ("source_files", "accounted") in {(check.table, check.name) for check in STEPS[0].checks}
