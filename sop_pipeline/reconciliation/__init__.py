"""Reconciliation: one set of numbers in units and money, the deliverables, the gap, and what the meeting has to decide.

Here: pure functions from tables to tables, one for each table of the registry. Not here: how demand or supply were
planned (their tables are read, never their code), nor how any of it looks (``packs``).
"""

from __future__ import annotations
