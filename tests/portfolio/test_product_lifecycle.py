"""Given products and transactions, the stage of life of each product."""

from datetime import date

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.portfolio.lifecycle import product_lifecycle

CYCLE = Cycle.parse("2026-01")


def company(**given):
    return Company.model_validate({"company": "Acme", "sources": {}, **given})


def product(name, **given):
    return {"product_id": name, "product_name": f"Product {name}", "family": "F", **given}


def sale(product_id, day, quantity=1):
    return {"product_id": product_id, "date": date.fromisoformat(day), "quantity": quantity}


def lifecycle(products, sales=(), production=(), launches=(), cycle=CYCLE, **settings):
    result = product_lifecycle(
        tables.conform("products", products),
        tables.conform("sales", list(sales)),
        tables.conform("production", list(production)),
        tables.conform("new_products", list(launches)),
        company=company(**settings),
        cycle=cycle,
    )
    return {row["product_id"]: row for row in tables.rows(result)}


def test_status_first_and_last_month_and_months_of_history():
    rows = lifecycle(
        [product("A"), product("N"), product("Z"), product("O"), product("E", discontinued_on=date(2025, 11, 30))],
        [
            sale("A", "2024-01-15"),
            sale("A", "2025-12-31"),
            sale("N", "2025-10-02"),
            sale("O", "2024-02-01"),
            sale("E", "2024-05-05"),
            sale("E", "2025-11-05"),
            sale("Z", "2026-01-01"),
        ],
    )
    assert {name: row["status"] for name, row in rows.items()} == {
        "A": "active",
        "N": "new",
        "Z": "never_sold",
        "O": "ended",
        "E": "ended",
    }
    assert rows["A"]["first_month"] == date(2024, 1, 1)
    assert rows["A"]["last_month"] == date(2025, 12, 1)
    assert rows["A"]["history_months"] == 24
    assert rows["N"]["history_months"] == 3
    assert rows["Z"]["history_months"] == 0
    assert rows["Z"]["first_month"] is None


def test_a_company_whose_data_starts_late_has_no_new_products_because_of_that():
    rows = lifecycle(
        [product("A"), product("B", launched_on=date(2025, 10, 1))], [sale("A", "2025-10-01"), sale("B", "2025-10-03")]
    )
    assert rows["A"]["status"] == "active"
    assert rows["B"]["status"] == "new"


def test_production_counts_where_there_are_no_sales_and_only_there():
    made = [sale("A", "2024-03-01"), sale("B", "2024-03-01")]
    sold = [sale("B", "2025-01-01")]
    rows = lifecycle([product("A"), product("B")], sold, made)
    assert rows["A"]["first_month"] == date(2024, 3, 1)
    assert rows["B"]["first_month"] == date(2025, 1, 1)
    by_sales = lifecycle([product("A"), product("B")], sold, made, forecast={"signal": "sales"})
    assert by_sales["A"]["status"] == "never_sold"
    by_output = lifecycle([product("A"), product("B")], sold, made, forecast={"signal": "production"})
    assert by_output["B"]["first_month"] == date(2024, 3, 1)


def test_a_launch_takes_family_and_profile_of_its_like_product():
    rows = lifecycle(
        [product("A")],
        [sale("A", "2024-01-01"), sale("A", "2025-12-01")],
        launches=[
            {
                "product_id": "L",
                "launch_month": date(2026, 3, 1),
                "like_product_id": "A",
                "scale_pct": 80,
                "ramp_months": 3,
            }
        ],
    )
    assert rows["L"]["status"] == "launching"
    assert rows["L"]["family"] == "F"
    assert rows["L"]["launch_month"] == date(2026, 3, 1)
    assert rows["L"]["like_product_id"] == "A"


def test_a_successor_inherits_the_history_of_a_chain_of_ended_predecessors():
    rows = lifecycle(
        [
            product("A", successor_id="B", discontinued_on=date(2024, 12, 31)),
            product("B", successor_id="C", discontinued_on=date(2025, 12, 31)),
            product("C"),
        ],
        [sale("A", "2023-01-01"), sale("B", "2025-01-01"), sale("B", "2025-12-30")],
    )
    assert [rows[name]["status"] for name in "ABC"] == ["ended", "ended", "launching"]
    assert rows["C"]["first_month"] == date(2023, 1, 1)
    assert rows["C"]["history_months"] == 36
    assert rows["C"]["launch_month"] == date(2026, 1, 1)
    assert rows["C"]["like_product_id"] == "B"


def test_products_that_name_each_other_as_successor_do_not_loop():
    rows = lifecycle(
        [
            product("A", successor_id="B", discontinued_on=date(2024, 12, 31)),
            product("B", successor_id="A", discontinued_on=date(2024, 12, 31)),
        ],
        [sale("A", "2023-01-01"), sale("B", "2023-06-01")],
    )
    assert rows["B"]["first_month"] == date(2023, 1, 1)


def test_a_product_still_sold_with_a_successor_is_phased_out():
    rows = lifecycle(
        [product("A", successor_id="B", discontinued_on=date(2026, 3, 31)), product("B")],
        [sale("A", "2024-01-01"), sale("A", "2025-12-01")],
    )
    assert rows["A"]["status"] == "phase_out"
    assert rows["B"]["status"] == "launching"
    assert rows["B"]["launch_month"] == date(2026, 4, 1)
    assert rows["B"]["history_months"] == 0


@pytest.mark.parametrize(
    ("last_day", "launch"), [(date(2026, 3, 15), date(2026, 3, 1)), (date(2026, 3, 31), date(2026, 4, 1))]
)
def test_a_successor_without_a_date_comes_the_day_after_its_predecessor(last_day, launch):
    rows = lifecycle(
        [product("A", successor_id="B", discontinued_on=last_day), product("B")], [sale("A", "2025-12-01")]
    )
    assert rows["B"]["launch_month"] == launch


def test_what_was_handed_in_too_late_is_not_known():
    launch = {"product_id": "L", "launch_month": date(2026, 3, 1), "like_product_id": "A"}
    late = lifecycle([product("A")], [sale("A", "2024-01-01")], launches=[{**launch, "recorded_on": date(2026, 1, 10)}])
    in_time = lifecycle(
        [product("A")], [sale("A", "2024-01-01")], launches=[{**launch, "recorded_on": date(2026, 1, 9)}]
    )
    assert "L" not in late
    assert "L" in in_time


def test_a_family_left_blank_becomes_all_products():
    rows = lifecycle([{"product_id": "A", "product_name": "A"}], [sale("A", "2025-01-01")])
    assert rows["A"]["family"] == "All products"


@pytest.mark.parametrize(
    ("launch", "said"),
    [
        ({}, "no like product"),
        ({"like_product_id": "nowhere"}, "not in the product list"),
        ({"like_product_id": "Z"}, "no history either"),
    ],
)
def test_a_launch_without_history_or_like_product_is_refused_by_name(launch, said):
    with pytest.raises(BadInput, match="L1") as error:
        lifecycle(
            [product("A"), product("Z")],
            [sale("A", "2025-12-01")],
            launches=[{"product_id": "L1", "launch_month": date(2026, 6, 1), **launch}],
        )
    assert said in str(error.value)
    assert "like_product_id" in str(error.value)


def test_a_launch_beyond_the_horizon_needs_no_like_product_yet():
    rows = lifecycle(
        [product("A")],
        [sale("A", "2025-12-01")],
        launches=[{"product_id": "L1", "launch_month": date(2028, 1, 1)}],
    )
    assert rows["L1"]["status"] == "launching"
    assert rows["L1"]["family"] == "All products"
