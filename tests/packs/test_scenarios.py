"""The page of scenarios: tables on paper, a picker on the screen that shows one panel at a time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date

import pypdf
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.media import html
from sop_pipeline.packs.pages.operations import operations_if_room
from sop_pipeline.packs.pages.scenarios import scenarios, scenarios_if_room
from sop_pipeline.packs.parts.document import Document
from sop_pipeline.packs.parts.page import Choices
from tests.packs.invented import CYCLE, company
from tests.packs.reading import part

BROWSER = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
NAME = 'Dry "year" <b>'
REVENUE = {("base", "level"): 900, ("base", "blended"): 910, (NAME, "level"): 950, (NAME, "blended"): 980}
CHANGE = {"scenario": NAME, "measure": "demand", "subject": "all", "way": "percent", "amount": 8}


def figures(scenario, strategy, revenue):
    money = {"revenue": revenue * 1_000_000, "contribution": revenue * 400_000, "cash_flow": 1_000, "lowest_cash": -500}
    counts = {"total_cost": 1, "shortfall_cost": 0, "hires": 3, "layoffs": 0, "overtime_hours": 12, "lost_units": 0}
    shares = {"service": 0.985, "worst_utilisation": 1.02}
    return {"scenario": scenario, "strategy": strategy, "status": "optimal", **money, **counts, **shares}


def effect(place, amount):
    return {"scenario": NAME, "strategy": "blended", "measure": "revenue", "place": place, "amount": amount}


@pytest.fixture(scope="module")
def with_scenarios(tables):
    rows = {
        "scenario_comparison": [figures(*pair, revenue) for pair, revenue in REVENUE.items()],
        "scenario_changes": [
            {**CHANGE, "place": 1, "change": "demand all +8%"},
            {**CHANGE, "place": 2, "change": "price all +1%"},
        ],
        "scenario_effects": [effect(1, 60_000_000), effect(2, 10_000_000)],
        "scenario_money": [
            {"scenario": scenario, "strategy": strategy, "month": date(2026, 11, 1), "revenue": revenue * 50_000}
            for (scenario, strategy), revenue in REVENUE.items()
        ],
        "scenario_unsolved": [
            {"scenario": "Typo", "place": 1, "strategy": "", "reason": "refused"}
            | {"found": "'Bred'", "needed": "a family", "mend": "Did you mean Bread?"},
            {"scenario": NAME, "place": 2, "strategy": "chase", "reason": "no_plan"},
        ],
    }
    return {**tables, **{name: registry.conform(name, each) for name, each in rows.items()}}


@pytest.fixture(scope="module")
def book(with_scenarios):
    return Book(with_scenarios, company(), CYCLE)


@pytest.fixture(scope="module")
def edition(book):
    return Document("scenarios", "Scenarios", "Scenarios", (scenarios,)).fill(book)


@pytest.fixture(scope="module")
def screen(edition):
    return html.screen(edition, {}).decode()


def test_without_scenarios_there_is_no_page(tables):
    assert scenarios(Book(tables, company(), CYCLE)) == []


def test_the_picker_has_a_panel_for_every_plan_and_starts_with_the_first_scenario(edition):
    (choices,) = [part for part in edition.pages[0].body if isinstance(part, Choices)]
    assert [(each.name, list(each.answers)) for each in choices.choices] == [
        ("Scenario", ["base", NAME]),
        ("Strategy", ["level", "blended"]),
    ]
    assert {panel.values for panel in choices.panels} == set(REVENUE)
    assert choices.picked == (NAME, "blended")


def test_a_panel_holds_its_plan_against_base_by_cause_and_by_month(edition):
    (choices,) = [part for part in edition.pages[0].body if isinstance(part, Choices)]
    against, causes, months = next(panel for panel in choices.panels if panel.values == (NAME, "blended")).parts
    cells = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in against.rows}
    assert cells["Revenue"] == ["910.0", "980.0", "70.0"]
    assert cells["Service"] == ["98.5%", "98.5%", "0.0 points"]
    assert [[cell.text for cell in row.cells[:2]] for row in causes.rows] == [
        ["demand all +8%", "60,000,000"],
        ["price all +1%", "10,000,000"],
    ]
    assert months.rows[0].cells[0].text == "Revenue"


def test_what_was_not_planned_is_said(edition):
    told = ["".join(span.text for span in sentence) for sentence in edition.pages[0].sentences]
    assert "Scenario Typo is not planned: found 'Bred'; needed a family. Did you mean Bread?" in told
    assert f"Scenario {NAME}, strategy chase: no solve of it ended, so it is left out." in told
    assert any(line.startswith(f"{NAME}: contribution") and "28.0m above base" in line for line in told)


def test_paper_has_the_tables_and_no_picker(edition):
    text = html.paper(edition, {})
    assert "Side by side" in text and "What each change brings" in text
    assert "data-choices" not in text and "<fieldset" not in text
    assert "demand all +8%" in text


def test_the_screen_names_everything_safely_and_asks_no_network(screen):
    assert NAME not in screen
    assert "<fieldset><legend>Scenario</legend>" in screen
    assert not re.search(r'(src|href)="https?:', screen.split("<script>")[0])


def test_in_the_executive_pack_it_is_on_paper_where_fifteen_pages_have_room(with_scenarios):
    six, five, four = (Book(with_scenarios, company(packs={"families_in_pdf": n}), CYCLE) for n in (6, 5, 4))
    assert [page.in_pdf for each in (six, five, four) for page in scenarios_if_room(each)] == [False, True, True]
    assert [operations_if_room(each).in_pdf for each in (six, five, four)] == [False, False, True]


def test_it_fits_one_sheet(edition):
    from sop_pipeline.packs.media import pdf

    if pdf.unavailable():
        pytest.skip(pdf.unavailable())
    paper = pdf.pdf(html.paper(edition, {}), {}, html.created(CYCLE.name))
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH (Debian: apt-get install chromium)")
@pytest.mark.parametrize(("scenario", "strategy"), [(NAME, "blended"), ("base", "level"), (NAME, "level")])
def test_picking_shows_the_panel_picked_and_no_other(screen, tmp_path, scenario, strategy):
    pick = f"""<script>
      for (const value of {[scenario, strategy]!r}) for (const input of document.querySelectorAll("fieldset input"))
        if (input.value === value) input.click();
    </script></body>"""
    before, _, after = screen.rpartition("</body>")
    page = tmp_path / "page.html"
    page.write_text(before + pick + after, encoding="utf-8")
    asked = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'user'}"]
    done = subprocess.run(
        [*asked, "--virtual-time-budget=20000", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    panels = re.findall(r'<div data-panel="([^"]*)"( hidden="")?>', done.stdout)
    shown = [values for values, hidden in panels if not hidden]
    assert len(panels) == 4 and len(shown) == 1
    assert shown[0].replace("&quot;", '"').endswith(f'"{strategy}"]')
    assert ("base" in shown[0]) == (scenario == "base")


CHANGES = {
    "demand Snacks +10% 2027-03..2027-08": ("demand", "Snacks", "demand Snacks +10%, Mar to Aug ’27"),
    "capacity press_line -1 2027-06": ("capacity", "press_line", "capacity Press no 1 -1, Jun ’27"),
    "wage all +4% 2027-01..": ("wage", "all", "wage all +4%, from Jan ’27"),
    "price all +2%": ("price", "all", "price all +2%"),
}


def test_changes_are_told_with_names_and_months(with_scenarios):
    rows = []
    for place, (change, (measure, subject, _)) in enumerate(CHANGES.items(), start=1):
        months = [date(int(year), int(month), 1) for year, month in re.findall(r"(\d{4})-(\d\d)", change)]
        span = {"month_from": months[0], "month_to": None if change.endswith("..") else months[-1]} if months else {}
        told = {"place": place, "change": change, "measure": measure, "subject": subject}
        rows.append({**CHANGE, **told, **span})
    named = [{"resource_id": "press_line", "resource_name": "Press no 1", "kind": "machine"}]
    made = {
        "scenario_changes": registry.conform("scenario_changes", rows),
        "scenario_effects": registry.conform("scenario_effects", [effect(place, 1_000_000) for place in range(1, 5)]),
        "resources": registry.conform("resources", named),
    }
    (only,) = scenarios(Book({**with_scenarios, **made}, company(), CYCLE))
    listing = part(only, "What each change brings", "paper")
    assert [row.cells[1].text for row in listing.rows] == [words for _, _, words in CHANGES.values()]
