"""Heads and machines: how many there are, who is hired and let go, temporary workers, maintenance.

Here: ``W``, ``hires``, ``layoffs``, ``temporary`` and ``maintained`` with their costs. Not here: the hours they give
(``hours``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import INF, Flags, Ints
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft, opening_column, shifted


def units(draft: Draft) -> None:
    """``min_units <= W <= max_units``; regular hours are paid whether used or not, unless ``pay_basis`` is worked.

    With ``integer``, heads that may change are whole, but where a planner gave them.
    """
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    given = data.given.units
    free = np.isnan(given)
    counted = _counted(draft)
    lower = resources.table["min_units"].fillna(0.0).to_numpy(float)[:, None]
    upper = resources.table["max_units"].fillna(INF).to_numpy(float)[:, None] + resources.more("max_units")
    ids = builder.add_variables(
        "units",
        resources.names,
        data.months,
        lower=np.where(free, lower, given),
        upper=np.where(free, upper, given),
        where=counted,
        integer=draft.integer & free & _changeable(draft)[:, None],
        label=Label(
            unit="head",
            limit=np.where(free, "max_units", "given units"),
            floor=np.where(free, "min_units", "given units"),
        ),
    )
    pay = np.where(resources.paid, resources.regular_rate, 0.0)[:, None] * resources.hours * resources.pay_factor
    builder.add_cost("regular_pay", resources.names, ids, pay)


def _counted(draft: Draft) -> Flags:
    """Whether regular hours come from heads (H, T): not where a capacity in hours is stated for all months."""
    resources = draft.data.resources
    counted = ~resources.unlimited & ~(~np.isnan(resources.fixed_hours)).all(axis=1)
    return np.repeat(counted[:, None], draft.data.month_count, axis=1)


def _changeable(draft: Draft) -> Flags:
    """Whether a resource's heads are a choice (H,)."""
    resources = draft.data.resources
    result: Flags = resources.can_hire | resources.can_lay_off | resources.free_start
    return result


def workforce(draft: Draft) -> None:
    """``W(t) = W(t-1) + hires - layoffs``; nobody arrives within ``hire_lead_months``; limits per month.

    Without an opening figure the first month's heads are a free choice, without charge. Heads that a planner gave may
    change as given: there the limits of hiring do not apply, and are reported instead.
    """
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    count, months = len(resources.names), data.month_count
    ids = draft.ids("units", count)
    opening = np.nan_to_num(resources.opening)
    start = resources.free_start[:, None] & (np.arange(months) == 0)
    where = (ids >= 0) & ~start
    right = opening_column(opening, months)
    rows = builder.add_rows(
        "workforce",
        resources.names,
        data.months,
        lower=right,
        upper=right,
        where=where,
        label=Label(unit="head", limit="workforce"),
    )
    builder.add_terms(rows, ids, 1.0)
    builder.add_terms(rows, shifted(ids), -1.0)
    given = ~np.isnan(data.given.units)
    arrives = np.arange(months) >= resources.table["hire_lead_months"].fillna(0).to_numpy()[:, None]
    hires = _change(draft, "hires", where & ((resources.can_hire[:, None] & arrives) | given), given)
    layoffs = _change(draft, "layoffs", where & (resources.can_lay_off[:, None] | given | shifted_flag(given)), given)
    builder.add_terms(rows, hires, -1.0)
    builder.add_terms(rows, layoffs, 1.0)


def shifted_flag(flags: Flags) -> Flags:
    """Flags of the month before; false in the first."""
    out = np.zeros_like(flags)
    out[:, 1:] = flags[:, :-1]
    return out


def _change(draft: Draft, name: str, where: Flags, given: Flags) -> Ints:
    builder, resources = draft.builder, draft.data.resources
    limit = resources.table[f"max_{name}"].fillna(INF).to_numpy(float)[:, None] + resources.more(f"max_{name}")
    ids = builder.add_variables(
        name,
        resources.names,
        draft.data.months,
        upper=np.where(given | shifted_flag(given), INF, limit),
        where=where,
        label=Label(unit="head", limit=f"max_{name}"),
    )
    column, kind = ("hire_cost", "hiring") if name == "hires" else ("layoff_cost", "layoffs")
    builder.add_cost(kind, resources.names, ids, resources.table[column].fillna(0.0).to_numpy(float)[:, None])
    return ids


def temporary(draft: Draft) -> None:
    """``0 <= T <= temporary_max``, paid for the month's hours at ``temporary_rate`` (else the regular rate)."""
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    most = resources.table["temporary_max"].fillna(0.0).to_numpy(float)[:, None] + resources.more("temporary_max")
    ids = builder.add_variables(
        "temporary",
        resources.names,
        data.months,
        upper=most,
        where=most > 0,
        integer=draft.integer,
        label=Label(unit="head", limit="temporary_max"),
    )
    stated = resources.table["temporary_rate"].to_numpy(float)
    rate = np.where(np.isnan(stated), resources.regular_rate, stated)
    builder.add_cost("temporary_pay", resources.names, ids, rate[:, None] * resources.hours * resources.pay_factor)


def maintenance(draft: Draft) -> None:
    """``sum_t maintained(t) = maintenance_units_required``, whole machines, in the months that the plan chooses."""
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    needed = resources.table["maintenance_units_required"].fillna(0.0).to_numpy(float)
    if not (needed > 0).any():
        return
    where = (draft.ids("units", len(needed)) >= 0) & (needed > 0)[:, None]
    ids = builder.add_variables(
        "maintained", resources.names, data.months, where=where, integer=True, label=Label(unit="head")
    )
    rows = builder.add_rows(
        "maintenance", resources.names, ["all months"], lower=needed[:, None], upper=needed[:, None],
        where=(needed > 0)[:, None], label=Label(unit="head", limit="maintenance_units_required"),
    )  # fmt: skip
    builder.add_terms(rows, ids, 1.0)
    present = builder.add_rows(
        "maintained_present", resources.names, data.months, lower=resources.down, where=where,
        label=Label(unit="head", limit="units_down"),
    )  # fmt: skip
    builder.add_terms(present, draft.ids("units", len(needed)), 1.0)
    builder.add_terms(present, ids, -1.0)
