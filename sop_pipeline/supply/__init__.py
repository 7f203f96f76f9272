"""Supply review: requirements, rough-cut capacity, the aggregate planner, and the schedule of the chosen plan.

The planner's interface is ``strategies.plan.plan`` and ``folder.plan_folder``. Nothing here knows Dagster or another
step's code.
"""
