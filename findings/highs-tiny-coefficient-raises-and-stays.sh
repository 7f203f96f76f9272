#!/usr/bin/env bash
# HiGHS 1.15.1 (highspy): a row with a coefficient of 1e-10.
#
# Guess: addConstr either takes the row or raises and leaves the model as it was. Seen: it raises "Error adding constraint",
# and the row is in the model all the same, without the coefficient (below small_matrix_value, 1e-9); addRow returns kWarning
# and does likewise; passModel returns kWarning and drops it. A caller who catches the exception, or reads kWarning as
# harmless, solves another model: x runs to its bound of 1e12, a hundred times what 1e-10 x <= 1 allows, and the status is
# kOptimal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check highspy==1.15.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import highspy
import numpy as np

model = highspy.Highs()
model.silent()
assert model.version() == "1.15.1", model.version()
x, y = model.addVariable(lb=0, ub=1e12), model.addVariable(lb=0, ub=5)
try:
    model.addConstr(1e-10 * x + y <= 1)
except Exception as error:
    raised = str(error)
else:
    raised = ""
print("addConstr raised:", repr(raised), "- rows:", model.getNumRow(), "- coefficients:", model.getNumNz())
assert raised and (model.getNumRow(), model.getNumNz()) == (1, 1)
model.maximize(x)
print("status", model.getModelStatus(), "x =", model.val(x))
assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal and model.val(x) == 1e12
status = model.addRow(-highspy.kHighsInf, 1.0, 2, np.array([0, 1], dtype=np.int32), np.array([1e-10, 1.0]))
print("addRow:", status, "- rows:", model.getNumRow(), "- coefficients:", model.getNumNz())
assert status == highspy.HighsStatus.kWarning and (model.getNumRow(), model.getNumNz()) == (2, 2)
PYTHON
