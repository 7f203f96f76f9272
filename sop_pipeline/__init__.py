"""Sales and operations planning, one monthly cycle end to end.

The packages are the steps of the process: ``ingest``, ``portfolio``, ``demand``, ``supply``, ``reconciliation`` and
``packs``; ``steps`` puts them together. What they share is the ground: ``cycle``, ``config``, ``tables``, ``lake``,
``sql`` and a few more (docs/architecture.md). A step reads earlier steps' tables, never their code, and nothing here
but ``cli`` knows Dagster.
"""

__version__ = "0.1.0"
