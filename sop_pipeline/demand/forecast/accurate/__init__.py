"""Engine ``accurate``: the SQL models, one global model and statsforecast's, combined by their backtest errors.

One idea a module: ``arrays`` (what is asked, and the way back into the tables), ``panel`` (histories as a matrix, and
what of them is known when), ``features``, ``linear_part`` and ``global_model`` (one model over all series),
``slow_models`` (one fit of statsforecast's, on deseasonalised history), ``screen`` (which of those are fitted to which
series), ``slow_share`` (the run of the screen), ``combination`` (weights from backtest errors), ``cost`` (what ``auto``
may spend). The order of the steps is in ``engine``; decision 0009 gives the reasons.
"""
