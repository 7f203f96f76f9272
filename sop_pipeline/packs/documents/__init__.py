"""Documents: each a name, a title and a list of pages. Not here: what a page says (``pages``) or how it is written."""
