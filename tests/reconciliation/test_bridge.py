"""The bridge: by hand, and that its parts add up to the whole to the cent whatever the numbers."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.reconciliation.bridge import BridgeInputs, bridge
from sop_pipeline.reconciliation.fiscal_months import fiscal_months
from tests.reconciliation.conftest import by, make

CYCLE = Cycle.parse("2026-01")
COMPANY = Company(company="x", sources={}, horizon_months=12)
YEAR = [add_months(date(2026, 1, 1), number) for number in range(12)]
LAST_YEAR = [add_months(date(2025, 1, 1), number) for number in range(12)]
PRODUCTS = [
    {"product_id": "a", "product_name": "a", "family": "F", "unit_price": 10, "standard_cost": 6},
    {"product_id": "b", "product_name": "b", "family": "F", "unit_price": 20, "standard_cost": 15},
    {"product_id": "c", "product_name": "c", "family": "G", "unit_price": 5, "standard_cost": 1},
]


def life(products):
    return make(
        "product_lifecycle",
        *[
            {
                "product_id": row["product_id"],
                "product_name": row["product_id"],
                "family": row["family"],
                "status": "active",
                "history_months": 12,
            }
            for row in products
        ],
    )


def sold(product, family, month, units, price, cost):
    revenue = Decimal(str(units)) * Decimal(str(price))
    return {
        "product_id": product,
        "family": family,
        "month": month,
        "sales": units,
        "revenue": revenue,
        "margin": revenue - Decimal(str(units)) * Decimal(str(cost)),
    }


def planned_sale(product, family, month, units, price, cost):
    return {**sold(product, family, month, units, price, cost), "demand": units}


def of(actuals, sales_plan, financial_plan, business_plan, products=PRODUCTS, **more):
    """What a bridge reads; without other tables everything is in the reporting currency."""
    known = {"actuals": actuals, "sales_plan": sales_plan, "financial_plan": financial_plan}
    known |= {"business_plan": business_plan, "products": make("products", *products)}
    known |= {"product_lifecycle": life(products), **more}
    return BridgeInputs(
        **{field.name: known.get(field.name, tables.empty(field.name)) for field in fields(BridgeInputs)}
    )


def run(before, now, planned, products=PRODUCTS):
    """``before`` and ``now``: (product, family, units, price, cost) a month; ``planned``: business plan a month."""
    history = make("actuals", *[sold(p, f, m, *rest) for m in LAST_YEAR for p, f, *rest in before])
    plan = make("sales_plan", *[planned_sale(p, f, m, *rest) for m in YEAR for p, f, *rest in now])
    finance = make("financial_plan", *_finance(history, "actual"), *_finance(plan, "plan"))
    business = make("business_plan", *[{"month": m, **row} for m in YEAR for row in planned])
    found = bridge(of(history, plan, finance, business, products), company=COMPANY, cycle=CYCLE)
    return found, finance, business


def _finance(table, basis):
    totals: dict[tuple, tuple] = {}
    for row in tables.rows(table):
        key = (row["family"], row["month"])
        units, revenue, margin = totals.get(key, (0, 0, 0))
        totals[key] = (units + row["sales"], revenue + row["revenue"], margin + row["margin"])
    return [
        {"family": family, "month": month, "basis": basis, "units": units, "revenue": revenue, "margin": margin}
        for (family, month), (units, revenue, margin) in totals.items()
    ]


def test_volume_mix_price_and_cost_by_hand():
    # last year 75 a and 25 b: at today's prices 12.50 a unit; this year 60 and 60: 15.00 a unit
    found, *_ = run(
        before=[("a", "F", 75, 10, 6), ("b", "F", 25, 20, 15)],
        now=[("a", "F", 60, 10, 6), ("b", "F", 60, 20, 15)],
        planned=[{"family": "F", "units": 100, "revenue": 1200, "margin": 450}],
    )
    rows = by(found, "measure", "cause")
    assert rows["revenue", "volume"]["amount"] == 12 * 20 * 12
    assert rows["revenue", "mix"]["amount"] == 12 * (1800 - 120 * 12.5)
    assert rows["revenue", "price"]["amount"] == 12 * (1800 - 1200 - 240 - 300)
    assert rows["margin", "volume"]["amount"] == 12 * 20 * Decimal("4.5")
    # margin a unit: last year's mix (75 x 4 + 25 x 5) / 100 = 4.25, this year 4.50
    assert rows["margin", "mix"]["amount"] == 12 * (540 - 120 * Decimal("4.25"))
    assert rows["margin", "price"]["amount"] == rows["revenue", "price"]["amount"]
    assert rows["margin", "cost"]["amount"] == 12 * (540 - 450 - 90 - 30 - 60)
    assert set(found.column("fiscal_year").to_pylist()) == {2026}


def test_the_same_year_again_has_no_bars():
    same = [("a", "F", 75, 10, 6), ("b", "F", 25, 20, 15)]
    found, *_ = run(same, same, [{"family": "F", "units": 100, "revenue": 1250, "margin": 425}])
    assert found.num_rows == 0


def test_a_family_on_one_side_is_one_bar():
    found, *_ = run(
        before=[],
        now=[("a", "F", 10, 10, 6)],
        planned=[{"family": "G", "units": 7, "revenue": 35, "margin": 28}],
    )
    rows = by(found, "measure", "family", "cause")
    assert rows["revenue", "F", "new"]["amount"] == 1200
    assert rows["revenue", "G", "ended"]["amount"] == -420
    assert rows["margin", "G", "ended"]["amount"] == -336
    assert len(rows) == 4


def test_a_family_planned_in_money_alone_is_one_bar():
    found, *_ = run([], [("a", "F", 10, 10, 6)], [{"family": "F", "revenue": 90, "margin": 30}])
    rows = by(found, "measure", "cause")
    assert rows["revenue", "family"]["amount"] == 120
    assert rows["margin", "family"]["amount"] == 120


def test_a_family_counted_in_several_units_is_one_bar_of_its_own():
    """It has a plan, in units and money; its own pieces and boxes do not add up. Another in one unit is told apart."""
    products = [
        *({**row, "unit_of_measure": unit} for row, unit in zip(PRODUCTS, ("piece", "box"), strict=False)),
        *({**row, "unit_of_measure": "Piece"} for row in PRODUCTS[2:]),
    ]
    found, *_ = run(
        before=[("a", "F", 75, 10, 6), ("b", "F", 25, 20, 15), ("c", "G", 4, 5, 1)],
        now=[("a", "F", 60, 10, 6), ("b", "F", 60, 20, 15), ("c", "G", 6, 5, 1)],
        planned=[
            {"family": "F", "units": 100, "revenue": 1200, "margin": 450},
            {"family": "G", "units": 4, "revenue": 20, "margin": 16},
        ],
        products=products,
    )
    rows = by(found, "measure", "family", "cause")
    assert {
        (family, cause): row["amount"] for (measure, family, cause), row in rows.items() if measure == "revenue"
    } == {
        ("F", "units"): 12 * (1800 - 1200),
        ("G", "volume"): 12 * 2 * 5,
    }
    assert rows["margin", "F", "units"]["amount"] == 12 * (540 - 450)


def test_without_a_business_plan_last_year_is_the_start_and_products_come_and_go():
    found, *_ = run(
        before=[("a", "F", 100, 10, 6), ("c", "G", 4, 5, 1)],
        now=[("a", "F", 110, 11, 6), ("b", "F", 10, 20, 15)],
        planned=[],
    )
    rows = by(found, "measure", "family", "cause")
    assert rows["revenue", "F", "volume"]["amount"] == 12 * 100
    assert rows["revenue", "F", "price"]["amount"] == 12 * 110
    assert rows["revenue", "F", "new"]["amount"] == 12 * 200
    assert rows["revenue", "G", "ended"]["amount"] == -12 * 20
    assert rows["margin", "F", "volume"]["amount"] == 12 * 40
    assert rows["margin", "F", "price"]["amount"] == 12 * 110
    assert ("margin", "F", "cost") not in rows


def test_without_money_there_is_no_bridge():
    bare = [{key: row[key] for key in ("product_id", "product_name", "family")} for row in PRODUCTS]
    history = make("actuals", *[{"product_id": "a", "family": "F", "month": m, "sales": 5} for m in LAST_YEAR])
    plan = make("sales_plan", *[{"product_id": "a", "family": "F", "month": m, "sales": 5, "demand": 5} for m in YEAR])
    finance = make(
        "financial_plan",
        *[
            {"family": "F", "month": m, "basis": "actual" if m.year == 2025 else "plan", "units": 5}
            for m in LAST_YEAR + YEAR
        ],
    )
    found = bridge(of(history, plan, finance, tables.empty("business_plan"), bare), company=COMPANY, cycle=CYCLE)
    assert found == tables.empty("bridge")


def test_nothing_at_all(empty):
    inputs = BridgeInputs(**{field.name: empty(field.name) for field in fields(BridgeInputs)})
    assert bridge(inputs, company=COMPANY, cycle=CYCLE) == empty("bridge")


cents = st.decimals(0, 50, places=2)
amounts = st.decimals(0, 900, places=4)
line = st.tuples(st.sampled_from(["a", "b", "c"]), amounts, cents, cents)


def _lines(found):
    family = {row["product_id"]: row["family"] for row in PRODUCTS}
    return [(product, family[product], units, price, cost) for product, (units, price, cost) in found.items()]


sides = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(amounts, cents, cents)).map(_lines)
plans = st.lists(st.tuples(st.sampled_from("FGH"), amounts, cents, cents), unique_by=lambda row: row[0]).map(
    lambda rows: [
        {"family": f, "units": u, "revenue": round(u * p, 2), "margin": round(u * p, 2) - round(u * c, 2)}
        for f, u, p, c in rows
    ]
)


def _selling(rows):
    return {row["family"] for row in rows if row["units"] or row["revenue"]}


@settings(max_examples=10, deadline=None)
@given(sides, sides, plans)
def test_parts_add_up_to_the_whole_exactly(before, now, planned):
    """Property (METHODS 6): for each measure and family, causes add up to latest less reference, to the cent."""
    found, finance, business = run(before, now, planned)
    reference: dict[tuple[str, str], Decimal] = {}
    last, latest = ([row for row in tables.rows(finance) if row["month"].year == year] for year in (2025, 2026))
    is_covered = _selling(last) & _selling(latest) <= {row["family"] for row in planned}
    rows = tables.rows(business) if planned and is_covered else last
    if not now or not rows:
        return
    for sign, side in ((-1, rows), (1, latest)):
        for row in side:
            for measure in ("revenue", "margin"):
                key = (measure, row["family"])
                reference[key] = reference.get(key, Decimal(0)) + sign * (row[measure] or 0)
    causes = dict.fromkeys(reference, Decimal(0))
    for row in tables.rows(found):
        causes[row["measure"], row["family"]] += row["amount"]
    assert causes == reference


def test_a_plan_that_leaves_out_a_family_is_not_compared_with_the_whole():
    """F and G sold last year and sell; a plan of F alone is no reference, one of both is, and one of H besides too."""

    def references(*families):
        items = (("a", "F"), ("c", "G"))
        history = [sold(product, family, m, 10, 10, 6) for product, family in items for m in LAST_YEAR]
        sales = [planned_sale(product, family, m, 12, 10, 6) for product, family in items for m in YEAR]
        finance = make(
            "financial_plan",
            *_finance(make("actuals", *history), "actual"),
            *_finance(make("sales_plan", *sales), "plan"),
        )
        rows = [{"month": m, "family": family, "units": 1, "revenue": 1} for m in YEAR for family in families]
        plan = make("business_plan", *rows)
        return set(fiscal_months(finance, plan, company=COMPANY, cycle=CYCLE).column("reference").to_pylist())

    assert references("F") == {"last_year"}
    assert references("F", "G") == references("F", "G", "H") == {"business_plan"}
    assert references() == {"last_year"}


@pytest.mark.parametrize("start, years", [(1, [2026]), (4, [2026])])
def test_the_fiscal_year_is_named_by_the_year_it_ends_in(start, years):
    history = make("actuals", *[sold("a", "F", m, 10, 10, 6) for m in LAST_YEAR])
    plan = make("sales_plan", *[planned_sale("a", "F", m, 12, 10, 6) for m in YEAR])
    finance = make("financial_plan", *_finance(history, "actual"), *_finance(plan, "plan"))
    business = make("business_plan", *[{"month": m, "family": "F", "units": 1, "revenue": 1} for m in LAST_YEAR + YEAR])
    company = COMPANY.model_copy(update={"fiscal_year_start": start})
    found = bridge(of(history, plan, finance, business), company=company, cycle=CYCLE)
    assert sorted({row["fiscal_year"] for row in tables.rows(found)}) == years
    total = sum(row["amount"] for row in tables.rows(found) if row["measure"] == "revenue")
    actual_months = 0 if start == 1 else 9
    assert total == actual_months * 100 + (12 - actual_months) * 120 - 12


# -- exchange ----------------------------------------------------------------------------------------------------------

JULY = Cycle.parse("2026-07")


def abroad(*, plan_rate=None, source=None, business=True):
    """Ten of a a month at 8 francs since 2025, 1.00 a franc last year and 1.25 this year, and five of b at 20 at home.

    Six months of 2026 have come; six are planned at what a franc brought in the last twelve months.
    """
    months = [*LAST_YEAR, *YEAR[:6]]
    rate = {month: Decimal("1.00") if month.year == 2025 else Decimal("1.25") for month in [*LAST_YEAR, *YEAR]}
    price = Decimal(8) * (6 * rate[LAST_YEAR[0]] + 6 * rate[YEAR[0]]) / 12
    rows = [(m, 8 * rate[m]) for m in months]
    history = make(
        "actuals", *[sold("a", "F", m, 10, p, 6) for m, p in rows], *[sold("b", "G", m, 5, 20, 15) for m in months]
    )
    ahead = [planned_sale("a", "F", m, 10, price, 6) for m in YEAR[6:]]
    plan = make("sales_plan", *ahead, *[planned_sale("b", "G", m, 5, 20, 15) for m in YEAR[6:]])
    finance = make("financial_plan", *_finance(history, "actual"), *_finance(plan, "plan"))
    stated = [{"month": m, "family": "F", "units": 10, "revenue": 80, "margin": 20} for m in YEAR]
    stated += [{"month": m, "family": "G", "units": 5, "revenue": 100, "margin": 25} for m in YEAR]
    sales = [{"date": m, "product_id": "a", "quantity": 10, "revenue": 80, "currency": "CHF"} for m in months]
    rates = [{"month": m, "currency": "CHF", "rate": rate[m], "plan_rate": plan_rate} for m in months]
    prices = [{"product_id": "a", "family": "F", "month": m, "source": source, "unit_price": price} for m in YEAR[6:]]
    inputs = of(
        history,
        plan,
        finance,
        make("business_plan", *stated) if business else tables.empty("business_plan"),
        sales=make("sales", *sales),
        exchange_rates=make("exchange_rates", *rates),
        planned_prices=make("planned_prices", *prices),
    )
    company = Company(company="x", sources={}, horizon_months=6, currency="EUR")
    found = by(bridge(inputs, company=company, cycle=JULY), "measure", "fiscal_year", "family", "cause")
    return {key: row["amount"] for key, row in found.items()}


def test_exchange_is_a_bar_of_its_own_against_the_year_before():
    """Six months at 80 francs x 0.25; six planned at 9 a piece, of which 1 is the rate of the last twelve months."""
    found = abroad(business=False)
    assert found["revenue", 2026, "F", "exchange"] == found["margin", 2026, "F", "exchange"] == 6 * 20 + 6 * 10
    assert {cause for _, year, family, cause in found if (year, family) == (2026, "F")} == {"exchange"}
    assert not any(family == "G" for _, _, family, _ in found)


def test_exchange_against_the_plans_own_rate():
    """The business plan was made at 1.10: of the months that came that leaves 0.15 a franc; the rest is price."""
    found = abroad(plan_rate=Decimal("1.10"))
    # Planned months have no plan_rate here, so the year before's 1.00 stands for it.
    assert found["revenue", 2026, "F", "exchange"] == 6 * 80 * Decimal("0.15") + 6 * 10
    whole = 6 * (100 - 80) + 6 * (90 - 80)
    assert (
        sum(amount for (measure, _, family, _), amount in found.items() if (measure, family) == ("revenue", "F"))
        == whole
    )
    assert found["revenue", 2026, "F", "price"] == whole - found["revenue", 2026, "F", "exchange"]


def test_a_price_list_holds_no_rate():
    assert abroad(source="price_list", business=False)["revenue", 2026, "F", "exchange"] == 6 * 20
