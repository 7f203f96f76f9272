"""What the meeting gets: documents as HTML and PDF, the workbook, the deliverables as files.

Reads the cycle's tables and nothing else. ``documents`` lists which pages a document has, ``pages`` says what stands
on each, from shared ``parts`` and ``charts``, of what the ``book`` holds; ``media`` puts a document into HTML, PDF,
workbook and exports; ``build`` shows it all at once. Nothing here plans or changes a number.
"""
