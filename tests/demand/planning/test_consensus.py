"""Given a forecast and what people know, the adjustments, the demand plan and its range."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.consensus.adjustments import demand_adjustments
from sop_pipeline.demand.consensus.plan import demand_plan, demand_range
from sop_pipeline.language.demand import adjustment_words

CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}})
HORIZON = 6
M = [add_months(CYCLE.month, lag) for lag in range(HORIZON)]


def life(product_id, family="F", status="active", **given):
    return {
        "product_id": product_id,
        "product_name": product_id,
        "family": family,
        "status": status,
        "first_month": None if status in ("launching", "never_sold") else date(2024, 1, 1),
        "last_month": None if status in ("launching", "never_sold") else date(2025, 12, 1),
        "history_months": 0 if status in ("launching", "never_sold") else 24,
        **given,
    }


def forecast_of(lifecycle, amounts, months=M):
    """Every level from amounts by product: one number for all months or a list."""
    rows: list[dict] = []
    totals: dict[tuple, Decimal] = {}
    for item in lifecycle:
        given_amounts = amounts.get(item["product_id"], 0)
        for lag, month in enumerate(months):
            mean = given_amounts[lag] if isinstance(given_amounts, list) else given_amounts
            for level, name in (("product", item["product_id"]), ("family", item["family"]), ("company", "Acme")):
                key = (level, name, month, lag)
                totals[key] = totals.get(key, 0) + Decimal(str(mean))
    for (level, name, month, lag), mean in totals.items():
        spread = {"product": Decimal("0.5"), "family": Decimal("0.3"), "company": Decimal("0.2")}[level]
        rows.append(
            {
                "approach": "bottom_up",
                "level": level,
                "item_id": name,
                "month": month,
                "lag": lag,
                "mean": mean,
                "p10": mean * (1 - spread),
                "p50": mean,
                "p90": mean * (1 + spread),
                "model": "test",
                "chosen": True,
            }
        )
    return tables.conform("forecast", rows)


def history_of(amounts):
    rows = [
        {
            "product_id": name,
            "family": "F",
            "month": month,
            "quantity": quantity,
            "cleansed": quantity,
            "returns": 0,
            "signal": "sales",
        }
        for name, by_month in amounts.items()
        for month, quantity in by_month.items()
    ]
    return tables.conform("demand_history", rows)


def consensus(lifecycle, amounts, inputs=(), history=None, months=M):
    forecast = forecast_of(lifecycle, amounts, months)
    life_table = tables.conform("product_lifecycle", lifecycle)
    adjustments = demand_adjustments(
        forecast,
        history_of(history or {}),
        life_table,
        tables.conform("demand_inputs", list(inputs)),
        cycle=CYCLE,
    )
    plan = demand_plan(forecast, adjustments, life_table)
    return tables.rows(adjustments), tables.rows(plan), tables.rows(demand_range(plan, forecast, company=COMPANY))


def entry(stream="sales", at=0, **given):
    return {"stream": stream, "month_from": M[at], **given}


def quantities(plan, product_id):
    return [float(row["quantity"]) for row in plan if row["product_id"] == product_id]


def changes(adjustments, **wanted):
    return [float(row["change"]) for row in adjustments if all(row[key] == value for key, value in wanted.items())]


def test_the_chance_of_a_launch_is_in_its_range_and_not_in_its_number():
    """A launch that is certain has P10 70, P50 100, P90 130 a month, as its like product has.

    At a chance of 0.6 four cases in ten bring nothing: P10 is nothing, P50 its sixth, P90 its five sixths.
    """
    seen = {}
    for chance in (None, 1, 0.6, 0.05):
        launch = life(
            "N", status="launching", launch_month=M[0], like_product_id="A", scale_pct=100, probability=chance
        )
        _, plan, ranges = consensus([life("A"), launch], {"A": [100] * 6})
        seen[chance] = [float(row[name]) for row in plan[-6:][:1] for name in ("quantity", "p10", "p50", "p90")]
        (row,) = (row for row in ranges if (row["item_id"], row["month"]) == ("N", M[0]))
        assert [float(row[name]) for name in ("mean", "p10", "p50", "p90")] == seen[chance]
        assert [row["product_id"] for row in plan[-6:]] == ["N"] * 6
    certain = seen[None]
    assert seen[1] == certain
    low, middle, high = certain[1:]
    assert low < middle < high
    z90, z_sixth = 1.2815515655446004, 0.9674215661017009
    down, up = (middle - low) / z90, (high - middle) / z90
    assert seen[0.6] == pytest.approx([certain[0], 0, middle - z_sixth * down, middle + z_sixth * up], abs=1e-3)
    assert seen[0.05] == [certain[0], 0, 0, 0]


def test_without_inputs_the_plan_is_the_forecast():
    adjustments, plan, ranges = consensus([life("A"), life("B", "G")], {"A": 100, "B": 50})
    assert adjustments == []
    assert quantities(plan, "A") == [100] * HORIZON
    assert [(row["p10"], row["p50"], row["p90"]) for row in plan if row["product_id"] == "A"] == [
        (50, 100, 150)
    ] * HORIZON
    top = [row for row in ranges if row["level"] == "company"]
    assert [(row["item_id"], row["mean"], row["p10"], row["p90"]) for row in top] == [("Acme", 150, 120, 180)] * HORIZON


def test_units_percentages_and_replacements_on_a_product():
    inputs = [
        entry(at=0, product_id="A", change_units=20),
        entry(at=1, product_id="A", change_pct=-10),
        entry(at=2, product_id="A", replace_units=70),
        entry(at=3, product_id="A", replace_units=70, change_pct=10, change_units=-7),
        entry(at=4, month_to=M[5], product_id="A", change_units=5, reason="tender", owner="Ann"),
    ]
    adjustments, plan, _ = consensus([life("A")], {"A": 100}, inputs)
    assert quantities(plan, "A") == [120, 90, 70, 70, 105, 105]
    assert changes(adjustments) == [20, -10, -30, -30, 5, 5]
    assert [(row["reason"], row["owner"]) for row in adjustments][-1] == ("tender", "Ann")
    assert {row["precedence"] for row in adjustments} == {2}


def test_families_and_the_company_are_spread_in_proportion_and_to_the_last_unit():
    lifecycle = [life("A"), life("B"), life("C", "G")]
    inputs = [
        entry(at=0, family="F", change_units=100),
        entry(at=1, change_units=0.0001),
        entry(at=2, change_pct=10),
    ]
    adjustments, _, _ = consensus(lifecycle, {"A": 10, "B": 20, "C": 30}, inputs)
    assert changes(adjustments, month=M[0]) == [33.3333, 66.6667]
    assert sum(changes(adjustments, month=M[1])) == pytest.approx(0.0001, abs=1e-9)
    assert changes(adjustments, month=M[2]) == [1, 2, 3]


def test_where_nothing_stands_an_entry_is_spread_equally_over_what_can_be_sold():
    lifecycle = [life("A"), life("B"), life("E", status="ended"), life("Z", status="never_sold")]
    adjustments, _, _ = consensus(lifecycle, {}, [entry(at=0, family="F", change_units=10)])
    assert {row["product_id"]: float(row["change"]) for row in adjustments if row["change"]} == {"A": 5, "B": 5}


def test_what_a_stream_took_to_nothing_is_filled_again_in_the_old_proportion():
    lifecycle = [life("A"), life("B"), life("E", status="phase_out", discontinued_on=date(2025, 12, 31))]
    _, plan, _ = consensus(
        lifecycle,
        {"A": 100, "B": 300, "E": 500},
        [entry(replace_units=0), entry(stream="marketing", change_units=80)],
    )
    assert [quantities(plan, name)[0] for name in "ABE"] == [20, 60, 0]


def test_streams_are_applied_in_their_order_each_to_what_the_one_before_left():
    inputs = [
        entry("zebra", product_id="A", change_units=1),
        entry("Customers ", product_id="A", change_pct=10),
        entry("finance", product_id="A", replace_units=200),
        entry("marketing", product_id="A", change_pct=50),
        entry("sales", product_id="A", change_units=100),
        entry("board", product_id="A", change_units=1),
    ]
    adjustments, plan, _ = consensus([life("A")], {"A": 100}, inputs)
    ordered = sorted(adjustments, key=lambda row: row["precedence"])
    assert [row["stream"] for row in ordered] == ["sales", "marketing", "finance", "customers", "board", "zebra"]
    assert [float(row["before"]) for row in ordered] == [100, 200, 300, 200, 220, 221]
    assert [float(row["change"]) for row in ordered] == [100, 100, -100, 20, 1, 1]
    assert quantities(plan, "A")[0] == 222


def test_within_a_stream_the_narrower_entry_comes_last():
    inputs = [
        entry(product_id="A", replace_units=500, reason="frame contract"),
        entry(family="F", change_pct=100, reason="campaign"),
        entry(change_pct=10, reason="market"),
    ]
    adjustments, plan, _ = consensus([life("A"), life("B")], {"A": 100, "B": 100}, inputs)
    assert quantities(plan, "A")[0] == 500
    assert quantities(plan, "B")[0] == pytest.approx(220)
    assert (adjustments[0]["reason"], adjustments[0]["replaced"]) == ("market; campaign; frame contract", 220)
    assert adjustment_words(adjustments[0]) == (
        "market; campaign; frame contract; replaces the 220 left by earlier changes"
    )
    assert float(adjustments[0]["before"]) == 100


def test_of_two_replacements_the_one_recorded_last_holds_and_the_other_is_named():
    inputs = [
        entry(product_id="A", replace_units=300, owner="Bob", reason="old", recorded_on=date(2025, 12, 1)),
        entry(product_id="A", replace_units=200, owner="Ann", reason="new", recorded_on=date(2025, 12, 20)),
    ]
    for order in (inputs, inputs[::-1]):
        adjustments, plan, _ = consensus([life("A")], {"A": 100}, order)
        assert quantities(plan, "A")[0] == 200
        assert (adjustments[0]["overridden"], adjustments[0]["overridden_owner"]) == (1, "Bob")
        assert adjustment_words(adjustments[0]) == "new; overrides 1 older replacement of Bob"
        assert adjustments[0]["owner"] == "Ann"


def test_demand_never_falls_below_zero_and_what_was_not_there_is_named():
    adjustments, plan, ranges = consensus([life("A")], {"A": 100}, [entry(product_id="A", change_units=-130)])
    assert quantities(plan, "A")[0] == 0
    assert changes(adjustments) == [-100]
    assert (adjustments[0]["reason"], adjustments[0]["beyond"]) == (None, 30)
    assert adjustment_words(adjustments[0]) == "30 units more than there were"
    assert all(row["p10"] >= 0 and row["p90"] >= 0 for row in ranges)


def test_entries_handed_in_on_the_tenth_are_too_late():
    late = entry(product_id="A", change_units=10, recorded_on=date(2026, 1, 10))
    in_time = entry(product_id="A", change_units=10, recorded_on=date(2026, 1, 9))
    assert consensus([life("A")], {"A": 100}, [late])[0] == []
    assert changes(consensus([life("A")], {"A": 100}, [in_time])[0]) == [10]


def test_entries_about_the_past_or_about_nothing_known_change_nothing():
    inputs = [
        {"stream": "sales", "product_id": "A", "month_from": date(2025, 1, 1), "change_units": 10},
        entry(product_id="nowhere", change_units=10),
        entry(family="nowhere", change_units=10),
        entry(product_id="A"),
    ]
    assert consensus([life("A")], {"A": 100}, inputs)[0] == []


def test_a_launch_follows_its_like_product_scaled_and_ramped():
    lifecycle = [
        life("A"),
        life(
            "L",
            "G",
            "launching",
            launch_month=M[2],
            like_product_id="A",
            scale_pct=80,
            ramp_months=2,
            probability=Decimal("0.7"),
        ),
    ]
    adjustments, plan, ranges = consensus(lifecycle, {"A": [100, 110, 120, 130, 140, 150]})
    assert quantities(plan, "L") == [0, 0, 48, 104, 112, 120]
    assert quantities(plan, "A") == [100, 110, 120, 130, 140, 150]
    assert (adjustments[0]["effect"], adjustments[0]["other_product_id"]) == ("launch", "A")
    assert (float(adjustments[0]["effect_share"]), adjustments[0]["effective_on"]) == (0.8, M[2])
    assert adjustment_words(adjustments[0]) == "launch Mar 2026 like A at 80%"
    launch = [row for row in plan if row["product_id"] == "L"][2]
    # 24 to 72 once it is certain; three in ten do not come, so P90 is its six sevenths
    assert float(launch["p10"]) == 0
    assert float(launch["p90"]) == pytest.approx(48 + 24 * 1.0675705 / 1.2815516, abs=1e-3)
    family = [row for row in ranges if row["item_id"] == "G"][2]
    assert float(family["mean"]) == 48


def test_cannibalisation_comes_off_the_named_product_and_not_below_zero():
    lifecycle = [
        life("A"),
        life("V"),
        life("L", "F", "launching", launch_month=M[1], like_product_id="A", cannibalises="V", cannibalisation_pct=30),
    ]
    adjustments, plan, _ = consensus(lifecycle, {"A": 100, "V": [90, 90, 90, 20, 90, 90]})
    assert quantities(plan, "V") == [90, 60, 60, 0, 60, 60]
    taken = next(row for row in adjustments if row["product_id"] == "V")
    assert (taken["effect"], taken["other_product_id"], float(taken["effect_share"])) == ("cannibalised", "L", 0.3)
    assert adjustment_words(taken) == "30% of the volume of L taken from it"


def test_a_product_on_its_way_out_sells_until_its_last_day_and_its_successor_takes_over():
    lifecycle = [
        life("A", status="phase_out", discontinued_on=date(2026, 3, 31), successor_id="B"),
        life("B", status="launching", launch_month=M[3], like_product_id="A"),
        life("P", status="phase_out", discontinued_on=date(2026, 4, 15)),
    ]
    _, plan, _ = consensus(lifecycle, {"A": 100, "P": 60})
    assert quantities(plan, "A") == [100, 100, 100, 0, 0, 0]
    assert quantities(plan, "B") == [0, 0, 0, 100, 100, 100]
    assert quantities(plan, "P") == [60, 60, 60, 30, 0, 0]
    assert [row["p90"] for row in plan if row["product_id"] == "A"][3:] == [0, 0, 0]


def test_a_successor_with_its_own_launch_plan_takes_its_volume_from_that():
    lifecycle = [
        life("A", status="phase_out", discontinued_on=date(2026, 3, 31), successor_id="B"),
        life("B", status="launching", launch_month=M[2], like_product_id="A", scale_pct=120, ramp_months=2),
    ]
    _, plan, _ = consensus(lifecycle, {"A": 100})
    assert quantities(plan, "B") == [0, 0, 60, 120, 120, 120]


def test_a_product_without_a_last_day_leaves_when_its_successor_comes():
    lifecycle = [
        life("A", status="phase_out", successor_id="B"),
        life("B", status="launching", launch_month=M[2], like_product_id="A"),
    ]
    _, plan, _ = consensus(lifecycle, {"A": 100})
    assert quantities(plan, "A") == [100, 100, 0, 0, 0, 0]
    assert quantities(plan, "B") == [0, 0, 100, 100, 100, 100]


def test_a_successor_that_inherited_history_sells_nothing_before_its_launch():
    lifecycle = [
        life("A", status="ended", successor_id="B"),
        life(
            "B",
            status="launching",
            launch_month=M[1],
            like_product_id="A",
            first_month=date(2024, 1, 1),
            history_months=24,
        ),
    ]
    _, plan, _ = consensus(lifecycle, {"B": 100})
    assert quantities(plan, "B") == [0, 100, 100, 100, 100, 100]


def test_a_young_product_follows_its_like_product_at_the_pace_it_has_shown():
    past = [date(2025, 11, 1), date(2025, 12, 1)]
    lifecycle = [
        life("A"),
        life(
            "N",
            status="new",
            launch_month=past[0],
            like_product_id="A",
            ramp_months=4,
            first_month=past[0],
            history_months=2,
        ),
    ]
    history = {"A": dict.fromkeys(past, 100), "N": {past[0]: 20, past[1]: 40}}
    adjustments, plan, _ = consensus(lifecycle, {"A": 100, "N": 30}, history=history)
    assert quantities(plan, "N") == pytest.approx([60, 80, 80, 80, 80, 80])
    assert float(adjustments[0]["sold_share"]) == pytest.approx(0.8)
    assert adjustment_words(adjustments[0]).endswith(", sold so far 80% of that")


def test_a_like_product_that_has_ended_lends_the_last_year_it_sold_in():
    lifecycle = [
        life("A", status="ended", last_month=date(2025, 12, 1)),
        life("L", status="launching", launch_month=M[0], like_product_id="A", scale_pct=50),
    ]
    history = {"A": {date(2025, month, 1): 100 * month for month in range(1, 13)}}
    _, plan, _ = consensus(lifecycle, {}, history=history)
    assert quantities(plan, "L") == [50, 100, 150, 200, 250, 300]


def test_the_portfolio_comes_first_and_people_change_what_it_left():
    lifecycle = [life("A"), life("L", status="launching", launch_month=M[0], like_product_id="A")]
    adjustments, plan, _ = consensus(lifecycle, {"A": 100}, [entry(product_id="L", change_pct=10)])
    ours = sorted((row for row in adjustments if row["product_id"] == "L"), key=lambda row: row["precedence"])
    assert [(row["stream"], float(row["before"]), float(row["change"])) for row in ours if row["month"] == M[0]] == [
        ("portfolio", 0, 100),
        ("sales", 100, 10),
    ]
    assert quantities(plan, "L")[0] == 110


def test_what_streams_more_than_double_takes_the_range_of_its_family():
    inputs = [entry(at=0, product_id="A", change_units=50), entry(at=1, product_id="A", replace_units=1000)]
    lifecycle = [life("A"), life("B")]
    _, plan, _ = consensus(lifecycle, {"A": 100, "B": 0}, inputs)
    rows = [row for row in plan if row["product_id"] == "A"]
    assert [float(row["p90"]) for row in rows[:2]] == [225, 1500]


_AMOUNT = st.decimals(min_value=0, max_value=10**6, places=4)
_ENTRY = st.fixed_dictionaries(
    {
        "stream": st.sampled_from(["sales", "marketing", "finance", "other"]),
        "item": st.sampled_from(["A", "B", "C", "family F", "family G", "all"]),
        "at": st.integers(0, 2),
        "change_units": st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=4),
        "change_pct": st.none() | st.decimals(min_value=-100, max_value=300, places=2),
        "replace_units": st.none() | _AMOUNT,
    }
)


def _as_entry(item, at, **given):
    place = {} if item == "all" else {"family": item[-1]} if item.startswith("family") else {"product_id": item}
    return entry(at=at, **place, **given)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(amounts=st.tuples(_AMOUNT, _AMOUNT, _AMOUNT), entries=st.lists(_ENTRY, max_size=6))
def test_it_always_adds_up_and_never_goes_below_zero(amounts, entries):
    lifecycle = [life("A"), life("B"), life("C", "G")]
    inputs = [_as_entry(**item) for item in entries]
    adjustments, plan, ranges = consensus(
        lifecycle, dict(zip("ABC", map(str, amounts), strict=True)), inputs, months=M[:3]
    )
    for row in plan:
        ours = [r for r in adjustments if (r["product_id"], r["month"]) == (row["product_id"], row["month"])]
        assert row["adjustment"] == sum(r["change"] for r in ours)
        assert row["quantity"] == row["statistical"] + row["adjustment"] >= 0
        assert 0 <= row["p10"] <= row["p50"] <= row["p90"]
        standing = row["statistical"]
        for step in sorted(ours, key=lambda r: r["precedence"]):
            assert step["before"] == standing
            standing += step["change"]
    for family, members in (("F", "AB"), ("G", "C"), ("Acme", "ABC")):
        for month in M[:3]:
            total = sum(r["quantity"] for r in plan if r["product_id"] in members and r["month"] == month)
            assert [r["mean"] for r in ranges if (r["item_id"], r["month"]) == (family, month)] == [total]
    shuffled = consensus(lifecycle[::-1], dict(zip("ABC", map(str, amounts), strict=True)), inputs[::-1], months=M[:3])
    assert shuffled == (adjustments, plan, ranges)
