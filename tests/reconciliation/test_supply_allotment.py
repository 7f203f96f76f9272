"""Short supply by hand: least shares first, then by turn, in proportion within one; all of it adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.supply_allotment import supply_allotment
from sop_pipeline.validation import identities
from tests.reconciliation.conftest import by, make

SHARES = {"Retail": "0.5", "Online": "0.3", "Export": "0.2"}
CYCLE = Cycle.parse("2026-03")


def plan(**sold):
    """Bar asks for 200 in March and gets so much; nut gets all it asks for."""
    numbers = {"bar": (200, 120), "nut": (50, 50), **sold}
    rows = [
        {"product_id": name, "family": "Snacks", "month": "2026-03", "demand": asked, "sales": gets}
        for name, (asked, gets) in numbers.items()
    ]
    return make("sales_plan", *rows)


def markets(shares=SHARES, dimension="channel"):
    rows = [
        {"dimension": dimension, "market": name, "family": "Snacks", "month": "2026-03", "quantity": 0, "share": share}
        | {"share_from": "2025-03", "share_to": "2026-02", "basis": "family"}
        for name, share in shares.items()
    ]
    return make("market_forecast", *rows)


def allotted(rules=None, sold=None, sales=None, forecast=None):
    company = Company.model_validate({"company": "Two", "sources": {}, "allotment": rules or {}})
    sold = plan() if sold is None else sold
    made = supply_allotment(
        sold,
        markets() if forecast is None else forecast,
        tables.empty("sales") if sales is None else sales,
        company=company,
        cycle=CYCLE,
    )
    assert identities.allotment_foots(made, sold).passed
    return made


def gets(made):
    return {key: (row["demand"], row["allotted"]) for key, row in by(made, "market").items()}


def test_without_rules_all_give_up_the_same_part():
    assert gets(allotted()) == {"Retail": (100, 60), "Online": (60, 36), "Export": (40, 24)}


def test_only_what_is_short_is_allotted():
    assert set(by(allotted(), "product_id")) == {"bar"}


def test_the_first_turn_is_served_whole_before_the_second():
    rules = {"channel": {"priority": {"Online": 1, "Retail": 2}}}
    assert gets(allotted(rules)) == {"Online": (60, 60), "Retail": (100, 60), "Export": (40, 0)}


def test_markets_of_one_turn_share_what_is_left_by_what_they_ask_for():
    rules = {"channel": {"priority": {"Export": 1, "Online": 2, "Retail": 2}}}
    assert gets(allotted(rules)) == {"Export": (40, 40), "Online": (60, 30), "Retail": (100, 50)}


def test_a_least_share_comes_before_every_turn():
    """A quarter of 120 is 30 for Export; 90 are left, 60 for Online, 30 for Retail."""
    rules = {"channel": {"priority": {"Online": 1, "Retail": 2}, "least_share": {"Export": 25}}}
    assert gets(allotted(rules)) == {"Online": (60, 60), "Retail": (100, 30), "Export": (40, 30)}


def test_no_market_gets_more_than_it_asks_for():
    rules = {"channel": {"least_share": {"Export": 90}}}
    assert gets(allotted(rules)) == {"Export": (40, 40), "Retail": (100, 50), "Online": (60, 30)}


def test_customers_by_what_they_bought_in_a_year():
    bought = (("A", "2025-06-01", 30), ("B", "2026-01-01", 10), ("A", "2024-01-01", 999), ("B", "2026-03-02", 999))
    sales = make(
        "sales",
        *[{"customer_id": who, "date": when, "product_id": "bar", "quantity": units} for who, when, units in bought],
    )
    rules = {"customer": {"priority": {"B": 1}}}
    made = allotted(rules, sales=sales, forecast=tables.empty("market_forecast"))
    assert gets(made) == {"B": (50, 50), "A": (150, 70)}


def test_each_dimension_adds_up_by_itself():
    both = tables.concat("market_forecast", [markets(), markets({"North": "0.4", "South": "0.6"}, "region")])
    rows = by(allotted(forecast=both), "dimension", "market")
    assert rows["region", "North"]["allotted"] + rows["region", "South"]["allotted"] == 120
    assert sum(rows["channel", name]["allotted"] for name in SHARES) == 120


def test_thirds_add_up_to_the_last_unit():
    made = allotted(sold=plan(bar=("100", "99.9999")), forecast=markets(dict.fromkeys("abc", "0.333333")))
    assert sum(row["allotted"] for row in tables.rows(made)) == Decimal("99.9999")


def test_least_shares_beyond_the_whole_are_refused():
    with pytest.raises(ValidationError, match="100 percent at most in all"):
        Company.model_validate(
            {"company": "Two", "sources": {}, "allotment": {"region": {"least_share": {"N": 60, "S": 41}}}}
        )


@settings(max_examples=40, deadline=None)
@given(
    shares=st.lists(st.integers(1, 50), min_size=1, max_size=6),
    turns=st.lists(st.integers(1, 3), min_size=6, max_size=6),
    least=st.lists(st.integers(0, 16), min_size=6, max_size=6),
    asked=st.integers(2, 10_000_000),
    part=st.floats(0, 0.999),
)
def test_any_rules_add_up_and_give_no_market_more_than_it_asks_for(shares, turns, least, asked, part):
    names = [f"M{number}" for number in range(len(shares))]
    weights = {name: str(Decimal(share) / sum(shares))[:8] for name, share in zip(names, shares, strict=True)}
    rules = {
        "channel": {
            "priority": dict(zip(names, turns, strict=False)),
            "least_share": dict(zip(names, least, strict=False)),
        }
    }
    sold = plan(bar=(Decimal(asked) / 10_000, Decimal(int(asked * part)) / 10_000))
    rows = tables.rows(allotted(rules, sold=sold, forecast=markets(weights)))
    for row in rows:
        assert Decimal("-0.0001") <= row["allotted"] <= row["demand"] + Decimal("0.0002")
    for early in rows:
        for late in (row for row in rows if row["priority"] > early["priority"]):
            least = min(late["demand"], Decimal(int(asked * part)) / 10_000 * late["least_share_pct"] / 100)
            if late["allotted"] > least + Decimal("0.001"):
                assert early["demand"] - early["allotted"] < Decimal("0.001"), "an earlier turn is whole by then"
