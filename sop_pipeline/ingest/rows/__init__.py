"""From typed rows to a table: what a row repeats, corrects or refers to, and the status every row ends in.

Not here: how a file is read (``readers``) or a cell understood (``cells``).
"""
