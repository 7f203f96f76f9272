"""Known events: what promotions, prices and the like did to demand, and what those that are planned will do.

Not here: the forecast that is made without them (``forecast``), nor where both meet (``statistical``).
"""
