"""The words: how numbers, money, dates and lists are written, and the sentences that facts are told in.

Tables hold kinds, subjects and numbers; this package makes the words, once, for packs, workbook, web interface and
terminal. What Babel (the Unicode CLDR) knows of a language is read in ``conventions``: separators, months, plurals,
signs of currencies. What it cannot know is a ``Catalogue`` of sentences a language (``english``), so that a second
language is a second catalogue and no other code. Not here: where the facts come from, and how a page is laid out.
"""
