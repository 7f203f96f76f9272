"""Every decision once, whether the company's file has it, or a record, or both."""

from datetime import date
from decimal import Decimal

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.language.decisions import taken_words
from sop_pipeline.reconciliation import decision_results
from tests.reconciliation.conftest import make


def filed(**values):
    return {"decision_id": "D-1", "question": "Hire?", "chosen": "Ten people", "status": "done", **values}


def recorded(number=1, action="adopt", **values):
    common = {"cycle": "2026-06", "number": number, "decision_id": "2026-06-strategy", "action": action}
    about = {"kind": "strategy", "subject": "level", "by": "Anna", "why": "steady", "on": date(2026, 6, 20)}
    option = {"option": "A", "choice": "work_to", "choice_subject": "level", "effect": Decimal("1250.50")}
    return {**common, **about, **(option if action == "adopt" else {}), **values}


def results(files, records):
    known = (tables.conform("decisions", files), tables.conform("recorded_decisions", records))
    nothing = [tables.empty(name) for name in ("decision_promises", "actuals", "production_schedule")]
    made = decision_results(*known, *nothing, cycle=Cycle.parse("2026-06"))
    return {row["decision_id"]: row for row in made.to_pylist()}


def test_decisions_of_both_lists_stand_side_by_side():
    found = results([filed(promised_value=640_000, realised_value=598_000)], [recorded()])
    assert {name: row["source"] for name, row in found.items()} == {"D-1": "file", "2026-06-strategy": "recorded"}
    assert (found["D-1"]["promised_value"], found["D-1"]["realised_value"]) == (Decimal("640000"), Decimal("598000"))
    strategy = found["2026-06-strategy"]
    assert (strategy["promised_value"], strategy["status"]) == (Decimal("1250.50"), "open")
    assert [taken_words(row) for row in found.values()] == [
        "Which strategy to work to: work to the level plan",
        "Hire? Ten people",
    ]


def test_a_decision_in_both_is_counted_once_and_the_file_says_what_came_of_it():
    file = filed(decision_id="2026-06-strategy", question="Level?", chosen="Yes", status="done", realised_value=900)
    (row,) = results([file], [recorded()]).values()
    assert (row["source"], row["status"], row["promised_value"]) == ("both", "done", Decimal("1250.50"))
    assert (row["realised_value"], row["by"], row["why"]) == (Decimal(900), "Anna", "steady")


def test_the_last_record_of_a_decision_stands():
    (row,) = results([], [recorded(1), recorded(2, action="reject", why="the bank said no")]).values()
    assert (row["action"], row["status"], row["promised_value"]) == ("reject", "dropped", None)
    assert taken_words(row) == "Which strategy to work to: rejected"


# -- what came of it, from actuals -------------------------------------------------------------------------------------

_MEMBERS = pa.schema({"item_id": pa.string(), "product_id": pa.string()})
JULY, AUGUST, SEPTEMBER = "2026-07", "2026-08", "2026-09"


def raised(**values):
    """The kiln's overtime raised in June: 20 bricks more a month from July on, at 3 of unit contribution each."""
    limit = {"decision_id": "2026-06-kiln", "kind": "limit", "subject": "kiln", "limit": "overtime_hours"}
    return recorded(**{**limit, "choice": "raise_limit", "choice_subject": None, "effect": Decimal(150), **values})


def sold_more(month, without, with_it, amount, item="brick"):
    row = {"decision_id": "2026-06-kiln", "month": month, "part": "sales", "item_id": item, "amount": amount}
    return row | {"sales_without": without, "sales_with": with_it}


def beside(month, amount, part="spending"):
    return {"decision_id": "2026-06-kiln", "month": month, "part": part, "amount": amount}


PROMISE = (
    *(sold_more(month, 100, 120, 60) for month in (JULY, AUGUST, SEPTEMBER)),
    *(beside(month, -10) for month in (JULY, AUGUST, SEPTEMBER)),
)


def sales(*quantities, product="brick", estimated=None):
    months = (JULY, AUGUST, SEPTEMBER)[: len(quantities)]
    rows = [
        {"product_id": product, "family": "bricks", "month": m, "sales": q}
        for m, q in zip(months, quantities, strict=True)
    ]
    return [row | {"sales_estimated": estimated if row["month"] == months[-1] else 0} for row in rows]


def came(actuals, promises=PROMISE, files=(), cycle="2026-09", members=(), **values):
    """What is found in September of the decision taken in June."""
    made = decision_results(
        tables.conform("decisions", list(files)),
        tables.conform("recorded_decisions", [raised(**values)]),
        make("decision_promises", *promises),
        make("actuals", *actuals),
        pa.table(
            {"item_id": [item for item, _ in members], "product_id": [product for _, product in members]}, _MEMBERS
        ),
        cycle=Cycle.parse(cycle),
    )
    (row,) = made.to_pylist()
    return row


def figures(row):
    return row["promised_to_date"], row["realised_value"], row["realised_by"], row["unknown"]


def test_what_was_sold_beyond_the_plan_without_it_counts_after_its_cost():
    """110 and 115 sold where 100 were planned without: 25 of 40 more, 25 x 3 = 75, less 2 x 10 of cost."""
    row = came(sales(110, 115))
    assert figures(row) == (100, 55, "actuals", None)
    assert (row["promised_value"], f"{row['realised_to']:%Y-%m}") == (150, AUGUST)


def test_no_more_counts_than_the_option_could_have_brought_and_no_less_than_its_cost():
    assert figures(came(sales(150, 150))) == (100, 100, "actuals", None)
    assert figures(came(sales(90, 80))) == (100, -20, "actuals", None)


def test_months_are_taken_together_so_that_a_sale_a_month_late_is_none_lost():
    """90 and 130 are 20 beyond 200 in all, not 30 in August alone."""
    assert figures(came(sales(90, 130)))[1] == 20 * 3 - 20


def test_an_item_of_several_products_is_their_sum():
    actuals = [*sales(60, 60, product="red"), *sales(50, 50, product="grey")]
    members = [("brick", "red"), ("brick", "grey")]
    assert figures(came(actuals, members=members)) == (100, 20 * 3 - 20, "actuals", None)


def test_a_month_that_is_partly_forecast_has_not_come():
    row = came(sales(110, 115, estimated=40))
    assert (figures(row), row["realised_to"]) == ((50, 20, "actuals", None), date(2026, 7, 1))


def test_before_its_first_month_nothing_can_be_said():
    assert figures(came(sales(110), cycle="2026-07")) == (None, None, None, "not_begun")


def test_a_saving_is_in_no_table():
    saves = [sold_more(JULY, 100, 120, 60), beside(JULY, 15)]
    assert figures(came(sales(120), saves)) == (75, None, None, "saving")


def test_a_whole_plan_and_an_opportunity_are_not_told_apart_from_the_rest():
    whole = [beside(JULY, 75, part="whole")]
    assert figures(came(sales(120), whole, kind="strategy", choice="work_to"))[2:] == (None, "whole_plan")
    assert figures(came(sales(120), whole, kind="gap", choice="pursue_all")) == (75, None, None, "opportunity")


def test_without_any_sales_of_the_item_nothing_is_known():
    assert figures(came(sales(120, product="tile"))) == (50, None, None, "not_recorded")


def test_the_companys_own_figure_wins_and_is_named_as_theirs():
    file = filed(decision_id="2026-06-kiln", status="done", realised_value=70)
    assert figures(came(sales(110, 115), files=[file])) == (100, 70, "company", None)


def test_what_was_not_taken_brings_nothing_and_is_said_so():
    assert figures(came(sales(110), [], action="reject", choice=None, effect=None)) == (None, None, None, "not_taken")
    dropped = filed(decision_id="2026-06-kiln", status="dropped")
    assert figures(came(sales(110, 115), files=[dropped])) == (None, None, None, "not_taken")
    assert figures(came(sales(110), [], choice="keep_limit", effect=0))[3] == "no_promise"
