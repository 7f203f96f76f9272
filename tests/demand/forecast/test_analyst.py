"""``sop forecast`` on small files: levels, quarters, own last periods, gaps, and every refusal with its place."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sop_pipeline.demand.analyst import FileForecast, forecast_file
from sop_pipeline.errors import BadInput

Lines = list[tuple]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[FileForecast, list[dict[str, str]]]]:
    """Write a file, forecast it, read the result."""

    def forecast(lines: Lines, header: str = "sku,when,qty", **options: object) -> tuple[FileForecast, list[dict]]:
        path, out = tmp_path / "in.csv", tmp_path / "out.csv"
        path.write_text("\n".join([header, *(",".join(map(str, line)) for line in lines)]) + "\n", encoding="utf-8")
        wanted = {"id": "sku", "date": "when", "value": "qty", "horizon": 3, **options}
        report = forecast_file(path, out=out, **wanted)  # type: ignore[arg-type]
        with out.open(encoding="utf-8", newline="") as text:
            return report, list(csv.DictReader(text))

    return forecast


def months(count: int, start: int = 0) -> list[str]:
    return [f"{2020 + number // 12}-{number % 12 + 1:02d}" for number in range(start, start + count)]


def test_every_level_is_written(run: Callable) -> None:
    lines = [(sku, m, 10 + place, group) for place, (sku, group) in enumerate([("a", "x"), ("b", "x"), ("c", "y")])
             for m in months(30)]  # fmt: skip
    report, rows = run(lines, "sku,when,qty,line", group=["line"])
    assert list(rows[0]) == ["unique_id", "level", "month", "mean", "p10", "p50", "p90"]
    assert [(row["level"], row["unique_id"]) for row in rows[::3]] == [
        ("total", "total"),
        ("line", "x"),
        ("line", "y"),
        ("sku", "a"),
        ("sku", "b"),
        ("sku", "c"),
    ]
    assert {row["month"] for row in rows} == {"2022-07", "2022-08", "2022-09"}
    assert float(rows[0]["mean"]) == 33
    assert (report.rows, report.series) == (18, 3)


def test_each_series_goes_on_from_its_own_end(run: Callable) -> None:
    lines = [("a", m, 10) for m in months(24)] + [("b", m, 20) for m in months(25)]
    _, rows = run(lines)
    found = {name: [row["month"] for row in rows if row["unique_id"] == name] for name in ("a", "b", "total")}
    assert found == {"a": months(3, 24), "b": months(3, 25), "total": months(2, 25)}


def test_series_too_far_apart_have_no_total_and_it_says_so(run: Callable) -> None:
    report, rows = run([("a", m, 10) for m in months(20)] + [("b", m, 20) for m in months(30)])
    assert not [row for row in rows if row["level"] == "total"]
    assert "no forecast for total" in str(report)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([f"{2000 + q // 4}-{3 * (q % 4) + 3:02d}-{(31, 30, 30, 31)[q % 4]}" for q in range(40)], "2010-03"),
        ([f"{2000 + q // 4}Q{q % 4 + 1}" for q in range(40)], "2010-01"),
    ],
)
def test_quarters(run: Callable, dates: list[str], expected: str) -> None:
    values = [100 + 40 * (q % 4 == 3) for q in range(40)]
    _, rows = run([("a", d, v) for d, v in zip(dates, values, strict=True)], freq="Q", horizon=4)
    own = [row for row in rows if row["level"] == "sku"]
    assert own[0]["month"] == expected
    assert [round(float(row["mean"])) for row in own] == [100, 100, 100, 140]


def test_gaps_are_named_and_filled(run: Callable) -> None:
    steady = [("a", m, 10) for m in months(24) if m != "2020-05"]
    sparse = [("b", m, 5 * (place % 3 == 0)) for place, m in enumerate(months(24)) if m != "2020-07"]
    report, rows = run([*steady, *sparse, ("a", "2020-05", "")])
    assert "zero, as the series knows zeros: b 2020-07" in str(report)
    assert "the line between the neighbours: a 2020-05" in str(report)
    assert {row["mean"] for row in rows if row["unique_id"] == "a"} == {"10.0000"}


def test_a_group_name_under_two_outer_groups_is_told_apart(run: Callable) -> None:
    lines = [(f"{outer}{inner}", m, 5, outer, inner) for outer in "xy" for inner in "pq" for m in months(24)]
    _, rows = run(lines, "sku,when,qty,o,i", group=["o", "i"])
    assert {row["unique_id"] for row in rows if row["level"] == "i"} == {"x/p", "x/q", "y/p", "y/q"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([("a", "2020-01", 1), ("a", "soon", 2)], "line 3, column when: found 'soon'"),
        ([("a", "2020-01", 1), ("a", "2020-02", "1O")], "line 3, column qty: found '1O'"),
        ([("a", "2020-01", 1), ("a", "2020-01-15", 2)], "lines 2 and 3: found two rows for a"),
        ([("", "2020-01", 1)], "line 2, column sku"),
        ([("a", "2020-01", ""), ("b", "2020-01", 3)], "no values for a"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(run: Callable, lines: Lines, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        run(lines)


def test_wrong_columns_and_files_are_refused(run: Callable, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a column 'product'"):
        run([("a", "2020-01", 1)], id="product")
    with pytest.raises(BadInput, match="no such file"):
        forecast_file(tmp_path / "none.csv", id="a", date="b", value="c", horizon=1, out=tmp_path / "o.csv")


def test_a_series_in_two_groups_is_refused(run: Callable) -> None:
    with pytest.raises(BadInput, match="'a' under two places"):
        run([("a", "2020-01", 1, "x"), ("a", "2020-02", 1, "y")], "sku,when,qty,line", group=["line"])
