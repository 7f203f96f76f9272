"""What is planned: products bottom-up, families top-down, or some of each.

Here: which item each product belongs to, and how products' figures become an item's. A family's factors and prices are
the mix-weighted averages of its products, its demand and stock their sums. Products in different units of measure are
never added: such a family is planned as one item per unit. Not here: the products' own figures.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from sop_pipeline.errors import BadInput

Floats = npt.NDArray[np.float64]

FEATURE_KEY = ["product_id", "feature", "lead_months", "option_group"]
AVERAGED = ("unit_material_cost", "standard_cost", "unit_price", "holding_cost", "backlog_cost", "lost_sales_cost")


def planned_items(
    products: pd.DataFrame, approach: dict[str, str], mix: pd.DataFrame, *, by_family: bool
) -> pd.DataFrame:
    """Return product_id, family, item_id, item_level and share (of the item), one row per product in order.

    ``approach`` maps a family to top_down or bottom_up; ``by_family`` plans every family as one, whatever it says.
    ``mix`` gives product_id and units, the volumes behind the shares.
    """
    out = products[["product_id", "family"]].copy()
    unit = products["unit_of_measure"].fillna("")
    several = unit.groupby(out["family"]).transform("nunique") > 1
    named = out["family"] + (" (" + unit + ")").where(several, "")
    pooled = out["family"].map(approach).eq("top_down") | by_family
    pooled &= ~(named.eq(out["product_id"]) & (named.groupby(named).transform("size") == 1))
    out["item_id"] = named.where(pooled, out["product_id"])
    out["item_level"] = np.where(pooled, "family", "product")
    _refuse_shared_names(out)
    volume = out["product_id"].map(mix.set_index("product_id")["units"]).fillna(0.0)
    total = volume.groupby(out["item_id"]).transform("sum")
    count = volume.groupby(out["item_id"]).transform("size")
    out["share"] = np.where(total > 0, volume / total.where(total > 0, 1.0), 1.0 / count)
    return out


def _refuse_shared_names(items: pd.DataFrame) -> None:
    families = items.loc[items["item_level"] == "family", "item_id"]
    shared = sorted(set(families) & set(items["product_id"]))
    if shared:
        raise BadInput(
            found=f"{shared[0]!r} as a family planned as one and as a product",
            needed="names that tell them apart",
            where="products, columns product_id and family",
            mend="Rename the family, or plan it bottom-up.",
        )


def item_products(products: pd.DataFrame, items: pd.DataFrame, *, lots: bool) -> pd.DataFrame:
    """Return table ``products`` by item. Stock limits are left out: they stand by month in ``item_months``.

    ``lots`` keeps set-ups and least lots of products planned by themselves; a family has none.
    """
    single = (items["item_level"] == "product").to_numpy()
    singles = products[single].copy()
    limits = ["cover_days_min", "cover_days_max", "max_stock", "shelf_life_months", "service_level"]
    singles[limits + ([] if lots else ["min_lot", "setup_cost"])] = np.nan
    pooled = products[~single].assign(
        item_id=items["item_id"][~single], share=items["share"][~single], member=items["product_id"][~single]
    )
    families = [_family(str(name), rows) for name, rows in pooled.groupby("item_id", sort=True)]
    frames = [frame for frame in (singles, pd.DataFrame(families)) if len(frame)]
    return pd.concat(frames, ignore_index=True)


def _family(name: str, rows: pd.DataFrame) -> dict[str, object]:
    share = rows["share"].to_numpy(float)
    sites = rows["site_id"].dropna().unique()
    subcontracted = rows["subcontract_cost"].notna().to_numpy()
    limits = rows["subcontract_limit"].to_numpy(float)[subcontracted]
    return {
        "product_id": name,
        "product_name": name,
        "family": rows["family"].iloc[0],
        "unit_of_measure": rows["unit_of_measure"].iloc[0],
        "equivalent_units": _average(rows["equivalent_units"], share),
        **{column: _average(rows[column], share) for column in AVERAGED},
        "subcontract_cost": _average(rows["subcontract_cost"], share),
        "subcontract_limit": limits.sum() if subcontracted.any() and not np.isnan(limits).any() else np.nan,
        "site_id": sites[0] if len(sites) == 1 and rows["site_id"].notna().all() else None,
    }


def _average(values: pd.Series, share: Floats) -> float:
    """Weighted average over the products that have a value; NaN when none has."""
    present = values.notna().to_numpy()
    if not present.any():
        return float("nan")
    weight = share[present] if share[present].sum() > 0 else np.ones(int(present.sum()))
    return float((values.to_numpy(float)[present] * weight).sum() / weight.sum())


def item_features(features: pd.DataFrame, items: pd.DataFrame, *, lots: bool) -> pd.DataFrame:
    """Return table ``product_features`` by item: ``a_r = sum_p mix_p a_pr`` for a family (METHODS 4).

    A family's option groups stay choices: products with the same alternatives share one, named after them.
    """
    merged = features.merge(items, on="product_id")
    single = merged["item_level"] == "product"
    singles = merged[single].drop(columns=["item_id", "item_level", "share", "family"])
    if not lots:
        singles = singles.assign(setup=np.nan)
    pooled = family_features(features, items)
    pooled = pooled.assign(quantity=pooled["quantity"] * pooled["share"], product_id=pooled["item_id"])
    families = pooled.groupby(FEATURE_KEY, dropna=False, as_index=False, sort=True)["quantity"].sum()
    frames = [frame for frame in (singles, families) if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else features.iloc[:0]


def family_features(features: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return the features of products that are planned within a family, with item_id and share.

    Leads are filled; products with the same alternatives share an option group, named after them.
    """
    merged = features.merge(items[items["item_level"] == "family"], on="product_id")
    return _grouped_by_alternatives(merged.assign(lead_months=merged["lead_months"].fillna(0)))


def item_feature_months(
    features: pd.DataFrame, items: pd.DataFrame, demand: Floats, months: list[pd.Timestamp]
) -> pd.DataFrame:
    """Return ``planning_feature_months`` of the families in ``items``: each month's factors from its own products.

    ``a_r(t) = sum_p D_pt a_pr / sum_p D_pt`` (METHODS 5), ``demand`` (P, T) in the order of ``items``; a month that
    asks for nothing keeps the factor of the horizon and has no row.
    """
    pooled = family_features(features, items)
    if pooled.empty:
        return pd.DataFrame(columns=[*FEATURE_KEY, "month", "quantity"])
    place = pd.Series(np.arange(len(items)), index=items["product_id"])
    order = sorted(set(items["item_id"]))
    keyed = pooled.assign(product_id=pooled["item_id"])
    group = keyed.groupby(FEATURE_KEY, dropna=False, sort=True)
    keys = group.size().reset_index()[FEATURE_KEY]
    rows, columns = group.ngroup().to_numpy(), place[pooled["product_id"]].to_numpy()
    takes = sparse.csr_matrix((pooled["quantity"].to_numpy(float), (rows, columns)), (len(keys), len(items)))
    total = item_sums(demand, items, order)[[order.index(name) for name in keys["product_id"]]]
    asked = total > 0
    factor = np.where(asked, (takes @ demand) / np.where(asked, total, 1.0), np.nan)
    out = keys.loc[keys.index.repeat(len(months))].reset_index(drop=True)
    return out.assign(month=list(months) * len(keys), quantity=factor.ravel()).dropna(subset=["quantity"])


def _grouped_by_alternatives(pooled: pd.DataFrame) -> pd.DataFrame:
    grouped = pooled["option_group"].fillna("") != ""
    if not grouped.any():
        return pooled
    parts = pooled.loc[grouped, "option_group"].str.partition("/")
    choice = parts[2].where(parts[2] != "", pooled.loc[grouped, "feature"].str.replace("/", "-"))
    member = [pooled.loc[grouped, "product_id"], parts[0]]
    choices = choice.groupby(member).transform(lambda names: " or ".join(sorted(set(names))))
    out = pooled.copy()
    out.loc[grouped, "option_group"] = parts[0] + ": " + choices.str.replace("/", "-") + "/" + choice
    return out


def item_sums(values: Floats, items: pd.DataFrame, order: list[str]) -> Floats:
    """Add a (P, T) array up to items (I, T) in the order given; infinite where a member is."""
    place = {name: index for index, name in enumerate(order)}
    rows = items["item_id"].map(place).to_numpy(np.int64)
    out = np.zeros((len(order), values.shape[1]))
    np.add.at(out, rows, values)
    return out
