"""A company's own looks: logo, colours, ways of writing and templates, in every document and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from sop_pipeline.branding import Brand, contrast
from sop_pipeline.errors import BadInput
from sop_pipeline.language.dates import day
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import number, percent
from sop_pipeline.language.sentence import say
from sop_pipeline.packs.charts.bars import month_bars
from sop_pipeline.packs.looks import LARGEST_LOGO, files_of, read_looks
from sop_pipeline.packs.media import fonts, html, svg
from sop_pipeline.packs.parts.document import Document, Edition
from sop_pipeline.packs.parts.page import Figure, Page

MONTHS = [date(2026, month, 1) for month in range(1, 7)]
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
BRAND = Brand.model_validate(
    {
        "logo": "brand/logo.svg",
        "colours": {"worse": "#7A0044", "business": "#c0c000"},
        "numbers": "1.234,5",
        "dates": "28.11.2026",
        "templates": "brand/templates",
    }
)


@pytest.fixture
def folder(tmp_path):
    own = tmp_path / "brand" / "templates" / "layouts"
    own.mkdir(parents=True)
    (tmp_path / "brand" / "logo.svg").write_bytes(LOGO)
    (own / "standard.html").write_text(
        '<section id="{{ page.key }}">OWN {{ page.title }}{% include "body.html" %}</section>'
    )
    return tmp_path


def edition(looks) -> Edition:
    """A page with a sentence and a chart of bad months, written in the looks' way."""
    with looks.written():
        chart = month_bars([-1234.5, *[-1.0] * 5], MONTHS, words="Bars.", now=3, size=(300, 120))
        page = Page("one", "Gap & co", sentences=[say(number(1234.5, 1))], body=[Figure("bars", "#b3362a", "", chart)])
    return Edition(Document("a", "A", "B", ()), "Acme", "2026-11", "31 Oct 2026", "draft", [page], looks)


@pytest.fixture
def drawn(folder, monkeypatch):
    """The documents for screen and paper, without what looks do not touch."""
    monkeypatch.setattr(fonts, "embedded", lambda _words: {})
    monkeypatch.setattr(svg, "javascript", lambda: "")
    made = edition(read_looks(BRAND, folder))
    svgs = {figure.key: html.drawing(figure, made.looks) for figure in made.figures()}
    return html.screen(made, svgs).decode(), html.paper(made, svgs), svgs["bars"]


def test_every_document_has_the_logo_the_colours_and_the_own_template(drawn):
    screen, paper, picture = drawn
    for document in (screen, paper):
        assert document.count('class="logo" src="data:image/svg+xml;base64,') == 1
        assert "OWN Gap &amp; co" in document
        assert "--worse: #7a0044" in document
    assert "#7a0044" in picture and "#b3362a" not in picture
    assert '[fill="#7a0044"] { fill: var(--worse); }' in screen
    assert '"color":"#7a0044"' in screen
    assert ">#b3362a</h3>" in screen, "a title that looks like a colour is a title"


def test_text_in_a_colour_that_cannot_be_read_is_ink(folder):
    looks = read_looks(BRAND, folder)
    assert looks.colours["#d08a1d"] == "#c0c000" and looks.colours["#9a6410"] == "#16202a"


def test_numbers_and_days_are_written_as_in_the_examples_inside_alone(folder):
    with read_looks(BRAND, folder).written():
        assert (number(-1234567.5, 1), percent(0.123), plural(1234, "row")) == ("(1.234.567,5)", "12,3%", "1.234 rows")
        assert day(date(2026, 11, 8)) == "08.11.2026"
    assert (number(-1234567.5, 1), day(date(2026, 11, 8))) == ("(1,234,567.5)", "8 Nov 2026")


@pytest.mark.parametrize(
    ("example", "written"), [("1 234,5", "1 234,5"), ("1’234.5", "1’234.5"), ("1,234.5", "1,234.5")]
)
def test_each_form_writes_its_own_example(example, written, tmp_path):
    with read_looks(Brand(numbers=example), tmp_path).written():
        assert number(1234.5, 1) == written


@pytest.mark.parametrize("example", ["28 Nov 2026", "Nov 28, 2026", "28.11.2026", "28/11/2026", "2026-11-28"])
def test_each_form_of_a_day_writes_its_own_example(example, tmp_path):
    with read_looks(Brand(dates=example), tmp_path).written():
        assert day(date(2026, 11, 28)) == example


def test_contrast_is_that_of_wcag():
    assert [round(contrast(each), 2) for each in ("#000000", "#ffffff", "#777777", "#1f5a96")] == [21, 1, 4.48, 7.09]
    with pytest.raises(ValidationError, match="a darker colour for plan: text in #777777 on white"):
        Brand.model_validate({"colours": {"plan": "#777777"}})


def test_what_the_settings_name_has_to_be_there(folder):
    with pytest.raises(BadInput, match="no such file"):
        read_looks(Brand(logo="no.png"), folder)
    (folder / "large.png").write_bytes(b"0" * (LARGEST_LOGO + 1))
    with pytest.raises(BadInput, match="500,001 bytes"):
        read_looks(Brand(logo="large.png"), folder)
    (folder / "brand" / "templates" / "layout.html").write_text("")
    with pytest.raises(BadInput, match=r"layout\.html.*of the same name"):
        read_looks(BRAND, folder)


def test_a_changed_file_is_a_change_of_the_packs(folder):
    before = files_of(BRAND, folder)
    assert set(before) == {"brand/logo.svg", "brand/templates/layouts/standard.html"}
    (folder / "brand" / "logo.svg").write_bytes(LOGO + b"\n")
    assert files_of(BRAND, folder) != before
