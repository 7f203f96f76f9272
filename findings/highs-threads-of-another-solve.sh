#!/usr/bin/env bash
# HiGHS 1.15.1 (highspy): the option `threads` of one model and the solves of another.
#
# Guess: an option belongs to the Highs object it was set on. Seen: the first solve of the process fixes the number of threads
# for all that follow. A second object that asks for another number does not solve slower or with a warning: run() returns
# kError and the model status stays kNotset. highspy.Highs.resetGlobalScheduler() makes the next one solve.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check highspy==1.15.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import highspy


def solve(threads):
    model = highspy.Highs()
    model.silent()
    assert model.version() == "1.15.1", model.version()
    model.setOptionValue("threads", threads)
    x = model.addVariable(lb=0, ub=5)
    model.addConstr(x >= 1)
    return model.minimize(x), model.getModelStatus()


first, second = solve(1), solve(2)
highspy.Highs.resetGlobalScheduler(True)
third = solve(2)
for name, seen in (("1 thread", first), ("then 2", second), ("2 after a reset", third)):
    print(name, *seen)
solved = (highspy.HighsStatus.kOk, highspy.HighsModelStatus.kOptimal)
assert first == third == solved and second == (highspy.HighsStatus.kError, highspy.HighsModelStatus.kNotset)
PYTHON
