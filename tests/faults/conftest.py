"""The month as it is when nothing strikes."""

import pytest

from tests.faults.month import small_company


@pytest.fixture(scope="session")
def unharmed(tmp_path_factory):
    """The small company, planned without a fault; tests of it only read."""
    company = small_company(tmp_path_factory.mktemp("unharmed"))
    ended = company.run()
    assert ended.code == 0, ended.said
    return company
