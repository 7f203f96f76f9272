"""A starter company."""

import pytest

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.starter import init_company


@pytest.fixture
def starter_company(tmp_path):
    init_company(tmp_path / "acme")
    return CompanyFolder(tmp_path / "acme")
