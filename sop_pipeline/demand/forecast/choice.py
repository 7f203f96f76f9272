"""Which approach the plan uses, and why, in one sentence.

What belongs here: the choice among approaches that are already computed and backtested. Not here: the approaches.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

AUTO = "auto"
_TYPES: dict[str, pa.DataType] = {
    "approach": pa.string(),
    "wmape": pa.float64(),
    "bias": pa.float64(),
    "chosen": pa.bool_(),
    "reason": pa.string(),
}


def choose(asked: str, wanted: Sequence[str], errors: pa.Table) -> tuple[str, pa.Table]:
    """Return the chosen approach and one row per approach: approach, wmape, bias, chosen, reason.

    ``asked`` is an approach, or ``auto`` for the one with the least backtest WMAPE over the series (the first of
    ``wanted`` where they tie to a hundredth of a point, or where there is no backtest). ``errors``: approach, wmape,
    bias, origins.
    """
    by_approach = {row["approach"]: row for row in errors.to_pylist()}
    measured = {name: by_approach.get(name, {}).get("wmape") for name in wanted}
    wmape = {name: error for name, error in measured.items() if error is not None}
    best = min(wmape, key=lambda name: (round(wmape[name], 4), list(wanted).index(name))) if wmape else wanted[0]
    chosen = best if asked == AUTO else asked
    rows = [
        {
            "approach": name,
            "wmape": by_approach.get(name, {}).get("wmape"),
            "bias": by_approach.get(name, {}).get("bias"),
            "chosen": name == chosen,
            "reason": _reason(name, chosen, asked, wmape, by_approach),
        }
        for name in wanted
    ]
    return chosen, pa.Table.from_pylist(rows, pa.schema(_TYPES))


def _reason(name: str, chosen: str, asked: str, wmape: dict[str, float], by_approach: dict[str, dict]) -> str:
    """One sentence with the numbers."""
    if name not in wmape:
        note = "There is no backtest to compare by: the history is too short, or no origin was asked for."
        return note if name != chosen or asked == AUTO else f"It is the configured approach. {note}"
    origins = by_approach[name]["origins"]
    error = f"WMAPE {wmape[name]:.1%} over {origins} backtest origin{'s' * (origins != 1)}"
    if name != chosen:
        against = f" against {wmape[chosen]:.1%} of {chosen}" if chosen in wmape else ""
        return f"{error}{against}."
    others = [other for other in wmape if other != name]
    if not others:
        return f"{error}; no other approach was computed."
    rival = min(others, key=lambda other: wmape[other])
    start = "Least backtest error" if asked == AUTO else "Configured"
    return f"{start}: {error}, the next best being {rival} with {wmape[rival]:.1%}."
