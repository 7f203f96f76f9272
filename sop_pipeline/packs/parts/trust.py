"""How far the numbers of a pack can be trusted, by a stated rule.

The rule is printed in the appendix: nobody has to believe a green dot.
"""

from __future__ import annotations

from sop_pipeline.language.blank_money import blank_money_words
from sop_pipeline.language.freshness import stale_words
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import number
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records, total
from sop_pipeline.packs.parts.page import Mark

TRUSTED_SHARE = 0.001
TRUSTED_DEFAULTS = 10
RULE = (
    f"Data trusted: at most {TRUSTED_SHARE:.1%} of the source rows set aside, at most {TRUSTED_DEFAULTS} defaults in "
    "use, every table reaching the cut-off, prices and costs known and every blocking check passed. "
    "To be used with care: more than that, "
    "within the company's tolerance. "
    "Not to be relied on: above the tolerance, or a check failed."
)


def trust(book: Book) -> Mark:
    """Judge the cycle's data by RULE."""
    files = book.frame("source_files")
    read, aside = total(files, "rows_read") or 0.0, total(files, "rows_quarantined") or 0.0
    defaults = len(book.frame("defaults_used"))
    share = aside / read if read else 0.0
    failed = book.checks is not None and book.checks[0] < book.checks[1]
    reason = _reason(book, int(read), int(aside), defaults)
    if failed or share > book.company.tolerances.quarantine_pct / 100:
        return Mark("data not to be relied on", reason, "worse")
    if share <= TRUSTED_SHARE and defaults <= TRUSTED_DEFAULTS and not stale(book) and not blank_money(book):
        return Mark("data trusted", reason, "better")
    return Mark("data to be used with care", reason, "strong")


def _reason(book: Book, read: int, aside: int, defaults: int) -> str:
    parts = []
    if book.checks is not None:
        parts.append(f"{book.checks[0]} of {plural(book.checks[1], 'blocking check')} passed")
    parts.append(f"{number(aside)} of {plural(read, 'row')} set aside")
    if defaults:
        parts.append(f"{plural(defaults, 'default')} in use")
    return ", ".join(parts + stale(book) + blank_money(book))


def stale(book: Book) -> list[str]:
    """A phrase for each table that ends too early for the cycle."""
    return stale_words(records(book.frame("data_freshness")))


def blank_money(book: Book) -> list[str]:
    """A phrase for each column of money that is blank throughout, or goes by another name."""
    return blank_money_words(records(book.frame("defaults_used")))
