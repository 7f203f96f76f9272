"""What the market wants and buys, day by day.

Here: expected demand (trend, seasons, promotions, lives of products) and the sales that come of it (noise, a stock-out,
an outlier, returns). Not here: mistakes in the files (``troubles``), what the plants do about it (``factory``).
Shapes: P products, D days, M months; cells are (region, channel) pairs, C of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.demo.catalogue import ENDED, FAMILIES, HEIR, LAUNCHED, SHARES, Catalogue
from sop_pipeline.demo.days import FIRST_DAY, LAST_SALE, days, month_of, months, open_days

REGIONS = {"Germany": 0.42, "France": 0.28, "Benelux": 0.18, "Switzerland": 0.12}
CHANNELS = {"Retail": 0.62, "Wholesale": 0.24, "Online": 0.14}
ORDER_CHANCE = ((0.95, 0.55, 0.50), (0.85, 0.45, 0.42), (0.75, 0.35, 0.33), (0.60, 0.30, 0.25))
PRICE_FACTOR = {"Retail": 0.99, "Wholesale": 0.955, "Online": 1.122}
PRICE_RISE = 0.022
PROMOTION_DISCOUNT = 0.12
OPEN_DAY_WEIGHT = 365.25 / 252

STOCK_OUT_PRODUCT = "FC-402"
STOCK_OUT = (date(2025, 8, 7), date(2025, 9, 21))
OUTLIER_PRODUCT, OUTLIER_DAY = "HS-305", date(2026, 4, 14)
RETURN_SHARE = 0.006


@dataclass(frozen=True)
class Market:
    """Expected cases a month (P, M), whether a promotion runs (P, D), and the sales rows by index."""

    expected: np.ndarray
    promoted: np.ndarray
    sales: pd.DataFrame


def market(known: Catalogue, random: np.random.Generator) -> Market:
    """Make the market; sales has columns day, product, region, channel (indices) and quantity (cases, whole)."""
    when = days()
    promoted, uplift = _promotions(known, random)
    steady = _expected_rate(known) * _lives(known)
    trade = open_days(when) * OPEN_DAY_WEIGHT
    retail, wholesale, online = CHANNELS.values()
    a_day = steady * (retail * uplift * trade + wholesale * trade + online)
    expected = np.stack([a_day[:, month_of(when) == index].sum(axis=1) for index in range(len(months()))], axis=1)
    past = int((pd.Timestamp(LAST_SALE) - when[0]).days) + 1
    wanted = steady[:, :past] * _noise(known, random)[:, month_of(when)[:past]]
    rows = _orders(wanted * _available(known)[:, :past], uplift[:, :past], trade[:past], random)
    rows = pd.concat([rows, _outlier(known, expected), _returns(rows, known, random)], ignore_index=True)
    order = ["day", "product", "region", "channel", "quantity"]
    return Market(expected, promoted, rows.sort_values(order, ignore_index=True)[order].astype(np.int64))


def day_index(day: date) -> int:
    """Index of a day."""
    return (day - FIRST_DAY).days


def _expected_rate(known: Catalogue) -> np.ndarray:
    """Cases a day (P, D) by trend and season, seasons interpolated between the middles of months."""
    when = days()
    years = (np.arange(len(when)) - day_index(date(2026, 7, 1))) / 365.25
    trend = (1 + known.growth)[:, None] ** years[None, :]
    middle = np.concatenate([[-0.5], np.arange(12) + 0.5, [12.5]])
    place = when.month - 1 + (when.day - 0.5) / when.days_in_month
    wrapped = np.concatenate([known.seasons[:, 11:], known.seasons, known.seasons[:, :1]], axis=1)
    season = np.stack([np.interp(place, middle, row) for row in wrapped])
    return np.asarray(known.cases_a_month[:, None] * 12 / 365.25 * trend * season)


def _lives(known: Catalogue) -> np.ndarray:
    """Factors (P, D) for the product launched, the one that ended and its heir, and the drift of a family."""
    when = days()
    factor = np.ones((len(known.ids), len(when)))
    since = np.arange(len(when)) - day_index(date(2025, 5, 1))
    factor[known.place(LAUNCHED)] = np.where(since < 0, 0.0, 1.1 / (1 + np.exp(-(since - 100) / 40)))
    left = day_index(date(2025, 1, 1)) - np.arange(len(when))
    fading = np.clip(left / 180, 0.0, 1.0)
    factor[known.place(ENDED)] = fading
    gained = 0.6 * known.cases_a_month[known.place(ENDED)] / known.cases_a_month[known.place(HEIR)]
    factor[known.place(HEIR)] += (1 - fading) * gained
    factor[(known.table["family"] == "Face Care").to_numpy()] *= face_care_slide(when)
    return factor


def face_care_slide(when: pd.DatetimeIndex) -> np.ndarray:
    """Factor (D,): a competitor takes 7% of Face Care between May and September 2026, which no plan foresaw."""
    return np.asarray(1 - 0.07 * np.clip(np.asarray((when - pd.Timestamp(2026, 5, 1)).days) / 150, 0.0, 1.0))


def _promotions(known: Catalogue, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two weeks of promotion and two weaker weeks after: flags and retail factors, both (P, D)."""
    when = days()
    shape = (len(known.ids), len(when))
    flags, factor = np.zeros(shape, bool), np.ones(shape)
    chosen = np.sort(random.choice(shape[0], 26, replace=False))
    usual = random.integers(4, 46, len(chosen))
    for product, week in zip(chosen, usual, strict=True):
        for year in range(FIRST_DAY.year, LAST_SALE.year + 3):
            moved = int(week if random.random() < 0.6 else random.integers(4, 46))
            start = day_index(date.fromisocalendar(year, moved, 1))
            lift = random.uniform(1.5, 2.2)
            flags[product, max(start, 0) : max(start + 14, 0)] = True
            factor[product, max(start, 0) : max(start + 14, 0)] = lift
            factor[product, max(start + 14, 0) : max(start + 28, 0)] = 0.88
    return flags, factor


def _noise(known: Catalogue, random: np.random.Generator) -> np.ndarray:
    """Monthly factors (P, M): a family's mood and a product's own, each remembering the month before."""
    count = len(months())
    family = _remembering(random.normal(0, 0.015, (len(FAMILIES), count)), 0.5)
    own = _remembering(random.normal(0, 0.035, (len(known.ids), count)), 0.4)
    return np.asarray(np.exp(np.repeat(family, len(SHARES), axis=0) + own))


def _remembering(shocks: np.ndarray, memory: float) -> np.ndarray:
    out = shocks.copy()
    for index in range(1, shocks.shape[1]):
        out[:, index] += memory * out[:, index - 1]
    return out


def _available(known: Catalogue) -> np.ndarray:
    """Zero while the product that ran out cannot be bought, else one: (P, D)."""
    there = np.ones((len(known.ids), len(days())))
    there[known.place(STOCK_OUT_PRODUCT), day_index(STOCK_OUT[0]) : day_index(STOCK_OUT[1]) + 1] = 0.0
    return there


def _orders(wanted: np.ndarray, uplift: np.ndarray, trade: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Draw who orders on which day and how much; a row where a cell buys at least one case."""
    parts = []
    for region, region_share in enumerate(REGIONS.values()):
        for channel, (name, channel_share) in enumerate(CHANNELS.items()):
            chance = ORDER_CHANCE[region][channel]
            rate = wanted * region_share * channel_share * (uplift if name == "Retail" else 1.0)
            rate = rate * (1.0 if name == "Online" else trade) / chance
            ordered = random.random(wanted.shape) < chance
            amount = np.rint(rate * random.gamma(6.0, 1 / 6.0, wanted.shape)) * ordered
            product, day = np.nonzero(amount)
            parts.append(_rows(day, product, region, channel, amount[product, day]))
    return pd.concat(parts, ignore_index=True)


def _outlier(known: Catalogue, expected: np.ndarray) -> pd.DataFrame:
    """One export order, 2.2 times what its product sells in the month."""
    product, day = known.place(OUTLIER_PRODUCT), day_index(OUTLIER_DAY)
    month = month_of(days())[day]
    return _rows(np.array([day]), np.array([product]), 1, 1, np.array([np.rint(expected[product, month] * 2.2)]))


def _returns(rows: pd.DataFrame, known: Catalogue, random: np.random.Generator) -> pd.DataFrame:
    """Goods that come back five weeks after some sales, and those of the ended product, two in each month after it."""
    picked = rows[(random.random(len(rows)) < RETURN_SHARE) & (rows["day"] < day_index(LAST_SALE) - 39)]
    back = picked.assign(day=picked["day"] + 35, quantity=-np.ceil(picked["quantity"] * 0.15))
    ended = [day_index(date(2025, month, day)) for month in (1, 2) for day in (9, 21)]
    late = _rows(np.array(ended), np.full(4, known.place(ENDED)), 0, 0, np.array([-14.0, -6.0, -9.0, -3.0]))
    back = back[back["product"] != known.place(ENDED)]
    return pd.concat([_without_clash(back, rows), late], ignore_index=True)


def _without_clash(back: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep returns on days without a sale in their cell, one a cell and day: a row's key names one transaction."""
    key = ["day", "product", "region", "channel"]
    back = back.drop_duplicates(key)
    found = back.merge(rows[key], on=key, how="left", indicator=True)["_merge"].to_numpy()
    return back[found == "left_only"]


def _rows(day: np.ndarray, product: np.ndarray, region: int, channel: int, quantity: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"day": day, "product": product, "region": region, "channel": channel, "quantity": quantity}
    ).astype({"day": np.int64, "product": np.int64, "quantity": np.int64})
