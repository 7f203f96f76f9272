"""The planning problem as arrays, every default of a plan filled in."""
