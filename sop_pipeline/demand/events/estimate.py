"""How large effects are: each place's own, drawn towards its family's and its kind's as far as its own is uncertain.

Here: the rounds in which places are cleared of each other's events, the pooling, and when an effect is distinguishable
from nothing. Not here: one series by itself (``fit``), nor whether effects would have served (``known``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sop_pipeline.demand.events.fit import Fit, fit
from sop_pipeline.demand.events.series import Demand, Events, Numbers, Place

ROUNDS = 3
FEWEST_CASES = 3
"""Months with events, over all the places that an effect is drawn from, under which nothing is said of it."""
ERRORS_AWAY = 2.0
"""Standard errors that an effect must lie away from nothing."""
HALF = 0.5
"""Share of its own from which an effect is said to be an item's, or a family's, and not one it is drawn towards."""
DIGITS = 6
"""Decimals of an effect, so that no table depends on the order in which a processor adds."""


@dataclass(frozen=True)
class Effects:
    """Of every row of the events: the effect of one unit of size, as a share of the usual month, and its variance.

    ``cases``: months with events in its own history; ``pooled``: in all that it is drawn from; ``share``: how much of
    it is its own; ``is_of_family``: whether half of what it is drawn towards is its family's; ``confounded``: its
    months had the event in every year. ``used`` says which are distinguishable from nothing. ``fits`` are by place.
    """

    means: Numbers
    variances: Numbers
    cases: npt.NDArray[np.int64]
    pooled: npt.NDArray[np.int64]
    share: Numbers
    is_of_family: npt.NDArray[np.bool_]
    confounded: npt.NDArray[np.bool_]
    fits: dict[Place, Fit]

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Effects of enough cases that lie far enough away from nothing."""
        far = np.abs(self.means) > ERRORS_AWAY * np.sqrt(self.variances)
        return far & (self.pooled >= FEWEST_CASES)

    @property
    def in_use(self) -> Numbers:
        """The effects, nothing where they are not used."""
        return np.where(self.used, self.means, 0.0)


def estimate(demand: Demand, events: Events) -> Effects:
    """Return the effects that the history of ``demand`` tells."""
    sizes = events.sizes[:, : demand.months]
    factors = {place: np.ones(demand.months) for place in events.by_place}
    seasons = {place: np.ones(demand.months) for place in events.by_place}
    effects = None
    for _ in range(ROUNDS):
        every = _over_products(events, factors, demand)
        fits = {}
        for place, rows in events.by_place.items():
            amounts = _amounts(demand, events.inside[rows[0]], every, factors[place])
            found = fit(amounts, sizes[rows], factors[place], seasons[place])
            if found:
                fits[place], seasons[place] = found, found.season
        effects = _pooled(events, fits)
        before = factors
        made = events.place_factors(effects.means)
        factors = {place: made[place][: demand.months] if place in made else np.ones(demand.months) for place in before}
        if all(np.allclose(factors[place], before[place], atol=1e-3) for place in factors):
            break
    assert effects is not None  # there are rounds
    return effects


def _over_products(events: Events, factors: dict[Place, Numbers], demand: Demand) -> Numbers:
    made = np.ones((len(demand.products), demand.months))
    for place, own in factors.items():
        made[events.inside[events.by_place[place][0]]] *= own
    return made


def _amounts(demand: Demand, inside: npt.NDArray[np.bool_], every: Numbers, own: Numbers) -> Numbers:
    """The demand of a place, whose products are cleared of what other places' events did to them."""
    clear = demand.amounts[inside] / (every[inside] / own)
    return np.where(np.isnan(clear).all(axis=0), np.nan, np.nansum(clear, axis=0))


@dataclass(frozen=True)
class _Own:
    """The estimates of one kind: a row of the events, its family, effect, variance, and covariances with the others."""

    rows: npt.NDArray[np.int64]
    families: npt.NDArray[np.str_]
    effects: Numbers
    covariances: Numbers

    @property
    def variances(self) -> Numbers:
        return np.diag(self.covariances)


def _pooled(events: Events, fits: dict[Place, Fit]) -> Effects:
    count = len(events.places)
    made = Effects(
        means=np.zeros(count),
        variances=np.full(count, np.inf),
        cases=np.zeros(count, np.int64),
        pooled=np.zeros(count, np.int64),
        share=np.zeros(count),
        is_of_family=np.zeros(count, bool),
        confounded=np.zeros(count, bool),
        fits=fits,
    )
    for place, rows in events.by_place.items():
        for position, row in enumerate(rows):
            if place in fits:
                made.cases[row] = fits[place].cases[position]
                made.confounded[row] = made.cases[row] > 0 and not fits[place].known[position]
    for kind in sorted(set(events.kinds)):
        of_kind = [row for row, name in enumerate(events.kinds) if name == kind]
        own = _own(events, fits, of_kind)
        if len(own.rows):
            _spread(made, events, of_kind, own)
    return made


def _own(events: Events, fits: dict[Place, Fit], rows: list[int]) -> _Own:
    """Estimates of one kind with their covariances: what no cause explains of two places moves together."""
    told: list[tuple[int, Fit, int]] = []
    for row in rows:
        place = events.places[row]
        position = events.by_place[place].index(row)
        if place in fits and fits[place].known[position]:
            told.append((row, fits[place], position))
    if not told:
        return _Own(np.zeros(0, np.int64), np.zeros(0, np.str_), np.zeros(0), np.zeros((0, 0)))
    scaled = np.array([found.residuals / np.sqrt(found.freedom) for _, found, _ in told])
    weights = np.array([found.weights[position] for _, found, position in told])
    return _Own(
        np.array([row for row, _, _ in told]),
        np.array([events.places[row].family for row, _, _ in told]),
        np.array([found.effects[position] for _, found, position in told]),
        (scaled @ scaled.T) * (weights @ weights.T),
    )


def _spread(made: Effects, events: Events, rows: list[int], own: _Own) -> None:
    """Fill in the effects of one kind: own, drawn towards the family's, which is drawn towards the kind's."""
    names, family_of = np.unique(own.families, return_inverse=True)
    member = np.eye(len(names))[family_of].T
    within = _between(own.effects, own.variances, member)
    weights = member / np.maximum(own.variances + within, 1e-18)
    weights /= weights.sum(axis=1, keepdims=True)
    noise = own.covariances + within * np.eye(len(own.rows))
    family, family_noise = weights @ own.effects, weights @ noise @ weights.T
    between = _between(family, np.diag(family_noise), np.ones((1, len(names))))
    lots = 1 / np.maximum(np.diag(family_noise) + between, 1e-18)
    lots /= lots.sum()
    kind = float(lots @ family)
    kind_variance = float(lots @ (family_noise + between * np.eye(len(names))) @ lots)
    cases = made.cases[own.rows]
    place_of = {name: number for number, name in enumerate(names)}
    for row in rows:
        number = place_of.get(events.places[row].family)
        mean, variance = kind, kind_variance + between
        if number is not None:
            mean, variance = _drawn(family[number], family_noise[number, number], between, (kind, kind_variance))
            made.is_of_family[row] = len(names) == 1 or _share(family_noise[number, number], between) >= HALF
        mine = np.flatnonzero(own.rows == row)
        if len(mine):
            made.share[row] = _share(own.variances[mine[0]], within)
            mean, variance = _drawn(own.effects[mine[0]], own.variances[mine[0]], within, (mean, variance))
        else:
            variance += within
        made.means[row], made.variances[row] = round(mean, DIGITS), round(variance, 2 * DIGITS)
        made.pooled[row] = cases.sum()


def _between(effects: Numbers, variances: Numbers, member: Numbers) -> float:
    """How much the true effects of a group differ among each other, by the method of moments (DerSimonian, Laird)."""
    weights = member / np.maximum(variances, 1e-18)
    total = weights.sum(axis=1)
    means = weights @ effects / total
    spread = sum(float(weights[group] @ (effects - means[group]) ** 2) for group in range(len(total)))
    freedom = float((member.sum(axis=1) - 1).sum())
    scale = float((total - (weights**2).sum(axis=1) / total).sum())
    return max(0.0, (spread - freedom) / scale) if scale > 0 and freedom > 0 else 0.0


def _share(variance: float, between: float) -> float:
    return between / (between + variance) if between > 0 else 0.0


def _drawn(effect: float, variance: float, between: float, towards: tuple[float, float]) -> tuple[float, float]:
    """An estimate drawn towards another one, and its variance."""
    share = _share(variance, between)
    mean = towards[0] + share * (effect - towards[0])
    return mean, share * variance + (1 - share) ** 2 * towards[1]
