"""A month struck at every step, run by run, ends with the hash of one that nothing struck.

Each run is struck one step further than the one before it, whose whole steps it takes over: so a chain costs little
more than one month. `make slow` has a chain for kills and one for a disk's refusals, with a moment drawn for every
step; `make soak` has every moment of every step.
"""

import os
import random
import re
import signal

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.month import STEPS
from tests.faults.month import small_company
from tests.faults.strikes import CYCLE, Fault, Moment, Strike

SEED = 7
SOAK = bool(os.environ.get("SOP_SOAK"))
SAID = {
    Fault.FULL: "full disk",
    Fault.BROKEN: "input/output error",
    Fault.FORBIDDEN: "no permission",
    Fault.READ_ONLY: "read-only file system",
}
pytestmark = pytest.mark.slow


def drawn(steps, moment_of, faults):
    """A strike for every step, in the order in which they ran, at one of its tables."""
    chance = random.Random(SEED)
    tables = {step.name: sorted(step.outputs) for step in STEPS}
    for number, step in enumerate(name for name in steps if name in tables):
        yield Strike(faults[number % len(faults)], moment_of(chance), step, chance.choice(tables[step]))


def moments():
    """One moment a step by chance, or each moment of every step in a chain of its own."""
    by_chance = pytest.param(lambda chance: chance.choice(list(Moment)), id=f"seed {SEED}")
    each = [pytest.param(lambda _, moment=moment: moment, id=moment.name) for moment in Moment]
    return each if SOAK else [by_chance]


def nothing_is_half(company):
    """No reader sees a cycle, and every file of the lake that has its name can be read as it was written."""
    assert company.hashes() == {}
    assert company.lake.cycles() == []
    assert not (company.folder / "packs" / CYCLE).exists()
    for run in (company.lake.root / "runs" / CYCLE).iterdir():
        for entry in company.lake.run_entries(Cycle.parse(CYCLE), run.name).values():
            company.lake.verified(vars(entry), CYCLE)


@pytest.mark.parametrize("moment_of", moments())
def test_a_month_killed_at_every_step_ends_as_one_that_was_not(tmp_path, unharmed, moment_of, record_property):
    (company, (whole, through)) = small_company(tmp_path), unharmed
    strikes = list(drawn(through.steps, moment_of, [Fault.KILL]))
    assert {strike.step for strike in strikes} == {step.name for step in STEPS}
    for strike in strikes:
        ended = company.run(strike)
        assert ended.code == -signal.SIGKILL, (strike, ended)
        nothing_is_half(company)
    ended = company.run()
    assert ended.code == 0, ended.said
    assert company.hashes() == whole.hashes()
    record_property("kill -9", len(strikes))


@pytest.mark.parametrize("moment_of", moments())
def test_what_a_disk_refuses_is_told_and_costs_nothing(tmp_path, unharmed, moment_of, record_property):
    (company, (whole, through)) = small_company(tmp_path), unharmed
    strikes = list(drawn(through.steps, moment_of, list(SAID)))
    for strike in strikes:
        ended = company.run(strike)
        assert ended.code not in (0, 1), (strike, ended)
        told = ended.said.strip().splitlines()[-1]
        assert SAID[strike.fault] in told, (strike, ended.said)
        assert str(company.folder) in told, (strike, told)
        assert not re.search("Traceback", ended.said), (strike, ended.said)
        nothing_is_half(company)
    ended = company.run()
    assert ended.code == 0, ended.said
    assert company.hashes() == whole.hashes()
    record_property("refusals of the disk", len(strikes))


def test_what_passes_in_a_moment_is_tried_again(tmp_path, unharmed):
    (company, (whole, _)) = small_company(tmp_path), unharmed
    ended = company.run(Strike(Fault.BROKEN, Moment.UNNAMED, "demand_history", "demand_history", times=1))
    assert ended.code == 0, ended.said
    assert company.hashes() == whole.hashes()
