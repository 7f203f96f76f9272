"""Which forecasting approach the plan uses, and why: the kind of the choice and what it was compared with.

Here: the choice among approaches from their backtest errors, or the configured one beside what the others would have
scored. Not here: the approaches themselves (``hierarchy``) or their full accuracy (``forecast_accuracy``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.demand.units import levels_without_unit
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import DemandSettings

PREFERENCE = ("bottom_up", "reconciled", "middle_out", "top_down")
"""Order in which approaches with the same error are taken: the closest to the products first."""
NAIVE = "naive"
COMPARED_IN_FULL = 2000
"""Products up to which every approach is compared, and kept, product by product. Above, bottom-up, reconciled and one
top-down are compared; of those not in use the lake has families and the company, and errors by level."""
LEAST_POINTS = 0.05
"""Points of WMAPE under which two approaches count as equally good."""


def configured_approach(company: DemandSettings) -> str:
    """Return the engine's name of the approach in force (``auto`` included); top-down from families is middle-out."""
    if company.forecasts_by != "top_down":
        return company.forecasts_by
    if company.forecast.top_level == "family":
        return "middle_out"
    return f"top_down_{company.forecast.proportions}"


def in_full(demand_units: pa.Table) -> bool:
    """Whether there are so few products that every approach is compared product by product."""
    return demand_units.num_rows <= COMPARED_IN_FULL


def compared(demand_units: pa.Table, company: DemandSettings) -> tuple[str, list[str] | None]:
    """Return the approach in force and the others that are computed beside it (None: all)."""
    wanted, possible = within_units(demand_units, company)
    if possible is None and not in_full(demand_units):
        possible = ["bottom_up", f"top_down_{company.forecast.proportions}", "reconciled"]
    return wanted, possible


def within_units(demand_units: pa.Table, company: DemandSettings) -> tuple[str, list[str] | None]:
    """Return the approach in force and the others that can be computed beside it (None: all).

    A top-down forecast needs a total at its top; without a common unit (METHODS 1) the lowest level that has one, or
    the products themselves, stand in for it.
    """
    wanted = configured_approach(company)
    levels_missing = levels_without_unit(demand_units)
    if not levels_missing:
        return wanted, None
    possible = ["bottom_up"] if "family" in levels_missing else ["bottom_up", "middle_out"]
    return (wanted if wanted in (*possible, "auto") else possible[-1]), possible


def forecast_approach(
    forecast_backtest: pa.Table,
    approaches: Sequence[str],
    demand_units: pa.Table | None = None,
    *,
    company: DemandSettings,
    wanted: str | None = None,
) -> pa.Table:
    """Return ``forecast_approach``: one row per approach and one for naive, with error, choice and basis of the choice.

    ``auto`` takes the least backtest WMAPE over products at the company's lags, bottom-up where there is no backtest.
    ``wanted``: the approach in force where it is not the configured one (``within_units``).
    Raises BadInput when the configured approach is not among ``approaches``.
    """
    errors = _errors(forecast_backtest, demand_units, company)
    choice = _choice(wanted or configured_approach(company), approaches, _wmape(approaches, errors))
    if wanted not in (None, configured_approach(company)):
        choice = Choice(choice.approach, "not_addable", configured_approach(company))
    return _compared(choice, approaches, errors)


def approach_in_place(
    forecast_backtest: pa.Table,
    approaches: Sequence[str],
    demand_units: pa.Table,
    choice: Choice,
    *,
    company: DemandSettings,
) -> pa.Table:
    """Return ``forecast_approach`` with an approach chosen in place of the one it is compared with."""
    return _compared(choice, approaches, _errors(forecast_backtest, demand_units, company))


def _errors(
    forecast_backtest: pa.Table, demand_units: pa.Table | None, company: DemandSettings
) -> dict[str, dict[str, Any]]:
    """Backtest error of every approach over products at the company's lags."""
    units = tables.empty("demand_units") if demand_units is None else demand_units
    inputs = {"forecast_backtest": forecast_backtest, "demand_units": units}
    measured = sql.query("demand/accuracy/approach_errors", inputs, {"lags": company.forecast.lags})
    return {row["approach"]: row for row in measured.to_pylist()}


def _wmape(approaches: Sequence[str], errors: dict[str, dict[str, Any]]) -> dict[str, float]:
    return {name: errors[name]["wmape"] for name in approaches if errors.get(name, {}).get("wmape") is not None}


def _compared(choice: Choice, approaches: Sequence[str], errors: dict[str, dict[str, Any]]) -> pa.Table:
    """Every approach with its error beside the one in use."""
    wmape = _wmape(approaches, errors)
    rows: list[dict[str, Any]] = []
    for name in sorted({*approaches, *errors}):
        of_choice = choice if name == choice.approach else _not_chosen(name, choice.approach, wmape, errors)
        row = {"approach": name, **errors.get(name, {}), "chosen": name == choice.approach, "basis": of_choice.basis}
        rows.append({**row, "against": of_choice.against, "against_wmape": wmape.get(of_choice.against or "")})
    return tables.conform("forecast_approach", rows)


@dataclass(frozen=True)
class Choice:
    """An approach, why it is used or not, and the one it is compared with."""

    approach: str
    basis: str
    against: str | None = None


def _choice(wanted: str, approaches: Sequence[str], wmape: dict[str, float]) -> Choice:
    if wanted == "auto":
        return _least_error(approaches, wmape)
    if wanted not in approaches:
        raise BadInput(
            found=f"forecast approach {wanted}",
            needed=f"one of {', '.join(approaches)} or auto",
            where="sop.yaml, field forecast_approach",
            mend="Choose one of those.",
        )
    best = min(wmape, key=lambda name: (round(wmape[name], 4), _rank(name)), default=None)
    if best is None or wanted not in wmape:
        return Choice(wanted, "configured_untested")
    return Choice(wanted, "configured_best") if best == wanted else Choice(wanted, "configured", best)


def _least_error(approaches: Sequence[str], wmape: dict[str, float]) -> Choice:
    if not wmape:
        return Choice(min(approaches, key=_rank), "preferred_untested")
    ranking = sorted(wmape, key=lambda name: (round(wmape[name], 4), _rank(name)))
    best, *others = ranking
    if not others:
        return Choice(best, "least_error_alone")
    is_equal = round(wmape[best], 4) == round(wmape[others[0]], 4)
    return Choice(best, "least_error_equal" if is_equal else "least_error", others[0])


def _not_chosen(name: str, chosen: str, wmape: dict[str, float], errors: dict[str, Any]) -> Choice:
    if name == NAIVE:
        return Choice(name, "benchmark")
    own = errors.get(name, {}).get("wmape")
    if own is None or chosen not in wmape:
        return Choice(name, "not_compared", chosen)
    points = 100 * (own - wmape[chosen])
    if abs(points) < LEAST_POINTS:
        return Choice(name, "as_good", chosen)
    return Choice(name, "worse" if points > 0 else "better", chosen)


def _rank(name: str) -> tuple[int, str]:
    positions = [position for position, start in enumerate(PREFERENCE) if name.startswith(start)]
    return (positions[0] if positions else len(PREFERENCE), name)
