"""What two plans say differently, cell by cell: all of it, so that what is told of the one makes the other.

Here: tables against tables, and how a difference is counted. Not here: which plans there are, or what made them differ
(``steps.diff``).
"""
