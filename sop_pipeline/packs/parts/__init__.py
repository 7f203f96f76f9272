"""What pages are made of and share: the cycle's tables, comparisons, grids, tiles. Not here: charts, and any medium."""
