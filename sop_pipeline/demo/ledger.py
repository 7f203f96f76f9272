"""Sales, orders and exchange rates as the company's systems hold them: dates, names and money instead of indices.

Not here: how they are spoilt on the way into files (``troubles``) or written (``files``).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from sop_pipeline.demo.catalogue import Catalogue
from sop_pipeline.demo.days import CUT_OFF, FIRST_DAY, days, month_of
from sop_pipeline.demo.market import (
    CHANNELS,
    PRICE_FACTOR,
    PRICE_RISE,
    PROMOTION_DISCOUNT,
    REGIONS,
    STOCK_OUT,
    STOCK_OUT_PRODUCT,
    Market,
)

FOREIGN = {"Switzerland": "CHF"}
HOME = "EUR"
ORDERS_FROM = date(2025, 5, 1)
ORDER_LINES_A_MONTH = 420
LATE_SHARE, SHORT_SHARE = 0.028, 0.014


def exchange_rates_table() -> pd.DataFrame:
    """Reporting currency for one franc, by month, up to the cycle month: columns month and CHF (a wide file)."""
    when = pd.date_range(FIRST_DAY, CUT_OFF, freq="MS")
    count = np.arange(len(when))
    rate = 0.948 + 0.0021 * count + 0.012 * np.sin(count / 5)
    return pd.DataFrame({"month": when.strftime("%Y-%m"), "CHF": np.round(rate, 4)})


def sales_table(known: Catalogue, made: Market) -> pd.DataFrame:
    """The ``sales`` input table, revenue in the currency of the region."""
    rows, when = made.sales, days()
    dates = when[rows["day"].to_numpy()]
    region = np.array(list(REGIONS), dtype=object)[rows["region"].to_numpy()]
    channel = np.array(list(CHANNELS), dtype=object)[rows["channel"].to_numpy()]
    return pd.DataFrame(
        {
            "date": dates,
            "product_id": np.array(known.ids, dtype=object)[rows["product"].to_numpy()],
            "quantity": rows["quantity"].to_numpy(),
            "revenue": _revenue(known, made, dates, region, channel),
            "currency": pd.Series(region).map(FOREIGN).fillna(HOME),
            "region": region,
            "channel": channel,
        }
    )


def _revenue(
    known: Catalogue, made: Market, dates: pd.DatetimeIndex, region: np.ndarray, channel: np.ndarray
) -> np.ndarray:
    rows = made.sales
    product, day = rows["product"].to_numpy(), rows["day"].to_numpy()
    price = known.table["unit_price"].to_numpy()[product] * (1 + PRICE_RISE) ** (dates.year.to_numpy() - 2026)
    price = price * pd.Series(channel).map(PRICE_FACTOR).to_numpy()
    price = price * np.where((channel == "Retail") & made.promoted[product, day], 1 - PROMOTION_DISCOUNT, 1.0)
    rate = exchange_rates_table()["CHF"].to_numpy()[month_of(dates)]
    foreign = pd.Series(region).isin(FOREIGN).to_numpy()
    return np.asarray(np.round(rows["quantity"].to_numpy() * price / np.where(foreign, rate, 1.0), 2))


def orders_table(sales: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The ``orders`` input table: lines of trade customers over eighteen months, most on time and complete.

    Each shipped line stands for a sale of that day. Lines of the product that ran out wait; some lines are still open.
    """
    trade = sales[(sales["channel"] != "Online") & (sales["quantity"] > 5)]
    trade = trade[(trade["date"] >= pd.Timestamp(ORDERS_FROM)) & (trade["date"] < pd.Timestamp(CUT_OFF))]
    chosen = trade.groupby(trade["date"].dt.to_period("M")).sample(ORDER_LINES_A_MONTH, random_state=random)
    chosen = chosen.sort_values(["date", "region", "channel", "product_id"], ignore_index=True)
    count = len(chosen)
    asked = chosen["date"] + pd.to_timedelta(random.integers(0, 3, count), unit="D")
    late = random.random(count) < LATE_SHARE
    asked = asked.where(~late, chosen["date"] - pd.to_timedelta(random.integers(1, 7, count), unit="D"))
    short = random.random(count) < SHORT_SHARE
    table = pd.DataFrame(
        {
            "product_id": chosen["product_id"],
            "ordered_on": asked - pd.to_timedelta(random.integers(3, 8, count), unit="D"),
            "requested_on": asked,
            "shipped_on": chosen["date"],
            "quantity": np.where(short, np.ceil(chosen["quantity"] * 1.25), chosen["quantity"]).astype(np.int64),
            "quantity_shipped": chosen["quantity"].astype(float),
        }
    )
    order = chosen["date"].dt.strftime("SO%y%m%d-") + chosen["region"].str[:1] + chosen["channel"].str[:1]
    table.insert(0, "order_id", order)
    both = pd.concat([table, _waiting(sales), _still_open(chosen, random)], ignore_index=True)
    both.insert(1, "line", both.groupby("order_id").cumcount() + 1)
    return both.sort_values(["ordered_on", "order_id", "line"], ignore_index=True)


def _waiting(sales: pd.DataFrame) -> pd.DataFrame:
    """Lines asked for while the product had run out, shipped when it was back and not in full."""
    first = pd.Timestamp(STOCK_OUT[1] + timedelta(days=1))
    back = sales[(sales["product_id"] == STOCK_OUT_PRODUCT) & (sales["channel"] == "Retail") & (sales["quantity"] > 5)]
    back = back[(back["date"] >= first) & (back["date"] < first + pd.Timedelta(days=9))].reset_index(drop=True)
    asked = back["date"] - pd.to_timedelta(14 + np.arange(len(back)) % 21, unit="D")
    return pd.DataFrame(
        {
            "order_id": back["date"].dt.strftime("SO%y%m%d-W") + back["region"].str[:1],
            "product_id": back["product_id"],
            "ordered_on": asked - pd.Timedelta(days=5),
            "requested_on": asked,
            "shipped_on": back["date"],
            "quantity": np.ceil(back["quantity"] * 1.4).astype(np.int64),
            "quantity_shipped": back["quantity"].astype(float),
        }
    )


def _still_open(chosen: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Lines ordered before the cut-off and asked for after it, not shipped yet."""
    tail = chosen.tail(60).reset_index(drop=True)
    asked = pd.Timestamp(CUT_OFF) + pd.to_timedelta(random.integers(1, 12, len(tail)), unit="D")
    return pd.DataFrame(
        {
            "order_id": [f"SO2611-OPEN{index // 4 + 1:02d}" for index in range(len(tail))],
            "product_id": tail["product_id"],
            "ordered_on": pd.Timestamp(CUT_OFF) - pd.to_timedelta(random.integers(1, 6, len(tail)), unit="D"),
            "requested_on": asked,
            "shipped_on": pd.NaT,
            "quantity": tail["quantity"].astype(np.int64),
            "quantity_shipped": np.nan,
        }
    )
