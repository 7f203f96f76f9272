"""Whether to raise a limit that binds: hours, heads, overtime, storage, material, subcontracting.

The shadow price of each month says what one unit more is worth and up to how many; a limit is worth raising only in
months that a decision of this meeting can still reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import CENT, Carrier, Decision, Fact, Option

SHARE_WITHOUT_END = Decimal("0.25")
"""How much is added, as a share of the limit, where the price holds without end."""


@dataclass(frozen=True)
class Limit:
    """Who raises a limit, and what it is counted in."""

    department: str
    unit: str


LIMITS = {
    "regular_hours": Limit("production", "hours"),
    "overtime_hours": Limit("production", "hours"),
    "overtime_limit_pct": Limit("production", "hours"),
    "overtime_hours_per_unit": Limit("production", "hours"),
    "max_units": Limit("production", "heads"),
    "max_hires": Limit("human_resources", "heads"),
    "temporary_max": Limit("human_resources", "heads"),
    "capacity": Limit("logistics", "units"),
    "subcontract_limit": Limit("purchasing", "units"),
    "max_stock": Limit("logistics", "units"),
    "cover_days_max": Limit("logistics", "units"),
}
"""Limits worth a question, as ``shadow_prices`` names them."""


@dataclass(frozen=True)
class Month:
    """One binding month: what a unit more is worth after what it costs, how many units that holds for, by when."""

    month: date
    price: Decimal
    room: Decimal
    cost: Decimal
    decide_by: date

    @property
    def worth(self) -> Decimal:
        """Money that the whole room brings."""
        return ((self.price - self.cost) * self.room).quantize(CENT)


def limit_decisions(evidence: Evidence) -> list[Decision]:
    """Return a decision for each limit that is worth raising, one a resource or product, the most valuable first."""
    if not evidence.has_money:
        return []
    found: dict[str, Decision] = {}
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in evidence.rows["shadow_prices"]:
        if row["price_per_unit"] > 0 and _has_cost(row["item"], row["constraint"], evidence):
            grouped.setdefault((row["item"], row["constraint"]), []).append(row)
    for (item, constraint), rows in sorted(grouped.items()):
        decision = _decision(item, constraint, rows, evidence)
        if decision is not None and (item not in found or decision.gain > found[item].gain):
            found[item] = decision
    return sorted(found.values(), key=lambda decision: (-decision.gain, decision.key))


def _has_cost(item: str, constraint: str, evidence: Evidence) -> bool:
    """Whether somebody can raise the limit at a cost that is known: what costs nobody knows how much is not put up.

    Hours and heads of people, or that are paid by the hour; overtime with its pay; what is subcontracted, or bought of
    a material, at its price; stock that the plan itself pays to hold. Another machine or warehouse has no price here.
    """
    if constraint not in LIMITS:
        return False
    resource = _resource(item, evidence)
    if constraint in ("regular_hours", "max_units"):
        return amount(resource.get("regular_rate")) > 0
    if constraint == "max_hires":
        return resource.get("hire_cost") is not None
    if constraint == "capacity":
        return evidence.by_key("materials", "material_id").get((item,), {}).get("unit_cost") is not None
    if constraint == "subcontract_limit":
        return evidence.by_key("planning_products", "product_id").get((item,), {}).get("subcontract_cost") is not None
    if constraint in ("max_stock", "cover_days_max"):
        return True
    rate = "temporary_rate" if constraint == "temporary_max" else "overtime_rate"
    return amount(resource.get(rate)) > 0 or amount(resource.get("regular_rate")) > 0


def _decision(item: str, constraint: str, rows: list[Row], evidence: Evidence) -> Decision | None:
    months = [month for month in _months(rows, evidence) if month.worth > 0]
    hiring = _hiring_cost(item, constraint, months, evidence)
    worth = sum((month.worth for month in months), Decimal(0)) - hiring
    if not months or worth <= 0:
        return None
    peak = max(months, key=lambda month: (month.worth, -month.month.toordinal()))
    is_paid = months[0].cost > 0
    return Decision(
        key=f"{constraint}-{item}",
        kind="limit",
        subject=item,
        limit=constraint,
        months=[month.month for month in months],
        options=_options(item, constraint, months, peak, worth, evidence),
        recommended=1,
        reason="pays_below_after_pay" if is_paid else "pays_below",
        facts=list(_facts(item, LIMITS[constraint], months, peak, evidence)),
        last_safe_date=months[0].decide_by,
        carrier=_carrier(item, LIMITS[constraint], evidence),
        course={month.month: month.worth - (hiring if month is months[0] else 0) for month in months},
    )


def _months(rows: list[Row], evidence: Evidence) -> Iterator[Month]:
    for row in sorted(rows, key=lambda row: row["month"]):
        if row["decide_by"] < evidence.meeting or not row["verified"]:
            continue
        now = row["current_limit"]
        room = now * SHARE_WITHOUT_END if row["valid_to"] is None else max(row["valid_to"] - now, Decimal(0))
        yield Month(row["month"], row["price_per_unit"], room, row["pay_per_unit"], row["decide_by"])


def _resource(item: str, evidence: Evidence) -> Row:
    return next((row for row in evidence.rows["resources"] if row["resource_id"] == item), {})


def _hiring_cost(item: str, constraint: str, months: list[Month], evidence: Evidence) -> Decimal:
    """Hiring the heads that the added hours take, where the hours are people's."""
    resource = _resource(item, evidence)
    if constraint != "regular_hours" or resource.get("kind") != "labour" or not months:
        return Decimal(0)
    per_head = {
        row["month"]: (row["available"] or Decimal(0)) / row["units"]
        for row in evidence.rows["resource_plan"]
        if row["resource_id"] == item and row["units"] > 0
    }
    heads = [month.room / per_head[month.month] for month in months if per_head.get(month.month)]
    return (max(heads, default=Decimal(0)) * amount(resource.get("hire_cost"))).quantize(CENT)


def _facts(item: str, limit: Limit, months: list[Month], peak: Month, evidence: Evidence) -> Iterator[Fact]:
    """What the limit is worth where that is most, how often it binds, and what a whole machine more would bring."""
    load = evidence.by_key("resource_plan", "resource_id", "month").get((item, peak.month), {})
    if load.get("utilisation") is not None:
        yield Fact("utilisation", load["utilisation"], "share", month=peak.month)
    yield Fact("worth_of_one", peak.price - peak.cost, "currency", month=peak.month)
    yield Fact("room", peak.room, limit.unit, month=peak.month)
    yield Fact("binding_months", len(months), "months")
    machine = _machine_worth(item, months[0].month, evidence)
    if machine is not None:
        yield Fact("machine_worth", machine, "currency", month=months[0].month)


def _machine_worth(item: str, month: date, evidence: Evidence) -> Decimal | None:
    """What a whole machine more from a month on brings at most: its shadow price, which only falls after."""
    row = evidence.by_key("shadow_prices", "constraint", "item", "month").get(("workforce", item, month))
    if _resource(item, evidence).get("kind") != "machine" or row is None or row["price_per_unit"] <= 0:
        return None
    return amount(row["price_per_unit"])


def _options(
    item: str, constraint: str, months: list[Month], peak: Month, worth: Decimal, evidence: Evidence
) -> tuple[Option, ...]:
    added = sum((month.room for month in months), Decimal(0))
    raised = "raise_paid_hours" if months[0].cost else "raise_limit"
    options = [Option("keep_limit", Decimal(0)), Option(raised, worth, quantity=added)]
    if len(months) > 1:
        single = peak.worth - _hiring_cost(item, constraint, [peak], evidence)
        options.append(Option("raise_one_month", single, month=peak.month, quantity=peak.room))
    return tuple(options)


def _carrier(item: str, limit: Limit, evidence: Evidence) -> Carrier:
    resource = _resource(item, evidence)
    if resource.get("kind") == "material":
        return Carrier("purchasing")
    return Carrier(limit.department, resource.get("site_id") if limit.department == "production" else None)
