"""What a planner types into the workbook: the form a book carries, how it is read back, and what was taken of it.

``form`` is what the book's writer and its reader agree on; ``book`` reads one file, ``log`` keeps what was taken,
``entries`` says what of it counts. Not here: how the book is written (``packs.workbook``), or planning with it.
"""
