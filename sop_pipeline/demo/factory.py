"""What the plants made and what lay in stock: production by batch, stock counted at each month's end.

Stock follows the identity ``on_hand = on_hand before + produced - sold + count difference`` for every product and
month; the differences are returned so that tests can prove it. Not here: the future (the pipeline plans that).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.demo.capacity import machine_hours
from sop_pipeline.demo.catalogue import BOTTLES, ENDED, LAUNCHED, TUBES, Catalogue
from sop_pipeline.demo.days import SHUTDOWN_DAYS, days, history_months, in_shutdown, month_of, months, open_days
from sop_pipeline.demo.market import STOCK_OUT_PRODUCT, Market

COVER_MONTHS = (0.74, 1.08)
LEAST_COVER = 0.12
COUNTED_A_YEAR = 9


@dataclass(frozen=True)
class Factory:
    """Cases produced (P, H), on hand at month ends (P, H + 1, opening first), count differences (P, H)."""

    produced: np.ndarray
    on_hand: np.ndarray
    differences: np.ndarray
    batches: pd.DataFrame


def factory(known: Catalogue, made_for: Market, random: np.random.Generator) -> Factory:
    """Run the plants over the months of history."""
    sold = monthly_sales(made_for.sales, len(known.ids))
    expected = made_for.expected
    cover = random.uniform(*COVER_MONTHS, len(known.ids))
    target = np.rint(_prebuilt(known, expected, cover))
    error = np.exp(random.normal(0, 0.04, sold.shape))
    differences = np.zeros(sold.shape)
    counted = _count_differences(known, random)
    on_hand, produced = np.zeros((len(known.ids), sold.shape[1] + 1)), np.zeros(sold.shape)
    on_hand[:, 0] = np.rint(cover * expected[:, 0])
    for month in range(sold.shape[1]):
        before = on_hand[:, month]
        planned = expected[:, month] * error[:, month] + target[:, month] - before
        least = sold[:, month] + LEAST_COVER * expected[:, month + 1] - before
        made = np.rint(np.maximum(np.maximum(planned, least), 0.0))
        produced[:, month] = _around_stock_out(known, month, made, before, sold)
        after = before + produced[:, month] - sold[:, month]
        differences[:, month] = np.rint(counted[:, month] * after)
        on_hand[:, month + 1] = after + differences[:, month]
    return Factory(produced, on_hand, differences, _batches(known, produced, random))


def monthly_sales(sales: pd.DataFrame, products: int) -> np.ndarray:
    """Net cases sold (P, H) in each month of history."""
    month = month_of(days())[sales["day"].to_numpy()]
    known = month < history_months()
    out = np.zeros((products, history_months()))
    np.add.at(out, (sales["product"].to_numpy()[known], month[known]), sales["quantity"].to_numpy()[known])
    return out


def _prebuilt(known: Catalogue, expected: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Stock wanted at each month's end (P, M - 1): the cover, and what later peaks need beyond the lines' hours."""
    wanted = cover[:, None] * expected[:, 1:]
    need = expected[:, :-1] + np.diff(wanted, axis=1, prepend=(cover * expected[:, 0])[:, None])
    hours = known.table["machine_hours"].to_numpy()[:, None]
    early = np.zeros_like(need)
    for machine in (BOTTLES, TUBES):
        mine = (known.table["machine"] == machine).to_numpy()[:, None]
        limit = machine_hours(machine) * 1.04
        for month in range(need.shape[1] - 1, 0, -1):
            load = (np.maximum(need[:, [month]], 0) * hours * mine).sum()
            moved = np.maximum(need[:, [month]], 0) * mine * max(0.0, 1 - limit[month] / load)
            need[:, [month]] -= moved
            need[:, [month - 1]] += moved
            early[:, [month - 1]] += moved
    return np.asarray(wanted + early)


def _around_stock_out(
    known: Catalogue, month: int, made: np.ndarray, before: np.ndarray, sold: np.ndarray
) -> np.ndarray:
    """The line of one product stands still: just enough is made for July 2025, nothing in August, little after."""
    product = known.place(STOCK_OUT_PRODUCT)
    july = (2025 - 2021) * 12 + 7 - 11
    if month in (july - 1, july):
        ahead = sold[product, month + 1 : july + 2].sum()
        made[product] = max(0.0, sold[product, month] + ahead - before[product])
    elif month == july + 1:
        made[product] = max(0.0, sold[product, month] - before[product])
    return made


def _count_differences(known: Catalogue, random: np.random.Generator) -> np.ndarray:
    """Shares of stock (P, H) missing or found at the yearly count in December; the ended product is written off."""
    shares = np.zeros((len(known.ids), history_months()))
    for month in np.flatnonzero(months()[: history_months()].month == 12):
        chosen = np.sort(random.choice(len(known.ids), COUNTED_A_YEAR, replace=False))
        shares[chosen, month] = random.uniform(-0.045, 0.015, COUNTED_A_YEAR)
    shares[known.place(ENDED)] = 0.0
    shares[known.place(LAUNCHED)] = 0.0
    shares[known.place(ENDED), (2025 - 2021) * 12 + 3 - 11] = -1.0
    return shares


def _batches(known: Catalogue, produced: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Split months into whole batches on working days: day, product (indices) and quantity."""
    when, where = days(), month_of(days())
    trading = open_days(when)
    count = random.integers(4, 9, len(known.ids))
    offset = random.integers(0, 3, len(known.ids))
    standing = {site: in_shutdown(site, when) for site in SHUTDOWN_DAYS}
    rows = []
    for index in range(produced.shape[1]):
        for site, products in known.table.groupby("site_id").groups.items():
            worked = np.flatnonzero((where == index) & trading & ~standing[str(site)])
            for product in products:
                made = int(produced[product, index])
                parts = int(min(count[product], len(worked) - offset[product]))
                if made <= 0:
                    continue
                chosen = worked[np.linspace(offset[product], len(worked) - 1, parts).astype(int)]
                split = np.full(parts, made // parts)
                split[-1] += made - split.sum()
                rows.append(np.stack([chosen, np.full(parts, product), split]))
    table = pd.DataFrame(np.concatenate(rows, axis=1).T, columns=["day", "product", "quantity"])
    return table[table["quantity"] > 0].sort_values(["day", "product"], ignore_index=True)


def production_table(known: Catalogue, made: Factory) -> pd.DataFrame:
    """The ``production`` input table."""
    figures = known.table.iloc[made.batches["product"].to_numpy()].reset_index(drop=True)
    return pd.DataFrame(
        {
            "date": days()[made.batches["day"].to_numpy()],
            "product_id": figures["product_id"],
            "quantity": made.batches["quantity"],
            "site_id": figures["site_id"],
            "hours": (made.batches["quantity"] * figures["machine_hours"]).round(2),
        }
    )


def inventory_table(known: Catalogue, made: Factory) -> pd.DataFrame:
    """The ``inventory`` input table: month ends from the one before the first sale, within each product's life."""
    ends = pd.DatetimeIndex([months()[0] - pd.Timedelta(days=1)]).append(
        months()[: history_months()] + pd.offsets.MonthEnd(0)
    )
    table = pd.DataFrame(
        {
            "date": np.repeat(ends, len(known.ids)),
            "product_id": np.tile(known.ids, len(ends)),
            "on_hand": made.on_hand.T.ravel().astype(np.int64),
            "site_id": np.tile(known.table["site_id"], len(ends)),
        }
    )
    early = (table["product_id"] == LAUNCHED) & (table["date"] < pd.Timestamp(date(2025, 4, 1)))
    late = (table["product_id"] == ENDED) & (table["date"] > pd.Timestamp(date(2025, 3, 31)))
    return table[~early & ~late].reset_index(drop=True)
