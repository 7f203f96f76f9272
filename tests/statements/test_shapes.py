"""Statements of our own: what a header must say, and what is found by preparing on empty tables."""

import duckdb
import pytest

from sop_pipeline.statements.header import BadStatement, header_of
from sop_pipeline.statements.joins import every_pair
from sop_pipeline.statements.shapes import Catalogue, FaultyRead

BIG = "-- grain: one row per sale\n-- reads: sales\nselect product_id, quantity from sales"


def statement(text, **others):
    return Catalogue({"demand/mine": text, **{f"demand/{name}": other for name, other in others.items()}})


def check(text, **others):
    statement(text, **others).check("demand/mine")


def test_a_header_says_grain_reads_binds_and_structure():
    header = header_of(
        "-- grain: one row per product\n-- reads: sales, old = products\n-- binds: $a date, $b decimal\n"
        "-- reads: orders\n-- structure: {by_item: true}\n-- structure: {by_item: false}\n-- meant: all pairs\nselect"
    )
    assert header.reads == {"sales": "sales", "old": "products", "orders": "orders"}
    assert header.binds == {"a": "date", "b": "decimal"}
    assert header.structures == ({"by_item": True}, {"by_item": False})
    assert header.meant == ("all pairs",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-- reads: sales\nselect product_id from sales", "no line `-- grain"),
        ("-- grain: one row\nselect product_id from sales", "`reads` lacks sales"),
        ("-- grain: one row\n-- reads: sales, orders\nselect product_id from sales", "has orders"),
        (
            "-- grain: one row\n-- reads: sales\nselect quantity::decimal(18, 4) as q from sales",
            r"decimal\(18, 4\): a product",
        ),
        ("-- grain: one row\n-- reads: nowhere\nselect product_id from nowhere", "no table of the registry"),
        ("-- grain: one row\n-- reads: sales\nselect $a from sales", r"no \$a"),
        ("-- grain: one row\n-- reads: sales\n-- binds: $a date\nselect date from sales", "has a that"),
        ("-- grain: one row\n-- reads: sales\n-- binds: a date\nselect $a from sales", "not `\\$name type`"),
    ],
)
def test_a_header_that_is_not_so_is_refused(text, said):
    with pytest.raises(BadStatement, match=said):
        check(text)


def test_a_wrong_word_or_column_is_found():
    with pytest.raises(duckdb.ParserException, match="syntax error"):
        check("-- grain: one row\n-- reads: sales\nselec product_id,, quantity fromm sales")
    with pytest.raises(duckdb.BinderException, match="product_idd"):
        check("-- grain: one row\n-- reads: sales\nselect product_idd from sales")


def test_a_fault_after_a_parameter_is_found():
    with pytest.raises(duckdb.BinderException, match="quantityy"):
        check("-- grain: one row\n-- reads: sales\n-- binds: $a varchar\nselect $a as a, quantityy from sales")


def test_a_statement_reads_what_another_gives():
    check("-- grain: one row\n-- reads: big\nselect quantity from big", big=BIG)
    with pytest.raises(duckdb.BinderException, match="revenue"):
        check("-- grain: one row\n-- reads: big\nselect revenue from big", big=BIG)
    with pytest.raises(FaultyRead, match="reads demand/big"):
        check("-- grain: one row\n-- reads: big\nselect quantity from big", big=BIG.replace("quantity", "quantty"))


def test_a_statement_reads_what_python_gives():
    given = "create temp table ranks (rank bigint);\ncreate temp table sold as select * exclude (revenue) from sales;"
    check("-- grain: one row\n-- reads: ranks, sold\nselect rank, quantity from ranks, sold", given=given)
    with pytest.raises(duckdb.BinderException, match="revenue"):
        check("-- grain: one row\n-- reads: sold\nselect revenue from sold", given=given)


def test_what_reads_tables_alone_comes_first():
    header = "-- grain: one row per day\n-- reads: sales, orders\n"
    first = "with sold as (select date as day from sales), ordered as (select ordered_on as day from orders), "
    check(f"{header}{first}days as (select day from sold) select day from days union all select day from ordered")
    second = "with sold as (select date as day from sales), days as (select day from sold), "
    with pytest.raises(BadStatement, match="ordered reads tables alone"):
        check(f"{header}{second}ordered as (select ordered_on as day from orders) select days.day from days, ordered")


def test_every_structure_is_prepared():
    text = "-- grain: one row\n-- reads: sales\n{structures}select {{{{ column }}}} from sales"
    check(text.format(structures="-- structure: {column: region}\n"))
    with pytest.raises(duckdb.BinderException, match="regionn"):
        check(text.format(structures="-- structure: {column: region}\n-- structure: {column: regionn}\n"))


def joins(query):
    text = f"-- grain: one row\n-- reads: products, sales\n{query}"
    (plan,) = statement(text).plans("demand/mine")
    return [join.split()[0] for join in every_pair(plan)]


PAIRS = "select sales.date, products.family from sales left join products on "


def test_a_join_without_an_equality_of_both_sides_meets_every_pair():
    assert joins(PAIRS + "sales.product_id = products.product_id") == []
    assert joins(PAIRS + "sales.product_id = products.product_id and sales.date < products.launched_on") == []
    assert joins(PAIRS + "sales.date < products.launched_on") == ["PIECEWISE_MERGE_JOIN"]
    one_side = "sales.region = 'north' and sales.product_id = products.product_id"
    assert joins(PAIRS + one_side) == ["BLOCKWISE_NL_JOIN"]
    assert joins("select 1 from sales cross join products") == ["CROSS_PRODUCT"]


def test_a_single_row_and_rows_of_no_table_meet_all_others_at_no_cost():
    newest = "(select max(launched_on) as day from products)"
    assert joins(f"select 1 from sales cross join {newest} as newest") == []
    assert joins(f"with newest as {newest} select 1 from sales, newest where date > day or date < day - 9") == []
    assert joins("select 1 from sales cross join (select unnest(range(12)) as ahead) as months, products") == [
        "CROSS_PRODUCT"
    ]
    assert joins("select 1 from sales cross join (select unnest(range(12)) as ahead) as months") == []
