"""From text to the registry's types: which column is which, how numbers and dates are written, which rule is broken.

Not here: whether a row counts once a file is read (``rows``).
"""
