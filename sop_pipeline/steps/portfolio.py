"""Product review: where each product stands in its life."""

from __future__ import annotations

from sop_pipeline.portfolio import product_lifecycle
from sop_pipeline.steps.step import step

STEPS = (step(product_lifecycle, does="Tell active, new, launching, phased-out and ended products apart."),)
