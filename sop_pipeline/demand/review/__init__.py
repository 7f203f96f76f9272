"""What the demand review reads beside the plan: value added, assumptions, a picture of each family.

Nothing here changes a forecast or a plan.
"""
