"""A company's own rules: what they count, what they show, and what a condition cannot do."""

from datetime import date

import pytest

from sop_pipeline import config, tables
from sop_pipeline.company_rules import Rule
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company
from sop_pipeline.starter import init_company
from sop_pipeline.steps.checking import CheckFailed, refuse_failed
from sop_pipeline.validation.rules import rule_findings

DAY = date(2026, 6, 1)
ROWS = [("P1", 5), ("P1", 5), ("P2", -1), ("P3", 20)]
SALES = tables.conform("sales", [{"date": DAY, "product_id": name, "quantity": amount} for name, amount in ROWS])
PRODUCTS = tables.conform("products", [{"product_id": f"P{n}", "product_name": f"P{n}", "family": "F"} for n in (1, 2)])


def finding(**rule):
    (found,) = rule_findings([Rule(table="sales", **rule)], {"sales": SALES, "products": PRODUCTS})
    return found


@pytest.mark.parametrize(
    ("rule", "label", "broken"),
    [
        ({"column": "quantity", "at_least": 0}, "quantity_in_range", ["P2"]),
        ({"column": "quantity", "at_least": 0, "at_most": 19.9}, "quantity_in_range", ["P2", "P3"]),
        ({"unique": ["date", "product_id"]}, "unique_date_product_id", ["P1", "P1"]),
        (
            {"column": "product_id", "known_in": "products.product_id"},
            "product_id_known_in_products_product_id",
            ["P3"],
        ),
        ({"name": "small", "holds": "quantity < 10 -- and no more"}, "small", ["P3"]),
    ],
)
def test_rows_that_break_a_rule_are_counted_and_shown(rule, label, broken):
    found = finding(**rule)
    assert (found.check, found.passed, found.rows, found.broken) == (label, False, 4, len(broken))
    assert sorted(row["product_id"] for row in found.sample) == broken
    assert {row["revenue"] for row in found.sample} == {""}, "a cell without a value is empty, not None"
    assert f"{len(broken)} of 4 rows do not, {len(broken) / 4:.1%}" in found.summary


def test_a_rule_without_a_name_is_called_by_what_it_says():
    rule = Rule(table="sales", column="product_id", known_in="products.product_id")
    assert rule.label == "product_id_known_in_products_product_id"


def test_what_a_rule_says_of_a_value_says_nothing_of_a_missing_one():
    assert finding(column="revenue", at_least=1000).passed
    assert finding(holds="revenue > 1000").passed
    assert finding(column="region", known_in="products.family").passed


def test_a_warning_stops_nothing():
    refuse_failed([finding(column="quantity", at_least=0, severity="warn")])
    with pytest.raises(CheckFailed, match="quantity_in_range"):
        refuse_failed([finding(column="quantity", at_least=0)])


@pytest.mark.parametrize(
    "condition",
    [
        "quantity >",
        "no_such_column > 0",
        "true); drop table checked; select (true",
        "(select count(*) from read_csv('/etc/passwd')) > 0",
        "(select count(*) from glob('/**')) > 0",
    ],
)
def test_a_condition_that_is_none_is_refused_and_reaches_nothing(condition):
    with pytest.raises(BadInput, match=r"sop.yaml, checks, condition of sales: found .*; needed a condition"):
        finding(holds=condition)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{table: sale, column: quantity, at_least: 0}", "found sale; needed a table of a cycle. Did you mean sales"),
        (
            "{table: sales, column: quantty, at_least: 0}",
            "found quantty; needed a column of sales. Did you mean",
        ),
        ("{table: sales, column: product_id, known_in: products.id}", "found id; needed a column of products"),
        ("{table: sales, column: quantity}", "needed one of: column with at_least or at_most, unique"),
        ("{table: sales, unique: [date], at_least: 0}", "needed one of: column with"),
        ("{table: sales, unique: ['date; drop table x']}", "needed a column of sales"),
    ],
)
def test_a_rule_of_what_is_not_there_is_refused_with_the_nearest(tmp_path, rule, said):
    (tmp_path / "sop.yaml").write_text(f"company: Acme\nsources: {{sales: s.csv}}\nchecks: [{rule}]\n")
    with pytest.raises(BadInput) as caught:
        config.load(tmp_path)
    assert said in str(caught.value)


def test_two_rules_of_one_name_are_refused(tmp_path):
    rule = "{table: sales, column: quantity, at_least: 0}"
    (tmp_path / "sop.yaml").write_text(f"company: Acme\nsources: {{sales: s.csv}}\nchecks: [{rule}, {rule}]\n")
    with pytest.raises(BadInput, match="quantity_in_range twice"):
        config.load(tmp_path)


def test_sop_check_holds_them_against_the_files(tmp_path):
    init_company(tmp_path / "acme")
    settings = tmp_path / "acme" / "sop.yaml"
    warn = "{table: sales, name: small, column: quantity, at_most: 1, severity: warn}"
    block = "{table: products, name: cheap, column: unit_price, at_most: 0}"
    settings.write_text(settings.read_text().replace("checks: []", f"checks: [{warn}, {block}]"))
    report = check_company(tmp_path / "acme")
    (problem,) = report.problems
    assert problem.startswith("products, check cheap: unit_price is at most 0. ")
    assert [line for line in report.remarks if line.startswith("sales, check small: quantity is at most 1. ")]
