"""A month struck at step after step, run by run, ends with the hash of one that nothing struck.

A strike waits at each of them. When one has struck, the month is run again without it, and takes over the steps that
were whole. `make slow` has an eighth of the steps and one moment of each, drawn; `make soak` all five of every step.
"""

import itertools
import random
import re
import signal

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.month import STEPS
from tests.faults.month import small_company
from tests.faults.strikes import CYCLE, Fault, Moment, Strike
from tests.thrift import SOAK, soak_alone

SEED = 7
SAID = {
    Fault.FULL: "full disk",
    Fault.BROKEN: "input/output error",
    Fault.FORBIDDEN: "no permission",
    Fault.READ_ONLY: "read-only file system",
}
pytestmark = pytest.mark.slow


def drawn(moment_of, faults):
    """A strike for each of the steps, at one of its tables, by the name of the step."""
    chance = random.Random(SEED)
    steps = STEPS if SOAK else chance.sample(STEPS, len(STEPS) // 8)
    return {
        step.name: Strike(fault, moment_of(chance), step.name, chance.choice(sorted(step.outputs)))
        for step, fault in zip(steps, itertools.cycle(faults))
    }


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


def struck_until_whole(company, strikes):
    """Run the month again and again, each time without the strikes that have struck; return how each run ended."""
    waiting = dict(strikes)
    while waiting:
        ended = company.run(list(waiting.values()))
        assert ended.struck, (list(waiting), ended.said)
        yield ended
        for step in ended.struck:
            del waiting[step]


def is_as(company, unharmed):
    """The month runs to its end now, and says what one does that nothing struck."""
    ended = company.run()
    assert ended.code == 0, ended.said
    assert company.hashes() == unharmed.hashes()


@pytest.mark.parametrize("moment_of", moments())
def test_a_month_killed_at_step_after_step_ends_as_one_that_was_not(tmp_path, unharmed, moment_of, record_property):
    company, strikes = small_company(tmp_path), drawn(moment_of, [Fault.KILL])
    for ended in struck_until_whole(company, strikes):
        assert ended.code == -signal.SIGKILL, ended.said
        nothing_is_half(company)
    is_as(company, unharmed)
    record_property("withstood: kill -9 of a month", len(strikes))


@pytest.mark.parametrize("moment_of", moments())
def test_what_a_disk_refuses_is_told_and_costs_nothing(tmp_path, unharmed, moment_of, record_property):
    company, strikes = small_company(tmp_path), drawn(moment_of, list(SAID))
    for ended in struck_until_whole(company, strikes):
        assert ended.code == 1, ended.said
        assert ended.said.strip().splitlines()[-1].startswith(f"Cycle {CYCLE} stopped: "), ended.said
        assert "Traceback" not in ended.said, ended.said
        for step in ended.struck:
            (told,) = re.findall(rf"^  FAILED  {step}: (.+)$", ended.said, re.MULTILINE)
            assert told.startswith(f"{company.folder}/lake/"), told
            assert SAID[strikes[step].fault] in told
        nothing_is_half(company)
    is_as(company, unharmed)
    record_property("withstood: refusals of the disk", len(strikes))


@soak_alone
def test_what_passes_in_a_moment_is_tried_again(tmp_path, unharmed):
    company = small_company(tmp_path)
    ended = company.run([Strike(Fault.BROKEN, Moment.UNNAMED, "demand_history", "demand_history", times=1)])
    assert (ended.code, ended.struck) == (0, {"demand_history"}), ended.said
    assert company.hashes() == unharmed.hashes()
