"""The SQL runner: tables in, tables out, values bound, structure templated."""

import jinja2
import pyarrow as pa
import pytest

from sop_pipeline import sql


@pytest.fixture
def statements(tmp_path, monkeypatch):
    """A folder of statements of our own in place of the project's."""

    def write(name, text):
        path = tmp_path / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    monkeypatch.setattr(sql, "SQL_FOLDER", tmp_path)
    return write


SALES = pa.table({"product_id": ["P1", "P2", "P1"], "quantity": [1, 2, 4]})


def test_a_statement_sees_its_tables_and_parameters(statements):
    statements("demand/total", "select sum(quantity) as total from sales where product_id = $product")
    found = sql.query("demand/total", {"sales": SALES}, {"product": "P1"})
    assert found.to_pylist() == [{"total": 5}]


def test_a_value_never_becomes_sql(statements):
    statements("total", "select count(*) as rows from sales where product_id = $product")
    found = sql.query("total", {"sales": SALES}, {"product": "P1' or '1'='1"})
    assert found.to_pylist() == [{"rows": 0}]


def test_structure_is_templated_and_never_missing(statements):
    statements("pick", "select {{ columns | join(', ') }} from sales")
    assert sql.query("pick", {"sales": SALES}, columns=["quantity"]).column_names == ["quantity"]
    with pytest.raises(jinja2.UndefinedError, match="columns"):
        sql.text("pick")


def test_sessions_do_not_see_each_other(statements):
    statements("make", "select * from made")
    with sql.session() as one, sql.session() as other:
        one.execute("create table made as select 1 as n")
        assert sql.run(one, "make").num_rows == 1
        with pytest.raises(Exception, match="made"):
            sql.run(other, "make")


def test_a_chain_hands_results_on(statements):
    statements("demand/doubled", "select quantity * $factor as quantity from sales")
    statements("demand/total", "select sum(quantity) as total from doubled")
    found = sql.chain(["demand/doubled", "demand/total"], {"sales": SALES}, {"factor": 2})
    assert found["total"].to_pylist() == [{"total": 14}]
    assert found["doubled"].num_rows == 3


def test_a_chain_refuses_a_parameter_nobody_takes(statements):
    statements("demand/total", "select sum(quantity) as total from sales where quantity > $least")
    with pytest.raises(ValueError, match="takes leest"):
        sql.chain(["demand/total"], {"sales": SALES}, {"least": 1, "leest": 2})


def test_every_statement_of_the_project_says_its_grain():
    for path in sql.SQL_FOLDER.rglob("*.sql"):
        before_the_query = path.read_text(encoding="utf-8").partition("select")[0]
        assert "-- " in before_the_query, f"{path} has no header comment"
