"""Files of storage with the interface of S3, copied byte by byte by Arrow's own client."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.secrets import without_secrets
from sop_pipeline.connections.settings import S3
from sop_pipeline.connections.trouble import Trouble, permanent, plain

if TYPE_CHECKING:
    from pyarrow.fs import S3FileSystem

_BLOCK = 8 * 1024 * 1024
_CONNECT_SECONDS = 15


class Copied(NamedTuple):
    """A file of storage: its address, and where its copy is."""

    address: str
    path: Path


def copy_files(asked: Asked[S3]) -> list[Copied]:
    """Copy the files an address or pattern names into a folder, in the order of their names; ``Trouble``."""
    try:
        return _copied(asked)
    except (Trouble, OSError, ValueError) as error:
        said = without_secrets(plain(error), asked.secrets.values())
        raise Trouble(said, permanent=error.permanent if isinstance(error, Trouble) else permanent(error)) from None


def _copied(asked: Asked[S3]) -> list[Copied]:
    from pyarrow import fs

    storage = _opened(asked)
    pattern = PurePosixPath(asked.query.removeprefix("s3://"))
    fixed = _until_pattern(pattern.parts)
    if len(fixed) == len(pattern.parts):
        found = [str(pattern)]
    else:
        listed = storage.get_file_info(fs.FileSelector("/".join(fixed), recursive=len(pattern.parts) - len(fixed) > 1))
        found = sorted(info.path for info in listed if info.type == fs.FileType.File and _fits(info.path, pattern))
    if not found:
        raise Trouble(f"no file {asked.query}", permanent=True)
    return [_copy(storage, path, asked.target) for path in found]


def _opened(asked: Asked[S3]) -> S3FileSystem:
    from pyarrow import fs

    connection, secrets = asked.connection, asked.secrets
    endpoint = urlsplit(connection.endpoint or "")
    return fs.S3FileSystem(
        access_key=secrets.get("key_id"),
        secret_key=secrets.get("secret_key"),
        session_token=secrets.get("session_token"),
        region=connection.region,
        scheme="http" if endpoint.scheme == "http" else "https",
        endpoint_override=endpoint.netloc or None,
        connect_timeout=min(_CONNECT_SECONDS, connection.timeout_seconds),
        request_timeout=connection.timeout_seconds,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
    )


def _until_pattern(parts: Sequence[str]) -> list[str]:
    fixed: list[str] = []
    for part in parts:
        if any(mark in part for mark in "*?["):
            break
        fixed.append(part)
    return fixed


def _fits(path: str, pattern: PurePosixPath) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) == len(pattern.parts) and all(map(fnmatchcase, parts, pattern.parts))


def _copy(storage: S3FileSystem, path: str, folder: Path) -> Copied:
    target = folder / f".{uuid.uuid4().hex[:8]}.{PurePosixPath(path).name}"
    try:
        with storage.open_input_stream(path, buffer_size=_BLOCK) as reader, target.open("wb") as writer:
            while block := reader.read(_BLOCK):
                writer.write(block)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return Copied(f"s3://{path}", target)
