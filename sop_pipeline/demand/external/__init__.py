"""Forecasts made elsewhere: what was known of them when, how good they were, and the plan's forecast with them.

Not here: the statistical forecast they stand beside (``statistical``), which hands itself in and takes the result.
"""
