"""The company's statistical forecast: what the engine is asked for, what it says, and which approach is used.

Not here: the engine (``forecast``) nor what people add to its numbers (``consensus``).
"""
