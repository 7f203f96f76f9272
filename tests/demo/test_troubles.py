"""Each trouble that docs/demo-company.md lists is really in the files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.demo.troubles import (
    DUPLICATES_IN,
    RESENT_MONTH,
    UNKNOWN_IN,
    UNKNOWN_PRODUCT,
)


@pytest.fixture(scope="module")
def monthly(demo, sales):
    family = demo.table("products").set_index("product_id")["family"]
    by_product = sales.pivot_table(index="month", columns="product_id", values="quantity", aggfunc="sum")
    return by_product, by_product.T.groupby(family).sum().T


def test_seasons_differ_by_family(monthly):
    year = monthly[1].loc["2025-01":"2025-12"]
    summer, winter = year.loc["2025-05":"2025-07"].mean(), year.loc["2025-11":"2025-12"].mean()
    assert summer["Sun Care"] > 3 * winter["Sun Care"]
    assert winter["Hand and Lip Care"] > 2 * summer["Hand and Lip Care"]
    assert 0.9 < summer["Hair Care"] / winter["Hair Care"] < 1.3


def test_trends_differ_by_family(monthly):
    yearly = monthly[1].groupby(lambda month: month.year).sum()
    change = yearly.loc[2025] / yearly.loc[2022]
    assert change["Face Care"] > 1.15
    assert change["Hand and Lip Care"] < 0.95


def test_promotions_cut_the_price_and_lift_retail_sales(demo, sales):
    price = demo.table("products").set_index("product_id")["unit_price"]
    rows = sales[(sales["channel"] == "Retail") & (sales["date"] >= "2026-01-01")]
    ratio = rows["euro"] / rows["quantity"] / rows["product_id"].map(price)
    promoted = ratio < 0.92
    assert 0.01 < promoted.mean() < 0.10
    usual = rows[~promoted].groupby("product_id")["quantity"].mean()
    lifted = rows[promoted].groupby("product_id")["quantity"].mean()
    assert ((lifted / usual).dropna() > 1.2).mean() > 0.6


def test_a_product_ran_out(demo, monthly):
    counts = demo.table("inventory").set_index(["product_id", "date"])["on_hand"]
    assert counts["FC-402", "2025-08-31"] == 0
    sold = monthly[0]["FC-402"]
    usual = sold.loc["2025-03":"2025-07"].mean()
    assert sold["2025-08"] < usual / 2
    assert sold["2025-09"] < usual / 2
    assert sold["2025-10"] > usual / 2


def test_an_export_order_is_an_outlier(sales, monthly):
    largest = sales[sales["product_id"] == "HS-305"].nlargest(1, "quantity").iloc[0]
    assert (largest["date"], largest["region"]) == (pd.Timestamp("2026-04-14"), "France")
    assert monthly[0]["HS-305"]["2026-04"] > 2.5 * monthly[0]["HS-305"]["2025-04"]


def test_goods_come_back(sales):
    back = sales["quantity"] < 0
    assert 0.001 < back.mean() < 0.01
    assert (sales.loc[back, "revenue"] < 0).all()


def test_a_product_was_launched(monthly):
    sold = monthly[0]["FC-410"]
    assert sold.first_valid_index() == pd.Period("2025-05")
    assert sold["2026-02"] > 3 * sold["2025-05"]


def test_a_product_ended_and_its_heir_took_over(demo, monthly):
    ended = monthly[0]["HL-603"]
    assert (ended["2025-01":"2025-02"] < 0).all()
    assert ended["2025-03":].isna().all()
    assert ended["2024-11"] < ended["2023-11"] / 2
    heir = monthly[0]["HL-604"]
    assert heir["2025-11"] > 1.3 * heir["2023-11"]
    row = demo.table("products").set_index("product_id").loc["HL-603"]
    assert (row["discontinued_on"], row["successor_id"]) == (pd.Timestamp("2024-12-31"), "HL-604")


def test_a_competitor_took_part_of_a_family(monthly, demo):
    plan = demo.table("business_plan").set_index(["family", "month"])["units"]
    sold = monthly[1]["Face Care"]
    spring, autumn = ["2026-01", "2026-02", "2026-03"], ["2026-09", "2026-10"]
    before = sum(sold[month] for month in spring) / plan["Face Care"][spring].sum()
    after = sum(sold[month] for month in autumn) / plan["Face Care"][autumn].sum()
    assert after < before - 0.03


def test_duplicate_rows(demo):
    assert demo.export(DUPLICATES_IN).duplicated().sum() == demo.written.planted.duplicate_rows == 42
    assert not demo.export("2026-06").duplicated().any()


def test_an_unknown_product(demo):
    known = set(demo.table("products")["product_id"])
    table = demo.export(UNKNOWN_IN)
    assert (table["product_id"] == UNKNOWN_PRODUCT).sum() == demo.written.planted.unknown_product_rows == 17
    assert set(table["product_id"]) - known == {UNKNOWN_PRODUCT}


def test_a_file_was_sent_again_with_late_postings(demo):
    first, again = demo.export(RESENT_MONTH), demo.export(f"{RESENT_MONTH}_again")
    both = again.merge(first, how="left", indicator=True)["_merge"]
    assert (both == "both").sum() == len(first) == demo.written.planted.resent_rows
    assert (both == "left_only").sum() == demo.written.planted.late_postings == 5


def test_a_late_correction(demo):
    key = ["date", "product_id", "region", "channel"]
    right = pd.read_csv(demo.folder / "data" / "sales" / "corrections.csv", parse_dates=["date", "recorded_on"])
    known = right[right["recorded_on"] < "2026-11-01"]
    pair = demo.export("2026-09").merge(known, on=key, suffixes=("", "_true"))
    assert len(pair) == demo.written.planted.corrected_rows == 6
    assert (pair["quantity"] == 10 * pair["quantity_true"]).all()
    assert (right["recorded_on"] >= "2026-11-01").sum() == demo.written.planted.corrections_too_late == 3


def test_rows_of_the_cycle_month_are_there_to_be_left_out(demo):
    table = demo.export("2026-11")
    assert len(table) == demo.written.planted.rows_after_cut_off > 0
    assert table["date"].min() >= pd.Timestamp("2026-11-01")


def test_stock_follows_sales_and_production_but_for_the_counts(demo, sales):
    made = demo.table("production")
    made["month"] = pd.to_datetime(made["date"]).dt.to_period("M")
    stock = demo.table("inventory")
    stock["month"] = pd.to_datetime(stock["date"]).dt.to_period("M")
    on_hand = stock.pivot(index="month", columns="product_id", values="on_hand")
    output = made.pivot_table(index="month", columns="product_id", values="quantity", aggfunc="sum")
    sold = sales.pivot_table(index="month", columns="product_id", values="quantity", aggfunc="sum")
    months = on_hand.index[1:]
    moved = output.reindex(months).reindex(columns=on_hand.columns).fillna(0) - sold.reindex(months).fillna(0)
    gap = on_hand.diff().iloc[1:] - moved
    gap["FC-410"] = gap["FC-410"].where(gap.index > pd.Period("2025-04"))
    stated = demo.written.count_differences
    expected = pd.Series(
        stated["difference"].to_numpy(), index=[(months[row.month], row.product_id) for row in stated.itertuples()]
    )
    found = gap.stack()
    found = found[found != 0]
    assert 40 <= len(expected) <= 50
    assert found.to_dict() == expected.astype(float).to_dict()
    assert (on_hand.fillna(0) >= 0).all().all()


def test_count_differences_are_small_and_at_the_year_end_but_for_one_write_off(demo):
    stated = demo.written.count_differences
    december = stated["month"] % 12 == 1
    assert set(stated.loc[~december, "product_id"]) == {"HL-603"}
    assert stated.loc[december, "difference"].abs().max() < 1_500
    assert np.median(stated.loc[december, "difference"].abs()) > 0
