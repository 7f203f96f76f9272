"""A cycle whose prices or costs did not come says so, and says it of nothing less."""

from __future__ import annotations

from sop_pipeline.language.blank_money import blank_money_words


def row(default_id, items, among=None, subject=None):
    return {"default_id": default_id, "items": items, "among": among, "subject": subject}


def test_a_column_of_money_that_is_blank_throughout_is_said():
    some = [row("no_price", 2, 3), row("no_cost", 1, 3), row("stale_data", 1)]
    assert blank_money_words(some) == []
    renamed = row("column_not_used", 1, subject="unit_prise of products.csv (did you mean unit_price?)")
    assert blank_money_words([row("no_cost", 3, 3), row("no_price", 3, 3), renamed]) == [
        "columns not used: unit_prise of products.csv (did you mean unit_price?)",
        "unit_price is known of none of the 3 planned products: no revenue",
        "standard_cost is known of none of the 3 planned products: no margin",
    ]
