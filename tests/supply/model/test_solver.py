"""A solve ends in an optimum or a proof, by whichever rung of the ladder finds one; the rung is known."""

from __future__ import annotations

import highspy
import numpy as np
import pytest
from scipy import sparse

from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.solver import Solver, SolverError
from sop_pipeline.tables.outputs.supply import RUNGS


def transport(seed: int, *, whole: bool = False, most: float = np.inf) -> LinearModel:
    """Eight customers served from six places at least cost; presolve alone does not solve it."""
    rng = np.random.default_rng(seed)
    places, customers = 6, 8
    supply, demand = rng.integers(30, 60, places) * 1.0, rng.integers(10, 20, customers) * 1.0
    rows = [np.repeat(np.arange(places), customers), places + np.tile(np.arange(customers), places)]
    columns = np.tile(np.arange(places * customers), 2)
    matrix = sparse.csc_matrix((np.ones(2 * places * customers), (np.concatenate(rows), columns)))
    count = places * customers
    return LinearModel(
        rng.integers(1, 30, count).astype(float), np.zeros(count), np.full(count, most), np.full(count, whole), matrix,
        np.concatenate([np.full(places, -np.inf), demand]), np.concatenate([supply, np.full(customers, np.inf)]),
        np.arange(places + customers), np.arange(count),
    )  # fmt: skip


def without_steps(solver: Solver) -> Solver:
    """A real failure of every rung by simplex: HiGHS may take no step of it, and ends with its limit of iterations."""
    solver.set_option("simplex_iteration_limit", 0)
    return solver


def test_first_solve_is_cold_and_the_next_is_warm() -> None:
    solver = Solver(transport(1))
    assert [solver.minimise().rung, solver.minimise().rung, solver.highest_rung] == ["cold", "warm", "cold"]
    solver.forget()
    assert solver.minimise().rung == "cold"


def test_another_method_finds_what_simplex_cannot() -> None:
    expected = Solver(transport(2)).minimise()
    found = without_steps(Solver(transport(2))).minimise()
    assert found.rung == "other_method"
    assert found.objective == pytest.approx(expected.objective)
    np.testing.assert_allclose(transport(2).matrix[6:] @ found.values, transport(2).row_lower[6:], atol=1e-6)


def test_a_warm_start_that_fails_is_no_failure() -> None:
    solver = Solver(transport(3))
    first = solver.minimise()
    again = without_steps(solver).minimise(first.values * 0 + transport(4).cost)
    assert again.rung == "other_method"
    assert again.objective == pytest.approx(Solver(transport(3)).minimise(transport(4).cost).objective)
    assert solver.highest_rung == "other_method"


def test_the_last_rung_scales_the_model_as_it_stands() -> None:
    """Nothing but the scaled rung is left; a bound and a row that were changed before it still hold."""
    solver, other = Solver(transport(5)), Solver(transport(5))
    for each in (solver, other):
        each.minimise()
        each.set_columns(np.array([0, 1]), np.zeros(2), np.array([1.0, 2.0]))
        each.set_row(7, 25.0, np.inf)
    own = solver.scale
    without_steps(solver).set_option("ipm_iteration_limit", 0)
    with pytest.raises(SolverError, match="scaled: Iteration limit reached"):
        solver.minimise()
    assert solver.scale is not own
    solver.set_option("ipm_iteration_limit", 2**31 - 1)
    solver.set_option("simplex_iteration_limit", 2**31 - 1)
    found, expected = solver.minimise(), other.minimise()
    assert found.objective == pytest.approx(expected.objective)
    assert found.values[0] <= 1 + 1e-9
    assert transport(5).matrix[7] @ found.values >= 25 - 1e-6
    np.testing.assert_allclose(solver.duals().rows, other.duals().rows, atol=1e-6)


def test_every_rung_that_failed_is_named() -> None:
    solver = without_steps(Solver(transport(6)))
    solver.set_option("ipm_iteration_limit", 0)
    with pytest.raises(SolverError) as error:
        solver.minimise()
    for rung in RUNGS[1:]:
        assert f"{rung.replace('_', ' ')}: " in str(error.value)


@pytest.mark.parametrize("whole", [False, True])
def test_that_nothing_is_possible_is_a_verdict_of_a_cold_start(whole: bool) -> None:
    solver = Solver(transport(7, whole=whole))
    assert solver.minimise().optimal
    solver.set_columns(np.arange(48), np.zeros(48), np.ones(48))
    found = solver.minimise()
    assert (found.status, found.rung) == ("infeasible", "cold")


def test_what_is_unbounded_is_told_apart_from_infeasible() -> None:
    model = transport(8)
    free = LinearModel(
        *(-model.cost, model.lower, model.upper, model.integer, model.matrix, model.row_lower),
        *(np.full(len(model.row_upper), np.inf), model.row_unit, model.column_unit),
    )
    assert Solver(free).minimise().status == "unbounded"


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_of_another_solve_in_the_process_do_not_matter(threads: int) -> None:
    """HiGHS starts its threads once in a process and refuses a solve that asks for another number of them."""
    highspy.Highs.resetGlobalScheduler(True)
    other = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", threads), ("parallel", "on")):
        other.setOptionValue(name, value)
    other.addVar(0, 1)
    other.addRow(0, 1, 1, np.array([0], np.int32), np.array([1.0]))
    assert other.run() == highspy.HighsStatus.kOk
    ours = highspy.Highs()
    ours.setOptionValue("output_flag", False)
    ours.setOptionValue("threads", 1)
    ours.addVar(0, 1)
    ours.addRow(0, 1, 1, np.array([0], np.int32), np.array([1.0]))
    assert ours.run() == highspy.HighsStatus.kError, "HiGHS no longer refuses: the reset in Solver can go"
    assert Solver(transport(9)).minimise().optimal
