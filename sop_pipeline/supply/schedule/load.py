"""The schedule recomputed from its products: hours beside the plan's, sites, materials to order, and what to say of it.

A family's plan uses its mix; what its products really load is recomputed here and the difference reported (METHODS 5).
Not here: how products, routes and features are read (``usage``), how output is shared out
(``disaggregate``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import ChosenPlan, chosen_plan
from sop_pipeline.cycle import Cycle
from sop_pipeline.defaults import Defaults
from sop_pipeline.meeting import meeting_day
from sop_pipeline.resource_kinds import has_hours
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.schedule.material_orders import material_orders
from sop_pipeline.supply.schedule.usage import Schedule, named_features, read_schedule, site_output, usage

SMALL, TELLING = 0.0005, 0.01


@dataclass(frozen=True)
class LoadInputs:
    """The schedule, the plans it comes from and which is chosen, what products take and what there is of it."""

    production_schedule: pa.Table
    schedule_remainders: pa.Table
    plan_summary: pa.Table
    route_plan: pa.Table
    resource_plan: pa.Table
    aggregate_plan: pa.Table
    planned_features: pa.Table
    planning_resources: pa.Table
    materials: pa.Table
    products: pa.Table


@dataclass(frozen=True)
class Loads:
    """Where the schedule is made, what it loads, which materials it needs ordered, and what to say of it."""

    site_schedule: pa.Table
    schedule_load: pa.Table
    material_orders: pa.Table
    schedule_defaults: pa.Table


def schedule_loads(inputs: LoadInputs, *, company: SupplySettings) -> Loads:
    """Recompute the schedule from its products: hours beside the plan's, sites, materials to order."""
    chosen = chosen_plan(inputs.plan_summary, company)
    schedule = read_schedule(tables.frame(inputs.production_schedule), _of(chosen, inputs.route_plan))
    features = named_features(tables.frame(inputs.planned_features).drop(columns=["recorded_on"]), schedule.items)
    used = usage(schedule, features)
    resources = tables.frame(inputs.planning_resources)
    hours = resources[has_hours(resources)]
    used = used.add(_set_ups(_of(chosen, inputs.aggregate_plan), features, schedule), fill_value=0.0)
    load = _load(used, _of(chosen, inputs.resource_plan), list(hours["resource_id"]), schedule)
    decided = meeting_day(company, Cycle(schedule.months[0].date())) if schedule.months else None
    orders = material_orders(tables.frame(inputs.materials), used, schedule.months, decided_on=decided)
    return Loads(
        site_schedule=_by_site(schedule, features, hours, tables.frame(inputs.products)),
        schedule_load=tables.conform("schedule_load", load),
        material_orders=tables.conform("material_orders", orders) if len(orders) else tables.empty("material_orders"),
        schedule_defaults=_notes(load, tables.frame(inputs.schedule_remainders), schedule),
    )


def _of(chosen: ChosenPlan, table: pa.Table) -> pd.DataFrame:
    """The chosen plan's rows."""
    frame = tables.frame(table)
    return frame[(frame["strategy"] == chosen.strategy) & (frame["scenario"] == chosen.scenario)]


def _set_ups(plan: pd.DataFrame, features: pd.DataFrame, schedule: Schedule) -> pd.DataFrame:
    """Hours of the set-ups that the plan counts: of products planned by themselves, without alternatives."""
    with_set_up = features[(features["setup"].fillna(0.0) > 0) & (features["group"] == "")]
    lots = plan[plan["set_up"].fillna(0) > 0][["item_id", "month", "set_up"]].merge(with_set_up, on="item_id")
    lots = lots.assign(hours=lots["set_up"].astype(float) * lots["setup"])
    wide = lots.pivot_table(index="feature", columns="month", values="hours", aggfunc="sum")
    return wide.reindex(columns=schedule.months).fillna(0.0)


def _load(used: pd.DataFrame, plan: pd.DataFrame, names: list[str], schedule: Schedule) -> pd.DataFrame:
    out = plan[plan["resource_id"].isin(names)].copy()
    long = (
        used.reindex(names)
        .fillna(0.0)
        .rename_axis("resource_id")
        .melt(ignore_index=False, var_name="month", value_name="by_products")
    )
    out = out.merge(long.reset_index(), on=["resource_id", "month"], how="left").fillna({"by_products": 0.0})
    out["by_products"] = out["by_products"].round(4)
    out["planned"] = (out["regular_hours"] + out["overtime_hours"]).round(4)
    out["difference"] = (out["by_products"] - out["planned"]).round(4)
    out["available"] = (out["available"] + out["overtime_hours"]).round(4)
    out["over"] = (out["by_products"] - out["available"]).clip(lower=0.0).fillna(0.0).round(4)
    return out[["resource_id", "month", "planned", "by_products", "difference", "available", "over"]]


def _by_site(schedule: Schedule, features: pd.DataFrame, hours: pd.DataFrame, products: pd.DataFrame) -> pa.Table:
    """Sites of the schedule: a product's own site, else that of its resources when they have one, else its routes'."""
    site = hours.dropna(subset=["site_id"]).set_index("resource_id")["site_id"]
    sited = features.assign(site_id=features["feature"].map(site)).dropna(subset=["site_id"])
    several = sited.groupby("product_id")["site_id"].agg(["nunique", "first"])
    one = several[several["nunique"] == 1]
    standing: dict[str, str | None] = dict(zip(one.index, one["first"], strict=True))
    stated = products.dropna(subset=["site_id"])
    standing |= dict(zip(stated["product_id"], stated["site_id"], strict=True))
    out = site_output(schedule, features, standing)
    family = schedule.items.set_index("product_id")["family"]
    return tables.conform("site_schedule", out.assign(family=out["product_id"].map(family)))


def _notes(load: pd.DataFrame, remainders: pd.DataFrame, schedule: Schedule) -> pa.Table:
    """What the pack says of the schedule: the largest difference of load, and what lots or fixed shares left over."""
    notes = Defaults()
    pooled = bool((schedule.items["item_level"] == "family").any())
    share = (load["difference"].abs() / load["planned"].where(load["planned"] > 0)).fillna(0.0)
    differing = share > SMALL
    if pooled and differing.any():
        worst = load.iloc[int(share.to_numpy().argmax())]
        notes.use(
            "schedule_load",
            int(differing.sum()),
            subject=str(worst["resource_id"]),
            amount=float(share.max()),
            unit="share",
            month=worst["month"].date(),
        )
        above = load[load["over"] > TELLING * load["available"]]
        notes.use("schedule_overload", len(above), amount=TELLING, unit="share")
    under, over = remainders[remainders["remainder"] > 0], remainders[remainders["remainder"] < 0]
    if len(under):
        _remainder(notes, "schedule_remainders", len(under), under.iloc[int(under["remainder"].to_numpy().argmax())])
    if len(over):
        worst = over.iloc[int(over["remainder"].to_numpy().argmin())]
        _remainder(notes, "schedule_over_planned", int(over["item_id"].nunique()), worst)
    return notes.table("schedule_defaults")


def _remainder(notes: Defaults, default_id: str, items: int, worst: pd.Series) -> None:
    notes.use(
        default_id,
        items,
        subject=worst["item_id"],
        amount=abs(float(worst["remainder"])),
        unit="units",
        month=worst["month"].date(),
    )
