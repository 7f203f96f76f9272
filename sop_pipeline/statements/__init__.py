"""The project's ``.sql`` files held to what they say: every one is prepared on empty tables, without a row of data.

What belongs here: the header of a statement (``header``), the tables it names (``reads``), the shape of what it gives
(``shapes``) and the joins of its plan (``joins``). Not here: running statements on data (``sop_pipeline.sql``), and
their style, which sqlfluff lints. Used by ``make sql`` and the tests, never by a planning cycle.
"""
