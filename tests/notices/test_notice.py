"""What a notice says, and which section of the runbook it leads to."""

import re
from pathlib import Path

import pytest

from sop_pipeline.notices import Notice
from sop_pipeline.notices.runbook import PAGE, SECTIONS, section

PROJECT = Path(__file__).resolve().parent.parent.parent
NOTICE = Notice(
    event="failure",
    company="Acme",
    cycle="2026-11",
    title="cycle 2026-11 stopped",
    reason="sales, check schema: 1 row",
    rows=({"product_id": "P1", "quantity": "-5"}, {"product_id": "P-very-long", "quantity": "x" * 60}),
    more=["The published cycle is unchanged."],
    runbook="docs/runbook.md#failed-check",
    link="https://sop/runs/1",
)


def test_the_text_has_reason_rows_what_to_do_and_where():
    parts = NOTICE.text.split("\n\n")
    assert parts[:3] == [
        "Acme: cycle 2026-11 stopped",
        "sales, check schema: 1 row",
        "The published cycle is unchanged.",
    ]
    rows = parts[3].splitlines()
    assert [row.split()[0] for row in rows] == ["product_id", "P1", "P-very-long"]
    assert rows[2].endswith("x" * 39 + "…")
    assert parts[4:] == ["What to do: docs/runbook.md#failed-check", "Run: https://sop/runs/1\n"]


def test_a_subject_is_one_line_whatever_the_company_is_called():
    odd = Notice("late", "Acme\r\nBcc: all@example.com", "2026-11", "sales\x00 late", "reason")
    assert odd.subject == "Acme Bcc: all@example.com: sales late"


@pytest.mark.parametrize(
    ("check", "reason", "place"),
    [
        ("fresh", "data/sales.csv: found sales that end on ...", "late-data"),
        ("schema", "sales: 3 rows", "failed-check"),
        (None, "lake: found a full disk (0 MB free of 10 MB); needed room to write.", "disk-full"),
        (
            None,
            "step strategies: found more than 240 minutes; needed the step to be done in that time.",
            "a-run-takes-too-long",
        ),
        (None, "source_tables: something else", "a-run-stopped"),
    ],
)
def test_every_fault_leads_to_a_section(check, reason, place):
    assert section(check, reason) == f"{PAGE}#{place}"


def test_the_sections_are_those_of_the_page():
    headings = re.findall(r"^## (.+)$", (PROJECT / PAGE).read_text(), re.MULTILINE)
    assert set(SECTIONS) <= {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
