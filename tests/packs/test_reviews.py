"""The reviews before the executive meeting: figures of their own pages, recomputed here from the tables."""

from __future__ import annotations

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.documents import DOCUMENTS, asked_for
from sop_pipeline.packs.pages.demand_summary import demand_summary
from sop_pipeline.packs.pages.put_up import put_up
from sop_pipeline.packs.pages.requirements import requirements
from sop_pipeline.packs.parts.goals import goals
from tests.packs.invented import CYCLE, company
from tests.packs.reading import part


def need(feature: str, kind: str, month: int, **amounts: float | None) -> dict[str, object]:
    row = {"feature": feature, "kind": kind, "unit": "kg", "month": add_months(CYCLE.month, month)}
    return row | {"requirement": 0.0, "top_down": 0.0} | amounts


NEEDS = (
    need("Press", "machine", 0, requirement=90, top_down=99, available=100, cost=1000, mix_drift=0.1),
    need("Press", "machine", 1, requirement=130, top_down=121, available=100, cost=2000, mix_drift=-0.07),
    need("Press", "machine", 13, requirement=500, top_down=500, available=100, cost=9000),
    need("Cocoa", "material", 0, requirement=40, top_down=40),
)
ROUGH = [
    {"method": method, "resource_id": "Press", "month": add_months(CYCLE.month, at), "load": 1, "utilisation": share}
    for method, at, share in (
        *(("overall_factors", 0, 0.8), ("overall_factors", 1, 0.9)),
        *(("bill_of_resources", 0, 1.2), ("bill_of_resources", 1, 1.1)),
    )
]


@pytest.fixture(scope="module")
def needed(book: Book) -> Book:
    changed = {
        "feature_requirements": registry.conform("feature_requirements", list(NEEDS)),
        "rough_cut_capacity": registry.conform("rough_cut_capacity", ROUGH),
    }
    return Book({**book.tables, **changed}, company(), CYCLE)


def test_a_years_requirements_stand_beside_what_there_is(needed: Book) -> None:
    """220 of 200 hours; the fullest month is the fourteenth, outside the year; a family's mix would say as much."""
    press, cocoa = part(requirements(needed), "Required and available").rows
    assert [cell.text for cell in press.cells] == [
        *("Press", "machine", "hours", "220", "200", "110%", "500%", "0.0%", "3,000"),
    ]
    assert [cell.tone for cell in press.cells[5:7]] == ["worse", "worse"]
    assert [cell.text for cell in cocoa.cells[:6]] == ["Cocoa", "material", "kg", "40", "–", "–"]


def test_the_fullest_month_and_what_a_family_mix_would_misstate_are_said(needed: Book) -> None:
    said = [plain_text(sentence) for sentence in requirements(needed).sentences]
    assert said[0].startswith("1 feature beyond what there is in 2 feature months. Demand month by month takes 500% of")
    assert said[1] == "Families planned by their usual mix would misstate Press by up to 10.0%, in November 2026."


def test_rough_cut_shows_the_fullest_month_by_each_method(needed: Book) -> None:
    (press,) = part(requirements(needed), "Rough-cut capacity").rows
    assert [cell.text for cell in press.cells] == ["Press", "90%", "Dec ’26", "120%", "Nov ’26", "–", "–"]


def test_demand_of_a_family_is_held_against_the_year_before(book: Book) -> None:
    """Against what was recorded, as the family's own page has it, and not against what cleansing made of it."""
    past = registry.frame(book.table("demand_history")).assign(cleansed=1)
    book = Book({**book.tables, "demand_history": registry.conform("demand_history", past)}, company(), CYCLE)
    listing = part(demand_summary(book), "Families")
    row = next(row for row in listing.rows if row.cells[0].text == "Snacks")
    plan = [each for each in registry.rows(book.table("demand_plan")) if each["family"] == "Snacks"]
    rows = [each for each in registry.rows(book.table("demand_history")) if each["family"] == "Snacks"]
    planned = float(sum(each["quantity"] for each in plan if each["month"] in book.horizon[:12]))
    before = float(sum(each["quantity"] for each in rows if each["month"] in book.past(12)))
    statistical = float(sum(each["statistical"] for each in plan if each["month"] in book.horizon[:12]))
    assert row.cells[2].text == f"{before:,.0f}"
    assert row.cells[3].text == f"{planned:,.0f}"
    assert row.cells[4].text.strip("()%") == f"{abs(planned / before - 1) * 100:.1f}"
    assert row.cells[8].text == f"{statistical:,.0f}"


def test_what_people_changed_is_listed_with_whose_it_is_and_without_launches(book: Book) -> None:
    rows = registry.rows(book.table("demand_adjustments"))
    listing = part(demand_summary(book), "What people know")
    streams = {row.cells[0].text for row in listing.rows}
    assert streams <= {row["stream"] for row in rows} - {"portfolio"}
    first = listing.rows[0]
    same = [row for row in rows if row["stream"] == first.cells[0].text]
    product = {book.product(row["product_id"]): row["product_id"] for row in same}[first.cells[1].text]
    change = sum(row["change"] for row in same if row["product_id"] == product and row["month"] in book.horizon)
    assert (change > 0) == (first.cells[4].tone == "better")


def test_a_sum_of_several_changes_is_told_with_every_reason(book: Book) -> None:
    """Of 900 units, 700 come back from February and 200 are of a trade fair: neither alone is why."""
    keys = {"stream": "marketing", "product_id": "P0101", "family": "Snacks", "precedence": 1, "before": 1000.0}
    rows = [
        {**keys, "month": CYCLE.month, "change": 200.0, "reason": "trade fair"},
        {**keys, "month": add_months(CYCLE.month, 1), "change": 700.0, "reason": "campaign moved"},
    ]
    two = Book({**book.tables, "demand_adjustments": registry.conform("demand_adjustments", rows)}, company(), CYCLE)
    (row,) = part(demand_summary(two), "What people know").rows
    assert [cell.text for cell in row.cells[2:]] == ["campaign moved; trade fair", "", "900"]
    assert row.source == "demand_adjustments.change, replaced, overridden; stream: marketing; product_id: P0101"


def test_a_company_chooses_its_documents() -> None:
    assert asked_for(company()) == list(DOCUMENTS)
    only = company(packs={"documents": ["supply_review", "executive_pack"]})
    assert [document.name for document in asked_for(only)] == ["executive_pack", "supply_review"]


def test_a_company_without_features_or_streams_has_its_reviews_too(bare_book: Book) -> None:
    nothing = {name: registry.empty(name) for name in ("feature_requirements", "rough_cut_capacity")}
    bare = Book({**bare_book.tables, **nothing}, company(), CYCLE)
    said = plain_text(requirements(bare).sentences[0])
    assert said == "No product has a feature: the company’s files name no hours, materials or options that it takes."
    assert part(demand_summary(bare), "Families").rows


def _number(text: str) -> float:
    """Read a printed number back: in brackets it is negative."""
    value = float(text.strip("()").replace(",", ""))
    return -value if text.startswith("(") else value


def test_what_closes_the_gap_foots_to_what_stays_open(book: Book) -> None:
    """The gap is the latest margin less the business plan's, and every column adds up to its last line."""
    listing = part(put_up(book), "What closes the gap")
    figures = [row for row in registry.rows(book.table("key_figures")) if row["measure"] == "margin"]
    gaps = [row["latest"] - row["business_plan"] for row in figures if row["business_plan"] is not None]
    assert gaps, "the invented company has a business plan of its margin"
    assert not listing.left_out
    for place, gap in enumerate(gaps, start=1):
        told = [_number(row.cells[place].text) for row in listing.rows]
        unit = 1_000_000 if "m" in listing.columns[place].name else 1_000
        half = 0.51 / 10 ** len(listing.rows[0].cells[place].text.strip("()").partition(".")[2])
        assert told[0] == pytest.approx(float(gap) / unit, abs=half)
        assert sum(told[:-1]) == pytest.approx(told[-1], abs=half * len(told))


def test_goals_are_held_against_every_plan(book: Book) -> None:
    """A goal of service at 99% that one plan of 98.4% misses and another of 99.5% meets; chase is not known."""
    goal = {"goal": 1, "measure": "service", "months": 12, "scenario": book.chosen.scenario, "at_least": 0.99}
    results = [
        goal | {"strategy": "level", "chosen": False, "value": 0.984, "missed_by": 0.006, "met": False},
        goal | {"strategy": "blended", "chosen": True, "value": 0.995, "missed_by": 0, "met": True},
    ]
    judged = Book({**book.tables, "goal_results": registry.conform("goal_results", results)}, company(), CYCLE)
    listing = part(put_up(judged), "Goals by plan")
    assert [column.name for column in listing.columns] == ["Goal", "Wanted", "Level", "Blended"]
    (row,) = listing.rows
    assert [cell.text for cell in row.cells] == ["service, 12 months", "at least 99.0%", "98.4%", "99.5%"]
    assert [cell.tone for cell in row.cells[2:]] == ["worse", "plain"]


def test_a_goal_that_is_not_known_is_not_counted_as_missed_or_kept(book: Book) -> None:
    """The lowest cash without an opening balance is a change, of which no goal speaks: that is said, and why."""
    where = {"months": 12, "scenario": book.chosen.scenario, "strategy": "blended", "chosen": True}
    kept = {"goal": 1, "measure": "service", "at_least": 0.99, "value": 0.995, "missed_by": 0, "met": True}
    cash = {"goal": 2, "measure": "lowest_cash", "at_least": 0, "value": None, "missed_by": None, "met": None}

    def told(*results: dict[str, object]) -> str:
        rows = registry.conform("goal_results", [where | each for each in results])
        return plain_text(goals(Book({**book.tables, "goal_results": rows}, company(), CYCLE)))

    unknown = "lowest cash is not known, as finance.opening_cash is not given."
    assert told(kept, cash) == f"Of 1 goal, blended keeps 1. Not judged: {unknown}"
    assert told(cash) == f"No goal can be judged: {unknown}"
    assert told(kept) == "Of 1 goal, blended keeps 1."
