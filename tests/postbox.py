"""A real SMTP server on this machine that keeps what it is told, or misbehaves as a test asks; not a test."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from sop_pipeline.mail import MailServer

SECRET = "correct horse battery staple"


class Postbox:
    """What the server was told; ``answers`` are given to DATA in turn before it takes messages."""

    def __init__(self, answers: list[str] | None = None, refused: str = "") -> None:
        self.envelopes: list[Envelope] = []
        self.answers = answers or []
        self.refused = refused
        self.calls = 0
        self.hang_up = False
        self.signed_in: list[str] = []

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any):
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope):
        self.calls += 1
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        if self.hang_up:
            server.transport.abort()  # type: ignore[union-attr]
        return "250 taken"

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages taken, read as a mail program does."""
        return [_read(each.content) for each in self.envelopes]

    def sign_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        self.signed_in.append(data.login.decode())
        return AuthResult(success=data.password.decode() == SECRET, handled=False, auth_data=data)


def _read(content: Any) -> EmailMessage:
    read: Any = message_from_bytes(content, policy=policy.default)
    return read


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def open_postbox(box: Postbox, **settings: Any) -> Iterator[MailServer]:
    """Serve a postbox while the block runs and say how it is reached."""
    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), authenticator=box.sign_in, auth_require_tls=False, **settings
    )
    controller.start()
    try:
        yield MailServer(
            host="127.0.0.1", port=controller.port, security="none", sender="S&OP <plan@example.com>", timeout_seconds=5
        )
    finally:
        controller.stop()


def certificate(folder: Path, run: Callable[..., Any] = subprocess.run) -> tuple[Path, Path]:
    """A certificate of this machine and its key, made for a test."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made = ["-keyout", str(key), "-out", str(cert)]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    run([*command, *subject, *made], check=True, capture_output=True)
    return cert, key
