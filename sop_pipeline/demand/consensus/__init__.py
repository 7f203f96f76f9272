"""The consensus: what the portfolio and each stream change in the statistical forecast, and the agreed number."""
