"""The documents that are made: each a name, a title and its pages in the order of the meeting.

One more document is one more list here, of pages there are (``pages``) or a new one. Not here: what a page says, how it
is laid out, or which files it becomes.
"""

from __future__ import annotations

from sop_pipeline.packs.pages.accuracy import accuracy
from sop_pipeline.packs.pages.appendix import appendix
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.pages.families import families
from sop_pipeline.packs.pages.last_time import last_time
from sop_pipeline.packs.pages.money import money
from sop_pipeline.packs.pages.page_one import page_one
from sop_pipeline.packs.pages.products import products
from sop_pipeline.packs.pages.risks import risks
from sop_pipeline.packs.pages.strategies import strategies
from sop_pipeline.packs.parts.document import Document

EXECUTIVE_PACK = Document(
    name="executive_pack",
    title="Executive S&OP",
    subject="Executive sales and operations planning pack",
    pages=(
        page_one,
        last_time,
        money,
        families,
        strategies,
        capacity,
        products,
        risks,
        accuracy,
        appendix,
    ),
)

DOCUMENTS = (EXECUTIVE_PACK,)
