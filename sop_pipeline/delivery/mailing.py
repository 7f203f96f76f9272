"""The two mailings: a cycle's draft on the pre-read day, and its pack after every release; each message once.

However often a mailing is run, a message that was sent is not sent again; one whose fate a crash or a silent server
left open is told, and sent again only when somebody names its recipient. Without settings nothing is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company, Mailing
from sop_pipeline.delivery.letter import Letters
from sop_pipeline.delivery.log import DeliveryLog, Message
from sop_pipeline.errors import BadInput
from sop_pipeline.mail import FateUnknown, MailServer, NotTaken, ServerAway, hand_over
from sop_pipeline.packs.documents import DOCUMENTS
from sop_pipeline.releases import PlanName
from sop_pipeline.steps.publication import draft_book, release_book

DRAFT = "draft"
Wait = Callable[[float], None]


@dataclass(frozen=True)
class Delivered:
    """What became of a mailing: the messages of it, and the keys of those that were sent or tried just now."""

    messages: tuple[Message, ...] = ()
    tried: frozenset[str] = frozenset()
    why_none: str = ""

    @property
    def sent(self) -> list[Message]:
        """The messages that went out just now."""
        return [each for each in self.messages if each.status == "sent" and each.key in self.tried]

    @property
    def undelivered(self) -> list[Message]:
        """The messages that did not go out, or of which nobody knows."""
        return [each for each in self.messages if each.status in ("failed", "unknown")]

    @property
    def lines(self) -> list[str]:
        """What became of it in words: a count, and a line for each message that did not go out."""
        if self.why_none:
            return [f"nothing is sent: {self.why_none}"]
        before = sum(each.status == "sent" for each in self.messages) - len(self.sent)
        known = f", {before} sent before" if before else ""
        return [f"{len(self.sent)} sent{known}", *(_told(each) for each in self.undelivered)]


def deliver(
    folder: CompanyFolder, plan: PlanName, *, again: Collection[str] = (), wait: Wait = time.sleep
) -> Delivered:
    """Send a plan's packs to those who are to get them: a draft as pre-read, a release as released.

    ``again`` names recipients whose message of unknown fate is sent once more. What fails is answered; BadInput where
    the plan has no packs that say what it does, and where the server asks for a password that is not there.
    """
    settings = folder.settings
    mailing: Mailing = "released" if plan.release else "preread"
    messages = list(messages_of(settings, plan))
    if settings.mail is None or not messages or mailing not in settings.delivery.mailings:
        return Delivered(why_none=_why_none(settings, mailing))
    if not plan.release and (why := _no_preread(folder, plan)):
        return Delivered(why_none=why)
    log = DeliveryLog(folder.lake.root)
    with log.only_sender(plan.cycle):
        letters = _letters(folder, plan)
        return send_all(Sender(log, letters, settings.mail, wait), messages, {each.lower() for each in again})


def messages_of(settings: Company, plan: PlanName) -> Iterator[Message]:
    """A message for each pack and recipient; an address that stands twice gets one."""
    seen = set()
    for document, recipients in settings.delivery.recipients.items():
        for recipient in recipients:
            message = Message(plan.cycle.name, plan.release or DRAFT, document, parseaddr(recipient)[1])
            if message.key not in seen:
                seen.add(message.key)
                yield message


def _letters(folder: CompanyFolder, plan: PlanName) -> Letters:
    if plan.release:
        book = release_book(folder, folder.lake.releases.manifest(plan.cycle, plan.release))
        return Letters(book, folder.packs(plan), f"released {plan.release}")
    if folder.pointers.packs_are_older(plan.cycle) or not folder.packs(plan).is_dir():
        raise BadInput(
            found="packs that are older than the cycle's tables, or none",
            needed="packs of what is published",
            where=str(folder.packs(plan)),
            mend=f"Make them: sop pack {plan}.",
        )
    run = str(folder.pointers.pointer(plan.cycle)["run"])[:8]
    return Letters(draft_book(folder, plan.cycle), folder.packs(plan), f"draft, run {run}")


@dataclass(frozen=True)
class Sender:
    """All that sending a message takes."""

    log: DeliveryLog
    letters: Letters
    server: MailServer
    wait: Wait

    def send(self, message: Message) -> Message:
        """Hand a message over, with a note of it before and after; raises ServerAway after the note."""
        (document,) = (each for each in DOCUMENTS if each.name == message.document)
        letter = self.letters.to(message, document, self.server.sender)
        self.log.note(message.become("sending", at=_now()))
        try:
            tries = hand_over(self.server, letter, message.recipient, wait=self.wait)
        except BadInput:
            self.log.forget(message) if message.status == "new" else self.log.note(message)
            raise
        except FateUnknown as fault:
            return self.log.note(message.become("unknown", reason=fault.reason, tries=1, at=_now()))
        except NotTaken as fault:
            tries = self.server.tries if fault.may_pass else 1
            noted = self.log.note(message.become("failed", reason=fault.reason, tries=tries, at=_now()))
            if isinstance(fault, ServerAway):
                raise
            return noted
        return self.log.note(message.become("sent", tries=tries, at=_now()))


def send_all(sender: Sender, messages: list[Message], again: set[str]) -> Delivered:
    """Send what is to be sent, in order; once the server is away, nobody else is tried."""
    done, tried, away = [], set(), ""
    for message in messages:
        known = sender.log.known(message)
        if known.status == "sending":  # a process ended while it handed this message over
            known = sender.log.note(known.become("unknown", reason="the process that sent it ended before the answer"))
        if known.status == "sent" or (known.status == "unknown" and known.recipient.lower() not in again):
            done.append(known)
            continue
        tried.add(known.key)
        if away:
            done.append(sender.log.note(known.become("failed", reason=away, at=_now())))
            continue
        try:
            done.append(sender.send(known))
        except ServerAway as fault:
            away = fault.reason
            done.append(sender.log.known(known))
    return Delivered(tuple(done), frozenset(tried))


def _no_preread(folder: CompanyFolder, plan: PlanName) -> str:
    """Why a draft is not sent: what is published was released already, and its pack went out then."""
    newest = folder.lake.standing(plan.cycle)
    published = folder.lake.published(plan.cycle)
    if newest.release and newest.hashes == published.hashes:
        return f"cycle {plan.cycle} is released as {newest.release}"
    return ""


def _why_none(settings: Company, mailing: Mailing) -> str:
    if settings.mail is None:
        return "sop.yaml names no mail server (mail)"
    if not any(settings.delivery.recipients.values()):
        return "sop.yaml names no recipients (delivery.recipients)"
    return f"delivery.mailings of sop.yaml leaves out {mailing}"


def _told(message: Message) -> str:
    what = f"{message.document.replace('_', ' ')} to {message.recipient}"
    if message.status == "unknown":
        return f"{what}: nobody knows whether it arrived ({message.reason}); ask, and send it again with --again"
    return f"{what}: not sent after {message.tries} tries ({message.reason}); the next mailing tries again"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
