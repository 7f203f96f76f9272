"""Scenarios: what a change of assumptions does to the planning problem, and every strategy's plan of it.

A scenario is planned by family, from the tables of the cycle: demand, prices, costs, limits and policies differ, what
was found out about history does not (docs/decisions).
"""
