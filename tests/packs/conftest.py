"""Invented cycles shared by the pack tests; building one takes seconds, so each is built once."""

from __future__ import annotations

import pytest

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import build_packs
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.packs.reading import executive_pack


@pytest.fixture(scope="session")
def tables():
    return cycle_tables()


@pytest.fixture(scope="session")
def book(tables):
    return Book(tables, company(), CYCLE, hashes=dict.fromkeys(tables, "ab" * 32), checks=(24, 24))


@pytest.fixture(scope="session")
def pack(book):
    return executive_pack(book)


@pytest.fixture(scope="session")
def bare_book():
    """A first cycle of a company without money, business plan or decisions."""
    shape = Shape(families=2, money=False, business_plan=False, first_cycle=True)
    return Book(cycle_tables(shape), company(), CYCLE)


@pytest.fixture(scope="session")
def built(tables, tmp_path_factory):
    out = tmp_path_factory.mktemp("packs") / "2026-11"
    hashes = dict.fromkeys(tables, "cd" * 32)
    return build_packs(tables, company(), CYCLE, status="released r01", hashes=hashes, out=out)
