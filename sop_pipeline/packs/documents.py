"""The documents that are made: each a name, a title and its pages in the order of the meeting.

One more document is one more list here, of pages there are (``pages``) or a new one. Not here: what a page says, how it
is laid out, or which files it becomes.
"""

from __future__ import annotations

from sop_pipeline.config import Company
from sop_pipeline.packs.pages.accuracy import accuracy
from sop_pipeline.packs.pages.appendix import appendix
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.pages.demand_summary import demand_summary
from sop_pipeline.packs.pages.department_sheets import department_sheets
from sop_pipeline.packs.pages.events import events
from sop_pipeline.packs.pages.external import external
from sop_pipeline.packs.pages.families import families
from sop_pipeline.packs.pages.last_time import last_time
from sop_pipeline.packs.pages.money import money
from sop_pipeline.packs.pages.operations import operations, operations_if_room
from sop_pipeline.packs.pages.page_one import page_one
from sop_pipeline.packs.pages.plants import plants
from sop_pipeline.packs.pages.products import products
from sop_pipeline.packs.pages.put_up import put_up
from sop_pipeline.packs.pages.requirements import requirements
from sop_pipeline.packs.pages.risks import risks
from sop_pipeline.packs.pages.scenarios import scenarios, scenarios_if_room
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
        scenarios_if_room,
        capacity,
        operations_if_room,
        products,
        risks,
        accuracy,
        appendix,
    ),
)

PRODUCT_REVIEW = Document(
    name="product_review",
    title="Product review",
    subject="Product review of the sales and operations planning cycle",
    pages=(products,),
)

DEMAND_REVIEW = Document(
    name="demand_review",
    title="Demand review",
    subject="Demand review of the sales and operations planning cycle",
    pages=(demand_summary, accuracy, external, events, families, risks),
)

SUPPLY_REVIEW = Document(
    name="supply_review",
    title="Supply review",
    subject="Supply review of the sales and operations planning cycle",
    pages=(requirements, strategies, scenarios, capacity),
)

RECONCILIATION = Document(
    name="reconciliation",
    title="Reconciliation",
    subject="Reconciliation of demand, supply and money before the executive meeting",
    pages=(put_up, last_time, money, scenarios, strategies, risks),
)

OPERATIONAL_PLAN = Document(
    name="operational_plan",
    title="Operational plan",
    subject="Who does what, how much and when: people, money and time",
    pages=(operations, plants, department_sheets),
)

DOCUMENTS = (EXECUTIVE_PACK, PRODUCT_REVIEW, DEMAND_REVIEW, SUPPLY_REVIEW, RECONCILIATION, OPERATIONAL_PLAN)


def asked_for(company: Company) -> list[Document]:
    """The documents that a company wants, in the order of ``DOCUMENTS``."""
    return [document for document in DOCUMENTS if document.name in company.packs.documents]
