"""Whether data may go on to the next step.

``expectations`` turns the registry into Great Expectations suites and runs them; ``identities`` are the business's own
equations, written by hand; ``plan_checker`` recomputes a plan from its tables alone. All answer with a ``Finding``,
which the orchestration shows as an asset check. Nothing here knows Dagster.
"""

from sop_pipeline.validation.finding import Finding

__all__ = ["Finding"]
