"""The deliverables that allot people, hours, materials and money: by resource, by material, and in one plan of lines.

``commitment_sheets`` cuts that plan by the department that reads it. Not here: units and revenue by product
(``deliverables``), nor what other strategies would need (``supply``).
"""

from __future__ import annotations

from sop_pipeline.resource_kinds import KINDS
from sop_pipeline.tables.outputs.columns import DEPARTMENT, DEPARTMENTS, MONTH
from sop_pipeline.tables.schema import Table, day, flag, kind, money, quantity, rate, text

_RESOURCE = text("resource_id", "resource", required=True)
_SITE = text("site_id", "where it stands; blank where the company names no site")
_DAYS = rate("working_days", "days worked in the month, by the site's own calendar where it has one", "days")
_SHUTDOWN = text("shutdown", "name of a shutdown in the month")
_HEADS = "whole heads, rounded up"

WORKFORCE_PLAN = Table(
    "workforce_plan",
    "one row per labour resource and month",
    "reconciliation",
    "how many people work where, who joins and leaves, what hours they work and what they are paid",
    (
        _RESOURCE,
        _SITE,
        MONTH,
        _DAYS,
        _SHUTDOWN,
        quantity("opening_heads", f"employed at the month before's end: {_HEADS}", "heads", required=True),
        quantity("hires", "taken on", "heads", required=True),
        quantity("layoffs", "let go", "heads", required=True),
        quantity("heads", f"employed in the month: {_HEADS}", "heads", required=True),
        quantity("temporary", f"temporary workers: {_HEADS}", "heads", required=True),
        quantity("planned_heads", "heads as planned and paid, in fractions unless whole_workers is set", "heads"),
        quantity("planned_temporary", "temporary workers likewise", "heads"),
        quantity("max_heads", "most heads", "heads"),
        quantity("max_hires", "most taken on in a month", "heads"),
        quantity("max_layoffs", "most let go in a month", "heads"),
        quantity("max_temporary", "most temporary workers", "heads"),
        day("hire_by", "day by which hires have to be decided, where a lead time is given"),
        quantity("regular_hours", "regular hours worked", "hours", required=True),
        quantity("overtime_hours", "overtime", "hours", required=True),
        quantity("available_hours", "regular hours there are", "hours"),
        quantity("overtime_limit", "most overtime; blank: no limit", "hours"),
        money("regular_pay", "regular pay"),
        money("overtime_pay", "overtime pay"),
        money("temporary_pay", "pay of temporary workers"),
        money("hiring_cost", "cost of hires"),
        money("layoff_cost", "cost of layoffs"),
    ),
    ("resource_id", "month"),
)

CAPACITY_PLAN = Table(
    "capacity_plan",
    "one row per resource and month",
    "reconciliation",
    "what the plan uses of every resource against what there is: hours, storage, material, cash",
    (
        _RESOURCE,
        kind("kind", "what it is", KINDS, required=True, words="resource_kind"),
        _SITE,
        MONTH,
        _DAYS,
        _SHUTDOWN,
        text("unit", "what load and capacity are counted in", required=True),
        quantity("installed", "heads or machines", "heads or machines"),
        quantity("down", "of them not available: maintenance, absence", "heads or machines"),
        quantity("load", "used by the plan, overtime with it", "its unit", required=True),
        quantity("overtime", "of which overtime", "its unit", required=True),
        quantity("available", "regular hours, or capacity; blank: no limit", "its unit"),
        quantity("overtime_limit", "most overtime; blank: no limit", "its unit"),
        rate("utilisation", "load / available", "share"),
    ),
    ("resource_id", "month"),
)

MATERIAL_PLAN = Table(
    "material_plan",
    "one row per material and month",
    "reconciliation",
    "what the schedule takes of each material, what has to be ordered for it by which day, what arrives and is left",
    (
        text("material_id", "material", required=True),
        text("unit", "its unit, where a resource of its name states one"),
        MONTH,
        quantity("requirement", "taken by the schedule", "material units", required=True),
        quantity("order_quantity", "to be ordered, to arrive in this month", "material units", required=True),
        day("order_by", "day by which it has to be ordered"),
        day("needed_on", "day it is needed on"),
        flag("late", "whether that day is past when the plan is decided, or the material runs out", required=True),
        quantity("on_order", "ordered already, arriving in this month", "material units", required=True),
        quantity("stock", "left at month end; blank for a material without a row in materials", "material units"),
        quantity("supply_limit", "most that can be had in the month; blank: no limit", "material units"),
        money("order_value", "price of what has to be ordered"),
        money("stock_value", "what is left, at unit cost"),
    ),
    ("material_id", "month"),
)

_PEOPLE = ("employ", "employ_temporary", "hire", "lay_off")
_TIME = ("work", "run", "stand_still", "regular_hours", "overtime_hours", "use_capacity")
_UNITS = ("sell", "owe", "make", "subcontract", "keep", "store", "take", "order", "launch", "phase_out")
_SPENDING = (
    *("material_cost", "subcontracting_cost", "regular_pay", "overtime_pay", "temporary_pay"),
    *("hiring_cost", "layoff_cost", "setup_cost", "rate_change_cost", "fixed_cost"),
)
_MONEY = ("revenue", *_SPENDING, "holding_cost", "receive", "pay", "cash_flow", "cash_balance", "spend")
COMMITMENTS = (*_PEOPLE, *_TIME, *_UNITS, *_MONEY)
ITEM_KINDS = ("family", "product", "resource", "material", "site", "company")

_COMMITMENT = kind("commitment", "what", COMMITMENTS, required=True)
_ITEM_KIND = kind("item_kind", "what the item is", ITEM_KINDS, required=True)
_ITEM = text("item", "family, product, resource, material or site; the company's name for all of it", required=True)
_SITE_OF_LINE = text("site_id", "site it is for, where it has one")
_WHAT = (
    text("allots", "what is allotted", required=True, one_of=("people", "money", "time", "units")),
    quantity("quantity", "how much", "its unit", required=True),
    text("unit", "its unit", required=True),
    quantity("available", "what there is of it, or the most there may be; blank: no limit is known", "its unit"),
    day("due_on", "day by which it has to be decided or ordered, where a lead time is given"),
    text("owner", "who answers for it by name (owners of sop.yaml); blank: the head of the department"),
    text("note", "name of a shutdown, or family of a launch"),
)

OPERATIONAL_PLAN = Table(
    "operational_plan",
    "one row per month, department, site, commitment and item",
    "reconciliation",
    "the one plan that allots people, money and time: who does what, how much, when, against what is available, and "
    "who answers for it",
    (
        MONTH,
        DEPARTMENT,
        _SITE_OF_LINE,
        _COMMITMENT,
        _ITEM_KIND,
        _ITEM,
        *_WHAT,
        flag("detail", "whether a line of its family counts it already", required=True),
    ),
    ("month", "department", "site_id", "commitment", "item_kind", "item"),
)

COMMITMENT_SHEETS = Table(
    "commitment_sheets",
    "one row per department that reads, month, site, commitment and item",
    "reconciliation",
    "the operational plan cut for every department: what it commits to and what others commit to it, in the same "
    "numbers",
    (
        kind("sheet", "department whose sheet it is", DEPARTMENTS, required=True, words="department"),
        MONTH,
        DEPARTMENT,
        _SITE_OF_LINE,
        _COMMITMENT,
        _ITEM_KIND,
        _ITEM,
        *_WHAT,
    ),
    ("sheet", "month", "department", "site_id", "commitment", "item_kind", "item"),
)

TABLES: tuple[Table, ...] = (WORKFORCE_PLAN, CAPACITY_PLAN, MATERIAL_PLAN, OPERATIONAL_PLAN, COMMITMENT_SHEETS)
