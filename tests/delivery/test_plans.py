"""A planned company: its draft goes out as pre-read, its releases after them, and the archive page has them all."""

from __future__ import annotations

import re

import pytest
import yaml

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.delivery.mailing import deliver
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import snapshot
from sop_pipeline.releases import PlanName
from sop_pipeline.starter import init_company
from sop_pipeline.steps.publication import make_packs
from sop_pipeline.steps.release import release_cycle
from tests.postbox import Postbox, open_postbox

pytestmark = pytest.mark.slow
JULY = Cycle.parse("2026-07")
ANNA = "anna@example.com"


@pytest.fixture(scope="module")
def mailing(tmp_path_factory):
    """A planned cycle whose packs are HTML alone, and the box its mail goes to."""
    path = tmp_path_factory.mktemp("mailed") / "company"
    init_company(path)
    box = Postbox()
    with open_postbox(box) as server:
        settings = yaml.safe_load((path / "sop.yaml").read_text())
        settings["packs"] = {"formats": ["html"], "documents": ["executive_pack"]}
        settings["supply"] |= {"demand_samples": 0}
        (path / "sop.yaml").write_text(yaml.safe_dump(settings))
        company = CompanyFolder(path)
        snapshot(company.settings, company.path, JULY, company.lake)
        steps.run(company.lake, company.settings, JULY, checks=False, publish=True)
        assert deliver(company, PlanName(JULY)).why_none == "sop.yaml names no mail server (mail)"
        settings |= {"mail": server.model_dump(), "delivery": {"recipients": {"executive_pack": [ANNA]}}}
        (path / "sop.yaml").write_text(yaml.safe_dump(settings))
        yield company, box


def test_a_draft_and_each_release_go_out_once_and_stand_in_the_archive(mailing):
    company, box = mailing
    with pytest.raises(BadInput, match="found packs that are older than the cycle's tables, or none"):
        deliver(company, PlanName(JULY))
    make_packs(company, JULY)
    run = company.lake.pointer(JULY)["run"][:8]
    assert [len(deliver(company, PlanName(JULY)).sent) for _ in range(2)] == [1, 0]
    page = (company.path / "packs" / "index.html").read_text()
    assert re.search(rf"2026-07</th><td>draft</td><td>run {run}", page)

    release = release_cycle(company, JULY, by="Ada & Co", why="<agreed>").plan
    assert [len(deliver(company, release).sent) for _ in range(2)] == [1, 0]
    assert "released as r01" in deliver(company, PlanName(JULY)).why_none
    subjects = [message["Subject"].rpartition(" · ")[2] for message in box.messages]
    assert subjects == [f"draft, run {run}", "released r01"]
    attached = [next(message.iter_attachments()) for message in box.messages]
    assert attached[1].get_content() == (company.packs(release) / "executive-pack-2026-07.html").read_text()

    page = (company.path / "packs" / "index.html").read_text()
    assert "<td>draft</td>" not in page
    assert "released r01" in page and "Ada &amp; Co" in page and "&lt;agreed&gt;" in page
    (link,) = re.findall(r'<a href="([^"]+)"', page)
    assert (company.path / "packs" / link.replace("%40", "@")).is_file()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_who_is_mailed_is_no_part_of_what_a_plan_was_made_with(mailing):
    company, _ = mailing
    kept = company.lake.settings(JULY)
    assert kept == company.settings.model_dump(mode="json")
    assert "mail" not in kept and "delivery" not in kept
    assert ANNA not in str(company.lake.releases.manifest(JULY, "r01"))
