"""What became of every message: one file each, written before it is handed over and again after.

``lake/deliveries/2026-11/...json``. A message that was being handed over when a process ended is found as such: nobody
knows whether it arrived. Not here: sending.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.pointers import write_json

Status = Literal["new", "sending", "sent", "failed", "unknown"]


@dataclass(frozen=True)
class Message:
    """One message: a pack of a cycle in a state (``draft``, ``r01``) for one recipient, and what became of it."""

    cycle: str
    state: str
    document: str
    recipient: str
    status: Status = "new"
    reason: str = ""
    tries: int = 0
    at: str = ""

    @property
    def key(self) -> str:
        """What makes it the same message, however the address is written."""
        parts = (self.cycle, self.state, self.document, self.recipient.strip().lower())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def become(self, status: Status, *, reason: str = "", tries: int = 0, at: str = "") -> Message:
        """The same message with what became of it."""
        return replace(self, status=status, reason=reason, tries=self.tries + tries, at=at or self.at)


@dataclass(frozen=True)
class DeliveryLog:
    """The messages of one lake."""

    root: Path

    @contextmanager
    def only_sender(self, cycle: Cycle) -> Iterator[None]:
        """Be the one who sends messages of a cycle; a second one waits, and finds them sent."""
        folder = self.root / "deliveries"
        with telling(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{cycle}.lock"):
            yield

    def known(self, message: Message) -> Message:
        """The message as it was last noted."""
        path = self._path(message)
        if not path.exists():
            return message
        try:
            with telling(path):
                return Message(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise BadInput(
                found=f"what is no note of a message ({error!r})",
                needed="the note as it was written",
                where=str(path),
                mend="Take it back from a backup; without it the message would be sent again.",
            ) from error

    def note(self, message: Message) -> Message:
        """Note what became of a message, whole or not at all."""
        write_json(self._path(message), asdict(message))
        return message

    def forget(self, message: Message) -> None:
        """Take back the note of a message that nobody began to send."""
        self._path(message).unlink(missing_ok=True)

    def _path(self, message: Message) -> Path:
        return self.root / "deliveries" / message.cycle / f"{message.key}.json"
