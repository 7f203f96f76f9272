#!/usr/bin/env bash
# Great Expectations 1.24.1 on pandas 2.3.3 and 3.0.0: the sum of a column of decimals.
#
# Guess: a check reads. Whoever keeps money as Decimal can hold its control total against the sum to the cent, and has the same
# frame afterwards. Seen: ExpectColumnSumToBeBetween (ExpectColumnMeanToBeBetween as well) turns the decimals into floats and adds
# those. (1) With both, three times 0.10 is not 0.30: the check fails by 5e-17, whatever type the bounds have. (2) With pandas
# 2.3.3 it does so in the caller's own frame: what goes on to be written after the check are floats, 9007199254740993.00
# has lost a unit, and a check of those decimals that passed before fails after. With pandas 3.0.0, which copies on write,
# the frame stays. ExpectColumnValuesToBeBetween and ExpectColumnMaxToBeBetween leave the decimals alone. Hand a copy to the
# suite, or sum outside it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/summed.py" <<'PYTHON'
import logging
import sys
import warnings
from decimal import Decimal

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as expect

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("frame")
whole = asset.add_batch_definition_whole_dataframe("whole")


def validated(frame, expectation):
    result = whole.get_batch({"dataframe": frame}).validate(expectation)
    return result.success, result.result.get("observed_value")


def amounts(*texts):
    return pd.DataFrame({"amount": [Decimal(text) for text in texts]})


cents = amounts("0.10", "0.10", "0.10")
print("pandas, before:", repr(cents["amount"].sum()))
for bound in (0.3, Decimal("0.30")):
    asked = expect.ExpectColumnSumToBeBetween(column="amount", min_value=bound, max_value=bound)
    verdict = validated(amounts("0.10", "0.10", "0.10"), asked)
    print(f"sum between {bound!r} and the same:", verdict)
    assert verdict == (False, 0.1 + 0.1 + 0.1)

large = amounts("9007199254740993.00", "0.01")
exact = expect.ExpectColumnValuesToBeInSet(column="amount", value_set=[Decimal("9007199254740993.00"), Decimal("0.01")])
before = validated(large, exact)[0]
assert isinstance(large["amount"][0], Decimal)
validated(large, expect.ExpectColumnSumToBeBetween(column="amount", min_value=0))
after = validated(large, exact)[0]
left = large["amount"][0]
print(f"pandas {pd.__version__}, the caller's frame after: {left!r}; its own values in set: {before}, then {after}")
assert gx.__version__ == "1.24.1"
assert before
if sys.argv[1] == "mutated":
    assert not after and type(left) is not Decimal and left == 9007199254740992.0
else:
    assert after and left == Decimal("9007199254740993.00")
PYTHON
for version in 2.3.3:mutated 3.0.0:kept; do
    python3 -m venv --clear "$folder/venv"
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check great-expectations==1.24.1 "pandas==${version%:*}"
    GX_ANALYTICS_ENABLED=false "$folder/venv/bin/python" "$folder/summed.py" "${version#*:}" 2> "$folder/progress" || {
        cat "$folder/progress"
        exit 1
    }
done
