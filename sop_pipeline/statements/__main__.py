"""``python -m sop_pipeline.statements``: prepare every statement, and say what is wrong with which."""

from __future__ import annotations

import sys

from sop_pipeline import sql
from sop_pipeline.statements.shapes import FAULTS, Catalogue, FaultyRead, read_folder


def main() -> int:
    """Prepare all; return 1 where any fails."""
    catalogue = Catalogue(read_folder(sql.SQL_FOLDER))
    faults = unprepared = 0
    for name in catalogue.names:
        try:
            catalogue.check(name)
        except FaultyRead:
            unprepared += 1
        except FAULTS as error:
            faults += 1
            sys.stderr.write(f"sql/{name}.sql: {error}\n")
    sys.stdout.write(f"{len(catalogue.names)} statements: {faults} with faults, {unprepared} that read one of them\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
