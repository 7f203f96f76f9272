"""Scenarios across rooms: supply's plans in reconciliation's money, for the month and for one more on the spot."""
