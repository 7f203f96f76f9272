"""What stands on every page of a pack, as words, tables and charts, computed from the cycle's tables alone."""
