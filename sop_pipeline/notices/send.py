"""Sends a notice by what the company has set up: e-mail, webhook, both or none.

What cannot be sent is answered, never raised: a notice that fails must not look like a run that failed. Neither the
address of a webhook, which lets anybody write, nor a password stands in any answer.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from http.client import HTTPException
from typing import Protocol

from sop_pipeline.errors import BadInput, SopError
from sop_pipeline.mail import MailServer, hand_over
from sop_pipeline.notices.notice import Notice
from sop_pipeline.operating import Notices

_TRIES, _FIRST_WAIT, _SECONDS = 3, 1.0, 15.0
Wait = Callable[[float], None]


class NoticeSettings(Protocol):
    """Who hears of what, and by which server."""

    notices: Notices
    mail: MailServer | None


def send(notice: Notice, company: NoticeSettings, *, wait: Wait = time.sleep) -> list[str]:
    """Send a notice to all who are to hear of such an event; return what could not be sent, a sentence each."""
    if notice.event not in company.notices.events:
        return []
    ways = [partial(_by_mail, notice, to, company.mail, wait) for to in company.notices.to]
    if company.notices.webhook_env:
        ways.append(partial(_by_webhook, notice, company.notices.webhook_env, wait))
    return [fault for way in ways if (fault := _fault_of(way))]


def _fault_of(way: Callable[[], None]) -> str:
    try:
        way()
    except SopError as fault:
        return str(fault)
    return ""


def _by_mail(notice: Notice, to: str, server: MailServer | None, wait: Wait) -> None:
    if server is None:
        raise BadInput(
            found="no mail server",
            needed=f"one that takes the notice for {to}",
            where="sop.yaml, mail",
            mend="State host and sender under mail.",
        )
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = notice.subject, server.sender, to
    message.set_content(notice.text)
    hand_over(server, message, to, wait=wait)


def _by_webhook(notice: Notice, variable: str, wait: Wait) -> None:
    request = urllib.request.Request(
        _address(variable),
        json.dumps(notice.payload, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8"},
    )
    for number in range(1, _TRIES + 1):
        reason, may_pass = _posted(request)
        if not reason:
            return
        if not may_pass or number == _TRIES:
            raise BadInput(
                found=reason,
                needed="a webhook that takes the notice",
                where=f"webhook of {variable}",
                mend=f"Look at the address that {variable} has, and at its server.",
            )
        wait(_FIRST_WAIT * 2 ** (number - 1))


def _address(variable: str) -> str:
    address = os.environ.get(variable, "")
    if not _is_http(address):
        raise BadInput(
            found=f"{'no' if address else 'nothing in'} {variable}{' that is an http address' if address else ''}",
            needed="the address of a webhook",
            where="sop.yaml, notices.webhook_env",
            mend=f"Set {variable} for the process that runs the service; it belongs into no file of the company.",
        )
    return address


def _is_http(address: str) -> bool:
    try:
        return urllib.parse.urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def _posted(request: urllib.request.Request) -> tuple[str, bool]:
    """Why the server did not take it, nothing where it did; and whether another try may go better."""
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):
            return "", False
    except urllib.error.HTTPError as error:
        with error:
            return f"answer {error.code}", error.code >= 500 or error.code == 429
    except (
        OSError,
        ValueError,
        HTTPException,
    ) as error:  # their words may hold the address
        reason = getattr(error, "reason", None)
        return str(getattr(reason, "strerror", None) or type(reason or error).__name__), isinstance(error, OSError)
