"""Packs arrive once, whatever happens between: reruns, refusals, a server that is away, a process that dies."""

from __future__ import annotations

import pytest

from sop_pipeline.delivery.letter import Letters
from sop_pipeline.delivery.log import DeliveryLog
from sop_pipeline.delivery.mailing import Sender, messages_of, send_all
from sop_pipeline.errors import BadInput
from sop_pipeline.mail import PASSWORD
from sop_pipeline.packs.book.book import Book
from sop_pipeline.releases import PlanName
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.postbox import Postbox, free_port, open_postbox

ANNA, BEN = "anna@example.com", "ben@example.com"
LISTS = {"executive_pack": [f"Anna Ott <{ANNA}>", BEN, "ANNA@example.com"], "demand_review": [ANNA]}
DRAFT, R01 = PlanName(CYCLE), PlanName(CYCLE, "r01")


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    packs = tmp_path_factory.mktemp("packs")
    for name in ("executive-pack", "demand-review"):
        (packs / f"{name}-{CYCLE}.pdf").write_bytes(b"%PDF-1.7 " + name.encode())
    return Letters(Book(cycle_tables(Shape(families=2)), company(), CYCLE), packs, "draft, run 1234abcd")


class Mailer:
    def __init__(self, root, letters):
        self.log, self.letters = DeliveryLog(root), letters

    def send(self, server, plan=DRAFT, again=(), lists=LISTS):
        messages = list(messages_of(company(delivery={"recipients": lists}), plan))
        return send_all(Sender(self.log, self.letters, server, lambda _: None), messages, set(again))


@pytest.fixture
def mailer(tmp_path, letters):
    return Mailer(tmp_path, letters)


def test_a_pack_arrives_with_its_first_page_and_its_pdf(mailer):
    box = Postbox()
    with open_postbox(box) as server:
        delivered = mailer.send(server)
    assert [(each.document, each.recipient) for each in delivered.sent] == [
        ("executive_pack", ANNA),
        ("executive_pack", BEN),
        ("demand_review", ANNA),
    ]
    first = box.messages[0]
    assert first["Subject"] == f"Meridian Foods · Executive S&OP {CYCLE} · draft, run 1234abcd"
    (attached,) = first.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (
        f"executive-pack-{CYCLE}.pdf",
        b"%PDF-1.7 executive-pack",
    )
    html, text = (first.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None and text is not None
    for body in (html.get_content(), text.get_content()):
        assert "Decisions wanted" in body and "draft, run 1234abcd" in body
    assert "http" not in html.get_content()
    pictures = [part for part in first.walk() if part.get_content_type() == "image/png"]
    cids = [str(part["Content-ID"]).strip("<>") for part in pictures]
    assert pictures and all(f"cid:{cid}" in html.get_content() for cid in cids)
    assert all(part.get_content().startswith(b"\x89PNG") for part in pictures)  # type: ignore[attr-defined]


def test_each_message_goes_out_once_a_cycle_state_pack_and_recipient(mailer):
    box = Postbox()
    with open_postbox(box) as server:
        mailer.send(server)
        again = mailer.send(server)
        released = mailer.send(server, R01)
    assert (again.sent, again.lines) == ([], ["0 sent, 3 sent before"])
    assert len(released.sent) == 3
    assert len(box.envelopes) == 6
    assert len({message["Message-ID"] for message in box.messages}) == 6


def test_who_is_added_later_gets_it_and_nobody_else(mailer):
    box = Postbox()
    with open_postbox(box) as server:
        mailer.send(server)
        delivered = mailer.send(server, lists={"executive_pack": [ANNA, "cy@example.com"]})
    assert [each.recipient for each in delivered.sent] == ["cy@example.com"]


def test_what_a_server_refuses_is_told_and_tried_by_the_next_mailing(mailer):
    box = Postbox(refused=BEN)
    with open_postbox(box) as server:
        delivered = mailer.send(server)
        assert [(each.recipient, each.status) for each in delivered.undelivered] == [(BEN, "failed")]
        assert "executive pack to ben@example.com: not sent after 1 tries (550 no such mailbox)" in delivered.lines[1]
        box.refused = ""
        assert [each.recipient for each in mailer.send(server).sent] == [BEN]


def test_a_server_that_is_away_is_tried_for_one_and_all_are_told(mailer):
    with open_postbox(Postbox()) as server:
        away = server.model_copy(update={"port": free_port()})
        delivered = mailer.send(away)
        assert [each.status for each in delivered.undelivered] == ["failed"] * 3
        assert [each.tries for each in delivered.undelivered] == [3, 0, 0]
        assert len(mailer.send(server).sent) == 3


def test_a_message_whose_fate_is_unknown_is_told_and_never_sent_again_by_itself(mailer):
    box = Postbox()
    with open_postbox(box) as server:
        box.hang_up = True
        first = mailer.send(server, lists={"executive_pack": [ANNA]})
        box.hang_up = False
        second = mailer.send(server, lists={"executive_pack": [ANNA]})
        assert [each.status for each in (*first.undelivered, *second.undelivered)] == ["unknown", "unknown"]
        assert "nobody knows whether it arrived" in second.lines[1]
        assert len(box.envelopes) == 1
        assert len(mailer.send(server, lists={"executive_pack": [ANNA]}, again=[ANNA]).sent) == 1
    assert len(box.envelopes) == 2


class Killed(BaseException):
    """A process that ends where it stands."""


def test_a_process_that_dies_while_it_sends_leaves_the_fate_open(mailer):
    box = Postbox(answers=["451 later"])

    def killed(_seconds):
        raise Killed

    with open_postbox(box) as server:
        (message,) = messages_of(company(delivery={"recipients": {"executive_pack": [ANNA]}}), DRAFT)
        with pytest.raises(Killed):
            send_all(Sender(mailer.log, mailer.letters, server, killed), [message], set())
        assert mailer.log.known(message).status == "sending"
        delivered = mailer.send(server, lists={"executive_pack": [ANNA]})
    assert [each.status for each in delivered.undelivered] == ["unknown"]
    assert "ended before the answer" in delivered.lines[1]
    assert box.envelopes == []


def test_without_a_password_nothing_is_noted_and_it_stands_nowhere(mailer, monkeypatch, tmp_path):
    box = Postbox()
    with open_postbox(box) as server:
        signed = server.model_copy(update={"user": "plan@example.com"})
        monkeypatch.delenv(PASSWORD, raising=False)
        with pytest.raises(BadInput, match=PASSWORD):
            mailer.send(signed)
        assert list(tmp_path.rglob("*.json")) == []
        monkeypatch.setenv(PASSWORD, "wrong secret")
        delivered = mailer.send(signed)
        assert [each.status for each in delivered.undelivered] == ["failed"] * 3
    assert all("wrong secret" not in path.read_text() for path in tmp_path.rglob("*.json"))


def test_a_plan_without_a_file_of_the_pack_is_refused(mailer):
    with open_postbox(Postbox()) as server, pytest.raises(BadInput, match=r"no supply-review-2026-11.pdf or .html"):
        mailer.send(server, lists={"supply_review": [ANNA]})
