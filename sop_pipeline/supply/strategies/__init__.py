"""Level, chase, blended and other strategies: the rules they add to the model, their plans, and how these compare."""
