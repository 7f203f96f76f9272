"""The month as steps, declared once.

A step wraps functions of the library. Their signatures say what it reads and what it makes (``signature``), so no table
is listed a second time: not for the lineage, not for the call, not for Dagster, which is generated from here. A file a
room declares the room's steps; ``month`` puts them in order; ``run`` plans with them, without Dagster. Not here: any
computation on rows, which is the rooms' own, nor how a step looks in the web UI (``assets``).
"""

from __future__ import annotations

from sop_pipeline.steps.checking import CheckFailed
from sop_pipeline.steps.run import Planned, published, run

__all__ = ["CheckFailed", "Planned", "published", "run"]
