"""The planner against the same problems written independently in PuLP and solved by CBC, over all features."""

import pytest

from tests.supply.oracles.compared import agree
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import some

FAST = range(20)
ALL = range(20, 220)


@pytest.mark.parametrize("seed", FAST)
def test_same_optimum_as_an_independent_model(seed: int) -> None:
    agree(random_problem(seed), "blended", integer=seed % 2 == 0, profit=seed % 3 == 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(ALL, 4))
def test_same_optimum_on_more_instances(seed: int) -> None:
    agree(random_problem(seed), "blended", integer=seed % 2 == 0, profit=seed % 3 == 0)
