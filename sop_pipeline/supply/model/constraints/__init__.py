"""The constraint families of the aggregate plan (METHODS 5): one function each, with its equation.

Each takes a ``Draft`` and writes variables, rows and costs to its builder. Not here: strategies, which add rows of
their own, and the solver.
"""
