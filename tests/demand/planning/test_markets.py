"""Given sales that name regions and channels: what each market is planned, and how well it could have been told."""

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand import markets, units
from sop_pipeline.validation import identities

CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 3, "forecast": {"lags": [0, 1]}})
FAMILY = {"A": "F", "B": "G", "C": "H"}
UNITS = units.one_unit(
    tables.conform(
        "product_lifecycle",
        [
            {"product_id": p, "product_name": p, "family": f, "status": "active", "history_months": 30}
            for p, f in FAMILY.items()
        ],
    )
)
CHOSEN = tables.conform("forecast_approach", [{"approach": "bottom_up", "chosen": True, "basis": "configured"}])


def sale(product_id, step, quantity, region=None, channel=None, recorded_on=None):
    month = add_months(CYCLE.month, step)
    return {
        "product_id": product_id,
        "date": date(month.year, month.month, 9),
        "quantity": quantity,
        "region": region,
        "channel": channel,
        "recorded_on": recorded_on,
    }


def sold(rows):
    return markets.market_history(tables.conform("sales", rows), UNITS, cycle=CYCLE)


def planned(amounts):
    rows = [
        {"level": "family", "item_id": family, "month": month, "mean": amount, "p10": 0, "p50": 0, "p90": 0}
        for family, amount in amounts.items()
        for month in CYCLE.horizon(3)
    ]
    return tables.conform("demand_range", rows)


def split(history, plan):
    found = markets.market_forecast(history, plan, UNITS, cycle=CYCLE)
    assert identities.market_forecast_adds_up(found, plan).passed
    return {(r["dimension"], r["family"], r["market"]): r for r in tables.rows(found) if r["month"] == CYCLE.month}


THIRDS = [sale("A", step, amount, region) for step in range(-12, 0) for region, amount in (("N", 2), ("S", 1))]


def test_markets_take_their_share_of_the_last_twelve_months():
    before = [sale("A", -13, 1000, "S"), sale("A", -40, 1000, "X")]
    found = split(sold([*THIRDS, *before]), planned({"F": 300, "G": 0, "H": 0}))
    north = found["region", "F", "N"]
    assert (north["quantity"], float(north["share"])) == (200, pytest.approx(2 / 3, abs=1e-6))
    assert (north["share_from"], north["share_to"]) == (date(2025, 1, 1), date(2025, 12, 1))
    assert found["region", "F", "S"]["quantity"] == 100
    assert ("region", "F", "X") not in found


def test_what_rounding_leaves_goes_to_the_largest_market():
    found = split(sold(THIRDS), planned({"F": 0.0001, "G": 10.0, "H": 0.0}))
    assert found["region", "F", "N"]["quantity"] == Decimal("0.0001")
    assert found["region", "F", "S"]["quantity"] == 0
    assert sum(row["quantity"] for key, row in found.items() if key[1] == "G") == 10


def test_a_market_that_lost_a_unit_fails_the_identity():
    plan = planned({"F": 300, "G": 0, "H": 0})
    rows = tables.rows(markets.market_forecast(sold(THIRDS), plan, UNITS, cycle=CYCLE))
    rows[0]["quantity"] += Decimal("0.0001")
    assert not identities.market_forecast_adds_up(tables.conform("market_forecast", rows), plan).passed
    assert not identities.market_forecast_adds_up(tables.conform("market_forecast", rows[1:]), plan).passed


def test_region_and_channel_are_cut_apart_and_blanks_are_a_market_of_their_own():
    rows = [sale("A", -1, 3, "N", "web"), sale("A", -1, 1, None, "shop"), sale("A", -1, 1, "N", "web")]
    found = split(sold(rows), planned({"F": 10, "G": 0, "H": 0}))
    quantities = {(key[0], key[2]): row["quantity"] for key, row in found.items() if key[1] == "F"}
    assert quantities == {
        ("region", "N"): 8,
        ("region", "not_given"): 2,
        ("channel", "web"): 8,
        ("channel", "shop"): 2,
    }


def test_a_family_without_sales_takes_the_others_shares_and_says_so():
    rows = [*THIRDS, *(sale("B", -1, 50, "S") for _ in range(3))]
    found = split(sold(rows), planned({"F": 0, "G": 0, "H": 60}))
    assert {key[2]: (row["quantity"], row["basis"]) for key, row in found.items() if key[1] == "H"} == {
        "N": (20, "other_families"),
        "S": (40, "other_families"),
    }


def test_sales_not_known_yet_and_net_returns_count_nothing():
    rows = [
        *THIRDS,
        sale("A", 0, 99, "N"),
        sale("A", -1, 99, "N", recorded_on=date(2026, 1, 1)),
        sale("A", -2, -9, "W"),
    ]
    found = split(sold(rows), planned({"F": 300, "G": 0, "H": 0}))
    assert {key[2]: row["quantity"] for key, row in found.items() if key[1] == "F"} == {"N": 200, "S": 100, "W": 0}


def test_sales_without_markets_make_no_rows_anywhere():
    history = sold([sale("A", -1, 5)])
    assert history.num_rows == 0
    assert markets.market_forecast(history, planned({"F": 1}), UNITS, cycle=CYCLE).num_rows == 0
    backtest = tables.empty("forecast_backtest")
    found = markets.market_accuracy(history, backtest, UNITS, CHOSEN, company=COMPANY)
    assert found.num_rows == 0


def test_the_order_of_sales_changes_nothing():
    rows = [*THIRDS, sale("B", -3, 7, "W")]
    assert sold(rows).equals(sold(rows[::-1]))


def test_accuracy_uses_the_shares_known_at_the_origin():
    """Half and half until the origin, all north after it: the split of a right total is then half wrong."""
    origin = add_months(CYCLE.month, -2)
    rows = [sale("A", step, 50, region) for step in range(-14, -2) for region in "NS"]
    history = sold([*rows, sale("A", -2, 100, "N"), sale("A", -1, 100, "N")])
    backtest = tables.conform(
        "forecast_backtest",
        [
            {
                "approach": approach,
                "level": "family",
                "item_id": "F",
                "origin": origin,
                "lag": lag,
                "month": add_months(origin, lag),
                "forecast": amount,
                "actual": 100,
            }
            for approach, amount in (("bottom_up", 100), ("naive", 7))
            for lag in (0, 1)
        ],
    )
    found = markets.market_accuracy(history, backtest, UNITS, CHOSEN, company=COMPANY)
    measured = {(row["market"], row["family"], row["lag"]): row for row in tables.rows(found)}
    assert (float(measured["N", "F", 0]["wmape"]), float(measured["N", "F", 0]["bias"])) == (0.5, -0.5)
    assert measured["S", "F", 0]["wmape"] is None
    assert measured["N", "all", 1]["n"] == 1
    assert set(measured) == {(market, family, lag) for market in "NS" for family in ("F", "all") for lag in (0, 1)}
