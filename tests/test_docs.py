"""Docs that cannot drift: generated pages are current, links lead somewhere, commands run."""

import re
import shlex
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from sop_pipeline import reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_reference_pages_are_what_the_code_says(name):
    """Rewrite them with: make reference."""
    assert (reference.PAGES / name).read_text() == reference.pages()[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
        assert target.startswith("http") or (page.parent / target).exists(), target


def commands(page):
    """Return the `sop` commands of a page's code blocks, in order."""
    blocks = re.findall(r"```(\w*)\n(.*?)```", page.read_text(), flags=re.DOTALL)
    return [line for kind, block in blocks if not kind for line in block.splitlines() if line.startswith("sop ")]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/planner.md", "docs/engineer.md", "docs/planning-folder.md"])
def test_commands_in_the_docs_run(page, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    for case in ("red_tomato", "factory_planning_1", "roofing_old"):
        shutil.copytree(ROOT / "tests" / "supply" / case, tmp_path / "tests" / "supply" / case)
    rows = [
        f"{p},{y}-{m:02d},{100 + m * k}" for k, p in enumerate("ab") for y in (2023, 2024, 2025) for m in range(1, 13)
    ]
    (tmp_path / "history.csv").write_text("product,month,quantity\n" + "\n".join(rows) + "\n")
    weeks = [f"a,{day:%G-W%V},100" for day in (date(2024, 1, 1) + number * timedelta(weeks=1) for number in range(104))]
    (tmp_path / "weeks.csv").write_text("product,week,quantity\n" + "\n".join(weeks) + "\n")
    periods = [f"a,{year}-P{number:02d},400" for year in (2023, 2024, 2025) for number in range(1, 13)]
    (tmp_path / "periods.csv").write_text("product,period,quantity\n" + "\n".join(periods) + "\n")
    exports = tmp_path / "exports"
    exports.mkdir()
    sold = [f"R1;Roggenbrot;01.{month:02d}.{year};1.200,5" for year in (2024, 2025) for month in range(1, 13)]
    sales = ["Umsatz der Filialen;;;", "Artikelnr;Bezeichnung;Monat;Menge", *sold, "Summe;;;28.812,0"]
    (exports / "umsatz.csv").write_bytes("\r\n".join(sales).encode("cp1252"))
    found = commands(ROOT / page)
    assert found
    for command in found:
        result = subprocess.run(
            [sys.executable, "-m", "sop_pipeline.cli", *shlex.split(command)[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
        if page != "README.md" and command == "sop init acme":  # the README makes every kind of file
            settings = tmp_path / "acme" / "sop.yaml"
            stated = re.sub(r"formats: \[.*?\]", "formats: [html]", settings.read_text())
            stated = re.sub(r"documents:.*?\]", "documents: [executive_pack]", stated, flags=re.DOTALL)
            settings.write_text(re.sub(r"  levers: .*\n", "", stated))


TUTORIAL = ROOT / "docs" / "tutorial.md"
VARYING = re.compile(r" +\d+(\.\d)? s\b|\(\d+ s\)|(?<=run )[0-9a-f]{8}|(?<=content )[0-9a-f]{16}")
"""What differs from one run to the next, or with the version of the code: times, the run, its content hash."""


def shown(block):
    """Return each command of a block with the lines that are printed after it."""
    parts = re.split(r"^\$ sop (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def printed_as_shown(printed, lines):
    """Whether what was printed is what the page shows, where a line of three dots stands for any lines."""
    told = [VARYING.sub("", line) for line in lines.rstrip().splitlines()]
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n" for line in told)
    return re.fullmatch(pattern, VARYING.sub("", printed.rstrip() + "\n"))


def mended(text, change):
    """Return a text with the lines of a diff: one with a plus is put after the line before it in the diff."""
    lines, at = text.splitlines(), 0
    for sign, line in ((each[0], each[1:]) for each in change.splitlines()):
        if sign == "+":
            lines.insert(at, line)
            at += 1
        else:
            at = lines.index(line) + (sign == " ")
            if sign == "-":
                del lines[at]
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_tutorial_prints_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    shutil.copytree(ROOT / "examples" / "roastery", tmp_path / "exports")
    blocks = re.findall(r"```(console|diff)\n(.*?)```", TUTORIAL.read_text(), flags=re.DOTALL)
    assert [kind for kind, _ in blocks] == ["console", "console", "diff", "console", "console"]
    for kind, block in blocks:
        if kind == "diff":
            settings = tmp_path / "roastery" / "sop.yaml"
            settings.write_text(mended(settings.read_text(), block))
            continue
        for command, lines in shown(block):
            done = subprocess.run(
                [sys.executable, "-m", "sop_pipeline.cli", *shlex.split(command)],
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout
            assert printed_as_shown(done.stdout, lines), f"{command}\n{done.stdout}"
    assert (tmp_path / "roastery" / "packs" / "2026-07" / "executive-pack-2026-07.html").exists()


def test_a_page_that_shows_another_line_is_seen():
    assert printed_as_shown("a\nb\nc  1.5 s\nrun 01234567\n", "...\nc  12.0 s\nrun 76543210\n")
    assert not printed_as_shown("a\nb\nc\n", "a\nc\n")
    assert not printed_as_shown("a\nb\n", "a\n")
    assert mended("a\nb\nc\n", " a\n+d\n-c\n+e\n") == "a\nd\nb\ne\n"
