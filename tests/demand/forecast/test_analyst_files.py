"""``sop forecast`` and ``sop plan`` read files as companies do: encodings, marks, dates, formats."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sop_pipeline.config import single_file
from sop_pipeline.demand.analyst.file import Columns
from sop_pipeline.demand.analyst.forecast import forecast_file
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.errors import BadInput
from sop_pipeline.supply.folder import plan_folder, read_folder

MONTHS = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(24)]
RED_TOMATO = Path(__file__).parents[2] / "supply" / "red_tomato"


def text(form="%Y-%m", amount="1234.5", delimiter=",", first="", end="\n"):
    rows = [delimiter.join(["Größe", "when", "qty"])]
    rows += [delimiter.join(["fünf", f"{month:{form}}", amount]) for month in MONTHS]
    return first + end.join(rows) + end


def in_german(content: str) -> str:
    for english, german in (("January", "Januar"), ("March", "März"), ("May", "Mai"), ("October", "Oktober")):
        content = content.replace(english, german)
    return content


def with_total() -> str:
    """Twice as many six, and both added up."""
    return "".join(f"sechs,{month:%Y-%m},2469\nTotal,{month:%Y-%m},3703.5\n" for month in MONTHS)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in [["Größe", "when", "qty"], *(["fünf", month, 1234.5] for month in MONTHS)]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"Größe": ["fünf"] * 24, "when": MONTHS, "qty": [1234.5] * 24}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "read"),
    [
        ("in.csv", text().encode(), None),
        ("in.csv", text(end="\r\n").encode("utf-8-sig"), None),
        ("in.csv", text(delimiter=";", amount="1234,5").encode("cp1252"), None),
        ("in.csv", text(delimiter=";", amount="1.234,50", form="%d.%m.%Y").encode("latin-1"), None),
        ("in.txt", text(delimiter="\t", amount="1 234,5", form="%m/%Y").encode("utf-16"), None),
        ("in.csv", text(delimiter=";", amount="1234,5", first="sep=;\r\n").encode(), None),
        ("in.csv", text(delimiter="|", amount='"1,234.50"', form="%b %Y").encode(), None),
        ("in.csv", ("Sales 2020,,\n" + text()).encode(), "header_row: 2"),
        ("in.csv", text(amount="$1,234.50", delimiter=";").encode(), None),
        ("in.csv", (text(end="\r\n") + "\x1a").encode(), None),
        ("in.csv", in_german(text(form="%B %Y", amount="1’234,50", delimiter=";")).encode(), None),
        ("in.csv", text(delimiter=";", amount="1234500e-3").encode("cp850"), "encoding: cp850"),
        ("in.csv", text(amount='"1,2345e3"').encode(), "{decimal: ','}"),
        ("in.xlsx", workbook(), None),
        ("in.parquet", parquet(), None),
    ],
)
def test_a_file_is_read_as_a_companys_would_be(tmp_path, name, content, read):
    path, out = tmp_path / name, tmp_path / "out.csv"
    path.write_bytes(content)
    forecast_file(path, out, Columns("Größe", "when", "qty"), Settings(horizon=1), source=single_file(read))
    with out.open(encoding="utf-8") as lines:
        (row,) = [row for row in csv.DictReader(lines) if row["level"] == "Größe"]
    assert (row["unique_id"], row["month"], row["mean"]) == ("fünf", "2022-01", "1234.5000")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(amount='"1,234"'), r"thousand times more.*with --read: decimal: '\.' or decimal: ','"),
        (text(form="%m/%d/%Y"), r"found '02/01/2020'.*with --read: date_format"),
        (text().replace("1234.5", "12 5", 1), r"row 2, column qty: found '12 5'; needed a number such as 1234.5"),
        (text().replace("1234.5", "inf", 2), r"row 2, column qty: found 'inf' \(2 such rows\)"),
        (text(amount="0.00012"), r"no number beyond 0.00012; needed numbers from 0.01 on"),
        (text().replace("fünf", '"fünf', 1), "quotation mark"),
        (text().replace("\nfünf,2020-05", '\n"fünf,2020-05').replace("fünf,2020-09", 'fünf",2020-09'), "line 6.*mark"),
        (text().replace("2020-07", "9999-12"), "found '9999-12'"),
        (text().replace("2021-12", "2062-12"), "row 25, column when: found 2062-12-01, years from all .*is 2021-11-01"),
        (text() + with_total(), r"series Total, in every period the sum of 2 others.*skip_rows: {Größe: \[Total\]}"),
        (text().replace("qty", "Qty"), "needed a column 'qty'. Did you mean 'Qty'"),
        (text().replace("fünf,2020-03,1234.5", "fünf,2020-03"), "row 4: found fünf,2020-03; needed 3 cells"),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_none_is_refused_with_the_option_to_write(tmp_path, content, said):
    path = tmp_path / "in.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=f"(?s){said}"):
        forecast_file(path, tmp_path / "out.csv", Columns("Größe", "when", "qty"), Settings(horizon=1))
    assert not (tmp_path / "out.csv").exists()


def test_what_the_message_says_leaves_the_total_out(tmp_path):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(text() + with_total(), encoding="utf-8")
    read = single_file("skip_rows: {Größe: [Total]}")
    forecast_file(path, out, Columns("Größe", "when", "qty"), Settings(horizon=1), source=read)
    with out.open(encoding="utf-8") as lines:
        assert {row["unique_id"]: row["mean"] for row in csv.DictReader(lines)} == {
            "total": "3703.5000", "fünf": "1234.5000", "sechs": "2469.0000",
        }  # fmt: skip


def test_a_last_month_without_a_value_is_told(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(text().replace("fünf,2021-12,1234.5", "fünf,2021-12,"), encoding="utf-8")
    said = forecast_file(path, tmp_path / "out.csv", Columns("Größe", "when", "qty"), Settings(horizon=1))
    assert "left out, as they have no value and none follows or none came before: fünf 2021-12" in str(said)


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """Red Tomato as a German Excel writes it: semicolons, decimal commas, cp1252, months as 01.2026."""
    folder = tmp_path / "plan"
    shutil.copytree(RED_TOMATO, folder)
    for path in folder.glob("*.csv"):
        with path.open(newline="") as lines:
            rows = list(csv.reader(lines))
        months = {f"2026-{number:02d}": f"{number:02d}.2026" for number in range(1, 13)}
        cells = [[months.get(cell, cell.replace(".", ",")) for cell in row] for row in rows]
        path.write_bytes("\r\n".join(";".join(row) for row in [*cells, [""] * len(rows[0])]).encode("cp1252"))
    return folder


def test_a_planning_folder_is_read_as_a_companys_files_are(german):
    result = plan_folder(german)
    assert result.summary["total_cost"] == pytest.approx(422275)
    assert result.aggregate_plan["month"].tolist() == [f"2026-{number:02d}" for number in range(1, 7)]


def test_numbers_of_a_planning_folder_keep_every_digit(tmp_path):
    folder = Path(shutil.copytree(RED_TOMATO, tmp_path / "plan"))
    features = folder / "product_features.csv"
    features.write_text(features.read_text().replace(",4", ",3.9999999999"))
    assert read_folder(folder).product_features["quantity"].tolist() == [3.9999999999]


@pytest.mark.parametrize(
    ("demand", "read", "said"),
    [
        ("product_id;month;quantity\ntool;01.2026;1.600", None, r"'1.600', which is a thousand.*--read: decimal"),
        ("product_id;month;quantity\ntool;01/02/2026;16", None, r"found '01/02/2026'.*--read: date_format"),
        ("product_id;month;quantity\ntool;2026-01;16;\ntool;2026-02", None, r"row 3: found tool,2026-02; needed 3"),
    ],
)  # fmt: skip
def test_a_planning_folder_that_can_be_read_in_two_ways_is_refused(tmp_path, demand, read, said):
    (tmp_path / "demand_plan.csv").write_text(demand)
    with pytest.raises(BadInput, match=f"(?s){said}"):
        read_folder(tmp_path, single_file(read))


def test_the_option_decides_a_planning_folder(tmp_path):
    (tmp_path / "demand_plan.csv").write_text("product_id;month;quantity\ntool;01/02/2026;1.600\n")
    source = single_file("decimal: '.', date_format: '%d/%m/%Y'")
    frame = read_folder(tmp_path, source).demand_plan
    assert frame.to_dict("records") == [{"product_id": "tool", "month": "2026-02", "quantity": 1.6}]
