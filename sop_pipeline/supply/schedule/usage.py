"""What the products of a schedule take of every feature, and where they are made, when alternatives serve.

The plan says by item how much each alternative makes; the products of an item use its alternatives in the same
proportion. Here: loads, materials and sites of the schedule, recomputed from its products. Not here: what they are
compared with (``load``), the alternatives of the plan itself (``routes``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from sop_pipeline.supply.problem.cycle.items import family_features
from sop_pipeline.supply.schedule.sharing import TICKS, Ints, proportional, ticks

Floats = npt.NDArray[np.float64]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Schedule:
    """Products (P) in order with their item, months (T), output (P, T), and what each alternative of an item makes.

    By (item, option group, choice): ``routed`` is its output in ten-thousandths (T,), ``shares`` its share of the
    item's output (T,), ``route_sites`` its site.
    """

    products: list[str]
    items: pd.DataFrame
    months: list[pd.Timestamp]
    output: Floats
    routed: dict[Key, Ints]
    shares: dict[Key, Floats]
    route_sites: dict[Key, str | None]


def read_schedule(schedule: pd.DataFrame, routes: pd.DataFrame) -> Schedule:
    """Read ``production_schedule`` and the chosen strategy's ``route_plan`` into arrays."""
    wide = schedule.pivot(index="product_id", columns="month", values="output").sort_index()
    months = [pd.Timestamp(month) for month in wide.columns]
    items = schedule[["product_id", "item_id", "family"]].drop_duplicates("product_id").sort_values("product_id")
    level = np.where(items["item_id"] == items["product_id"], "product", "family")
    routed: dict[Key, Ints] = {}
    shares: dict[Key, Floats] = {}
    sites: dict[Key, str | None] = {}
    keys = ["item_id", "option_group", "choice"]
    total = routes.groupby(["item_id", "option_group", "month"])["output"].transform("sum")
    with_shares = routes.assign(share=(routes["output"] / total.where(total > 0)).fillna(0.0))
    for (item, group, choice), rows in with_shares.groupby(keys, sort=True):
        key = (str(item), str(group), str(choice))
        shares[key] = rows.set_index("month")["share"].reindex(months).fillna(0.0).to_numpy(float)
        routed[key] = ticks(rows.set_index("month")["output"].reindex(months).fillna(0.0))
        sites[key] = rows["site_id"].iloc[0]
    items = items.assign(item_level=level, share=0.0).reset_index(drop=True)
    return Schedule(list(wide.index), items, months, wide.fillna(0.0).to_numpy(float), routed, shares, sites)


def named_features(features: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return features with item_id and, for alternatives, the group and choice that the item's routes are named by."""
    single = items[items["item_level"] == "product"][["product_id", "item_id"]]
    of_products = features.merge(single, on="product_id")
    out = pd.concat([of_products, family_features(features, items)[[*of_products.columns]]], ignore_index=True)
    parts = out["option_group"].fillna("").str.partition("/")
    choice = parts[2].where(parts[2] != "", out["feature"])
    return out.assign(group=parts[0], choice=choice.where(parts[0] != "", ""))


def usage(schedule: Schedule, features: pd.DataFrame) -> pd.DataFrame:
    """Return feature by month: ``sum_p sum_l Q(p,t+l) u(p,f,l)`` over the schedule (METHODS 4), alternatives by share.

    ``features`` comes from ``named_features``. What a lead places before the first month is past.
    """
    place = {name: index for index, name in enumerate(schedule.products)}
    names = sorted(set(features["feature"]))
    used = np.zeros((len(names), len(schedule.months)))
    row_of = {name: index for index, name in enumerate(names)}
    lead = features["lead_months"].fillna(0).astype(int).to_numpy()
    row, product = features["feature"].map(row_of).to_numpy(), features["product_id"].map(place).to_numpy()
    amount, plain = features["quantity"].to_numpy(float), (features["group"] == "").to_numpy()
    count = len(schedule.months)
    for months in np.unique(lead):
        here = plain & (lead == months)
        takes = sparse.csr_matrix((amount[here], (row[here], product[here])), (len(names), len(schedule.products)))
        used[:, : count - months] += (takes @ schedule.output)[:, months:]
    keys = list(zip(features["item_id"].astype(str), features["group"], features["choice"], strict=True))
    for entry in np.flatnonzero(~plain).tolist():
        key = keys[entry]
        used_by_product = schedule.output[product[entry]] * schedule.shares.get(key, 0.0) * amount[entry]
        used[row[entry], : count - lead[entry]] += used_by_product[lead[entry] :]
    return pd.DataFrame(used, index=names, columns=schedule.months)


def site_output(schedule: Schedule, features: pd.DataFrame, standing: dict[str, str | None]) -> pd.DataFrame:
    """Return product_id, site_id, month, output; a product's sites add up to its output to the last place.

    A product whose alternatives stand at several sites is split as its item's routes are; any other is made at its
    ``standing`` site. Products of an item add up to each route's output, too.
    """
    alone = features[features["group"] != ""][["item_id", "product_id", "group"]].drop_duplicates()
    split = {(item, group) for (item, group, _), site in schedule.route_sites.items() if site is not None}
    alone = alone[np.array([key in split for key in zip(alone["item_id"], alone["group"], strict=True)], bool)]
    deciding = alone.sort_values(["product_id", "group"]).drop_duplicates("product_id")
    place = {name: index for index, name in enumerate(schedule.products)}
    output = ticks(schedule.output)
    parts = []
    for (item, group), rows in deciding.groupby(["item_id", "group"], sort=True):
        members = rows["product_id"].map(place).to_numpy()
        choices = sorted(key for key in schedule.shares if key[:2] == (item, group))
        routed = np.stack([schedule.routed[key] for key in choices])
        for choice, values in zip(choices, _split(output[members], routed), strict=True):
            site = schedule.route_sites[choice]
            parts.append(
                _rows([schedule.products[one] for one in members], [site] * len(members), schedule.months, values)
            )
    rest = ~np.isin(np.array(schedule.products, object), deciding["product_id"].to_numpy())
    names = [name for name, chosen in zip(schedule.products, rest, strict=True) if chosen]
    summed = _rows(names, [standing.get(name) for name in names], schedule.months, output[rest])
    if parts:
        keys = ["product_id", "site_id", "month"]
        split_rows = pd.concat(parts, ignore_index=True).groupby(keys, dropna=False, as_index=False)["output"].sum()
        summed = pd.concat([summed, split_rows], ignore_index=True)
    return summed.assign(output=summed["output"] / TICKS)


def _split(output: Ints, routed: Ints) -> list[Ints]:
    """Split output (P, T) as alternatives make it (C, T): every product's parts add up, and every alternative's do.

    Whole parts first, in proportion; what is left of rows and columns, less than one a cell, is laid side by side.
    """
    total = np.stack(
        [proportional(routed[:, month], int(output[:, month].sum())) for month in range(output.shape[1])], axis=1
    )
    whole = output.sum(axis=0)
    divisor = np.where(whole > 0, whole, 1)
    # A hair under the exact part, so that no rounding of the division makes a part too large.
    parts = np.floor(output[None] * (total / divisor)[:, None, :] * (1 - 1e-12)).astype(np.int64)
    rows, columns = output - parts.sum(axis=0), total - parts.sum(axis=1)
    row_end, column_end = np.cumsum(rows, axis=0), np.cumsum(columns, axis=0)
    low = np.maximum((row_end - rows)[None], (column_end - columns)[:, None, :])
    high = np.minimum(row_end[None], column_end[:, None, :])
    parts += np.maximum(high - low, 0)
    return list(parts)


def _rows(names: list[str], sites: list[str | None], months: list[pd.Timestamp], values: Ints) -> pd.DataFrame:
    """The places with output, as rows."""
    row, column = np.nonzero(values)
    return pd.DataFrame(
        {
            "product_id": np.array(names, object)[row],
            "site_id": np.array(sites, object)[row],
            "month": pd.DatetimeIndex(months)[column],
            "output": values[row, column],
        }
    )
