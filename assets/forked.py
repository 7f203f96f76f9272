"""Imported once by the process from which those of steps are forked, so that none of them loads what it needs."""

import assets.definitions  # noqa: F401
from sop_pipeline.validation import background

background.judge_here()
