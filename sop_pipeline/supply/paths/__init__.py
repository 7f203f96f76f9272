"""Paths that demand may take: sampled from the forecast's distribution, or stated by a planner."""
