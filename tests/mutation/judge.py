"""One company's month, run with whatever code is on the path: what its tables hold, and what the audit says of them.

``python -m tests.mutation.judge FOLDER CYCLE`` plans the folder and prints JSON. Run in a process of its own, since
that is where the faulty code is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from tests.audit.identities import IDENTITIES, WITHIN
from tests.audit.published import Published

NEEDS_PACKS = "export files hold the tables to the last digit"


def judged(folder: Path, cycle: str) -> dict[str, Any]:
    """The content hash of every table, and the identities that do not hold."""
    company, month = CompanyFolder(folder), Cycle.parse(cycle)
    steps.run(company.lake, company.settings, month, publish=True)
    published = Published(folder, cycle)
    broken = [name for name in IDENTITIES if name != NEEDS_PACKS and _is_broken(name, published)]
    return {"tables": {name: entry["content_sha256"] for name, entry in published.pointer.items()}, "broken": broken}


def _is_broken(name: str, published: Published) -> bool:
    return bool((IDENTITIES[name](published) > WITHIN[name]).any())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(judged(Path(sys.argv[1]), sys.argv[2])) + "\n")
