"""``sop check``: everything wrong at once, what is absent with its default, and nothing written."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.ingest import beyond_tolerance, check_company
from sop_pipeline.ingest.rows.account import unaccounted
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


def test_what_counted_days_rest_on_is_told(folder):
    folder.settings["country"] = "au"
    folder.company()
    (line,) = [line for line in check_company(folder.root).remarks if line.startswith("no calendar")]
    assert line.startswith(
        "no calendar: weekdays less the public holidays of AU (national ones and those of every state;"
    )
    assert line.endswith("; provisional from 2027 on")


def test_a_place_nobody_knows_is_a_problem(folder):
    folder.write("sop.yaml", "company: Test\ncountry: DE-BX\nsources: {}\n")
    report = check_company(folder.root)
    assert not report.passed
    assert report.problems[0].startswith(
        "sop.yaml, subdivision: found subdivision 'BX'; needed a state or region of DE"
    )


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
    assert "quarantine table" not in str(report), "there is none before a run"


def test_a_blank_cell_is_found_to_be_nothing(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-02,P1,\n")
    folder.company()
    (line,) = [line for line in check_company(folder.root).remarks if line.startswith("sales:")]
    assert "row 3, column quantity: found nothing. Blank; needed" in line


def test_a_missing_folder_and_a_missing_currency(folder):
    assert "no sop.yaml" in str(check_company(folder.root / "nowhere"))
    folder.table("sales", "date,product_id,quantity,revenue,currency\n2026-09-01,P1,10,5,CHF\n")
    folder.company()
    assert any(
        "found 1 row of 'CHF'; needed a currency with an exchange rate" in line
        for line in check_company(folder.root).remarks
    )


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


def test_a_bad_row_of_a_wide_file_is_one_remark(folder):
    wide = {"keep": ["date"], "names_to": "product_id", "values_to": "quantity"}
    folder.table("sales", "date,P1,P2\n2026-09-01,1,2\n32.9.,3,4\n", wide=wide)
    folder.company()
    lines = [line for line in check_company(folder.root).remarks if line.startswith("sales:")]
    assert [line.split(". ")[0] for line in lines] == ["sales: sales.csv, row 3, column P1 and 1 more: found '32.9.'"]


def test_a_life_that_sales_contradict_is_remarked(folder):
    products = "product_id,product_name,launched_on,discontinued_on\nP1,Soap,2026-10-01,\nP2,Cream,,2026-08-31\n"
    folder.table("products", products)
    folder.company()
    assert [line for line in check_company(folder.root).remarks if line.startswith("products:")] == [
        "products: products.csv: discontinued before the last sale: P2 ended 2026-08-31, sold until 2026-09-02",
        "products: products.csv: launched after the first sale: P1 launched 2026-10-01, sold since 2026-09-01",
    ]


def test_products_that_differ_by_case_are_remarked(folder):
    folder.table("products", "product_id,product_name\nP1,Soap\np1,Soap\nP2,Cream\n")
    folder.company()
    assert (
        "products: products.csv: products that differ by case or blanks alone: 'P1', 'p1'; one product?"
        in check_company(folder.root).remarks
    )


def test_a_reader_that_loses_a_record_is_found_out():
    row = dict.fromkeys(tables.get("source_files").required, 0) | {"table": "sales", "file": "f", "columns": 1}
    row |= {"records": 4, "records_header": 1, "records_blank": 1, "rows_read": 2, "rows_used": 2}
    assert unaccounted(pa.Table.from_pylist([row])) == []
    (fault,) = unaccounted(pa.Table.from_pylist([{**row, "records": 5}]))
    assert "5 records of which 1 are neither header, blank, skipped, used nor set aside" in str(fault)
    assert len(unaccounted(pa.Table.from_pylist([{**row, "rows_used": 1}]))) == 1


def test_families_are_references_too(folder):
    folder.table("business_plan", "month,family,units\n2026-11,care,5\n2026-11,Care,5\n")
    rows = folder.take_in().quarantine.to_pylist()
    assert [(row["value"], "Did you mean 'Care'?" in row["reason"]) for row in rows] == [("care", True)]


def test_a_wide_stock_keeps_its_zeros_and_wide_sales_do_not(folder):
    wide = {"keep": ["date"], "names_to": "product_id"}
    folder.table("inventory", "date,P1,P2\n2026-09-30,0,4\n", wide={**wide, "values_to": "on_hand"})
    folder.table("sales", "date,P1,P2\n2026-09-30,0,4\n", wide={**wide, "values_to": "quantity"})
    taken = folder.take_in().tables
    assert [float(row["on_hand"]) for row in taken["inventory"].to_pylist()] == [0, 4]
    assert [float(row["quantity"]) for row in taken["sales"].to_pylist()] == [4]


def test_a_guessed_encoding_shows_a_word(folder):
    content = "date,product_id,quantity,region\n2026-09-01,P1,1,Köln\n".encode("cp1252")
    folder.table("sales", content)
    note = folder.take_in().source_files.to_pylist()[-1]["note"]
    assert note.startswith("encoding latin-1, detected (read: 'Köln'; if that is wrong, set encoding)")


def test_features_that_no_table_explains_are_told(folder):
    """Two names without a resource, one misspelt, one that is a material."""
    folder.table("product_features", "product_id,feature,quantity\nP1,crew,1\nP1,oven,2\nP1,mixr,1\nP1,flour,3\n")
    folder.table("resources", "resource_id,kind\nmixer,machine\n")
    folder.table("materials", "material_id,unit_cost\nflour,1\n")
    folder.company()
    (line,) = [line for line in check_company(folder.root).remarks if line.startswith("product_features")]
    assert line == (
        "product_features, column feature: found 3 rows of 'crew', 'mixr' (did you mean 'mixer'?) and 'oven'; needed a "
        "resource or a material. As it stands their needs are counted, and limit nothing."
    )


def test_features_that_are_explained_need_no_word(folder):
    folder.table("product_features", "product_id,feature,quantity\nP1,mixer,1\n")
    folder.table("resources", "resource_id,kind\nmixer,machine\n")
    folder.company()
    assert not [line for line in check_company(folder.root).remarks if line.startswith("product_features")]
