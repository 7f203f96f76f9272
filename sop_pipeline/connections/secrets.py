"""Secrets come from the environment: ``sop.yaml`` names the variable, and what it holds is written nowhere.

Here: the refusal of a secret that is written out (without repeating it), taking it from the environment, and taking it
out of a message of a library. Not here: who needs which secret (``settings``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import quote

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from sop_pipeline.errors import BadInput

HIDDEN = "secret"
"""The kind of a validation error whose value is not to be shown."""
_NAME = re.compile(r"^\$\{[A-Z_][A-Z0-9_]*\}$")  # in capitals alone, as a secret seldom is
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def _only_a_name(value: object) -> object:
    if value is None or (isinstance(value, str) and _NAME.match(value)):
        return value
    raise PydanticCustomError(HIDDEN, "the name of the environment variable that holds it, such as ${ERP_PASSWORD}")


def not_an_address_with_secrets(value: str) -> str:
    """Refuse an address that may carry a user and a password, such as ``https://key:secret@host``."""
    if "@" in value:
        raise PydanticCustomError(HIDDEN, "an address without user and password")
    return value


SecretName = Annotated[str | None, BeforeValidator(_only_a_name)]
"""A setting that names a variable, ``${ERP_PASSWORD}``; the secret itself is refused."""


def secrets_of(variables: Mapping[str, str], where: str) -> dict[str, str]:
    """Return each secret by its field; ``variables`` says which variable holds it. BadInput where one is not set."""
    for field, name in variables.items():
        if not os.environ.get(name):
            raise BadInput(
                found=f"no environment variable {name}",
                needed=f"the {field.replace('_', ' ')} it is to hold",
                where=where,
                mend=f"Set {name} where sop runs (for the web UI and its schedule: where sop ui is started).",
            )
    return {field: os.environ[name] for field, name in variables.items()}


def with_variables(text: str, where: str) -> str:
    """Put environment variables in place of ``${NAME}``; BadInput where one is not set."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise BadInput(
                found=f"no environment variable {match[1]}",
                needed=f"what {text} stands for",
                where=where,
                mend=f"Set {match[1]} where sop runs, or write the value itself.",
            )
        return found

    return _VARIABLE.sub(value, text)


def without_secrets(message: str, secrets: Iterable[str]) -> str:
    """Return a message without secrets, as they are or as addresses, SQL and Python write them."""
    for secret in sorted(secrets, key=len, reverse=True):
        for written in (secret, quote(secret), quote(secret, safe=""), secret.replace("'", "''"), repr(secret)[1:-1]):
            message = message.replace(written, "***")
    return message
