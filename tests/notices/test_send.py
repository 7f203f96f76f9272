"""Notices reach a real mail server and a real web server, and nobody where nobody is named."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

from sop_pipeline.mail import PASSWORD
from sop_pipeline.notices import Notice, send
from sop_pipeline.operating import Notices
from tests.postbox import SECRET, Postbox, free_port, open_postbox

NOTICE = Notice("failure", "Acmé", "2026-11", "cycle 2026-11 stopped", "sales end too early", ({"file": "sales.csv"},))
TOKEN = "T0KEN-that-lets-anybody-write"


def company(mail=None, **notices):
    return SimpleNamespace(mail=mail, notices=Notices(**notices))


def no_wait(_seconds):
    pass


@contextmanager
def webhook(*answers):
    """A web server that answers in turn, and then 200; the bodies it was sent."""
    codes, bodies = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(codes.pop(0) if codes else 200)
            self.end_headers()

        def log_message(self, *_given):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks/{TOKEN}", bodies
    finally:
        server.shutdown()
        server.server_close()


def test_without_anybody_named_nothing_is_sent():
    assert send(NOTICE, company()) == []


def test_each_recipient_gets_a_message_of_their_own():
    box = Postbox()
    with open_postbox(box) as server:
        assert send(NOTICE, company(server, to=["ann@example.com", "Bo <bo@example.com>"])) == []
    assert [envelope.rcpt_tos for envelope in box.envelopes] == [["ann@example.com"], ["bo@example.com"]]
    message = box.messages[0]
    assert message["Subject"] == "Acmé: cycle 2026-11 stopped"
    assert "sales end too early" in message.get_content()
    assert "sales.csv" in message.get_content()


def test_an_event_that_is_not_wanted_is_not_told():
    box = Postbox()
    with open_postbox(box) as server:
        assert send(NOTICE, company(server, to=["ann@example.com"], events=["success"])) == []
    assert box.calls == 0


def test_a_recipient_without_a_mail_server_is_told_of_and_no_error():
    (fault,) = send(NOTICE, company(to=["ann@example.com"]))
    assert fault.startswith("sop.yaml, mail: found no mail server")


def test_a_wrong_password_stands_in_no_fault(monkeypatch):
    box, wrong = Postbox(), "wrong-and-secret"
    monkeypatch.setenv(PASSWORD, wrong)
    with open_postbox(box) as server:
        signing = server.model_copy(update={"user": "plan@example.com"})
        (fault,) = send(NOTICE, company(signing, to=["ann@example.com"]), wait=no_wait)
        assert wrong not in fault
        monkeypatch.setenv(PASSWORD, SECRET)
        assert send(NOTICE, company(signing, to=["ann@example.com"]), wait=no_wait) == []
    assert len(box.envelopes) == 1


def test_a_webhook_gets_the_parts_and_the_text(monkeypatch):
    with webhook() as (address, bodies):
        monkeypatch.setenv("SOP_WEBHOOK", address)
        assert send(NOTICE, company(webhook_env="SOP_WEBHOOK")) == []
    (body,) = map(json.loads, bodies)
    assert body["text"] == NOTICE.text
    assert (body["event"], body["cycle"], body["rows"]) == ("failure", "2026-11", [{"file": "sales.csv"}])


def test_a_webhook_that_fails_for_a_moment_is_tried_again(monkeypatch):
    with webhook(503, 429) as (address, bodies):
        monkeypatch.setenv("SOP_WEBHOOK", address)
        assert send(NOTICE, company(webhook_env="SOP_WEBHOOK"), wait=no_wait) == []
        assert len(bodies) == 3


@pytest.mark.parametrize(("answers", "calls", "told"), [((404,), 1, "answer 404"), ((500, 500, 500), 3, "answer 500")])
def test_a_webhook_that_refuses_is_told_of_without_its_address(monkeypatch, answers, calls, told):
    with webhook(*answers) as (address, bodies):
        monkeypatch.setenv("SOP_WEBHOOK", address)
        (fault,) = send(NOTICE, company(webhook_env="SOP_WEBHOOK"), wait=no_wait)
        assert len(bodies) == calls
    assert told in fault
    assert TOKEN not in fault


@pytest.mark.parametrize(
    "address",
    ["", f"file:///etc/{TOKEN}", f"http://127.0.0.1:{free_port()}/{TOKEN}", f"http://[bad/{TOKEN}"],
    ids=["none", "file", "nobody", "bad"],
)
def test_no_address_or_one_where_nobody_listens_is_told_of_without_it(monkeypatch, address):
    monkeypatch.setenv("SOP_WEBHOOK", address)
    (fault,) = send(NOTICE, company(webhook_env="SOP_WEBHOOK"), wait=no_wait)
    assert "SOP_WEBHOOK" in fault
    assert TOKEN not in fault


def test_one_way_that_fails_does_not_keep_the_other(monkeypatch):
    box = Postbox()
    monkeypatch.setenv("SOP_WEBHOOK", "")
    with open_postbox(box) as server:
        faults = send(NOTICE, company(server, to=["ann@example.com"], webhook_env="SOP_WEBHOOK"), wait=no_wait)
    assert len(faults) == len(box.envelopes) == 1
