"""The workbook a planner works in: the company and its families by month with live formulas, then the tables."""
