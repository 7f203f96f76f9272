"""Lints the style of ``sql/`` with sqlfluff, which knows neither DuckDB's ``$name`` parameters nor our headers.

A parameter is linted as ``_name``, so every line and column of a finding is that of the file. Templates are filled with
the first structure that a header gives. Whether a statement is right is not asked here: ``sop_pipeline.statements``
prepares it.
"""

import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sqlfluff.core import FluffConfig, Linter

from sop_pipeline.statements.header import header_of

ROOT = Path(__file__).resolve().parent.parent
DECLARATIONS = ("given", "macros")


def main() -> int:
    """Print every finding; return 1 where there is one."""
    paths = [path for path in sorted((ROOT / "sql").rglob("*.sql")) if path.stem not in DECLARATIONS]
    with ProcessPoolExecutor(2) as pool:
        findings = [finding for found in pool.map(lint, paths, chunksize=8) for finding in found]
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    sys.stdout.write(f"{len(paths)} files linted, {len(findings)} findings\n")
    return 1 if findings else 0


def lint(path: Path) -> list[str]:
    """Return the findings of one file, each with its place."""
    text = path.read_text(encoding="utf-8")
    config = FluffConfig.from_path(str(ROOT / "sql"))
    for name, value in header_of(text).structures[0].items():
        config.set_value(("templater", "jinja", "context", name), repr(value))
    linted = Linter(config).lint_string(re.sub(r"\$(\w+)", r"_\1", text), str(path))
    return [
        f"{path.relative_to(ROOT)}:{finding.line_no}:{finding.line_pos}: {finding.rule_code()} {finding.desc()}"
        for finding in linted.get_violations()
    ]


if __name__ == "__main__":
    sys.exit(main())
