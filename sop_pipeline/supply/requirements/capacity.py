"""What limits the plan: the company's resources, or one called "capacity" when it names none.

Here: the default resource of METHODS 7, the calendar of the planned months, hours that are there. Not here: what
products cost (``products``), or the load on a resource (``requirements``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.defaults import Defaults
from sop_pipeline.resource_kinds import ASSUMED, HOUR_KINDS, UNSTATED, unexplained_features
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.common_units import common_units
from sop_pipeline.supply.requirements.inputs import RequirementInputs

DEFAULT_OVERTIME_PCT = 10
_NAMED = 12
MONTHS_SHOWN = 36
"""Months back in which a best month counts: a plant of longer ago may be gone."""


@dataclass(frozen=True)
class Capacity:
    """Resources and what products take of them, complete; ``is_default`` when the company named no hours."""

    resources: pa.Table
    resource_months: pa.Table
    product_features: pa.Table
    is_default: bool


def capacity(inputs: RequirementInputs, *, cycle: Cycle, defaults: Defaults | None = None) -> Capacity:
    """Return the company's resources and features, the default capacity added where no product takes hours.

    The default is one resource whose regular hours, counted in common units, are the output per working day of the best
    month of production (of demand where there is none) within three years, with 10% overtime: no month that the
    company has shown is beyond it (docs/decisions/0024).
    """
    noted = defaults if defaults is not None else Defaults()
    resources, demand_plan = inputs.resources, inputs.demand_plan
    features = _features_of_like_products(inputs.product_features, demand_plan, inputs.product_lifecycle, noted)
    unknown = unexplained_features(features, resources, inputs.materials)
    noted.use("features_unlimited", sum(unknown.values()), subject=_named(list(unknown)))
    if _takes_hours(resources, features):
        _note_products_without_hours(resources, features, demand_plan, noted)
        return Capacity(resources, inputs.resource_months, features, is_default=False)
    others = _others(resources)
    limited = pc.is_in(inputs.resource_months["resource_id"], others["resource_id"].combine_chunks())
    return Capacity(
        tables.concat("resources", [others, _default_resource(inputs, cycle, noted)]),
        inputs.resource_months.filter(limited),
        tables.concat("product_features", [features, _one_each(inputs, demand_plan)]),
        is_default=True,
    )


def _named(names: list[str]) -> str:
    """The names, the first dozen of them where there are more."""
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _default_resource(inputs: RequirementInputs, cycle: Cycle, defaults: Defaults) -> pa.Table:
    basis, best = _best_rate(inputs, cycle)
    rate = float(best["rate"])
    defaults.use(
        f"resources_{basis}",
        1,
        among=best["months"],
        subject=ASSUMED,
        amount=rate,
        unit="units",
        month=best["best_month"],
    )
    row = {
        "resource_id": ASSUMED,
        "kind": UNSTATED,
        "unit": "common_unit",
        "opening_units": 1,
        "hours_per_day": rate,
        "pay_basis": "worked",
        "overtime_limit_pct": DEFAULT_OVERTIME_PCT,
    }
    return tables.conform("resources", [row])


def planning_calendar(working_calendar: pa.Table, calendar: pa.Table, months: list[date]) -> pa.Table:
    """Return working days of the planned months: the company's, then each site's own rows."""
    planned = pa.array(months, pa.date32())
    company = working_calendar.filter(pc.is_in(working_calendar["month"], planned))
    sites = calendar.filter(pc.and_(pc.is_in(calendar["month"], planned), pc.is_valid(calendar["site_id"])))
    return tables.conform("planning_calendar", pa.concat_tables([company, sites], promote_options="default"))


def note_public_holidays(
    working_calendar: pa.Table, months: list[date], *, company: SupplySettings, cycle: Cycle, defaults: Defaults
) -> None:
    """List the planned months whose days rest on public holidays: another version of the package may move them."""
    planned = working_calendar.filter(pc.is_in(working_calendar["month"], pa.array(months, pa.date32())))
    counted = tables.where(planned, source="week").num_rows
    if company.country is not None:
        basis = company.working_days.basis(cycle.month)
        defaults.use(
            "public_holidays_of_every_state" if basis.is_every_state else "public_holidays",
            counted,
            among=len(months),
            subject=basis.place,
            unit=basis.week,
            month=basis.provisional_from,
            source=basis.source,
        )


def availability(
    resources: pa.Table, resource_months: pa.Table, planning_calendar: pa.Table, demand_plan: pa.Table
) -> pa.Table:
    """Return regular hours (or a month's capacity) of every resource and planned month; null where nothing limits."""
    inputs = {
        "resources": resources,
        "resource_months": resource_months,
        "calendar": planning_calendar,
        "demand_plan": demand_plan,
    }
    return sql.query("supply/resource_availability", inputs)


def _hour_resources(resources: pa.Table) -> pa.Array:
    kind = resources["kind"].fill_null(pa.scalar(UNSTATED))
    return resources.filter(pc.is_in(kind, pa.array(HOUR_KINDS)))["resource_id"].combine_chunks()


def _takes_hours(resources: pa.Table, features: pa.Table) -> bool:
    return bool(pc.any(pc.is_in(features["feature"], _hour_resources(resources))).as_py())


def _others(resources: pa.Table) -> pa.Table:
    """Resources that are left when the default capacity stands in: those no product could have loaded stay out."""
    kind = resources["kind"].fill_null(pa.scalar(UNSTATED))
    return resources.filter(pc.invert(pc.is_in(kind, pa.array(HOUR_KINDS))))


def _note_products_without_hours(
    resources: pa.Table, features: pa.Table, demand_plan: pa.Table, defaults: Defaults
) -> None:
    loading = features.filter(pc.is_in(features["feature"], _hour_resources(resources)))["product_id"]
    planned = pc.unique(demand_plan["product_id"])
    idle = len(planned.filter(pc.invert(pc.is_in(planned, pc.unique(loading)))))
    defaults.use("product_hours", idle)


def _features_of_like_products(
    features: pa.Table, demand_plan: pa.Table, lifecycle: pa.Table, defaults: Defaults
) -> pa.Table:
    """Add the like product's features for products that have none of their own."""
    listed = set(pc.unique(features["product_id"]).to_pylist())
    bare = set(pc.unique(demand_plan["product_id"]).to_pylist()) - listed
    like = {
        row["product_id"]: row["like_product_id"]
        for row in lifecycle.select(["product_id", "like_product_id"]).to_pylist()
        if row["product_id"] in bare and row["like_product_id"] in listed
    }
    if not like:
        return features
    taken_after = pa.array(sorted(set(like.values())))
    rows = features.filter(pc.is_in(features["product_id"], taken_after)).to_pylist()
    copied = [{**row, "product_id": new} for new, old in like.items() for row in rows if row["product_id"] == old]
    defaults.use("like_product_features", len(like))
    return tables.concat("product_features", [features, tables.conform("product_features", copied)])


def _one_each(inputs: RequirementInputs, demand_plan: pa.Table) -> pa.Table:
    planned = pa.table([pc.unique(demand_plan["product_id"])], names=["product_id"])
    joined = planned.join(common_units(inputs.demand_units, inputs.products), "product_id")
    return tables.conform(
        "product_features",
        pa.Table.from_pydict(
            {
                "product_id": joined["product_id"],
                "feature": pa.array([ASSUMED] * joined.num_rows),
                "quantity": joined["common_units"].fill_null(pa.scalar(1, pa.decimal128(18, 6))),
            }
        ),
    )


def _best_rate(inputs: RequirementInputs, cycle: Cycle) -> tuple[str, dict[str, Any]]:
    """What the best month is of, with its rate, the month itself and of how many it is the best."""
    history = inputs.demand_history
    demanded = pa.Table.from_pydict(
        {"date": history["month"], "product_id": history["product_id"], "quantity": history["cleansed"]}
    )
    weights = common_units(inputs.demand_units, inputs.products)
    for basis, output in (("from_production", inputs.production), ("from_demand", demanded)):
        best = sql.query(
            "supply/best_output",
            {"output": output, "common_units": weights, "working_calendar": inputs.working_calendar},
            {"first_month": add_months(cycle.month, -MONTHS_SHOWN), "cutoff": cycle.cutoff},
        ).to_pylist()
        if best and best[0]["rate"] > 0:
            return basis, best[0]
    return "without_history", {"rate": 0.0, "months": None, "best_month": None}
