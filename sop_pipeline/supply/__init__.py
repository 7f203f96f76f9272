"""Supply review: requirements, rough-cut capacity, and the aggregate planner.

The planner's interface is ``plan.plan`` and ``folder.plan_folder``. Nothing here knows Dagster or other steps' code.
"""
