"""Reading: one way from a file to typed cells, for companies, analysts' files and planning folders alike.

``readers`` take a file apart into cells as text, ``cells`` decide how a column is written and cast it, ``one_file``
joins the two for a caller that bears no bad cell. Not here: which rows of a company count (``ingest``).
"""
