"""A message is handed to a real server: tried again while it may pass, never sent twice, the password seen nowhere."""

from __future__ import annotations

import pickle
import shutil
import ssl
from email.message import EmailMessage

import pytest
from pydantic import ValidationError

from sop_pipeline.errors import BadInput
from sop_pipeline.mail import PASSWORD, FateUnknown, MailServer, NotTaken, hand_over
from tests.postbox import SECRET, Postbox, certificate, free_port, open_postbox

ANNA = "anna@example.com"


def letter(subject="Plan für März"):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "S&OP <plan@example.com>", ANNA
    message.set_content("Ein Satz.\n.\nmit Punkt davor\n")
    return message


class Waits(list):
    def __call__(self, seconds):
        self.append(seconds)


def test_a_message_arrives_as_it_was_written():
    box, waits = Postbox(), Waits()
    with open_postbox(box) as server:
        assert hand_over(server, letter(), f"Anna Ott <{ANNA}>", wait=waits) == 1
    (taken,) = box.messages
    assert (box.envelopes[0].mail_from, box.envelopes[0].rcpt_tos) == ("plan@example.com", [ANNA])
    assert taken["Subject"] == "Plan für März"
    assert taken.get_content().splitlines() == ["Ein Satz.", ".", "mit Punkt davor"]
    assert waits == []


def test_what_may_pass_is_tried_again_with_longer_waits():
    box, waits = Postbox(answers=["451 try later", "452 full"]), Waits()
    with open_postbox(box) as server:
        assert hand_over(server, letter(), ANNA, wait=waits) == 3
    assert (len(box.envelopes), waits) == (1, [2.0, 4.0])


def test_the_last_try_says_why():
    box, waits = Postbox(answers=["451 try later"] * 9), Waits()
    with open_postbox(box) as server, pytest.raises(NotTaken, match="451 try later") as told:
        hand_over(server, letter(), ANNA, wait=waits)
    assert (box.calls, told.value.may_pass) == (3, True)


@pytest.mark.parametrize("box", [Postbox(answers=["554 spam"]), Postbox(refused=ANNA)])
def test_what_is_refused_for_good_is_not_tried_again(box):
    waits = Waits()
    with open_postbox(box) as server, pytest.raises(NotTaken, match=r"55[04] ") as told:
        hand_over(server, letter(), ANNA, wait=waits)
    assert (waits, told.value.may_pass, box.envelopes) == ([], False, [])


def test_a_server_that_took_it_and_hung_up_is_not_told_again():
    box, waits = Postbox(), Waits()
    box.hang_up = True
    with open_postbox(box) as server, pytest.raises(FateUnknown, match="Ask the recipient"):
        hand_over(server, letter(), ANNA, wait=waits)
    assert (len(box.envelopes), waits) == (1, [])


def test_a_server_that_is_away_is_tried_and_named():
    waits = Waits()
    server = MailServer(host="127.0.0.1", port=free_port(), security="none", sender="plan@example.com", tries=2)
    with pytest.raises(NotTaken, match=rf"mail server 127.0.0.1:{server.port}: found Connection refused"):
        hand_over(server, letter(), ANNA, wait=waits)
    assert waits == [2.0]


def test_the_password_comes_from_the_environment_and_is_in_no_error(monkeypatch):
    box = Postbox()
    with open_postbox(box) as server:
        signed = server.model_copy(update={"user": "plan@example.com"})
        monkeypatch.delenv(PASSWORD, raising=False)
        with pytest.raises(BadInput, match=f"found no {PASSWORD} in the environment"):
            hand_over(signed, letter(), ANNA)
        monkeypatch.setenv(PASSWORD, "wrong secret")
        with pytest.raises(NotTaken, match="535") as told:
            hand_over(signed, letter(), ANNA)
        chain = (told.value, told.value.__cause__)
        assert all("wrong secret" not in repr(each) for each in chain)
        monkeypatch.setenv(PASSWORD, SECRET)
        assert hand_over(signed, letter(), ANNA) == 1
    assert set(box.signed_in) == {"plan@example.com"}
    assert SECRET not in repr(signed)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on PATH to make a certificate with")
def test_certificates_count(tmp_path, monkeypatch):
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    box, waits = Postbox(), Waits()
    with open_postbox(box, tls_context=context, require_starttls=True) as plain:
        server = plain.model_copy(update={"security": "starttls"})
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED"):
            hand_over(server, letter(), ANNA, wait=waits)
        with pytest.raises(NotTaken, match="530"):
            hand_over(plain, letter(), ANNA, wait=waits)
        assert (box.envelopes, waits) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert hand_over(server, letter(), ANNA, wait=waits) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"sender": "nobody"},
        {"sender": "a@example.com\nBcc: b@example.com"},
        {"host": "smtp.example.com", "security": "none", "user": "plan"},
        {"password": "x"},
        {"port": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(settings):
    with pytest.raises(ValidationError):
        MailServer(**{"host": "localhost", "sender": "plan@example.com", **settings})


def test_faults_travel_between_processes():
    for fault in (NotTaken("451 later", "here", may_pass=True), FateUnknown("lost", "here")):
        again = pickle.loads(pickle.dumps(fault))
        assert (type(again), str(again), again.reason) == (type(fault), str(fault), fault.reason)
