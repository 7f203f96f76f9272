"""Sales and operations planning, one monthly cycle end to end.

The packages are the steps of the process: ``ingest``, ``portfolio``, ``demand``, ``supply``, ``reconciliation`` and
``packs``. Under them lies the ground they share: ``cycle``, ``config``, ``tables``, ``lake``, ``sql``, ``validation``.
A step reads earlier steps' tables, never their code, and nothing here but ``cli`` knows that Dagster exists.
"""

__version__ = "0.1.0"
