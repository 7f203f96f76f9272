"""From a source file to its cells as text, the same for CSV, Excel and Parquet, each with the row it stood in.

Not here: which column is which, or what a cell means (``cells``).
"""
