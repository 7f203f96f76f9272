"""Which forecasting approach the plan uses, and why, in one sentence.

Here: the choice among approaches from their backtest errors, or the configured one beside what the others would have
scored. Not here: the approaches themselves (``hierarchy``) or their full accuracy (``forecast_accuracy``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.demand.units import levels_without_unit, names_of
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import DemandSettings

PREFERENCE = ("bottom_up", "reconciled", "middle_out", "top_down")
"""Order in which approaches with the same error are taken: the closest to the products first."""
NAIVE = "naive"


def configured_approach(company: DemandSettings) -> str:
    """Return the engine's name of the approach in force (``auto`` included); top-down from families is middle-out."""
    if company.forecasts_by != "top_down":
        return company.forecasts_by
    if company.forecast.top_level == "family":
        return "middle_out"
    return f"top_down_{company.forecast.proportions}"


def within_units(demand_units: pa.Table, company: DemandSettings) -> tuple[str, list[str] | None, str]:
    """Return the approach in force, the others that can be computed beside it (None: all), and why not the set one.

    A top-down forecast needs a total at its top; without a common unit (METHODS 1) the lowest level that has one, or
    the products themselves, stand in for it.
    """
    wanted = configured_approach(company)
    levels_missing = levels_without_unit(demand_units)
    if not levels_missing:
        return wanted, None, ""
    possible = ["bottom_up"] if "family" in levels_missing else ["bottom_up", "middle_out"]
    if wanted in (*possible, "auto"):
        return wanted, possible, ""
    why = (
        f"{wanted} is set in sop.yaml, but products are counted in {names_of(demand_units)} and not all have "
        f"equivalent_units, a unit_price or a standard_cost to add them up by, so {possible[-1]} is used."
    )
    return possible[-1], possible, why


def forecast_approach(
    forecast_backtest: pa.Table,
    approaches: Sequence[str],
    demand_units: pa.Table | None = None,
    *,
    company: DemandSettings,
    wanted: str | None = None,
    why: str = "",
    notes: Sequence[str] = (),
) -> pa.Table:
    """Return ``forecast_approach``: one row per approach and one for naive, with error, choice and reason.

    ``auto`` takes the least backtest WMAPE over products at the company's lags, bottom-up where there is no backtest.
    ``wanted`` and ``why``: the approach in force where it is not the configured one (``within_units``).
    ``notes``: what the engine says of its models, put behind the reason of the choice.
    Raises BadInput when the configured approach is not among ``approaches``.
    """
    params = {"lags": company.forecast.lags}
    units = tables.empty("demand_units") if demand_units is None else demand_units
    inputs = {"forecast_backtest": forecast_backtest, "demand_units": units}
    measured = sql.query("demand/accuracy/approach_errors", inputs, params)
    errors = {row["approach"]: row for row in measured.to_pylist()}
    wmape = {name: errors[name]["wmape"] for name in approaches if errors.get(name, {}).get("wmape") is not None}
    chosen, sentence = _choice(wanted or configured_approach(company), approaches, wmape, company)
    beaten = _beaten_by_naive(errors.get(NAIVE, {}).get("wmape"), wmape.get(chosen))
    reason = " ".join([why or sentence, *beaten, *(f"{note[0].upper()}{note[1:]}." for note in notes)])
    rows: list[dict[str, Any]] = []
    for name in sorted({*approaches, *errors}):
        row = {"approach": name, "wmape": None, "bias": None, **errors.get(name, {}), "chosen": name == chosen}
        rows.append({**row, "reason": reason if name == chosen else _not_chosen(name, chosen, wmape, row["wmape"])})
    return tables.conform("forecast_approach", rows)


def _choice(
    wanted: str, approaches: Sequence[str], wmape: dict[str, float], company: DemandSettings
) -> tuple[str, str]:
    if wanted == "auto":
        return _least_error(approaches, wmape, company)
    if wanted not in approaches:
        raise BadInput(
            found=f"forecast approach {wanted}",
            needed=f"one of {', '.join(approaches)} or auto",
            where="sop.yaml, field forecast_approach",
            mend="Choose one of those.",
        )
    best = min(wmape, key=lambda name: (round(wmape[name], 4), _rank(name)), default=None)
    if best is None or wanted not in wmape:
        return wanted, "Set in sop.yaml; the history is too short for a backtest."
    sentence = f"Set in sop.yaml; its backtest WMAPE over products at {_lags(company)} is {wmape[wanted]:.1%}"
    if best == wanted:
        return wanted, f"{sentence}, the least of all approaches."
    return wanted, f"{sentence}, against {wmape[best]:.1%} of the best, {best}."


def _least_error(approaches: Sequence[str], wmape: dict[str, float], company: DemandSettings) -> tuple[str, str]:
    if not wmape:
        first = min(approaches, key=_rank)
        return first, f"The history is too short for a backtest, so the default, {first}, is used."
    ranking = sorted(wmape, key=lambda name: (round(wmape[name], 4), _rank(name)))
    best = ranking[0]
    sentence = f"Least backtest WMAPE over products at {_lags(company)}"
    if len(ranking) == 1:
        return best, f"{sentence}: {wmape[best]:.1%}."
    least, next_best = _told_apart(wmape[best], wmape[ranking[1]])
    if least == next_best:
        return best, f"{sentence}: {least}, as {ranking[1]} has; of equals {best} is taken."
    return best, f"{sentence}: {least}, against {next_best} of the next, {ranking[1]}."


def _beaten_by_naive(naive: float | None, chosen: float | None) -> list[str]:
    """Say so where the benchmark is better than what is used: a forecast that adds nothing must not pass for good."""
    if naive is None or chosen is None or round(naive, 4) >= round(chosen, 4):
        return []
    error, benchmark = _told_apart(chosen, naive)
    return [f"The same month of last year would have done better: {benchmark} against {error}."]


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Write two shares, equal ones alike, with as many places, two at most, as it takes to tell them apart."""
    one, other = round(one, 4), round(other, 4)
    places = 1 if f"{one:.1%}" != f"{other:.1%}" else 2
    return f"{one:.{places}%}", f"{other:.{places}%}"


def _not_chosen(name: str, chosen: str, wmape: dict[str, float], error: float | None) -> str:
    if name == NAIVE:
        return "The yardstick: the same month of last year."
    if error is None or chosen not in wmape:
        return f"Not used: {chosen} is."
    points = 100 * (error - wmape[chosen])
    if abs(points) < 0.05:
        return f"Not used: {chosen} is, with the same WMAPE to a tenth of a point."
    return f"Not used: {abs(points):.1f} points of WMAPE {'above' if points >= 0 else 'below'} {chosen}."


def _rank(name: str) -> tuple[int, str]:
    positions = [position for position, start in enumerate(PREFERENCE) if name.startswith(start)]
    return (positions[0] if positions else len(PREFERENCE), name)


def _lags(company: DemandSettings) -> str:
    lags = sorted(company.forecast.lags)
    return f"lag {lags[0]}" if len(lags) == 1 else f"lags {', '.join(map(str, lags))}"
