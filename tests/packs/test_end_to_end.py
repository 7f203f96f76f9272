"""A pack as its reader has it: opened from disk in Chromium without a network, read, pointed at, filtered and judged by
axe-core for WCAG 2.2 AA."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from sop_pipeline.packs.build import build_packs
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.packs.test_browser import BROWSER
from tests.thrift import some

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: it comes with the dev dependencies")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="no axe-core: it comes with the dev dependencies"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH (Debian: apt-get install chromium)"),
]

DOCUMENTS = ("executive-pack", "product-review", "demand-review", "supply-review", "reconciliation", "operational-plan")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass
class Opened:
    """A page with what it said and what it asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    only = company(packs={"formats": ["html"]})
    out = tmp_path_factory.mktemp("read") / "pack"
    build_packs(cycle_tables(Shape(families=3, products=3)), only, CYCLE, out=out)
    return out


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=BROWSER, args=FLAGS)


@contextmanager
def opened(browser, folder, document: str, width: int = 1440, scheme: str = "light") -> Iterator[Opened]:
    """Open a document with every way out closed."""
    view = {"width": width, "height": 900}
    context = browser.new_context(viewport=view, color_scheme=scheme, offline=True, reduced_motion="reduce")
    one = Opened(context.new_page())
    one.page.on("console", lambda told: one.said.append(f"{told.type}: {told.text}"))
    one.page.on("pageerror", lambda error: one.said.append(f"uncaught: {error}"))
    one.page.on("request", lambda request: one.asked.append(request.url))
    one.page.goto((folder / f"{document}-{CYCLE}.html").as_uri())
    yield one
    context.close()


@pytest.fixture(scope="module")
def pack(browser, folder):
    with opened(browser, folder, "executive-pack") as one:
        yield one


def test_it_opens_from_disk_says_nothing_and_asks_for_nothing(pack):
    pack.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    pack.page.wait_for_function("document.querySelectorAll('[data-chart]:not(.vega-embed)').length === 0")
    assert pack.said == []
    assert [url for url in pack.asked if not url.startswith(("data:", "blob:"))] == [pack.asked[0]]
    assert pack.asked[0].startswith("file:")


def test_the_filter_leaves_one_family_and_brings_the_others_back(pack):
    shown = "[...document.querySelectorAll('section.family')].filter((each) => !each.hidden).map((each) => each.id)"
    pack.page.select_option("#family-filter", "family-2")
    assert pack.page.evaluate(shown) == ["family-2"]
    pack.page.select_option("#family-filter", "")
    assert pack.page.evaluate(shown) == ["family-1", "family-2", "family-3"]


@pytest.mark.parametrize("role", ["last", "business", "range"])
def test_a_toggle_puts_lines_away_with_their_names_and_nothing_else(pack, role):
    count = """(role) => {
      const seen = (each) => getComputedStyle(each).visibility === 'visible';
      const every = [...document.querySelectorAll('.plot svg g[class*="role-mark"]')].filter(seen);
      return [every.filter((each) => each.getAttribute('class').includes(` ${role}_`)).length, every.length];
    }"""
    own, before = pack.page.evaluate(count, role)
    assert own > 0
    pack.page.uncheck(f"#lines input[value={role}]")
    assert pack.page.evaluate(count, role) == [0, before - own]
    pack.page.check(f"#lines input[value={role}]")
    assert pack.page.evaluate(count, role) == [own, before]


def test_the_pointer_reads_a_month_of_a_chart(pack):
    place = pack.page.locator('[data-chart="course"]')
    place.scroll_into_view_if_needed()
    pack.page.wait_for_function("document.querySelector('[data-chart=\"course\"]').classList.contains('vega-embed')")
    box = place.bounding_box()
    pack.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = pack.page.wait_for_selector("#vg-tooltip-element.visible").inner_text()
    assert re.search(r"Month\s+\w+ 20\d\d", tip) and re.search(r"\bPlan\s+[\d.]+", tip), tip
    assert "undefined" not in tip


def test_pointing_at_a_figure_names_where_it_is_from(pack):
    cell = pack.page.locator("#family-1 tr[data-source^='sales_plan.sales'] td:not(:empty)").last
    cell.hover()
    assert cell.get_attribute("title").startswith(
        "sales_plan.sales; past: plan_attainment.plan; measure: sales · Plan · "
    )
    headline = pack.page.locator("h1[data-label]")
    headline.hover()
    assert re.match(r"Figures from .*key_figures.*plan_gap", headline.get_attribute("title"))


def test_the_keyboard_reaches_everything_that_answers(browser, folder):
    with opened(browser, folder, "executive-pack") as one:
        page = one.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#one"
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.getAttribute('role') || document.activeElement.tagName"))
        assert "region" in reached, "tables that scroll can be scrolled by keys"
        page.focus("#lines input[value=last]")
        page.keyboard.press("Space")
        assert page.evaluate("document.body.classList.contains('without-last')")
        page.focus("#family-filter")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.getElementById('family-2').hidden")


@pytest.mark.parametrize("document", some(DOCUMENTS, 3))
def test_nothing_breaks_wcag(browser, folder, document):
    broken = []
    for scheme in ("light", "dark"):
        for width in (1440, 390):
            with opened(browser, folder, document, width, scheme) as one:
                one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
                one.page.wait_for_function("document.querySelectorAll('[data-chart]:not(.vega-embed)').length === 0")
                rules = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
                found = axe.Axe().run(one.page, options=rules).response["violations"]
                broken += [(scheme, width, each["id"], node["html"][:200]) for each in found for node in each["nodes"]]
                wide = one.page.evaluate("document.documentElement.scrollWidth - innerWidth")
                broken += [(scheme, width, "wider than the window", wide)] if wide > 0 else []
                assert one.said == []
    assert broken == []
