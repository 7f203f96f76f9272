"""The SQL runner: tables in, tables out, values bound, structure templated."""

from decimal import Decimal

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


ERRORS = pa.table({"forecast": [12.0, 7.0, 10.0], "actual": [10.0, 10.0, 10.0]})
MEASURES = """
select
    wmape(sum(abs(forecast - actual)), sum(actual)) as wmape,
    bias(sum(forecast - actual), sum(actual)) as bias,
    tracking_signal(sum(forecast - actual), sum(abs(forecast - actual)), count(*)) as tracking_signal,
    mase(scaled_error(abs(forecast - actual), $scale)) as mase,
    rmsse(scaled_error((forecast - actual) ** 2, $scale ** 2)) as rmsse
from errors
"""


def test_error_measures_are_those_of_the_textbook(statements):
    statements("measures", MEASURES)
    (found,) = sql.query("measures", {"errors": ERRORS}, {"scale": 2.0}).to_pylist()
    assert found == pytest.approx(
        {
            "wmape": 5 / 30,
            "bias": -1 / 30,
            "tracking_signal": -1 / (5 / 3),
            "mase": (2 + 3 + 0) / 2 / 3,
            "rmsse": ((4 + 9 + 0) / 4 / 3) ** 0.5,
        }
    )


def test_a_measure_without_a_denominator_is_null(statements):
    statements("measures", MEASURES)
    nothing = pa.table({"forecast": [0.0], "actual": [0.0]})
    (found,) = sql.query("measures", {"errors": nothing}, {"scale": 0.0}).to_pylist()
    assert set(found.values()) == {None}


def test_a_scaled_error_has_a_limit(statements):
    statements("scaled", "select scaled_error(1.0, 1e-12) as scaled")
    assert sql.query("scaled").to_pylist() == [{"scaled": 10**9}]


@pytest.mark.parametrize("opened", [sql.session, sql.reading])
def test_no_table_is_taken_for_so_small_that_every_pair_is_compared(opened):
    sold = pa.table({"product_id": ["P1"] * 3, "day": [3, 1, 2]})
    nearest = (
        "select sold.day from sold asof join known on sold.product_id = known.product_id and sold.day >= known.day"
    )
    with opened({"sold": sold, "known": sold}) as connection:
        ((_, plan),) = connection.execute(f"explain {nearest}").fetchall()
    assert "ASOF_JOIN" in plan
    assert "NESTED_LOOP_JOIN" not in plan


@pytest.mark.parametrize("opened", [sql.session, sql.reading])
def test_a_product_of_registered_decimals_has_room(opened):
    sold = pa.table(
        {
            "units": pa.array([Decimal("9999999999.9999"), None], pa.decimal128(18, 4)).slice(0, 2),
            "rate": pa.array([Decimal("12345.678901"), Decimal(1)], pa.decimal128(18, 6)),
        }
    )
    with opened({"sold": sold}) as connection:
        products = connection.execute("select units * rate from sold").fetchall()
        ((kept, empty),) = connection.execute("select max(units), count(*) from sold where units is null").fetchall()
    assert products == [(Decimal("9999999999.9999") * Decimal("12345.678901"),), (None,)]
    assert (kept, empty) == (None, 1)
    with opened({"sold": sold.slice(1)}) as connection:
        assert connection.execute("select units, rate from sold").fetchall() == [(None, 1)]
    with opened({"sold": sold.schema.empty_table()}) as connection:
        assert connection.execute("select * from sold").fetchall() == []
