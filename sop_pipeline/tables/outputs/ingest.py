"""The tables of the ingest step beside the inputs: files, quarantine, calendar."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import MONTH
from sop_pipeline.tables.outputs.defaults import INGEST_DEFAULTS
from sop_pipeline.tables.schema import Table, count, day, flag, month, quantity, rate, text

SOURCE_FILES = Table(
    "source_files",
    "one row per source file and table",
    "ingest",
    "every file of the cycle's snapshot: what was read, counted once, set aside",
    (
        text("table", "input table it feeds", required=True),
        text("file", "path inside the company folder, or connection and table", required=True),
        text("source", "what sop.yaml calls its source: path or pattern, or connection and table"),
        text("sha256", "hash of the file's bytes", required=True),
        count("lines", "physical lines of a text file; of other formats its records", required=True),
        count("records", "records in the file: header, blank and data", required=True),
        count("records_header", "records down to the column names", required=True),
        count("records_blank", "records without a filled cell", required=True),
        count("records_skipped", "records that skip_rows of sop.yaml leaves out", required=True),
        count("records_unsplit", "records whose cells do not fit the header, each one quarantined row", required=True),
        count("columns", "of a wide file the columns read as rows, else 1", required=True),
        count(
            "cells_left_out", "of a wide file the cells left out as blank, or zero where sop.yaml says", required=True
        ),
        count("rows_read", "data rows in the file; of a wide file its filled cells", required=True),
        count("rows_used", "rows that reached the table", required=True),
        count("rows_duplicate", "rows already counted, in this file or an earlier one", required=True),
        count("rows_superseded", "rows replaced by a later correction", required=True),
        count("rows_later", "rows dated or recorded on or after the cut-off", required=True),
        count("rows_total", "rows that are the sum of others, left out", required=True),
        count("rows_quarantined", "rows that could not be used", required=True),
        text("note", "what was detected or assumed when reading: delimiter, encoding, decimal mark, dates"),
        text("remarks", "what a person should look at: cells read as blank, repeats counted, totals left out"),
    ),
    ("table", "file"),
)

QUARANTINE = Table(
    "quarantine",
    "one row per rejected source row; of a wide file, per rejected cell",
    "ingest",
    "rows that could not be used, with the reason, so that nothing is lost or passes in silence",
    (
        text("table", "input table it was meant for", required=True),
        text("file", "file it stands in", required=True),
        count("row", "row in the file, the header being row 1", required=True),
        text("column", "column at fault"),
        text("value", "value found"),
        text("reason", "what was needed, and how to mend it", required=True),
        text("content", "the whole row as JSON", required=True),
    ),
    ("table", "file", "row", "column"),
)

WORKING_CALENDAR = Table(
    "working_calendar",
    "one row per month, past and planned",
    "ingest",
    "working days of the company, from its calendar or the stated default",
    (
        MONTH,
        rate("working_days", "days worked", "days", required=True, minimum=0, maximum=31),
        text("shutdown", "name of a shutdown in the month"),
        text(
            "source",
            "the company's calendar, the mean of its sites' rows, or the working week less public holidays",
            required=True,
            one_of=("calendar", "sites", "week"),
        ),
        count("sites", "sites whose mean it is"),
        text("week", "days of the week worked by their ISO numbers, where no calendar states the month"),
        text("place", "country, or country and state, whose public holidays are taken off"),
    ),
    ("month",),
)

DATA_FRESHNESS = Table(
    "data_freshness",
    "one row per table with dated rows",
    "ingest",
    "how far each table reaches towards the cut-off, and what came of it",
    (
        text("table", "input table", required=True),
        day("newest", "date of its newest row before the cut-off", required=True),
        text("speaks_of", "what a row speaks of", required=True, one_of=("day", "week", "month")),
        day("covered_to", "last day that its newest row speaks of", required=True),
        count("missing_days", "working days after that and before the cut-off", "days", required=True),
        count("limit_days", "working days that may be missing", "days", required=True),
        flag("is_demand", "whether demand is read from it", required=True),
        text(
            "status",
            "fresh; or too old, and told, accepted in sop.yaml for this cycle, or stopping it",
            required=True,
            one_of=("fresh", "told", "accepted", "stops"),
        ),
    ),
    ("table",),
)

INPUT_ENTRIES = Table(
    "input_entries",
    "one row per entry, each time it says something else",
    "ingest",
    "what was typed into planners' books of this cycle: what it says, where, by whom and why, and whether it counts",
    (
        text("cycle", "cycle of the book", required=True),
        count("number", "number of the record in its cycle", required=True),
        text("kind", "what it is about", required=True, one_of=("demand", "decision", "assumption")),
        text(
            "status",
            "taken; replaced by a later one of its line and owner; cleared in its book; late; about what is not known "
            "any more",
            required=True,
            one_of=("taken", "replaced", "withdrawal", "late", "unknown"),
        ),
        text("cell", "sheet and cell it was typed into", required=True),
        text("stream", "stream of an entry on demand"),
        text("product_id", "product it is about"),
        text("family", "family it is about"),
        month("month_from", "first month it holds in"),
        month("month_to", "last month, where it holds in several"),
        quantity("change_units", "units added a month"),
        rate("change_pct", "percentage added", "%"),
        quantity("replace_units", "units that replace the forecast"),
        text("decision_id", "decision"),
        text("option", "letter of the option, or reject, or defer"),
        text("assumption_id", "assumption"),
        text("text", "the assumption in words"),
        text("value", "its value"),
        text("driver", "what it moves"),
        text("subject", "what of it: a product or family, a resource, a material; blank: all"),
        text("owner", "who says so", required=True),
        text("reason", "why", required=True),
        day("recorded_on", "day it was first read", required=True),
        text("book", "file it was read from", required=True),
        text("sha256", "hash of the file's bytes", required=True),
    ),
    ("cycle", "number"),
)

TABLES: tuple[Table, ...] = (
    SOURCE_FILES,
    QUARANTINE,
    WORKING_CALENDAR,
    DATA_FRESHNESS,
    INGEST_DEFAULTS,
    INPUT_ENTRIES,
)
