"""A table is profiled in SQL: the counts are those of the suite on every row, and a broken row is still shown."""

from concurrent.futures import Future
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.lake import content_hash
from sop_pipeline.made_once import keeping
from sop_pipeline.validation import Finding, background, expectations
from sop_pipeline.validation.profile import Profile, profile

KNOWN = {"products.product_id": pa.chunked_array([["P1", "P2", None]])}
VALUES = {"products.product_id": {"P1", "P2"}}


def inventory(**changes):
    """Four counts of stock with some cells changed, in the registry's types but not made to fit it."""
    rows = [
        {"date": date(2026, 1, 1) + timedelta(place), "product_id": "P1", "on_hand": Decimal(place)}
        for place in range(4)
    ]
    for column, value in changes.items():
        rows[2][column] = value
    return pa.Table.from_pylist(rows, tables.get("inventory").arrow)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, None),
        ({"on_hand": None}, "on_hand_is_there"),
        ({"product_id": "P9"}, "product_id_is_known"),
        ({"date": date(2026, 1, 1)}, "key_is_unique"),
    ],
)
def test_each_rule_is_counted_on_every_row(changes, rule):
    counted = profile("inventory", inventory(**changes), KNOWN)
    assert counted.rows == 4
    assert {name: rows for name, rows in counted.broken.items() if rows} == ({rule: 1} if rule else {})


def test_bounds_and_words_are_counted():
    columns: dict[str, list[Any]] = {"level": ["product", "planet"], "lag": [-1, 3]}
    broken = profile("forecast_backtest", pa.table(columns), {}).broken
    assert (broken["level_is_in_list"], broken["lag_is_in_bounds"]) == (1, 1)


def test_the_profile_has_a_rule_for_every_rule_of_the_suite():
    for name in tables.REGISTRY:
        counted = profile(name, tables.empty(name), KNOWN)
        assert len(counted.broken) == len(expectations.suite(tables.get(name), VALUES).expectations) - 1, name


def test_a_table_is_judged_by_one_row_and_says_so():
    (finding,) = background.start({"inventory": inventory()}, KNOWN).findings()
    assert finding.passed
    assert finding.summary.startswith("4 rows kept ")
    assert finding.summary.endswith("counted on every row in SQL, judged as a profile of it")


def test_a_table_with_a_broken_row_is_shown_with_it():
    (finding,) = background.start({"inventory": inventory(product_id="P9")}, KNOWN).findings()
    assert not finding.passed
    assert [(row["product_id"], row["site_id"]) for row in finding.sample] == [("P9", "")]


def test_a_profile_with_a_broken_rule_or_another_column_fails():
    columns = tuple(tables.get("inventory").names)
    assert expectations.validate("inventory", Profile(columns, 4, {"on_hand_is_there": 0})).passed
    broken = expectations.validate("inventory", Profile(columns, 4, {"on_hand_is_there": 1, "key_is_unique": 0}))
    assert not broken.passed
    assert [(failure["rule"], failure["rows"]) for failure in broken.failures] == [("on_hand_is_there", 1)]
    assert broken.summary.startswith("4 rows kept 2 of 3 rules; on_hand_is_there failed")
    for rules in ({"on_hand_is_there": 0}, {}):
        other = expectations.validate("inventory", Profile(columns[1:], 4, rules))
        assert not other.passed
        assert [failure["rule"] for failure in other.failures] == ["columns"]


def test_a_hash_does_not_depend_on_how_many_rows_are_held_at_once(monkeypatch):
    whole = content_hash(inventory())
    monkeypatch.setattr("sop_pipeline.lake._HASHED_ROWS", 3)
    assert content_hash(inventory()) == whole
    assert content_hash(inventory(on_hand=Decimal(7))) != whole


class Judge:
    """Stands for the process of the suites, judges here, and notes how often it is asked."""

    def __init__(self):
        self.asked = 0

    def ask(self, *request):
        self.asked += 1
        future: Future[Finding] = Future()
        future.set_result(expectations.validate(*request))
        return future


def test_what_was_judged_clean_is_not_judged_again_and_what_is_broken_always(tmp_path, monkeypatch):
    judge = Judge()
    monkeypatch.setattr(background, "_worker", lambda: judge)
    monkeypatch.setattr(background, "_passed", set())

    def found(lake="lake", fresh=False, **changes):
        with keeping(tmp_path / lake, fresh=fresh):
            pending = background.start({"inventory": inventory(**changes)}, KNOWN)
        return pending.findings()[0]

    first = found()
    assert (judge.asked, first.passed) == (1, True)
    assert found() == first
    assert found(on_hand=Decimal(9)) == first  # another row that breaks no rule
    assert found(lake="another") == first  # this process knows already
    assert judge.asked == 1
    assert not found(on_hand=None).passed
    assert not found(on_hand=None).passed
    assert found(fresh=True) == first
    assert judge.asked == 4
