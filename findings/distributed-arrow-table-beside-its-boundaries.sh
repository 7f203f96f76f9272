#!/usr/bin/env bash
# distributed 2026.8.0 with pyarrow 26.0.1: where the columns of an Arrow table lie in memory after a worker has sent it.
#
# Guess: Dask has a serialiser of its own for Arrow tables, so one that comes back from a worker is as good as the one that was sent. Seen:
# the values are the same, but every buffer, whatever the number of rows, begins four bytes beside a boundary of eight, where Arrow asks for
# eight and recommends 64; a table made here begins at multiples of 64. `group_by().aggregate()` on it says once for each buffer, on
# standard error, that the input was poorly aligned. A table that the worker writes as an Arrow stream into bytes, and that is read
# from them here, has no such buffer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check distributed==2026.8.0 pyarrow==26.0.1
cat > "$folder/ask.py" <<'PYTHON'
import distributed
import pyarrow as pa
from distributed import Client, LocalCluster


def made(rows):
    return pa.table({"month": list(range(rows)), "y": [row / 8 for row in range(rows)], "name": [f"P{row}" for row in range(rows)]})


def written(rows):
    table, sink = made(rows), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def beside(table):
    """How many bytes the buffers of all columns lie beside a boundary of eight."""
    buffers = [buffer for column in table.columns for chunk in column.chunks for buffer in chunk.buffers() if buffer]
    return sorted({buffer.address % 8 for buffer in buffers})


if __name__ == "__main__":
    place = {"n_workers": 1, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(**place) as cluster, Client(cluster) as client:
        seen = {}
        for rows in (3, 1_000, 100_000):
            sent = client.submit(made, rows, pure=False).result()
            stream = pa.ipc.open_stream(client.submit(written, rows, pure=False).result()).read_all()
            assert sent.equals(made(rows)) and stream.equals(made(rows))
            seen[rows] = {"made here": beside(made(rows)), "sent": beside(sent), "sent as a stream": beside(stream)}
            print(f"{rows:7} rows, bytes beside a boundary of eight: {seen[rows]}", flush=True)
    assert (distributed.__version__, pa.__version__) == ("2026.8.0", "26.0.1")
    assert all(found == {"made here": [0], "sent": [4], "sent as a stream": [0]} for found in seen.values())
PYTHON
cd "$folder"
"$folder/venv/bin/python" ask.py
