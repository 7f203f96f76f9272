"""Which approach the plan uses, and why, in one sentence.

What belongs here: the choice among approaches that are already computed and backtested. Not here: the approaches.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

AUTO = "auto"
_SCHEMA = pa.schema(
    [
        ("approach", pa.string()),
        ("wmape", pa.float64()),
        ("bias", pa.float64()),
        ("chosen", pa.bool_()),
        ("reason", pa.string()),
    ]
)


def choose(asked: str, wanted: Sequence[str], errors: pa.Table) -> tuple[str, pa.Table]:
    """Return the chosen approach and one row per approach: approach, wmape, bias, chosen, reason.

    ``asked`` is an approach, or ``auto`` for the one with the least backtest WMAPE over the series (the first of
    ``wanted`` where they tie to a hundredth of a point, or where there is no backtest). ``errors``: approach, wmape,
    bias, origins.
    """
    found = {row["approach"]: row for row in errors.to_pylist()}
    known = {name: found[name]["wmape"] for name in wanted if name in found and found[name]["wmape"] is not None}
    best = min(known, key=lambda name: (round(known[name], 4), list(wanted).index(name))) if known else wanted[0]
    chosen = best if asked == AUTO else asked
    rows = [
        {
            "approach": name,
            "wmape": found.get(name, {}).get("wmape"),
            "bias": found.get(name, {}).get("bias"),
            "chosen": name == chosen,
            "reason": _reason(name, chosen, asked, known, found),
        }
        for name in wanted
    ]
    return chosen, pa.Table.from_pylist(rows, _SCHEMA)


def _reason(name: str, chosen: str, asked: str, known: dict[str, float], found: dict[str, dict]) -> str:
    """One sentence with the numbers."""
    if name not in known:
        note = "There is no backtest to compare by: the history is too short, or no origin was asked for."
        return note if name != chosen or asked == AUTO else f"It is the configured approach. {note}"
    origins = found[name]["origins"]
    error = f"WMAPE {known[name]:.1%} over {origins} backtest origin{'s' * (origins != 1)}"
    if name != chosen:
        against = f" against {known[chosen]:.1%} of {chosen}" if chosen in known else ""
        return f"{error}{against}."
    others = [other for other in known if other != name]
    if not others:
        return f"{error}; no other approach was computed."
    rival = min(others, key=lambda other: known[other])
    why = "least backtest error" if asked == AUTO else "configured"
    return f"{why.capitalize()}: {error}, the next best being {rival} with {known[rival]:.1%}."
