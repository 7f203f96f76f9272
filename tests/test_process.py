"""A command that needs no frames runs without pandas, whatever form the files have."""

import subprocess
import sys

import openpyxl
import pyarrow.csv
import pyarrow.parquet

from sop_pipeline.starter import init_company

CHECK = """
import sys
from pathlib import Path
from sop_pipeline.process import without
without("pandas")
from sop_pipeline.ingest import check_company
report = check_company(Path(sys.argv[1]))
print(report)
for library in ("pandas", "dagster"):
    assert library not in sys.modules, library
assert report.passed
"""


def test_checking_csv_excel_and_parquet_imports_neither_pandas_nor_dagster(tmp_path):
    folder = tmp_path / "acme"
    init_company(folder)
    sales, products = folder / "data" / "sales.csv", folder / "data" / "products.csv"
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(sales), sales.with_suffix(".parquet"))
    book = openpyxl.Workbook()
    for line in products.read_text().splitlines():
        book.active.append(line.split(","))
    book.save(products.with_suffix(".xlsx"))
    settings = folder / "sop.yaml"
    text = settings.read_text().replace("data/sales.csv", "data/sales.parquet")
    settings.write_text(text.replace("data/products.csv", "data/products.xlsx"))
    result = subprocess.run([sys.executable, "-c", CHECK, str(folder)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "products: data/products.xlsx: 5 rows" in result.stdout
    assert "sales: data/sales.parquet: 150 rows" in result.stdout


def test_a_library_taken_for_absent_cannot_be_imported():
    program = "from sop_pipeline.process import without; without('sqlite3'); import sqlite3"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.strip().endswith("ModuleNotFoundError: sqlite3 is not needed here")
