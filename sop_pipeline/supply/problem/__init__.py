"""The planning problem: its tables, what contradicts itself in them, and the arrays that the model takes.

``cycle`` puts the problem of a company's month together, ``data`` turns any problem into arrays. Nothing here plans.
"""
