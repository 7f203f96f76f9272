#!/usr/bin/env bash
# duckdb 1.5.5: what it costs to bring a product of two decimals back to four decimals.
#
# Guess: multiplying two decimals of more than 18 digits is the dear part, and casting the product back to fewer decimals costs about as
# much; rounding first and casting then can only cost more than the cast alone. Seen, CPU time of one thread over a million rows of
# decimal(38, 10): doubling each is some 25 ns a row, taking it as decimal(28, 10) (fewer digits, the same decimals) 30 ns, but as
# decimal(28, 4) 2,400 ns, eighty times as much: every value is divided by a power of ten in 128 bits, several times over. `round(x, 4)`
# is 800 ns, and `round(x, 4)::decimal(28, 4)` a third of the plain cast, with the same values in every row.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check duckdb==1.5.5
"$folder/venv/bin/python" - <<'PYTHON'
import time

import duckdb

ROWS = 1_000_000
connection = duckdb.connect(config={"threads": 1})
connection.execute(
    f"create table amounts as select ((i % 100000) / 7.0)::decimal(38, 10) as x from range({ROWS}) as numbers(i)"
)


def nanoseconds(expression):
    """CPU time a row of the expression, the least of five."""
    spent = []
    for _ in range(5):
        began = time.process_time()
        connection.execute(f"select max({expression}) from amounts").fetchall()
        spent.append(time.process_time() - began)
    return min(spent) / ROWS * 1e9


cost = {
    expression: nanoseconds(expression)
    for expression in ("x * 2", "x::decimal(28, 10)", "x::decimal(28, 4)", "round(x, 4)", "round(x, 4)::decimal(28, 4)")
}
for expression, spent in cost.items():
    print(f"{expression:30} {spent:7.0f} ns a row")
other = connection.execute(
    "select count(*) from amounts where x::decimal(28, 4) is distinct from round(x, 4)::decimal(28, 4)"
).fetchone()[0]
print(f"rows in which the two ways differ: {other}")
assert duckdb.__version__ == "1.5.5"
assert other == 0
assert cost["x::decimal(28, 4)"] > 10 * max(cost["x * 2"], cost["x::decimal(28, 10)"])
assert cost["x::decimal(28, 4)"] > 1.5 * cost["round(x, 4)::decimal(28, 4)"]
PYTHON
