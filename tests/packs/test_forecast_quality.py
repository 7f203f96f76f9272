"""How good forecasts were, as pages say it: one lag a sentence, every lag its signal, and nothing ranked by chance."""

from __future__ import annotations

from typing import Any

from sop_pipeline import tables as registry
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.events import events
from sop_pipeline.packs.pages.external import external
from sop_pipeline.packs.parts.anomalies import anomalies
from sop_pipeline.packs.parts.errors import errors_by_lag, family_error
from sop_pipeline.packs.parts.table import Listing
from sop_pipeline.packs.parts.value_added import hurtful_inputs

SMALL = {"position": 1, "level": "family", "bias": 0.0, "tracking_signal": 0.0, "value_added_money": 0}


CLEARLY = "used: clearly smaller errors over 8 months"


def with_rows(book: Book, name: str, rows: list[dict[str, Any]]) -> Book:
    """The book with one table's rows replaced."""
    return Book({**book.tables, name: registry.conform(name, rows)}, book.company, book.cycle)


def accuracy(family: str, lag: int, wmape: float, signal: float) -> dict[str, Any]:
    """A row of the backtest's accuracy."""
    measures = {"wmape": wmape, "bias": -0.01, "tracking_signal": signal, "mase": 1, "rmsse": 1, "coverage": 0.8}
    return {"approach": "bottom_up", "level": "family", "item_id": family, "lag": lag, "n": 9, **measures}


def step(name: str, item: str, lag: int, n: int, value_added: float) -> dict[str, Any]:
    """A row of value added by earlier cycles' plans."""
    return {**SMALL, "step": name, "item_id": item, "lag": lag, "n": n, "wmape": 0.1, "value_added": value_added}


def test_a_familys_value_added_is_a_sentence_of_its_own_lag_and_months(book: Book) -> None:
    """The backtest is read three months ahead; plans of earlier cycles have met two months, at lag 0 and 1."""
    family = book.families[0]
    given = with_rows(book, "forecast_accuracy", [accuracy(family, lag, 0.05 + lag / 100, 1) for lag in range(4)])
    given = with_rows(
        given,
        "forecast_value_added",
        [
            step("statistical", family, 0, 2, -0.009),
            step("finance", family, 0, 2, 0.031),
            step("statistical", family, 1, 1, 0.012),
            {**step("finance", family, 1, 1, -0.002), "position": 2},
        ],
    )
    assert plain_text(family_error(given, family)) == (
        "Forecasts made 3 months ahead were 8.0% off (WMAPE), 1.0% low. Of what was planned 1 month ahead, 1 month can "
        "be judged: the statistical forecast improved them by 1.2 points, finance’s input cost 0.2 points."
    )
    alone = with_rows(given, "forecast_value_added", [])
    assert plain_text(family_error(alone, family)) == "Forecasts made 3 months ahead were 8.0% off (WMAPE), 1.0% low."


def test_every_lag_has_its_tracking_signal_and_its_colour(book: Book) -> None:
    family, signals = book.families[0], [1.5, -4.5, 3.9, 6.25]
    rows = [accuracy(family, lag, 0.1, signal) for lag, signal in enumerate(signals)]
    listing = errors_by_lag(with_rows(book, "forecast_accuracy", rows))
    places = [place for place, column in enumerate(listing.columns) if column.group == "Tracking signal"]
    assert [listing.columns[place].name for place in places] == ["lag 0", "lag 1", "lag 2", "lag 3"]
    cells = [listing.rows[0].cells[place] for place in places]
    assert [cell.text for cell in cells] == ["1.5", "(4.5)", "3.9", "6.3"]
    assert [cell.tone for cell in cells] == ["plain", "worse", "plain", "worse"]


def test_inputs_are_ranked_from_six_comparisons_on(book: Book) -> None:
    one, other = book.families[:2]
    rows = [step("sales", one, 1, 5, -0.30), step("sales", other, 1, 6, -0.02), step("finance", other, 1, 6, 0.05)]
    listing = hurtful_inputs(with_rows(book, "forecast_value_added", rows))
    assert [[cell.text for cell in row.cells] for row in listing.rows] == [[f"Sales: {other}", "lag 1", "(2.0)"]]
    none_yet = hurtful_inputs(with_rows(book, "forecast_value_added", rows[:1]))
    assert not none_yet.rows
    assert none_yet.empty == "No input can be judged yet: 6 of its forecasts have to have met their actuals."


def test_what_was_out_of_the_ordinary_is_listed_from_the_top_with_most_money_first(book: Book) -> None:
    month = book.cycle.month
    one, other = book.families[:2]
    facts = {"month": month, "expected": 100, "p1": 80, "p99": 120}
    rows = [
        {**facts, "level": "family", "item_id": one, "quantity": 60, "difference": -40, "difference_money": -4000},
        {**facts, "level": "family", "item_id": other, "quantity": 170, "difference": 70, "difference_money": 9000},
        {**facts, "level": "company", "item_id": "Acme", "quantity": 230, "difference": 30, "difference_money": None},
    ]
    listing = anomalies(with_rows(book, "demand_anomalies", rows))
    texts = [[cell.text for cell in row.cells] for row in listing.rows]
    assert [text[0] for text in texts] == ["Acme", other, one]
    assert texts[1] == [other, "170", "80 to 120", "70", "9,000"]
    assert (texts[2][3], texts[0][4]) == ("(40)", "–")
    nothing = anomalies(with_rows(book, "demand_anomalies", []))
    assert not nothing.rows
    assert nothing.empty.startswith("Nothing lay outside")


def test_external_forecasts_have_a_page_where_there_are_any_those_in_use_first(book: Book) -> None:
    assert external(book) == []
    one, other = book.families[:2]
    judged = {"months_ahead": 24, "n": 24, "months": 8, "bias": 0.01, "statistical_wmape": 0.10}
    rows = [
        {**judged, "model": "sales", "level": "family", "item_id": one, "outcome": "no_better", "used": False}
        | {"wmape": 0.12, "value_added": -0.02, "standard_errors": -0.5},
        {**judged, "model": "chronos", "level": "family", "item_id": other, "outcome": "earned", "used": True}
        | {"wmape": 0.07, "value_added": 0.03, "standard_errors": 2.1, "range_from": "own_errors"},
    ]
    notes = [{"position": 1, "note": "external_earned", "models": "chronos", "items": 1, "names": other}]
    given = with_rows(with_rows(book, "external_accuracy", rows), "forecast_notes", notes)
    (page,) = external(given)
    assert [plain_text(sentence) for sentence in page.sentences] == [
        "1 of 2 forecasts of a product, a family or the company is planned with.",
        f"External forecast chronos is used for 1 item, where its past errors were smaller: {other}.",
    ]
    (listing,) = page.parts
    assert isinstance(listing, Listing)
    shown = [[cell.text for cell in row.cells] for row in listing.rows]
    assert shown == [
        ["chronos ●", other, "8", "7.0%", "1.0%", "10.0%", "3.0", "own past errors", CLEARLY],
        [
            "sales",
            one,
            "8",
            "12.0%",
            "1.0%",
            "10.0%",
            "(2.0)",
            "–",
            "not used: no clearly smaller errors over 8 months",
        ],
    ]


def test_known_events_have_a_page_where_there_are_any_those_in_use_first(book: Book) -> None:
    assert events(book) == []
    one, other = book.families[:2]
    rows = [
        {"kind": "fair", "level": "family", "item_id": one, "outcome": "too_few", "used": False}
        | {"cases": 2, "pooled_cases": 2, "months_ahead": 1},
        {"kind": "promotion", "level": "family", "item_id": other, "outcome": "used", "used": True, "effect": 0.019}
        | {"p10": 0.017, "p90": 0.021, "cases": 6, "pooled_cases": 9, "months_ahead": 2, "units_ahead": 1433}
        | {"drawn_from": "own"},
    ]
    (page,) = events(with_rows(book, "event_effects", rows))
    (sentence,) = page.sentences
    assert plain_text(sentence).startswith("1 of 2 effects is used: history is cleared of them")
    (listing,) = page.parts
    assert isinstance(listing, Listing)
    assert [[cell.text for cell in row.cells] for row in listing.rows] == [
        ["promotion ●", other, "6", "1.9%", "1.7% to 2.1%", "own", "2", "1,433", "used"],
        ["fair", one, "2", "–", "–", "–", "1", "–", "not used: 2 months with one, three needed"],
    ]
