"""The tests beside a file: what is run when the audit of a company's month has seen nothing of a fault in it."""

from __future__ import annotations

TESTS = {
    "sql/reconciliation": ("tests/reconciliation",),
    "sop_pipeline/reconciliation": ("tests/reconciliation",),
    "sql/demand": ("tests/demand/planning", "tests/demand/forecast/test_models_sql.py"),
    "sql/demand/forecast": ("tests/demand/planning", "tests/demand/forecast/test_ranges.py"),
    "sop_pipeline/demand": ("tests/demand/planning",),
    "sql/supply": ("tests/supply/problem", "tests/supply/requirements", "tests/supply/schedule"),
    "sql/supply/robustness": ("tests/supply/robustness", "tests/supply/paths"),
    "sop_pipeline/supply/problem": ("tests/supply/problem", "tests/supply/requirements"),
    "sop_pipeline/supply/schedule": ("tests/supply/schedule",),
    "sop_pipeline/supply/strategies": (
        *("tests/supply/strategies/test_strategies.py", "tests/supply/strategies/test_compare.py"),
        *("tests/supply/strategies/test_limit_options.py", "tests/supply/strategies/test_price_ranges.py"),
        "tests/supply/oracles/test_published_cases.py",
    ),
}


def tests_beside(file: str) -> tuple[str, ...]:
    """The tests of the room a file lies in, by the longest folder that is listed."""
    rooms = [room for room in TESTS if file.startswith(f"{room}/")]
    return TESTS[max(rooms, key=len)] if rooms else ()
