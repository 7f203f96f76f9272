"""The ``sop`` command: every command has help and is documented, and user errors are one sentence with a code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from sop_pipeline import __version__
from sop_pipeline.cli import app
from sop_pipeline.supply.strategies.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = typer.main.get_group(app).commands


def sop(*arguments, cwd=None, env=None):
    return subprocess.run(
        [sys.executable, "-m", "sop_pipeline.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=env,
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_has_help(name):
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name}"


def test_the_version_is_the_newest_of_the_changelog():
    released = re.findall(r"^## (\d\S*) \(\d{4}-\d\d-\d\d\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert sop("--version").stdout == f"sop {__version__}\n"
    assert __version__ == released[0]


def test_it_works_from_an_empty_folder(tmp_path):
    """Nothing is looked for where the command starts: it runs from its checkout, wherever that is."""
    assert sop("--version", cwd=tmp_path).returncode == 0
    assert sop("init", "acme", cwd=tmp_path).returncode == 0
    checked = sop("check", "--company", "acme", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "Ready. The newest cycle these files allow is 2026-07." in checked.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["acme"]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_wheel_is_refused_because_it_would_lack_the_sql(kind, tmp_path):
    build = f"import checkout_only; checkout_only.build_{kind}({str(tmp_path)!r})"
    result = subprocess.run(
        [sys.executable, "-c", build], cwd=ROOT / ".ci", capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("sop-pipeline runs from its checkout and has no wheel. Clone it and run: make demo")
    assert list(tmp_path.iterdir()) == []


def test_plan_names_every_strategy_there_is():
    """Words of the help that are strategies, mixes taken apart, are those of the registry, each and no other."""
    helps = {one.name: getattr(one, "help", "") for one in COMMANDS["plan"].params}
    words = set(re.findall(r"[a-z_]+", helps["strategy"]))
    prose = {"its", "parts", "and", "or", "mixed", "as", "stretches", "of", "months", "together"}
    prose |= {"each", "family", "s", "product", "rate"}
    assert words - prose == set(RULES)


def test_the_company_named_says_which_cycles_there_are(tmp_path):
    """Its ``first_cycle``, not that of the company of the environment, which stands in for the demo company."""
    for name, first in (("mine", "2024-05"), ("other", "2025-09")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sop.yaml").write_text(f"company: Acme\nfirst_cycle: {first}\nsources: {{}}\n")
    environment = {**os.environ, "SOP_COMPANY": str(tmp_path / "other"), "DAGSTER_HOME": str(tmp_path / "home")}
    said = sop("run", "--cycle", "2024-04", "--company", tmp_path / "mine", env=environment).stderr
    assert "needed a cycle from 2024-05 to" in said


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_docs(name):
    text = "".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert f"sop {name}" in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "--cycle", "2026-13", "--company", "."), 2, "needed a month written YYYY-MM"),
        (("run", "--cycle", "2026-07", "--company", "."), 2, "sop init"),
        (("check", "--company", "."), 2, "no sop.yaml"),
        (("plan", "nowhere", "--strategy", "level", "--out", "out"), 2, "nowhere"),
        (
            ("forecast", "nowhere.csv", "--id", "a", "--date", "b", "--value", "c", "--horizon", 3, "--out", "o.csv"),
            2,
            "nowhere.csv",
        ),
    ],
)
def test_user_errors_are_one_sentence_and_a_code(arguments, code, said, tmp_path):
    result = sop(*arguments, cwd=tmp_path)
    assert result.returncode == code, result.stderr
    assert said in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_packs_of_a_cycle_that_was_never_run_are_refused(tmp_path):
    assert sop("init", "acme", cwd=tmp_path).returncode == 0
    result = sop("pack", "--cycle", "2026-07", "--company", "acme", cwd=tmp_path)
    assert result.returncode == 2
    assert "sop run --cycle 2026-07" in result.stderr
    assert not (tmp_path / "acme" / "packs").exists()


def test_an_unknown_setting_names_the_nearest(tmp_path):
    assert sop("init", "acme", cwd=tmp_path).returncode == 0
    settings = tmp_path / "acme" / "sop.yaml"
    settings.write_text(settings.read_text().replace("horizon_months:", "horizon_month:"))
    result = sop("check", "--company", "acme", cwd=tmp_path)
    assert result.returncode == 2
    assert "Did you mean horizon_months?" in result.stdout
