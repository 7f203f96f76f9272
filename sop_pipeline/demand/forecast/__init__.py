"""The forecasting engine: series and a hierarchy in, forecasts of every level with their backtest and ranges out.

It knows no company, no cycle and no lake: plain Arrow tables and stated settings are all it reads. Not here: which
products a company forecasts (``statistical``) and the reading of an analyst's file (``analyst``).
"""
