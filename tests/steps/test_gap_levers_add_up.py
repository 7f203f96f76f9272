"""The blocking check of gap closing: what levers bring and cost is what their set does, and the rest stays open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.validation import Finding
from sop_pipeline.validation.identities import gap_levers_add_up

SET: dict[str, Any] = {
    "target": "margin_2027",
    "measure": "margin",
    "fiscal_year": 2027,
    "month_from": date(2027, 1, 1),
    "month_to": date(2027, 12, 1),
    "strategy": "blended",
    "status": "nearest",
    "gap": Decimal(100),
    "brings": Decimal(70),
    "open": Decimal(30),
    "outlay": Decimal(12),
    "contribution_change": Decimal(65),
    "result_change": Decimal(53),
}
LEVER: dict[str, Any] = {"target": "margin_2027", "kind": "price", "subject": "all", "state": "used"}
LEVERS: list[dict[str, Any]] = [
    LEVER | {"lever_id": "L-01", "pull_order": 1, "brings": Decimal(50), "outlay": Decimal(4)},
    LEVER | {"lever_id": "L-02", "pull_order": 2, "brings": Decimal(20), "outlay": Decimal(8)},
    LEVER | {"lever_id": "L-03", "state": "not_needed"},
]


def finding(of_set: dict[str, Any], of_levers: list[dict[str, Any]]) -> Finding:
    made: dict[str, pa.Table] = {
        "gap_sets": tables.conform("gap_sets", [of_set]),
        "gap_levers": tables.conform("gap_levers", of_levers),
    }
    return gap_levers_add_up(**made)


def test_what_adds_up_passes() -> None:
    assert finding(SET, LEVERS).passed
    assert finding(
        SET | {"brings": Decimal(120), "open": Decimal(0)}, [LEVERS[0] | {"brings": Decimal(100)}, LEVERS[1]]
    ).passed
    assert finding(SET | {"status": "no_plan", "brings": None, "open": None}, []).passed


@pytest.mark.parametrize("figure", ["brings", "outlay", "open", "gap", "result_change", "contribution_change"])
def test_a_figure_of_the_set_that_is_a_unit_off_fails(figure: str) -> None:
    assert not finding(SET | {figure: SET[figure] + 1}, LEVERS).passed


@pytest.mark.parametrize("figure", ["brings", "outlay"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_figure_of_a_lever_that_is_a_unit_off_fails(place: int, figure: str) -> None:
    changed = [dict(each) for each in LEVERS]
    changed[place][figure] += 1
    assert not finding(SET, changed).passed
