"""The aggregate model (METHODS 5): blocks of variables and rows, the constraint families, and HiGHS that solves them.

One model serves every strategy. Not here: the data it is written for (``problem``), rows that a strategy adds
(``strategies``).
"""
