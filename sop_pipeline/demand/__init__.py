"""Demand: history, cleansing, forecast, hierarchy, accuracy and consensus; from actuals to the demand plan."""
