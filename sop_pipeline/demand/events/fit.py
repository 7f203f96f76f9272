"""What the events of one series did: the share of the usual month that one unit of size added, by least squares.

Each month is held against the level around it (a mean over twelve months, from which known events are taken out), and
what is left is explained by the season and the sizes of events. Not here: what series lend each other (``estimate``).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from sop_pipeline.demand.events.series import Numbers

SEASON = 12
FEWEST_MONTHS = 24
"""Months of history from which an event is told from the season."""
LEAST_LEFT = 1e-6
"""Share of an event's size that the season and other events must leave unexplained."""
LEAST_LEVEL = 0.05


@dataclass(frozen=True)
class Fit:
    """Of each kind: its effect, variance, and the weights that make it of the months; and what no cause explains.

    ``season`` is what the months bear without events, against the level. ``known``: kinds that can be told from the
    season and from each other; the others have no effect. Months are all of the history; weights and residuals are
    nothing before the series begins.
    """

    effects: Numbers
    variances: Numbers
    weights: Numbers
    residuals: Numbers
    season: Numbers
    freedom: float
    known: list[bool]
    cases: list[int]


def fit(amounts: Numbers, sizes: Numbers, factors: Numbers, season: Numbers) -> Fit | None:
    """Return what the events of ``sizes`` (kinds by months) did to ``amounts``; None for too short a history.

    ``factors`` is what the events are held to have done so far, which the level around each month leaves out, and
    ``season`` the season so far, by which the same event adds more to a larger month.
    """
    begins = int(np.isnan(amounts).sum())
    own, sizes, factors = amounts[begins:], sizes[:, begins:], factors[begins:]
    added = sizes * season[begins:]
    months = len(own)
    if months < FEWEST_MONTHS or own.mean() <= 0:
        return None
    relative = own / _level(own / factors)
    seasons = _seasons(begins % SEASON, months)
    known = _told_apart(seasons[-1], added)
    borne = min(seasons, key=lambda each: _criterion(relative, each, added[known].T))
    # the level costs a figure a year, and the season all of its figures: the same months have chosen it
    freedom = months * (1 - 1 / SEASON) - SEASON - sum(known)
    if freedom < 1:
        return None
    # a month that an event makes larger has larger errors: each counts by what is expected of it
    design = np.column_stack([borne, added[known].T]) / factors[:, None]
    inverse = np.linalg.inv(design.T @ design) @ design.T
    scaled = relative / factors
    residuals = scaled - design @ (inverse @ scaled)
    weights = np.zeros((len(known), len(amounts)))
    weights[known, begins:] = inverse[borne.shape[1] :]
    variance = float(residuals @ residuals) / freedom
    return Fit(
        effects=weights[:, begins:] @ scaled,
        variances=variance * (weights**2).sum(axis=1),
        weights=weights,
        residuals=np.concatenate([np.zeros(begins), residuals]),
        season=np.concatenate([np.ones(begins), np.maximum(borne @ (inverse @ scaled)[: borne.shape[1]], LEAST_LEVEL)]),
        freedom=freedom,
        known=known,
        cases=[int((row != 0).sum()) for row in sizes],
    )


def _level(clean: Numbers) -> Numbers:
    """The mean over the year around each month; at the ends over the first or last year, on its way."""
    months, half = len(clean), SEASON // 2
    kernel = np.r_[0.5, np.ones(SEASON - 1), 0.5] / SEASON
    level = np.empty(months)
    level[half : months - half] = np.convolve(clean, kernel, "valid")
    middle = (SEASON - 1) / 2
    for part, ends in (
        (clean[: 2 * SEASON], np.arange(half)),
        (clean[-2 * SEASON :], np.arange(months - half, months)),
    ):
        first, second = part[:SEASON].mean(), part[SEASON:].mean()
        step = (second - first) / SEASON
        at_start = ends[0] == 0
        level[ends] = (first if at_start else second) + step * (ends - (middle if at_start else months - 1 - middle))
    return np.maximum(level, LEAST_LEVEL * max(float(clean.mean()), 1e-9))


@functools.cache
def _seasons(phase: int, months: int) -> tuple[Numbers, ...]:
    """The seasons that months may bear: none, waves, and a figure for each; columns at right angles, of length one."""
    phases = (np.arange(months) + phase) % SEASON
    turns = 2 * np.pi * np.outer(phases, (1, 2)) / SEASON
    flat = np.ones((months, 1))
    full = np.eye(SEASON)[phases]
    designs = (flat, np.column_stack([flat, np.sin(turns), np.cos(turns)]), full)
    return tuple(np.linalg.qr(design)[0] for design in designs)


def _told_apart(season: Numbers, sizes: Numbers) -> list[bool]:
    """Which kinds have a size that neither a full season nor the kinds before explain."""
    told: list[bool] = []
    basis = season
    for size in sizes:
        left = _left(size, basis)
        norm = float(left @ left)
        told.append(norm > LEAST_LEFT * max(float(size @ size), 1e-12))
        if told[-1]:
            basis = np.column_stack([basis, left / np.sqrt(norm)])
    return told


def _left(values: Numbers, basis: Numbers) -> Numbers:
    """What columns at right angles do not explain."""
    return np.asarray(values - basis @ (basis.T @ values))


def _criterion(relative: Numbers, season: Numbers, sizes: Numbers) -> float:
    """The corrected criterion of Akaike of a season, beside the events."""
    months, parameters = len(relative), season.shape[1] + sizes.shape[1]
    if months - parameters < 3:
        return np.inf
    left, of_events = _left(relative, season), _left(sizes, season)
    solved = np.linalg.solve(of_events.T @ of_events, of_events.T @ left)
    error = float(((left - of_events @ solved) ** 2).sum())
    return months * math.log(max(error, 1e-12) / months) + 2 * parameters * months / (months - parameters - 1)
