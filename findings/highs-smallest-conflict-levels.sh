#!/usr/bin/env bash
# HiGHS 1.15.1 (highspy): the levels of `iis_strategy`.
#
# Guess: getIis() names an irreducible infeasible subset, and option value 2 is
# enough to ask for it. Seen, on five rows of which two alone (x + y <= 1.5 and y >= 3, with x >= 0) cannot hold together:
#   0 (the default)  status kOk and valid, with no rows and no columns at all
#   2 (FromLp)       four of five rows: two can be taken away and the rest stays infeasible
#   4 (Irreducible)  the two rows
# So "valid" says nothing about size, and a caller who prints the rows of level 2 tells people to mend rules that are fine.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check highspy==1.15.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import highspy

model = highspy.Highs()
model.silent()
assert model.version() == "1.15.1", model.version()
x, y = model.addVariable(lb=0), model.addVariable(lb=0)
for row in (x <= 1, x >= 2, x + y <= 100, x + y <= 1.5, y >= 3):
    model.addConstr(row)
assert model.getOptionValue("iis_strategy")[1] == 0
seen = {}
for level in (0, 2, 4):
    model.setOptionValue("iis_strategy", level)
    model.clearSolver()
    model.run()
    status, conflict = model.getIis()
    seen[level] = (status == highspy.HighsStatus.kOk, conflict.valid_, list(conflict.row_index_))
    print("iis_strategy", level, *seen[level])
assert seen == {0: (True, True, []), 2: (True, True, [0, 1, 3, 4]), 4: (True, True, [3, 4])}, seen
PYTHON
