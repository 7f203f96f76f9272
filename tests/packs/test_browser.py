"""The HTML in a real browser: charts are drawn by their own script, in the light and in the dark, wide and narrow."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.present import present

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH (Debian: apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def drawn(built, tmp_path_factory):
    """The page's elements after its scripts have run and it was about to be printed, when every chart is wanted."""
    page = next(path for path in built.files if path.suffix == ".html")
    profile = tmp_path_factory.mktemp("profile")
    asked = profile / "page.html"
    before, _, after = page.read_text(encoding="utf-8").rpartition("</body>")
    ask = '<script>window.dispatchEvent(new Event("beforeprint"))</script></body>'
    asked.write_text(before + ask + after, encoding="utf-8")
    done = subprocess.run(
        [
            present(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            f"--user-data-dir={profile / 'user'}",
            "--window-size=1280,900",
            "--virtual-time-budget=60000",
            "--dump-dom",
            asked.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    return done.stdout, done.stderr


def test_every_chart_is_drawn_by_its_script(drawn):
    text, _ = drawn
    places = re.findall(r'<div class="plot[^>]*data-chart="[^"]+"[^>]*>', text)
    assert len(places) > 20
    assert all('data-drawn="yes"' in place and "vega-embed" in place for place in places)


def test_no_script_fails(drawn):
    _, errors = drawn
    assert not re.findall(r"Uncaught|\[Error\]|Refused to|net::ERR", errors)
