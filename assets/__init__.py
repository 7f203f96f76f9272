"""The planning cycle as Dagster assets: wiring alone.

A file a step, in the order of the process. What belongs here: which tables an asset reads and makes, and how Dagster
shows them. Not here: any computation on rows, which lives in ``sop_pipeline`` and ``sql``.
"""
