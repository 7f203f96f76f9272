"""Connections to what a company already runs: databases and object storage, stated in ``sop.yaml``.

``settings`` says how they are stated, ``secrets`` that no secret is; ``fetch`` has the rows of a query, or the files
of an address, put into a folder, by a process that can be ended (``query`` and the kinds beside it). Whatever comes is
read by the reader of files (``reading``); nothing here knows what a table means.
"""
