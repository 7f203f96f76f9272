"""``sop check``: everything wrong at once, what is absent with its default, and nothing written."""

from __future__ import annotations

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.ingest import beyond_tolerance, check_company
from sop_pipeline.ingest.rows.all_tables import as_registry


def test_a_good_folder_is_ready_and_names_its_defaults(folder):
    folder.company()
    report = check_company(folder.root)
    assert report.passed
    assert report.newest_cycle == "2026-11"
    text = str(report)
    assert "sales: sales.csv: 3 rows (encoding utf-8; delimiter comma; dates year first)" in text
    assert "no inventory: opening stock is one month's cover" in text
    assert "no calendar: weekdays" in text
    assert sorted(path.name for path in folder.root.iterdir()) == ["products.csv", "sales.csv", "sop.yaml"]


def test_every_problem_is_told(folder):
    folder.table("sales", "date,product_id,amount\n2026-09-01,P1,10\n")
    folder.table("inventory", b"")
    folder.company()
    report = check_company(folder.root)
    assert not report.passed
    assert ["a column quantity" in report.problems[0], "an empty file" in report.problems[1]] == [True, True]


def test_one_finding_a_reason_not_a_row(folder):
    bad = "".join(f"2026-09-{day:02d},P9,1\n" for day in range(1, 29))
    folder.table("sales", f"date,product_id,quantity\n2026-09-01,P1,10\n{bad}")
    folder.company()
    report = check_company(folder.root)
    (line,) = [line for line in report.remarks if line.startswith("sales:")]
    assert "row 3, column product_id: found 'P9'." in line
    assert line.endswith("(and 27 more rows)")
    assert report.problems[0].startswith("table sales: 28 of 29 rows (96.55%) could not be used; tolerated are 1%")


def test_a_blank_cell_is_found_to_be_nothing(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-02,P1,\n")
    folder.company()
    (line,) = [line for line in check_company(folder.root).remarks if line.startswith("sales:")]
    assert "row 3, column quantity: found nothing. Blank; needed" in line


def test_a_missing_folder_and_a_missing_currency(folder):
    assert "no sop.yaml" in str(check_company(folder.root / "nowhere"))
    folder.table("sales", "date,product_id,quantity,revenue,currency\n2026-09-01,P1,10,5,CHF\n")
    folder.company()
    assert any("currency CHF has no exchange rate" in line for line in check_company(folder.root).remarks)


def test_the_tolerance_is_a_share_of_a_tables_rows():
    def counted(*files):
        rows = [
            {
                "table": table,
                "file": f"f{number}",
                "sha256": "",
                **{name: 0 for name in tables.get("source_files").required if name not in ("table", "file", "sha256")},
                "rows_read": read,
                "rows_quarantined": bad,
            }
            for number, (table, read, bad) in enumerate(files)
        ]
        return as_registry("source_files", rows)

    company = Company(company="x", sources={})
    assert beyond_tolerance(counted(("sales", 50, 1), ("sales", 50, 0)), company) == []
    excess = beyond_tolerance(counted(("sales", 50, 1), ("sales", 49, 0), ("orders", 0, 0)), company)
    assert [(item.table, item.rows_read, item.rows_quarantined) for item in excess] == [("sales", 99, 1)]
