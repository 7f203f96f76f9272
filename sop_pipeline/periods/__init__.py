"""Periods other than months: weeks, quarters, and the periods of a 4-4-5 calendar.

A ``Span`` is what a period is in days. ``labels`` read ``2026-W07``, ``2026-P03`` and ``2026Q1``; ``calendar`` knows
which days a company's periods have; ``spacing`` tells what a column of bare dates seems to be dated by; ``spread``
shares an amount out over the days worked. Not here: where the texts come from (``reading``), and what is planned, which
is months.
"""

from __future__ import annotations

from sop_pipeline.periods.calendar import PATTERNS, PeriodCalendar
from sop_pipeline.periods.labels import Label, label_of
from sop_pipeline.periods.span import Span, iso_week, quarter

__all__ = ["PATTERNS", "Label", "PeriodCalendar", "Span", "iso_week", "label_of", "quarter"]
