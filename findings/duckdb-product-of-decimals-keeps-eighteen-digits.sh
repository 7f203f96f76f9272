#!/usr/bin/env bash
# DuckDB 1.5.5: the product of two decimals, by how many digits they are declared with.
#
# Guess: as in other engines the product of DECIMAL(18,4) and DECIMAL(18,6) has the digits of both, so that quantity times factor
# has room. Seen: while both sides have up to 18 digits the product has 18 as well, and all the places of both: DECIMAL(18,10),
# which leaves eight digits before the point. 6,506,382.6087 units x 21 working days, 136 million, is out of range. With 19
# digits on one side the product is DECIMAL(37,10) and the same values multiply. Small amounts never meet it,
# so that tests on small data pass. sum() is no such case: it widens to 38 digits by itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check duckdb==1.5.5
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb

connection = duckdb.connect()


def asked(left, right):
    product = f"6506382.6087::{left} * 21::{right}"
    kind = connection.execute(f"select typeof(1::{left} * 1::{right})").fetchone()[0]
    try:
        return kind, str(connection.execute(f"select {product}").fetchone()[0])
    except duckdb.OutOfRangeException as error:
        return kind, str(error).split(":")[0]


seen = {
    "narrow": asked("decimal(18, 4)", "decimal(18, 6)"),
    "one side of 19 digits": asked("decimal(18, 4)", "decimal(19, 6)"),
    "sum": connection.execute("select typeof(sum(1::decimal(18, 4)))").fetchone()[0],
}
for name, found in seen.items():
    print(f"{name}: {found}")
assert duckdb.__version__ == "1.5.5"
assert seen == {
    "narrow": ("DECIMAL(18,10)", "Out of Range Error"),
    "one side of 19 digits": ("DECIMAL(37,10)", "136634034.7827000000"),
    "sum": "DECIMAL(38,4)",
}
PYTHON
