"""The standard normal loss against numeric integration, and the stock that a fill rate asks for."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from sop_pipeline.supply.problem.loss import empirical_stock, fill_rate_stock, loss_factor, normal_loss


def integrated(factor: float) -> float:
    """``E[(Z - k)+]`` by adaptive quadrature of the density."""
    return float(quad(lambda value: (value - factor) * norm.pdf(value), factor, np.inf, epsabs=1e-13)[0])


@pytest.mark.parametrize("factor", [-2.0, -0.5, 0.0, 0.3, 1.0, 1.645, 2.5, 3.5])
def test_loss_is_the_integral_of_what_lies_above_the_factor(factor: float) -> None:
    found = normal_loss(np.array([factor]))[0]
    assert found == pytest.approx(integrated(factor), rel=1e-7)
    assert loss_factor(np.array([found]))[0] == pytest.approx(factor, abs=1e-6)


CASES = [(0.95, 100.0, 40.0), (0.99, 100.0, 40.0), (0.98, 20.0, 60.0), (0.9, 500.0, 900.0)]


@pytest.mark.parametrize(("target", "demand", "deviation"), CASES)
def test_the_stock_leaves_just_the_rest_of_demand_unserved(target: float, demand: float, deviation: float) -> None:
    """The expected shortage of a month, integrated over the error itself, is (1 - target) of its demand."""
    stock = fill_rate_stock(np.array([target]), np.array([demand]), np.array([deviation]))[0]
    short = quad(lambda error: (error - stock) * norm.pdf(error, scale=deviation), stock, stock + 12 * deviation)[0]
    assert short / demand == pytest.approx(1 - target, rel=1e-6)
    assert stock > 0


def test_a_small_error_needs_no_stock_for_a_fill_rate() -> None:
    """5 of 1,000 at half of 95%: the error leaves 0.2% of demand unserved without any stock."""
    found = fill_rate_stock(np.array([0.95, 0.95]), np.array([1000.0, 100.0]), np.array([5.0, 0.0]))
    assert found.tolist() == [0.0, 0.0]


def test_no_rest_at_all_asks_for_no_infinite_stock() -> None:
    found = fill_rate_stock(np.array([1.0]), np.array([100.0]), np.array([10.0]))[0]
    assert 50 < found < 70


@pytest.mark.parametrize(("allowed", "stock"), [(10.0, 20.0), (20.0, 0.0), (5.0, 40.0), (2.5, 50.0), (0.0, 60.0)])
def test_stock_by_past_errors_by_hand(allowed: float, stock: float) -> None:
    """Errors 60, 20, -20, -60: at 20 of stock (60 - 20) / 4 = 10 are short, at 40 5; at nothing (60 + 20) / 4 = 20."""
    assert empirical_stock(allowed, np.array([-60.0, 20.0, 60.0, -20.0])) == pytest.approx(stock)


def test_past_errors_of_a_normal_give_what_the_normal_does() -> None:
    errors = norm.ppf((np.arange(20_000) + 0.5) / 20_000) * 40
    expected = fill_rate_stock(np.array([0.97]), np.array([100.0]), np.array([40.0]))[0]
    assert empirical_stock(3.0, errors) == pytest.approx(expected, rel=2e-3)


def test_errors_that_are_skewed_ask_for_more_than_a_normal_of_the_same_spread() -> None:
    """Two of twenty errors are of 100: a normal of that deviation leaves less unserved than they do."""
    errors = np.array([-10.0] * 18 + [100.0] * 2)
    normal = fill_rate_stock(np.array([0.99]), np.array([100.0]), np.array([errors.std()]))[0]
    assert empirical_stock(1.0, errors) == pytest.approx(90.0)
    assert normal < 70
