#!/usr/bin/env bash
# DuckDB 1.5.5 with a registered pyarrow 26.0.1 table: how a join by an inequality is planned.
#
# Guess: a pyarrow.Table knows its length, so that a query over it is planned like one over the same rows in a native table. Seen:
# the scan of a registered table is estimated at one row whatever it holds. Two tables of 200,000 rows joined by `<` get a
# NESTED_LOOP_JOIN, which compares every pair, where the native tables get a PIECEWISE_MERGE_JOIN. Nothing warns: on small tables
# both take as long, and the work grows with the square. With nested_loop_join_threshold and merge_join_threshold at 0 the estimate
# no longer decides, and the plan is the native one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check duckdb==1.5.5 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb
import pyarrow as pa

JOINS = ("NESTED_LOOP_JOIN", "PIECEWISE_MERGE_JOIN", "IE_JOIN")


def join_of(connection, table):
    query = f"explain select count(*) from {table} as one inner join {table} as other on one.number < other.number"
    plan = connection.execute(query).fetchall()[0][1]
    return next(name for name in JOINS if name in plan)


rows = pa.table({"number": pa.array(range(200_000))})
connection = duckdb.connect()
connection.register("registered", rows)
connection.execute("create table native as select * from registered")
seen = {table: join_of(connection, table) for table in ("native", "registered")}
for threshold in ("nested_loop_join_threshold", "merge_join_threshold"):
    connection.execute(f"set {threshold} = 0")
seen["registered, thresholds 0"] = join_of(connection, "registered")
for name, join in seen.items():
    print(f"{name}: {join}")
assert duckdb.__version__ == "1.5.5" and pa.__version__ == "26.0.1"
assert seen == {
    "native": "PIECEWISE_MERGE_JOIN",
    "registered": "NESTED_LOOP_JOIN",
    "registered, thresholds 0": "PIECEWISE_MERGE_JOIN",
}
PYTHON
