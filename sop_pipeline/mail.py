"""Hands one message to a company's mail server: tried again while it may pass, and never sent twice.

A server that was told a message and did not answer may have taken it: that is ``FateUnknown``, which nobody may try
again by himself. Everything else is ``NotTaken``. The password is read from the environment where it is used and stands
in no message, error or setting. Not here: what is sent to whom, and what became of it (``steps.delivery``, notices).
"""

from __future__ import annotations

import os
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sop_pipeline.errors import BadInput, SopError
from sop_pipeline.part import Part

PASSWORD = "SOP_MAIL_PASSWORD"
"""The variable of the environment that has it."""
_HERE = {"localhost", "127.0.0.1", "::1"}
_FIRST_WAIT = 2.0
"""Seconds before the second try; each wait after is twice the one before."""


def _an_address(value: str) -> str:
    _, address = parseaddr(value)
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("an e-mail address, such as anna@example.com") from error
    if not (parsed.username and parsed.domain and address.isascii()) or any(each in value for each in "\r\n"):
        raise ValueError("an e-mail address, such as anna@example.com")
    return value


MailAddress = Annotated[str, AfterValidator(_an_address)]
"""An address, with a name before it in angle brackets if you like."""


class MailServer(Part):
    """The server that takes a company's e-mail."""

    host: Annotated[str, Field(min_length=1, description="server that takes e-mail")]
    port: Annotated[int, Field(ge=1, le=65535, description="its port")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="how the connection is kept private; certificates count")
    ] = "starttls"
    user: Annotated[
        str | None, Field(description=f"who signs in; the password is taken from the environment: {PASSWORD}")
    ] = None
    sender: Annotated[MailAddress, Field(description="address that messages come from: S&OP <planning@example.com>")]
    tries: Annotated[int, Field(ge=1, le=10, description="times a message is tried while a fault may pass")] = 3
    timeout_seconds: Annotated[float, Field(gt=0, le=600, description="seconds the server may take to answer")] = 30

    @model_validator(mode="after")
    def _password_in_private(self) -> Self:
        if self.user and self.security == "none" and self.host not in _HERE:
            raise ValueError("security starttls or tls where a user signs in: the password would cross the network")
        return self


class NotTaken(SopError):
    """The server did not take a message; nobody will get it. ``may_pass`` where another try may go better."""

    def __init__(self, reason: str, where: str, *, may_pass: bool) -> None:
        super().__init__(
            found=reason, needed="a server that takes the message", where=where, mend="See mail in sop.yaml."
        )
        self.reason, self.may_pass = reason, may_pass

    def __reduce__(self) -> tuple[Callable[[], Self], tuple[()]]:
        """Carry the reason between processes."""
        return partial(type(self), self.reason, self.where, may_pass=self.may_pass), ()


class ServerAway(NotTaken):
    """The server could not be reached, or let nobody in: no message will fare better."""


class FateUnknown(SopError):
    """The server was told a message and did not say whether it took it."""

    def __init__(self, reason: str, where: str) -> None:
        super().__init__(
            found=reason, needed="the server's answer", where=where, mend="Ask the recipient before sending it again."
        )
        self.reason = reason

    def __reduce__(self) -> tuple[Callable[[], Self], tuple[()]]:
        """Carry the reason between processes."""
        return partial(type(self), self.reason, self.where), ()


def hand_over(server: MailServer, message: EmailMessage, to: str, *, wait: Callable[[float], None] = time.sleep) -> int:
    """Hand a message for one recipient to the server and return how many tries it took.

    Raises NotTaken after the last try or where no other try can help, FateUnknown at once, and BadInput where a user
    signs in and the environment has no password.
    """
    password = _password(server)
    for number in range(1, server.tries + 1):
        try:
            with _connected(server, password) as connection:
                _told(connection, server, message, to)
        except NotTaken as fault:
            if number == server.tries or not fault.may_pass:
                raise
            wait(_FIRST_WAIT * 2 ** (number - 1))
        else:
            return number
    raise AssertionError("unreachable: the last try returns or raises")


def _password(server: MailServer) -> str:
    if server.user is None:
        return ""
    password = os.environ.get(PASSWORD, "")
    if not password:
        raise BadInput(
            found=f"no {PASSWORD} in the environment",
            needed=f"the password of {server.user} at {server.host}",
            where="sop.yaml, mail.user",
            mend=f"Set {PASSWORD} for the process that runs sop; it belongs into no file of the company.",
        )
    return password


@contextmanager
def _connected(server: MailServer, password: str) -> Iterator[smtplib.SMTP]:
    """A connection that is private and signed in, as far as the settings say; it is left politely."""
    where = f"mail server {server.host}:{server.port}"
    try:
        connection = _open(server)
    except (OSError, smtplib.SMTPException) as error:
        raise _fault(error, where, ServerAway) from error
    try:
        try:
            if server.user:
                connection.login(server.user, password)
        except (OSError, smtplib.SMTPException) as error:
            raise _fault(error, where, ServerAway) from None  # not from what was said, which holds the password
        yield connection
    finally:
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()


def _open(server: MailServer) -> smtplib.SMTP:
    place = (server.host, server.port)
    if server.security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=server.timeout_seconds, context=ssl.create_default_context())
    connection = smtplib.SMTP(*place, timeout=server.timeout_seconds)
    try:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
    except BaseException:
        connection.close()
        raise
    return connection


def _told(connection: smtplib.SMTP, server: MailServer, message: EmailMessage, to: str) -> None:
    """Say sender, recipient and message; only the last of the three can leave its fate open."""
    where = f"mail server {server.host}:{server.port}, to {to}"
    try:
        connection.ehlo_or_helo_if_needed()
        for say, address in ((connection.mail, server.sender), (connection.rcpt, to)):
            code, answer = say(parseaddr(address)[1])
            if code not in (250, 251):
                raise smtplib.SMTPResponseException(code, answer)
    except (OSError, smtplib.SMTPException) as error:
        raise _fault(error, where) from error
    try:
        code, answer = connection.data(message.as_bytes(policy=policy.SMTP))
    except smtplib.SMTPResponseException as error:
        raise _fault(error, where) from error
    except (OSError, smtplib.SMTPException) as error:
        raise FateUnknown(_words(error) or "no answer", where) from error
    if code != 250:
        raise _fault(smtplib.SMTPResponseException(code, answer), where)


def _fault(error: Exception, where: str, kind: type[NotTaken] = NotTaken) -> NotTaken:
    """A refusal by its code: those of the fours pass, and so does a network that is away; bad certificates do not."""
    if isinstance(error, smtplib.SMTPResponseException):
        return kind(_words(error), where, may_pass=400 <= error.smtp_code < 500)
    lasting = isinstance(error, ssl.SSLCertVerificationError | smtplib.SMTPNotSupportedError)
    return kind(_words(error), where, may_pass=not lasting)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        told = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return f"{error.smtp_code} {' '.join(told.split())}"
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())
