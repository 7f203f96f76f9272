"""Faults planted one at a time in what makes the tables, and whether the audit of a small company sees them.

``python -m tests.mutation`` draws a sample of mutants, runs a company's month with each, and prints the share that is
caught among those that change a table. Python is mutated by cosmic-ray's operators, SQL by those of ``sql_faults``.
"""
