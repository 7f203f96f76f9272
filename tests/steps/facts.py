"""What a cycle's tables hold in text: codes and the company's own names and words, never a sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company

IN_THEIR_WORDS = {"quarantine", "source_files"}
"""Tables of what was found in files, which the terminal and the pack quote."""
COMMANDS = {("gap_levers", "changes")}
"""Columns of what a command takes as it stands."""
JOINTS = re.compile(r"; |, | \+ ")


def sentences(made: Mapping[str, pa.Table], company: Company) -> list[tuple[str, str, str]]:
    """Table, column and value of every text that has a space and is not the company's own."""
    known = {company.company, *JOINTS.split(company.company)}
    for table in tables.INPUTS:
        for _, value in _texts(made[table.name]):
            known.update({value, *JOINTS.split(value)})
    return [
        (table.name, column, value)
        for table in tables.OUTPUTS
        if table.name not in IN_THEIR_WORDS and table.name in made
        for column, value in _texts(made[table.name])
        if (table.name, column) not in COMMANDS and _is_of_ours(value, known)
    ]


def _is_of_ours(value: str, known: set[str]) -> bool:
    return value not in known and any(" " in part and part not in known for part in JOINTS.split(value))


def _texts(table: pa.Table) -> Iterator[tuple[str, str]]:
    for field in table.schema:
        if pa.types.is_string(field.type):
            yield from ((field.name, value) for value in table[field.name].unique().to_pylist() if value)
