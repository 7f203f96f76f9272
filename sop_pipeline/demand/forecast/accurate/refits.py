"""When models over all series are fitted anew, and which forecasts each fit serves.

What belongs here: the cut-offs of the refits with the panel as scaled there. Not here: any model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sop_pipeline.demand.forecast.accurate.arrays import Arrays
from sop_pipeline.demand.forecast.accurate.panel import Scaled, Whole, scale
from sop_pipeline.demand.forecast.settings import Settings


@dataclass(frozen=True)
class Refit:
    """A fit on what is known before column ``cutoff``: the panel scaled there, and the entries it forecasts.

    ``newest``: whether it is the one behind the real forecast.
    """

    cutoff: int
    newest: bool
    scaled: Scaled
    entries: Whole


def refits(arrays: Arrays, settings: Settings) -> Iterator[Refit]:
    """The fits that serve every entry, the newest first; ``settings.refit`` periods lie between them.

    A fit serves the origins from its cut-off to the next one's. Series that have ended, by the SQL models' word, are
    no entries.
    """
    width = arrays.panel.y.shape[1]
    for back in range(-(-settings.origins // settings.refit) + 1):
        cutoff = width - back * settings.refit
        until = cutoff + settings.refit if back else width
        within = (arrays.origins >= cutoff) & (arrays.origins < until) & ~arrays.newest if back else arrays.newest
        entries = np.flatnonzero(within & (np.nan_to_num(arrays.fast) != 0).any(axis=1))
        if cutoff > settings.season and len(entries):
            yield Refit(cutoff, not back, scale(arrays.panel, cutoff, until, settings.season), entries)
