"""Values that only a file's name tells: ``sales_2026-03.csv`` holds March, ``stock_north.csv`` the northern plant."""

from __future__ import annotations

import re
from fnmatch import translate
from pathlib import PurePosixPath

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput


def with_name_values(source: Source, name: str, where: str) -> Source:
    """Return the source with what ``from_file_name`` reads off this file as constants; BadInput where nothing fits."""
    if not source.from_file_name:
        return source
    found = {our: _value(our, pattern, name, where) for our, pattern in source.from_file_name.items()}
    return source.model_copy(update={"constants": {**source.constants, **found}, "from_file_name": {}})


def _value(our: str, pattern: str, name: str, where: str) -> str:
    before, star, after = pattern.partition("*")
    match = re.fullmatch(f"{_part(before)}(.+?){_part(after)}", PurePosixPath(name).name)
    if not star or match is None:
        raise BadInput(
            found=f"from_file_name.{our}: {pattern}",
            needed="a pattern that the file's name fits, whose first * is the value",
            where=f"sop.yaml, source {where}",
            mend="Write sales_*.csv for sales_2026-03.csv, for example; ? stands for any letter.",
        )
    return match[1]


def _part(pattern: str) -> str:
    """The regular expression of a part of a pattern of file names."""
    return translate(pattern).removeprefix("(?s:").removesuffix(")\\Z")
