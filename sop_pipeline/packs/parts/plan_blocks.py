"""The blocks of an operational page: working days, people, machines, output, materials, money. None knows its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import units_of
from sop_pipeline.language.numbers import NOTHING, missing, number
from sop_pipeline.language.scale import Scale
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.commitments import ANYWHERE, address, items_of, lines_of, monthly, owner_of
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts.plan_grid import Block, PlanLine, counted, line, most
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

SPENDING = (
    *("regular_pay", "overtime_pay", "temporary_pay", "hiring_cost", "layoff_cost"),
    *("material_cost", "subcontracting_cost", "setup_cost", "rate_change_cost"),
)


def words(commitment: str) -> str:
    """A commitment as the head of a row."""
    told = ENGLISH.say(f"commitment.{commitment}", {})
    return told[:1].upper() + told[1:]


def note(book: Book) -> str:
    """What a reader has to know of the figures: where the other months are, and how heads are counted."""
    months = f"{len(book.horizon)} months in the HTML and the workbook"
    people = book.frame("workforce_plan")
    whole = (people["heads"] == people["planned_heads"]).all() and (
        people["temporary"] == people["planned_temporary"]
    ).all()
    heads = "" if whole else "; heads are whole, rounded up, what they cost is paid on the plan’s fractions"
    return f"{months}{heads}"


def days(book: Book, site: str | None) -> Block:
    """Working days of a site, or of the company."""
    return Block("", [line(book, "Working days", lines_of(book, "work", site=site))])


def people(book: Book, site: str | None = ANYWHERE) -> list[Block]:
    """A block a labour resource: heads, who comes and goes, hours against what there is."""
    every = lines_of(book, "employ", "employ_temporary", site=site)
    return [_crew(book, resource, site) for resource in items_of(every)]


def _crew(book: Book, resource: str, site: str | None) -> Block:
    def of(commitment: str) -> pd.DataFrame:
        rows = lines_of(book, commitment, site=site)
        return rows[rows["item"] == resource]

    lines = [
        line(book, "Heads", of("employ")),
        *most(book, "at most", of("employ")),
        line(book, "Hires", of("hire")),
        line(book, "Layoffs", of("lay_off")),
        line(book, "Temporary heads", of("employ_temporary")),
        line(book, "Regular hours", of("regular_hours")),
        *most(book, "there are", of("regular_hours")),
        line(book, "Overtime hours", of("overtime_hours")),
        *most(book, "at most", of("overtime_hours")),
    ]
    return Block(book.resource(resource, 50), lines)


def machines(book: Book, site: str | None = ANYWHERE) -> list[Block]:
    """A block a machine resource: how many run or stand still, hours against what there is; capacity by default."""
    rows = lines_of(book, "run", "use_capacity", site=site)
    return [_machine(book, resource, site) for resource in items_of(rows)]


def _machine(book: Book, resource: str, site: str | None) -> Block:
    def of(commitment: str) -> pd.DataFrame:
        rows = lines_of(book, commitment, site=site)
        return rows[rows["item"] == resource]

    used = of("use_capacity")
    lines = [
        line(book, counted("Running", of("run")), of("run")),
        line(book, "Standing still", of("stand_still")),
        line(book, "Hours", of("regular_hours")),
        *most(book, "there are", of("regular_hours")),
        line(book, "Overtime hours", of("overtime_hours")),
        *most(book, "at most", of("overtime_hours")),
        line(book, counted("Used", used), used),
        *most(book, "there is, overtime with it", used),
    ]
    return Block(book.resource(resource, 50), lines)


def output(book: Book, site: str | None = ANYWHERE) -> Block:
    """What is made, a line a family, or a product where units do not add up."""
    rows = lines_of(book, "make", site=site)
    return Block("Output", [_of_item(book, rows, item) for item in items_of(rows)])


def _of_item(book: Book, rows: pd.DataFrame, item: str) -> PlanLine:
    own = rows[rows["item"] == item]
    kind = own.iloc[0]["item_kind"]
    name = book.product(item, 30) if kind == "product" else item
    return line(book, counted(name, own), own)


def spending(book: Book, site: str | None = ANYWHERE) -> Block:
    """Money that a site, or the company, spends by kind, and its sum."""
    rows = lines_of(book, *SPENDING, site=site)
    values = [monthly(rows[rows["commitment"] == kind], book.horizon) for kind in SPENDING]
    total = monthly(rows, book.horizon)
    scale = money_scale([*values, total])
    lines = [line(book, words(kind), rows[rows["commitment"] == kind], scale=scale) for kind in SPENDING]
    lines.append(PlanLine("Spent", total, scale=scale, kind="total", source=address(rows)))
    return Block(f"Money, {book.company.currency}", lines)


def money_scale(values: Sequence[Sequence[float | None]]) -> Scale:
    """One scale for a block of money, in thousands with the places that its largest months need."""
    flat = [value for each in values for value in each]
    largest = max((abs(value) for value in flat if value is not None and not missing(value)), default=0.0)
    return Scale(1e3, "k", 0 if largest >= 1e6 else 1) if largest >= 10_000 else Scale()


# -- materials ---------------------------------------------------------------------------------------------------------


def material_use(book: Book, site: str | None = ANYWHERE) -> Block:
    """What output takes of every material."""
    rows = lines_of(book, "take", site=site)
    lines = [
        line(book, counted(book.resource(item, 30), rows[rows["item"] == item]), rows[rows["item"] == item])
        for item in items_of(rows)
    ]
    return Block("Materials taken", lines)


def orders(book: Book, site: str | None, most_rows: int) -> Listing:
    """The next orders by the day they have to be placed, of the materials that a site takes."""
    plan, taken = book.frame("material_plan"), items_of(lines_of(book, "take", site=site))
    due = plan[(plan["order_quantity"] > 0) & plan["material_id"].isin(taken)]
    dated = due.assign(day=[date.max if missing(when) else when for when in due["order_by"]])
    dated = dated.sort_values(["day", "month", "material_id"], kind="stable")
    rows, left = cut([_order_row(book, each) for each in each_row(dated)], most_rows)
    owner = owner_of(lines_of(book, "order"))
    columns = (
        Column("Material to order", "left", "26%"),
        Column("Quantity", "right", "18%"),
        Column("Order by", "right", "16%"),
        Column("Needed on", "right", "16%"),
        Column(f"Value {book.money_unit() if book.has_money else ''}".strip()),
    )
    note = "; ".join(
        part
        for part in (
            "for every plant that takes it" if site not in (ANYWHERE, None) else "",
            f"red: late when the plan is decided; {owner} answers" if owner else "",
        )
        if part
    )
    note = f"by day; {note}" if note else "by day"
    empty = "The company lists no materials with stock and lead time, so none has to be ordered by a date."
    return Listing("Materials to order", columns, rows, note, empty, left, kind="plan-grid")


def _order_row(book: Book, row: object) -> Row:
    unit = getattr(row, "unit", None)
    quantity = number(row.order_quantity)  # type: ignore[attr-defined]  # a row of material_plan
    late, value = bool(row.late), row.order_value  # type: ignore[attr-defined]
    return Row(
        [
            Cell(book.resource(row.material_id, 28), title=row.material_id),  # type: ignore[attr-defined]
            Cell(quantity if missing(unit) else f"{quantity} {units_of(str(unit))}"),
            Cell(day(row.order_by), "worse" if late else "plain"),  # type: ignore[attr-defined]
            Cell(day(row.needed_on)),  # type: ignore[attr-defined]
            Cell(NOTHING if missing(value) else number(value)),
        ],
        source="material_plan",
    )
