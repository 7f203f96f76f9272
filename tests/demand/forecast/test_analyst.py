"""``sop forecast`` on small files: levels, quarters, own last periods, gaps, and every refusal with its place."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sop_pipeline.demand.analyst.file import Columns
from sop_pipeline.demand.analyst.forecast import FileForecast, forecast_file
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.errors import BadInput

Lines = list[tuple]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[FileForecast, list[dict[str, str]]]]:
    """Write a file, forecast it, read the result."""

    def forecast(
        lines: Lines,
        header: str = "sku,when,qty",
        *,
        id: str = "sku",
        value: str = "qty",
        group: Sequence[str] = (),
        forecast_approach: str = "bottom_up",
        **options: Any,
    ) -> tuple[FileForecast, list[dict]]:
        path, out = tmp_path / "in.csv", tmp_path / "out.csv"
        path.write_text("\n".join([header, *(",".join(map(str, line)) for line in lines)]) + "\n", encoding="utf-8")
        report = forecast_file(
            path,
            out,
            Columns(id, "when", value, tuple(group)),
            Settings(**{"horizon": 3, **options}),
            approach=forecast_approach,
        )
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
    assert "no forecast for the total" in str(report)


def test_inner_groups_without_a_common_period_are_named_too(run: Callable) -> None:
    ends = {"a": ("x", "p", 20), "b": ("x", "p", 30), "c": ("x", "q", 30)}
    lines = [(sku, m, 10, outer, inner) for sku, (outer, inner, end) in ends.items() for m in months(end)]
    report, rows = run(lines, "sku,when,qty,o,i", group=["o", "i"])
    assert {row["unique_id"] for row in rows if row["level"] != "sku"} == {"q"}
    assert [note for note in report.notes if note.startswith("no forecast for")] == [
        f"no forecast for {which}: its series end too far apart to share a period"
        for which in ("the total", "o x", "i p")
    ]


def test_without_errors_to_draw_it_from_there_is_no_range_and_it_says_so(run: Callable) -> None:
    report, _ = run([("a", "2020-01", 5)])
    assert "no range: 0 past errors" in str(report)
    report, _ = run([("a", m, 5 + 7 * place % 11) for place, m in enumerate(months(30))])
    assert "no range" not in str(report)


def test_a_series_that_was_always_exact_has_no_range_and_it_says_so(run: Callable) -> None:
    """Three numbers in turn repeat every year: nothing was ever missed, which is no promise of a month to come."""
    lines = [("a", m, 5 + place % 3) for place, m in enumerate(months(36))]
    lines += [("b", m, 5 + 7 * place % 11) for place, m in enumerate(months(36))]
    report, rows = run(lines)
    assert [note for note in report.notes if "no range" in note] == ["no range, because past forecasts were exact: a"]
    assert {(row["p10"], row["p50"], row["p90"]) for row in rows if row["unique_id"] == "a"} == {
        (f"{5 + place}.0000",) * 3 for place in range(3)
    }


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([f"{2000 + q // 4}-{3 * (q % 4) + 3:02d}-{(31, 30, 30, 31)[q % 4]}" for q in range(40)], "2010-03"),
        ([f"{2000 + q // 4}Q{q % 4 + 1}" for q in range(40)], "2010-01"),
        ([f"Q{q % 4 + 1} {2000 + q // 4}" for q in range(40)], "2010-01"),
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
        ([("a", "2020-01", 1), ("a", "soon", 2)], "row 3, column when: found 'soon'"),
        ([("a", "2020-01", 1), ("a", "2020-02", "1O")], "row 3, column qty: found '1O'"),
        ([("a", "2020-01", 1), ("a", "2020-01-15", 2)], "rows 2 and 3: found 2 rows for a"),
        ([("", "2020-01", 1)], "row 2, column sku"),
        ([("a", "2020-01", ""), ("b", "2020-01", 3)], "no values for a"),
        ([("a", "2020-01", 1), ("a", "2020-02")], "row 3: found a,2020-02; needed 3 cells as in the header"),
        ([("a", "2020-01", 1), ("a", "2020-02", 1, 2)], "row 3: found a,2020-02,1,2; needed 3 cells"),
        ([("a", "2020-01", 1), (), (), ("a", "2020-02", "x")], "row 5, column qty: found 'x'"),
        ([("a", "2020-01", 1), ("b", "2020-01", "1e15")], r"column qty: found 1e\+15 in row 3, and"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(run: Callable, lines: Lines, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        run(lines)


def test_wrong_columns_and_files_are_refused(run: Callable, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a column 'product'"):
        run([("a", "2020-01", 1)], id="product")
    with pytest.raises(BadInput, match="found two columns 'qty'"):
        run([("a", "2020-01", 1, 2)], "sku,when,qty,qty")
    with pytest.raises(BadInput, match="an empty file; needed a header"):
        run([], "")
    with pytest.raises(BadInput, match="no such file"):
        forecast_file(tmp_path / "none.csv", tmp_path / "o.csv", Columns("a", "b", "c"), Settings(horizon=1))


def test_a_series_in_two_groups_is_refused(run: Callable) -> None:
    with pytest.raises(BadInput, match="rows 2 and 3: found series a under x and under y; needed one line"):
        run([("a", "2020-01", 1, "x"), ("a", "2020-02", 1, "y")], "sku,when,qty,line", group=["line"])
    with pytest.raises(BadInput, match="row 3, column line: found nothing"):
        run([("a", "2020-01", 1, "x"), ("b", "2020-02", 1, "")], "sku,when,qty,line", group=["line"])


@pytest.mark.parametrize(("header", "options"), [
    ("sku,when,qty,total", {"group": ["total"]}),
    ("sku,when,qty,unique_id", {"group": ["unique_id"]}),
    ("total,when,qty,line", {"id": "total"}),
])  # fmt: skip
def test_names_that_two_levels_would_share_are_refused(run: Callable, header: str, options: dict) -> None:
    with pytest.raises(BadInput, match="found a level called"):
        run([("a", m, 1, "x") for m in months(3)], header, **options)


def test_columns_that_differ_in_case_alone_are_told_apart(run: Callable) -> None:
    _, rows = run([("a", m, 1, 7) for m in months(24)], "sku,when,qty,QTY", value="QTY")
    assert {row["mean"] for row in rows} == {"7.0000"}


@pytest.mark.parametrize("form", ["{m:02d}/{y}", "{y}M{m:02d}", "{y}-{m:02d}-01T00:00:00Z", "{y}-{m}-1 00:00:00.000",
                                  "{m:02d}.{y}", "{y}{m:02d}", "{name} {y}", "{short}-{y}"])  # fmt: skip
def test_dates_in_the_forms_that_exports_write(run: Callable, form: str) -> None:
    names = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
    dates = [form.format(y=2020, m=place + 1, name=name, short=name[:3]) for place, name in enumerate(names)]
    _, rows = run([("a", date, 1) for date in dates])
    assert rows[-1]["month"] == "2020-12"


APPROACHES = ("top_down", "top_down_average_proportions", "top_down_proportion_of_averages", "middle_out", "reconciled")


@pytest.mark.parametrize("approach", APPROACHES)
@pytest.mark.parametrize("missing", [1, 5])
@pytest.mark.parametrize("other", ["x", "y"])
def test_a_series_that_ends_before_its_siblings_keeps_its_own_forecast_until_they_begin(
    run: Callable, approach: str, missing: int, other: str
) -> None:
    """Constants foretell themselves whatever the approach, also in the periods that the others have sold in already."""
    sold = {"late": (40, "x"), "prompt": (700, "x"), "other": (300, other)}
    lines = [
        (sku, when, quantity, group)
        for sku, (quantity, group) in sold.items()
        for when in months(36 - missing * (sku == "late"))
    ]
    report, rows = run(lines, "sku,when,qty,line", group=["line"], horizon=6, forecast_approach=approach)
    (early,) = [note for note in report.notes if "end before" in note]
    assert f"before 2022-12: late {months(1, 35 - missing)[0]};" in early
    found = {(row["level"], row["unique_id"], row["month"]): float(row["mean"]) for row in rows}
    ahead = {"late": months(6, 36 - missing), "prompt": months(6, 36), "other": months(6, 36)}
    assert {key: mean for key, mean in found.items() if key[0] == "sku"} == {
        ("sku", sku, when): pytest.approx(sold[sku][0], abs=1e-3) for sku, whens in ahead.items() for when in whens
    }
    common = months(6 - missing, 36)
    assert {key: mean for key, mean in found.items() if key[:2] == ("line", "x")} == {
        ("line", "x", when): pytest.approx(740 if other == "y" else 1040, abs=1e-3) for when in common
    }
    assert {key: mean for key, mean in found.items() if key[0] == "total"} == {
        ("total", "total", when): pytest.approx(1040, abs=1e-3) for when in common
    }
