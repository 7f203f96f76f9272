"""Levers: what a company may pull to close a gap, as variables of the model, and the cheapest set of them."""
