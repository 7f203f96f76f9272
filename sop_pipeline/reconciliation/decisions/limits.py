"""Whether to raise a limit that binds: hours, heads, overtime, storage, material, subcontracting.

The shadow price of each month says what one unit more is worth and up to how many; a limit is worth raising only in
months that a decision of this meeting can still reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sop_pipeline.language.conventions import sign
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import (
    CENT,
    Decision,
    Option,
    count_text,
    last_safe_day,
    money_text,
    month_name,
    name_text,
    number_text,
    span_text,
)

SHARE_WITHOUT_END = Decimal("0.25")
"""How much is added, as a share of today's use, where the price holds without end."""


@dataclass(frozen=True)
class Limit:
    """How a binding limit is spoken of: what is added, in which unit, and who carries it out."""

    more: str
    unit: str
    owner: str


LIMITS = {
    "regular hours": Limit("hours on", "hours", "Head of production"),
    "overtime_hours": Limit("overtime on", "overtime hours", "Head of production"),
    "overtime_limit_pct": Limit("overtime on", "overtime hours", "Head of production"),
    "overtime_hours_per_unit": Limit("overtime on", "overtime hours", "Head of production"),
    "max_units": Limit("heads or machines at", "heads or machines", "Head of production"),
    "max_hires": Limit("hires at", "hires", "Head of human resources"),
    "temporary_max": Limit("temporary heads at", "temporary heads", "Head of human resources"),
    "capacity": Limit("capacity of", "units of capacity", "Head of logistics"),
    "subcontract_limit": Limit("subcontracting of", "units", "Head of purchasing"),
    "max_stock": Limit("stock of", "units", "Head of logistics"),
    "cover_days_max": Limit("stock of", "units", "Head of logistics"),
}


@dataclass(frozen=True)
class Month:
    """One binding month: what a unit more is worth after what it costs, and how many units that holds for."""

    month: date
    price: Decimal
    room: Decimal
    cost: Decimal

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
        if row["constraint"] in LIMITS and row["price_per_unit"] > 0:
            grouped.setdefault((row["item"], row["constraint"]), []).append(row)
    for (item, constraint), rows in sorted(grouped.items()):
        decision = _decision(item, constraint, rows, evidence)
        if decision is not None and (item not in found or decision.gain > found[item].gain):
            found[item] = decision
    return sorted(found.values(), key=lambda decision: (-decision.gain, decision.key))


def _decision(item: str, constraint: str, rows: list[Row], evidence: Evidence) -> Decision | None:
    months = [month for month in _months(item, constraint, rows, evidence) if month.worth > 0]
    hiring = _hiring_cost(item, constraint, months, evidence)
    worth = sum((month.worth for month in months), Decimal(0)) - hiring
    if not months or worth <= 0:
        return None
    limit, peak = LIMITS[constraint], max(months, key=lambda month: (month.worth, -month.month.toordinal()))
    lead_months, lead_days = _lead(item, constraint, evidence)
    return Decision(
        key=f"{constraint.replace(' ', '_')}-{item}",
        question=f"More {limit.more} {name_text(item)}, {span_text(months[0].month, months[-1].month)}?",
        context=_context(item, months, peak, limit, evidence),
        options=_options(item, limit, months, peak, worth, evidence),
        recommended=1,
        why=_why(months, limit, worth, evidence),
        last_safe_date=last_safe_day(months[0].month, lead_months, lead_days),
        owner=_owner(item, limit, evidence),
    )


def _months(item: str, constraint: str, rows: list[Row], evidence: Evidence) -> Iterator[Month]:
    lead = _lead(item, constraint, evidence)
    cost = _hourly_pay(item, constraint, evidence)
    used = _used(item, constraint, evidence)
    for row in sorted(rows, key=lambda row: row["month"]):
        if not evidence.is_reachable(row["month"], *lead):
            continue
        now = used.get(row["month"], Decimal(0))
        room = now * SHARE_WITHOUT_END if row["valid_to"] is None else max(row["valid_to"] - now, Decimal(0))
        yield Month(row["month"], row["price_per_unit"], room, cost)


def _used(item: str, constraint: str, evidence: Evidence) -> dict[date, Decimal]:
    """What the plan uses of the limit in each month, counted as the limit is."""
    if constraint in ("subcontract_limit", "max_stock", "cover_days_max"):
        column = "subcontract" if constraint == "subcontract_limit" else "inventory"
        return {row["month"]: row[column] for row in evidence.rows["aggregate_plan"] if row["item_id"] == item}
    columns = {
        "regular hours": ("regular_hours", "overtime_hours"),
        "capacity": ("regular_hours",),
        "max_units": ("units",),
        "max_hires": ("hires",),
        "temporary_max": ("temporary",),
    }.get(constraint, ("overtime_hours",))
    mine = [row for row in evidence.rows["resource_plan"] if row["resource_id"] == item]
    return {row["month"]: sum((row[name] for name in columns), Decimal(0)) for row in mine}


def _resource(item: str, evidence: Evidence) -> Row:
    return next((row for row in evidence.rows["resources"] if row["resource_id"] == item), {})


def _hourly_pay(item: str, constraint: str, evidence: Evidence) -> Decimal:
    """Pay of an added hour; 0 where the plan's price is already after pay (``pay_basis`` worked, other limits)."""
    resource = _resource(item, evidence)
    if constraint != "regular hours" or resource.get("pay_basis") == "worked":
        return Decimal(0)
    return amount(resource.get("regular_rate"))


def _hiring_cost(item: str, constraint: str, months: list[Month], evidence: Evidence) -> Decimal:
    """Hiring the heads that the added hours take, where the hours are people's."""
    resource = _resource(item, evidence)
    if constraint != "regular hours" or resource.get("kind") != "labour" or not months:
        return Decimal(0)
    per_head = {
        row["month"]: (row["available"] or Decimal(0)) / row["units"]
        for row in evidence.rows["resource_plan"]
        if row["resource_id"] == item and row["units"] > 0
    }
    heads = [month.room / per_head[month.month] for month in months if per_head.get(month.month)]
    return (max(heads, default=Decimal(0)) * amount(resource.get("hire_cost"))).quantize(CENT)


def _lead(item: str, constraint: str, evidence: Evidence) -> tuple[int, int]:
    """Months and days from a decision to its effect."""
    if constraint in ("regular hours", "max_units", "max_hires", "temporary_max"):
        return _resource(item, evidence).get("hire_lead_months") or 0, 0
    if constraint == "capacity":
        found = evidence.by_key("materials", "material_id").get((item,), {})
        return 0, found.get("lead_days") or 0
    if constraint == "subcontract_limit":
        found = evidence.by_key("planning_products", "product_id").get((item,), {})
        return 0, found.get("replenishment_lead_days") or 0
    return 0, 0


def _context(item: str, months: list[Month], peak: Month, limit: Limit, evidence: Evidence) -> str:
    load = evidence.by_key("resource_plan", "resource_id", "month").get((item, peak.month), {})
    utilisation = load.get("utilisation")
    facts = "" if utilisation is None else f"Utilisation {utilisation:.0%} in {month_name(peak.month)}; "
    one = limit.unit.removesuffix("s") if " or " not in limit.unit and " of " not in limit.unit else "unit"
    whole = _whole_unit(item, months[0].month, evidence)
    return (
        f"{facts}one more {one} is worth {sign(evidence.company.currency)}{peak.price:,.2f} "
        f"{'then' if facts else f'in {month_name(peak.month)}'}, "
        f"up to {number_text(peak.room)} {limit.unit}; {count_text(len(months), 'binding month')} in reach."
        f"{whole}"
    )


def _whole_unit(item: str, month: date, evidence: Evidence) -> str:
    """What a whole machine more from the first month on is worth at most: its shadow price, which only falls after."""
    resource = _resource(item, evidence)
    price = evidence.by_key("shadow_prices", "constraint", "item", "month").get(("workforce", item, month))
    if resource.get("kind") != "machine" or price is None or price["price_per_unit"] <= 0:
        return ""
    worth = money_text(price["price_per_unit"], evidence.company.currency)
    return f" A machine more from {month_name(month)}: {worth} at most."


def _options(
    item: str, limit: Limit, months: list[Month], peak: Month, worth: Decimal, evidence: Evidence
) -> tuple[Option, ...]:
    added = sum((month.room for month in months), Decimal(0))
    before = "" if months[0].cost else ", before what they cost"
    options = [
        Option("Keep the limit, plan as it stands", Decimal(0)),
        Option(f"Up to {number_text(added)} {limit.unit} more over {count_text(len(months), 'month')}{before}", worth),
    ]
    single = peak.worth - _hiring_cost(item, "regular hours", [peak], evidence) if limit.unit == "hours" else peak.worth
    if len(months) > 1:
        text = f"{month_name(peak.month)} alone: up to {number_text(peak.room)} {limit.unit} more"
        options.append(Option(text, single))
    return tuple(options)


def _why(months: list[Month], limit: Limit, worth: Decimal, evidence: Evidence) -> str:
    pay = " after their pay" if months[0].cost else ""
    return (
        f"Pays while the {limit.unit} cost less than {money_text(worth, evidence.company.currency)} in all{pay}: "
        "the months' sum, the most it can bring."
    )


def _owner(item: str, limit: Limit, evidence: Evidence) -> str:
    site = _resource(item, evidence).get("site_id")
    if _resource(item, evidence).get("kind") == "material":
        return "Head of purchasing"
    return f"{limit.owner}, {site}" if site and limit.owner == "Head of production" else limit.owner
