"""Demand as it was: monthly history, raw and cleansed, and what working days explain of it.

Not here: forecasts, nor what people know of the months to come.
"""
