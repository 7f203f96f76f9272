"""Replay: past cycles planned as they would have been, carried out against what then happened, and priced.

A policy (a forecast approach and a strategy) runs in a loop of its own: every month it plans with what was known then,
from the stock and the heads its own earlier months left, and its first month is carried out against the demand that
came. Its cost is held against the least that the same months could have cost with that demand known, and the difference
is split into forecast, policy and override. Here: knowing, planning, carrying out, comparing, telling. Not here: how a
month is planned (``steps``, ``supply``), which this only calls.
"""
