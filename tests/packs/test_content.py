"""What pages say: sentences with their numbers, from given tables."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.meeting import meeting_day
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.reference import gap_rows
from sop_pipeline.packs.pages.families import families
from sop_pipeline.packs.pages.page_one import page_one
from sop_pipeline.packs.pages.risks import risks
from sop_pipeline.packs.pages.strategies import _ranked, strategies
from sop_pipeline.packs.parts import bridges, exceptions, trust
from sop_pipeline.packs.parts.attainment import attainment, attainment_sentence
from sop_pipeline.packs.parts.decisions import decisions as decisions_of
from sop_pipeline.packs.parts.demand import demand_sentence
from sop_pipeline.packs.parts.headline import headline
from sop_pipeline.packs.parts.landing import gap_by_month, since_last, to_close
from sop_pipeline.packs.parts.page import Figure
from sop_pipeline.packs.parts.supply import supply_sentence
from sop_pipeline.packs.parts.table import Listing
from sop_pipeline.packs.parts.tiles import tiles as tiles_of
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.packs.reading import decisions, executive_pack, page, part, tiles
from tests.present import present


def changed(book, name, edit):
    """A book in which one table's frame was edited."""
    frame = registry.frame(book.tables[name]).astype(object)
    return Book({**book.tables, name: registry.conform(name, edit(frame))}, book.company, book.cycle)


def figure(words: str, pattern: str) -> float:
    """The number a pattern's first group finds in a sentence, brackets being negative."""
    found = re.search(pattern, words)
    assert found, words
    return read(found[1])


def read(words: str) -> float:
    plain = words.replace(",", "").replace("(", "-").replace(")", "")
    return float(plain)


def test_the_headline_states_landing_gap_and_first_date(book):
    row = registry.frame(book.tables["key_figures"]).set_index("measure").loc["revenue"]
    words = plain_text(headline(book))
    landing = figure(words, r"lands at €([\d.]+)m")
    gap = figure(words, r"€([\d.]+)m under the business plan")
    assert landing == pytest.approx(row["latest"] / 1e6, abs=0.06)
    assert gap == pytest.approx((row["business_plan"] - row["latest"]) / 1e6, abs=0.006)
    assert words.endswith("Decide by 28 November.")
    rows = gap_rows(book, book.year_months).groupby("family")[["latest", "business_plan"]].sum()
    short = (rows["business_plan"] - rows["latest"]).max() / 1e6  # the gap's side is said once: no brackets beside it
    assert figure(words, r"(?:is|alone is) €([\d.]+)m (?:of it|under)\.") == pytest.approx(short, abs=0.006)


def test_without_a_business_plan_the_headline_compares_with_the_last_cycle(book):
    other = changed(book, "key_figures", lambda data: data.assign(business_plan=None))
    assert "October’s plan" in plain_text(headline(other))


def test_without_money_the_headline_is_in_units(bare_book):
    words = plain_text(headline(bare_book))
    total = registry.frame(bare_book.tables["demand_plan"])
    first_year = total[total["lag"] < 12]["quantity"].sum()
    assert figure(words, r"is ([\d.]+)m cases") == pytest.approx(first_year / 1e6, abs=0.006)
    assert "€" not in words


def test_tiles_name_value_comparison_and_range(pack):
    shown = tiles(page(pack, "The month"))
    names = [tile.name for tile in shown]
    assert names == ["Revenue 2026", "Gross margin", "Inventory, year end", "Service, fill rate"]
    revenue = shown[0]
    assert [span.tone for span in revenue.comparisons if span.text != " · "] == ["worse", "worse"]
    assert 0 < revenue.strip.low < revenue.strip.latest < revenue.strip.high < revenue.strip.plan < 100


def test_more_stock_than_planned_is_worse(book):
    other = changed(
        book,
        "key_figures",
        lambda data: data.assign(
            business_plan=[
                value / 2 if name == "inventory_value" else value
                for name, value in zip(data["measure"], data["business_plan"], strict=True)
            ]
        ),
    )
    stock = next(tile for tile in tiles_of(other) if tile.name.startswith("Inventory"))
    assert stock.comparisons[0].tone == "worse"


def test_the_service_tile_draws_nothing_of_another_measure(book):
    """What the plan says of service is a fill rate; lines on time in full have no plan to draw."""
    lines = changed(book, "key_figures", lambda data: data.assign(basis="on_time_in_full"))
    shown = {tile.name: tile.sparkline for each in (book, lines) for tile in tiles_of(each) if "Service" in tile.name}
    assert shown["Service, fill rate"] is not None
    assert shown["Service, on time in full"] is None


def test_at_most_three_decisions_the_recommended_option_marked(book):
    def twice(data):
        more = data.assign(decision_id=data["decision_id"] + "x", rank=data["rank"] + 3)
        return pd.concat([data, more])

    found = decisions_of(changed(book, "decisions_wanted", twice)).decisions
    assert [decision.question for decision in found] == [
        "More hours on press line, Feb 2027 to May 2027?",
        "Work to the blended plan for the next 24 months?",
        "Pursue what is not in the numbers, against the 2026 margin gap of €1.00m?",
    ]
    assert [option.effect for option in found[0].options] == ["(€2.10m)", "€1.20m", "€400k"]
    assert [option.recommended for option in found[0].options] == [False, True, False]
    assert found[0].last_safe == "28 Nov 2026" and found[0].urgency == "8 days after the meeting"


def test_no_decision_is_said_in_a_line(book):
    other = changed(book, "decisions_wanted", lambda data: data.iloc[:0])
    found = decisions(page_one(other))
    assert not found.decisions and "No decision" in found.empty


def test_the_meeting_skips_weekends_and_holidays(book):
    assert meeting_day(book.company, book.cycle).isoformat() == "2026-11-20"
    second = company(packs={"meeting_working_day": 1})
    assert CYCLE.month.isoformat() == "2026-11-01"
    assert meeting_day(second, CYCLE).isoformat() == "2026-11-02"
    french = company(packs={"meeting_working_day": 8}, country="FR")
    assert meeting_day(french, CYCLE).isoformat() == "2026-11-12", "Armistice day is no working day"
    assert meeting_day(company(packs={"meeting_working_day": 23}), CYCLE).isoformat() == "2026-11-30"


def test_the_demand_sentence_adds_up(book):
    for name in book.families:
        words = plain_text(demand_sentence(book, name))
        middle = re.search(r"plan: (.*)\. Contributions add up to (\(?[\d,]+\)?)", words)
        assert middle, words
        parts = [read(found) for found in re.findall(r" (\(?[\d,]+\)?)(?=, | and |; |$)", middle[1])]
        assert sum(parts) == read(middle[2])
        plan = registry.frame(book.tables["demand_plan"])
        total = plan[(plan["family"] == name) & (plan["lag"] < 12)]["quantity"].sum()
        assert figure(words, r"is ([\d,]+) cases") == pytest.approx(total, abs=0.51)


def test_a_first_cycle_compares_demand_with_the_year_before(bare_book):
    assert "the 12 months before" in plain_text(demand_sentence(bare_book, "Snacks"))


def test_units_that_differ_are_never_added(book):
    def mixed(data):
        units = ["litre" if n % 2 else "case" for n in range(len(data))]
        return data.assign(unit_of_measure=units)

    other = changed(book, "products", mixed)
    assert not other.unit("Snacks").agrees and not other.unit().agrees
    assert "different units" in plain_text(demand_sentence(other, "Snacks"))
    (snacks,) = [each for each in families(other) if each.title == "Snacks"]
    assert part(snacks, "Demand").chart is None
    heads = [row.cells[0].text for row in part(snacks, "S&OP grid", "paper").rows]
    assert heads[0].startswith("Money") and not any(head.startswith("Sales") for head in heads)


def test_the_supply_sentence_names_the_tightest_resource(book):
    words = plain_text(supply_sentence(book, "Snacks"))
    plan = registry.frame(book.tables["resource_plan"])
    top = plan[(plan["strategy"] == "blended")]["utilisation"].max()
    assert f"{round(top * 100)}% of regular hours" in words


def test_lost_sales_reach_the_sentence_and_the_exceptions(book):
    def short(data):
        lost = [120 if n < 2 else 0 for n in range(len(data))]
        return data.assign(lost_sales=lost)

    other = changed(book, "production_schedule", short)
    name = registry.rows(other.tables["production_schedule"])[0]["family"]
    assert "240 cases of demand are not served" in plain_text(supply_sentence(other, name))
    found = {each.family: each.words for each in exceptions.ranked(other)}
    assert "240 cases not served" in found[name]


def test_families_with_most_exceptions_come_first(book):
    ranked = exceptions.ranked(book)
    assert len(ranked[0].words) >= len(ranked[-1].words)
    assert ranked[0].words and sorted(each.family for each in ranked) == book.families


def test_the_bridge_foots_as_it_is_read(book, bare_book):
    for which in (book, bare_book):
        for one in (bridges.by_cause(which), bridges.by_family(which)):
            told = re.findall(r"(\(?[\d,.]+\d\)?)(?=[,.])", present(one.chart).alt.split(":")[1])
            start, *parts, end = [read(value) for value in told]
            assert start + sum(parts) == pytest.approx(end, abs=1e-9)


def test_a_bridge_that_does_not_foot_shows_the_rest(book):
    other = changed(book, "bridge", lambda data: data.assign(amount=[value * 3 for value in data["amount"]]))
    assert "Unexplained" in present(bridges.by_cause(other).chart).alt


def test_data_are_trusted_by_the_stated_rule(book):
    assert trust.trust(book).words == "data trusted"
    assert "24 of 24 blocking checks passed" in trust.trust(book).reason
    many = changed(book, "source_files", lambda data: data.assign(rows_quarantined=data["rows_read"] // 200))
    assert trust.trust(many).words == "data to be used with care"
    broken = changed(book, "source_files", lambda data: data.assign(rows_quarantined=data["rows_read"] // 20))
    assert trust.trust(broken).words == "data not to be relied on"
    blank = changed(book, "defaults_used", lambda data: data.head(1).assign(default_id="no_price", items=9, among=9))
    assert trust.trust(blank).words == "data to be used with care"
    assert "unit_price is known of none of the 9 planned products: no revenue" in trust.trust(blank).reason
    failed = Book(book.tables, book.company, book.cycle, checks=(23, 24))
    assert trust.trust(failed).words == "data not to be relied on"


def test_the_grid_shows_what_the_tables_hold(book, pack):
    grid = part(page(pack, "Snacks"), "S&OP grid", "screen")
    assert len(grid.columns) == 1 + 6 + 24
    rows = {(row.source, row.cells[0].text): row for row in reversed(grid.rows)}
    plan = registry.frame(book.tables["sales_plan"])
    first = plan[(plan["family"] == "Snacks") & (plan["month"] == pd.Timestamp(CYCLE.month))]["sales"].sum()
    assert read(
        rows["sales_plan.sales; past: plan_attainment.plan; measure: sales", "Plan"].cells[7].text
    ) == pytest.approx(first, abs=0.51)
    assert all(not cell.text for cell in rows["actuals.sales", "Actual"].cells[7:])
    variance = [
        read(cell.text) for cell in rows["plan_attainment.actual − plan; measure: sales", "Variance"].cells[4:7]
    ]
    running = [
        read(cell.text)
        for cell in rows["plan_attainment.actual − plan, running sum; measure: sales", "Cumulative variance"].cells[4:7]
    ]
    assert running == pytest.approx([sum(variance[: n + 1]) for n in range(3)], abs=1.01)


def test_a_cost_table_adds_up(pack):
    rows = part(page(pack, "Strategies and scenarios"), "Cost by kind").rows
    assert len(rows) == 3
    for row in rows:
        *kinds, whole = (read(cell.text) for cell in row.cells[1:])
        assert sum(kinds) == pytest.approx(whole, abs=0.06 * (len(kinds) + 1))


def test_every_empty_section_says_why(book):
    nothing = Book({}, company(), CYCLE)
    pack = executive_pack(nothing)
    for each in pack.pages:
        for one in each.parts:
            if isinstance(one, Listing):
                assert one.rows or one.empty, (each.title, one.title)
            elif isinstance(one, Figure):
                assert one.chart is not None or one.empty, (each.title, one.title)


def test_rows_that_do_not_fit_are_counted(book):
    def many(data):
        return pd.concat([data.assign(item_id=f"R{n}") for n in range(500)])[lambda all_: ~all_["item_id"].duplicated()]

    listing = part(risks(changed(book, "risks_opportunities", many)), "Risks and opportunities")
    assert len(listing.rows) + listing.left_out == 500


def test_the_same_tables_in_another_order_say_the_same(book, pack):
    shuffled = {}
    for name, table in book.tables.items():
        order = pa.array(range(table.num_rows - 1, -1, -1))
        shuffled[name] = table.take(order) if table.num_rows else table
    other = executive_pack(Book(shuffled, book.company, book.cycle, hashes=book.hashes, checks=book.checks))
    for one, two in zip(pack.pages, other.pages, strict=True):
        assert [plain_text(line) for line in one.sentences] == [plain_text(line) for line in two.sentences]
        assert [dataclasses.astuple(part) for part in one.parts if isinstance(part, Listing)] == [
            dataclasses.astuple(part) for part in two.parts if isinstance(part, Listing)
        ]


def test_fiscal_years_that_do_not_start_in_january():
    book = Book({}, company(fiscal_year_start=4), CYCLE)
    assert book.fiscal_year == 2027
    assert [month.isoformat() for month in book.year_months][::11] == ["2026-04-01", "2027-03-01"]


def test_a_company_of_one_family_and_one_product():
    pack = executive_pack(Book(cycle_tables(Shape(families=1, products=1)), company(), CYCLE))
    assert len(pack.families) == 1 and len(pack.pages) == 11


def seen_before(book):
    """The last pack's view: February was 300k more than it is now known to be, October 200k less, December 50k more."""
    moved = {2: 300_000, 10: -200_000, 12: 50_000}

    def edit(data):
        family = data["family"].min()
        shift = [
            moved.get(month.month, 0) if (name, measure, month.year) == (family, "revenue", 2026) else 0
            for name, measure, month in zip(data["family"], data["measure"], data["month"], strict=True)
        ]
        return data.assign(last_plan=data["latest"] + shift)

    return changed(book, "plan_gap", edit)


def test_what_moved_since_the_last_pack_is_told_in_parts_that_add_up(book):
    """A correction of a month that had ended, the month that came, and months still planned."""
    assert plain_text(since_last(seen_before(book))) == (
        "Against October’s pack, full-year revenue moved by (€0.15m): restated actuals (€0.30m), "
        "months that came €0.20m, months still planned (€0.05m)."
    )
    assert since_last(changed(book, "plan_gap", lambda data: data.assign(last_plan=None, last_basis=None))) == ()


def test_a_year_that_hardly_moved_is_said_to_be_the_same(book):
    def edit(data):
        in_year = [month.year == 2026 for month in data["month"]]
        year = data["latest"][(data["measure"] == "revenue") & in_year].sum()
        least = data["family"].min()
        off = [
            0.0004 * year if (name, month.month) == (least, 7) else 0.0
            for name, month in zip(data["family"], data["month"], strict=True)
        ]
        return data.assign(last_plan=data["latest"] + off)

    assert plain_text(since_last(changed(seen_before(book), "plan_gap", edit))) == (
        "Against October’s pack, full-year revenue is the same to a tenth of a percent."
    )


def in_part(book):
    """The same with the last month known to its ninth day only: its basis is partial, and no whole month has come."""
    last = pd.Timestamp(add_months(CYCLE.month, -1))
    partial = changed(
        seen_before(book),
        "plan_gap",
        lambda data: data.assign(basis=data["basis"].mask(data["month"] == last, "partial")),
    )
    partial = changed(partial, "actuals", lambda data: data.assign(sales_estimated=1 * (data["month"] == last)))
    return changed(partial, "plan_attainment", lambda data: data.iloc[:0])


def test_a_month_that_came_in_part_is_neither_one_that_came_nor_one_still_planned(book):
    partial = in_part(book)
    assert plain_text(since_last(partial)) == (
        "Against October’s pack, full-year revenue moved by (€0.15m): restated actuals (€0.30m), "
        "months that came €0, came in part €0.20m, months still planned (€0.05m)."
    )
    assert plain_text(attainment_sentence(partial)).startswith("Plan attainment waits for whole months: actual to ")
    assert attainment(partial).empty.startswith("No whole month has met an earlier plan: actual to ")
    ended, without_it = (present(gap_by_month(each, 100).chart).spec for each in (book, partial))
    assert ended != without_it


def test_a_restatement_is_a_bar_of_its_own(book):
    """From October's plan to the latest view: families without the correction, and the correction beside them."""
    other = changed(seen_before(book), "plan_gap", lambda data: data.assign(business_plan=None))
    chart = bridges.by_family(other).chart
    assert chart is not None
    words = chart.alt
    assert figure(words, r"Restated actuals ([()\d.]+)") == pytest.approx(-0.30)
    rows = registry.frame(other.tables["plan_gap"])
    assert figure(words, rf"{rows['family'].min()} ([()\d.]+)") == pytest.approx(0.15)


def test_attainment_has_the_units_of_the_last_month_beside_it(book):
    data = registry.frame(book.tables["plan_attainment"])
    last = data[(data["month"] == data["month"].max()) & (data["measure"] == "sales")].set_index("family")
    rows = {row.cells[0].title: row for row in attainment(book).rows}
    months = data["month"].nunique()
    for family, row in last.iterrows():
        assert rows[family].cells[months + 1].text == f"{row['actual'] / 1e3:.1f}/{row['plan'] / 1e3:.1f}"


def test_the_sentence_of_attainment_weighs_what_the_table_shows(book):
    """90 of 22 planned is none, not -309%: (22 x 0 + 88 x 0.5) / 110 = 40%, and what nobody planned weighs nothing."""
    month = max(registry.frame(book.tables["plan_attainment"])["month"])
    key = {"measure": "sales", "month": month, "cycle": CYCLE.previous().name}
    rows = [
        key | {"family": "Snacks", "plan": 22, "actual": 90, "attainment": 0},
        key | {"family": "Sweets", "plan": 88, "actual": 44, "attainment": 0.5},
        key | {"family": "New", "plan": 0, "actual": 500, "attainment": None},
    ]
    met = Book({**book.tables, "plan_attainment": registry.conform("plan_attainment", rows)}, company(), CYCLE)
    assert "plans were kept to sales 40.0% (weighted by plan)" in plain_text(attainment_sentence(met))


@pytest.mark.parametrize("opening", [None, 1000])
def test_cash_of_strategies_is_a_change_where_no_balance_is_given(book, opening):
    """Each strategy's closing and lowest cash by month ends, and headings that say which of the two it is."""
    rows = registry.rows(book.tables["plan_money"])
    rows = [row | {"cash": None if opening is None else row["cash_change"] + opening} for row in rows]
    known = Book({**book.tables, "plan_money": registry.conform("plan_money", rows)}, company(), CYCLE)
    of_blended = [float(row["cash_change"]) for row in rows if row["strategy"] == "blended"]
    listing = part(strategies(known), "Side by side")
    cells = {
        column.name: row.cells[place].text
        for row in listing.rows
        for place, column in enumerate(listing.columns)
        if row.cells[0].text.startswith("Blended")
    }
    closing, lowest = ("Change of cash", "Lowest change") if opening is None else ("Closing cash", "Lowest cash")
    (unit,) = {name.removeprefix(closing) for name in cells if name.startswith(closing)}
    scale = 1e6 if "m" in unit else 1e3
    shown = [read(cells[f"{name}{unit}"]) for name in (closing, lowest)]
    wanted = [(of_blended[-1] + (opening or 0)) / scale, (min(of_blended) + (opening or 0)) / scale]
    assert shown == pytest.approx(wanted, abs=0.051)
    note = "balance at month end" if opening else "change since the start, no balance is given"
    assert f"cash: {note}" in listing.note


def test_a_first_cycle_is_held_against_the_business_plan(book):
    """Where no plan has met its actuals: what came in the ended months of the year, by family and in all."""
    first = changed(book, "plan_attainment", lambda data: data.iloc[:0])
    rows = registry.frame(book.tables["plan_gap"])
    ended = rows[
        (rows["measure"] == "revenue") & (rows["basis"] == "actual") & (rows["month"].dt.year == CYCLE.month.year)
    ]
    listing = attainment(first)
    assert (listing.title, len(listing.columns)) == ("Business plan met", 1 + CYCLE.month.month - 1)
    snacks = ended[ended["family"] == "Snacks"].sort_values("month").astype({"latest": float, "business_plan": float})
    (row,) = [row for row in listing.rows if row.cells[0].text == "Snacks"]
    shares = snacks["latest"] / snacks["business_plan"]
    assert [cell.text for cell in row.cells[1:]] == [f"{share:.0%}" for share in shares]
    whole = float(ended["latest"].sum()) / float(ended["business_plan"].sum())
    assert f"{whole:.1%} of the business plan’s revenue came in Jan to Oct ’26" in plain_text(
        attainment_sentence(first)
    )


def test_the_gap_is_closed_by_what_falls_into_its_own_year(book):
    """120k of decisions; 90k and (450k) of chances and risks; next year's nine million are next year's."""
    words = plain_text(to_close(book))
    assert re.match(r"The full-year margin is €[\d.]+[km] (under|over) the business plan\.", words)
    assert f"What falls into {CYCLE.month.year}: recommended decisions €120k; " in words
    assert words.endswith("outside the numbers, weighted by probability, (€360k).")


def test_a_month_whose_last_days_are_forecast_is_actual_to_the_day_the_data_end(book):
    """Three working days short is fresh, and yet those days are a forecast: the pages say from when."""
    ended = {"table": "sales", "newest": date(2026, 10, 27), "speaks_of": "day", "covered_to": date(2026, 10, 27)}
    ended |= {"missing_days": 3, "limit_days": 3, "is_demand": True, "status": "fresh"}
    short = Book({**book.tables, "data_freshness": registry.conform("data_freshness", [ended])}, book.company, CYCLE)
    assert short.came() == "actual to October"
    estimated = registry.rows(book.tables["actuals"])
    estimated = [row | {"sales_estimated": 1 if row["month"] == CYCLE.last_actual_month else 0} for row in estimated]
    tables = {**short.tables, "actuals": registry.conform("actuals", estimated)}
    forecast = Book(tables, book.company, CYCLE)
    assert forecast.came() == "actual to 27 Oct 2026, the rest of October forecast"


def test_strategies_that_come_to_the_same_are_not_ranked(book):
    even = changed(book, "plan_money", lambda data: data.assign(contribution=100.0))
    assert plain_text(_ranked(even)).startswith("All strategies contribute the same: ")
    unpriced = changed(book, "plan_money", lambda data: data.assign(contribution=None))
    even = changed(unpriced, "plan_summary", lambda data: data.assign(total_cost=90.0, shortfall_cost=10.0))
    assert plain_text(_ranked(even)) == "All strategies cost the same: €100 over 24 months, shortfalls included."
