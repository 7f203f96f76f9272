"""Lints ``sql/`` with sqlfluff, which does not know DuckDB's ``$name`` parameters.

Each file is copied aside with ``$name`` written ``_name``, so every line and column of a finding is that of the file.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Lint every file and return sqlfluff's exit code."""
    with tempfile.TemporaryDirectory() as aside:
        (Path(aside) / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
        for path in [*sorted((ROOT / "sql").rglob("*.sql")), *sorted((ROOT / "sql").rglob(".sqlfluff"))]:
            copy = Path(aside) / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(re.sub(r"\$(\w+)", r"_\1", path.read_text()))
        command = [sys.executable, "-m", "sqlfluff", "lint", "--processes", "2", "--disable-progress-bar", "sql"]
        return subprocess.run(command, cwd=aside, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
