"""The archive page: every plan with its files, what people wrote as text, and a search that needs no network."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from sop_pipeline.packs.media.archive import Held, archive_page
from tests.present import present

BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
FILES = (
    ("executive pack", "2026-11@r01/executive-pack-2026-11.pdf"),
    ("workbook", "2026-11@r01/workbook-2026-11.xlsx"),
)
HELD = (
    Held("2026-12", "draft", "run 1234abcd", "", ()),
    Held("2026-11", "released r01", "2026-11@r01", 'by <b>Ada</b> on 20 Nov: "agreed" & signed', FILES),
)


@pytest.fixture(scope="module")
def page():
    return archive_page("Meridian <Foods>", HELD).decode()


def test_every_plan_stands_with_its_files(page):
    links = re.findall(r'<a href="([^"]+)">([^<]+) <span class="quiet">(\w+)', page)
    assert links == [
        ("2026-11%40r01/executive-pack-2026-11.pdf", "executive pack", "PDF"),
        ("2026-11%40r01/workbook-2026-11.xlsx", "workbook", "XLSX"),
    ]
    assert page.count('<th scope="row">') == 2


def test_what_people_wrote_is_text_and_nothing_is_fetched(page):
    assert "Meridian &lt;Foods&gt;" in page and "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//|@import|url\(', page)


def test_equal_plans_give_equal_bytes_and_none_says_so(page):
    assert archive_page("Meridian <Foods>", HELD).decode() == page
    assert "No cycle is published yet." in archive_page("Meridian", ()).decode()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH (Debian: apt-get install chromium)")
def test_the_search_finds_by_any_words(page, tmp_path):
    typed = (
        "<script>const box = document.getElementById('search'); box.value = 'ADA signed';"
        "box.dispatchEvent(new Event('input'));</script></body>"
    )
    asked = tmp_path / "index.html"
    asked.write_text(page.replace("</body>", typed))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'user'}", "--dump-dom"]
    command = [present(BROWSER), *flags, "--virtual-time-budget=5000", asked.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert re.search(r'id="count"[^>]*>1 of 2<', shown)
    assert re.findall(r"<tr( hidden=\"\")?><th scope=\"row\">([\d-]+)", shown) == [
        (' hidden=""', "2026-12"),
        ("", "2026-11"),
    ]
