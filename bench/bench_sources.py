"""A source of PostgreSQL into the snapshot, against DuckDB's own ``copy`` of the same query, in one run.

``python -m bench.bench_sources [ROWS]`` starts a PostgreSQL server of its own, fills a table of invoice lines (two
million rows unless told otherwise) and fetches it by turns. Both write Parquet. Ours has every number exact and the
rows in an order that is the same for the same rows; DuckDB's has DOUBLE for what the table has as numeric.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sop_pipeline import sql
from sop_pipeline.connections import postgres
from sop_pipeline.connections.query import write_rows
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.settings import Postgres
from tests.servers import DatabaseServer, postgresql

MOST = 1.5
TURNS = 3
PASSWORD = "of the benchmark"
QUERY = "select posted, item, quantity, net_amount, customer, region from invoice_line"
FILL = """
create table invoice_line as
select
    date '2021-07-01' + (hashint8(i) & 1023) + (hashint8(i + 1) & 511) as posted,
    'P' || lpad((abs(hashint8(i + 2)) % 5000)::text, 5, '0') as item,
    (1 + (hashint8(i + 3) & 31) + (i % 4) * 0.25)::numeric as quantity,
    (1 + (hashint8(i + 4) & 65535) + 0.99)::numeric(18, 2) as net_amount,
    'C' || abs(hashint8(i + 5)) % 20000 as customer,
    (array['north', 'south', 'east', 'west'])[1 + (hashint8(i + 6) & 3)] as region
from generate_series(1::bigint, {rows}) as i;
vacuum analyze invoice_line;
"""


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    with postgresql(PASSWORD) as server, tempfile.TemporaryDirectory() as folder:
        server.execute(FILL.format(rows=rows), "postgres")
        ours, theirs = _by_turns(server, Path(folder))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"{rows:,} rows: snapshot {_shown(ours)}, DuckDB's copy {_shown(theirs)}")
    print(f"{ratio:.2f} times DuckDB's copy; at most {MOST}")
    return 0 if ratio <= MOST else 1


def _by_turns(server: DatabaseServer, folder: Path) -> tuple[list[float], list[float]]:
    stated = {"host": "127.0.0.1", "port": server.port, "database": "postgres", "user": server.user}
    connection = Postgres.model_validate({"type": "postgresql", **stated})
    asked = Asked(connection, QUERY, folder / "ours.parquet", {"password": PASSWORD})
    ours, theirs = [], []
    for _ in range(TURNS):
        theirs.append(_seconds(lambda: _copy(asked, folder / "theirs.parquet")))
        ours.append(_seconds(lambda: write_rows(asked)))
    return ours, theirs


def _copy(asked: Asked[Postgres], target: Path) -> None:
    with sql.session() as duck:
        postgres.attach(duck, asked)
        given = {"query": asked.query, "path": str(target)}
        duck.execute("copy (from postgres_query('asked', $query)) to $path (format parquet, compression zstd)", given)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _shown(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s ({', '.join(f'{each:.1f}' for each in seconds)})"


if __name__ == "__main__":
    sys.exit(main())
