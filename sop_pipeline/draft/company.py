"""A company folder from raw exports: files that belong together become one source; ``sop.yaml`` says every guess."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from sop_pipeline import tables
from sop_pipeline.config import Source
from sop_pipeline.draft.guess import Guess, guess
from sop_pipeline.draft.parts import Part, parts_of
from sop_pipeline.draft.place import refuse_taken
from sop_pipeline.draft.words import likeness
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells.cast import cast_file
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.starter.editor_schema import write_editor_schema

_HEAD = """# yaml-language-server: $schema=sop.schema.json
#
# Drafted from the files in data/. Look through the guesses below; every setting is explained in the sop.yaml of
# `sop init FOLDER`. Then: sop check --company {folder}

company: {company}
currency: EUR                       # reporting currency, ISO code: correct it
# country: DE                       # whose public holidays count

sources:
"""
_OF_PRODUCTS = ("product_name", "family", "unit_of_measure", "unit_price")
_READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", ".pq")


@dataclass(frozen=True)
class Draft:
    """What was made of which files: ``lines`` say each guess, ``left_out`` the files and sheets that fed nothing."""

    folder: Path
    lines: tuple[str, ...]
    left_out: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"Drafted {self.folder / 'sop.yaml'}:", *(f"  {line}" for line in self.lines)]
        parts.extend(f"  left out: {line}" for line in self.left_out)
        return "\n".join(parts)


def draft_company(folder: Path, given: Sequence[Path]) -> Draft:
    """Copy exports into ``folder/data`` and write a ``sop.yaml`` that maps them; BadInput where nothing can be mapped.

    ``given`` are files, or folders of files. ``folder`` must be empty or absent; the originals stay as they are.
    """
    files = _files(given)
    refuse_taken(folder)
    guesses, left_out = _guesses(files)
    sources = _with_products([source for group in _groups(guesses) for source in [_one(group)]])
    if not {"sales", "production"} & {each.table for each in sources}:
        raise BadInput(
            found=f"no sales or production among {', '.join(path.name for path in files[:6])}",
            needed="a file with a product, a date or month, and a quantity",
            where="sop init --from",
            mend="Name its columns in English or German, or map them by hand: sop init FOLDER writes an example.",
        )
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.copyfile(path, folder / "data" / path.name)
    (folder / "sop.yaml").write_text(_yaml(folder, sources), encoding="utf-8")
    write_editor_schema(folder)
    return Draft(folder, tuple(_line(each) for each in sources), tuple(left_out))


def _files(given: Sequence[Path]) -> list[Path]:
    found = [path for each in given for path in (sorted(each.iterdir()) if each.is_dir() else [each])]
    missing = [path for path in found if not path.is_file() and not path.is_dir()]
    files = [path for path in found if path.suffix.lower() in _READABLE and not path.name.startswith((".", "~$"))]
    names = [path.name for path in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if missing or twice or not files:
        raise BadInput(
            found=f"no file {missing[0]}" if missing else f"two files called {twice[0]}" if twice else "no files",
            needed="CSV, Excel (.xlsx) or Parquet files, each with a name of its own",
            where="sop init --from",
            mend="Correct the paths." if missing or not files else "Rename one of them.",
        )
    return files


def _guesses(files: Iterable[Path]) -> tuple[list[Guess], list[str]]:
    guesses: list[Guess] = []
    left_out: list[str] = []
    with Reader.open() as reader:
        for path in files:
            try:
                parts = parts_of(path, reader)
            except BadInput as error:
                left_out.append(f"{path.name}: {error.found}. {error.mend}")
                continue
            for part in parts:
                reading = guess(part)
                if reading is None:
                    headings = ", ".join(part.raw.headings[:6])
                    left_out.append(f"{part.name}: none of our tables by its columns {headings}")
                else:
                    guesses.append(_decided(reading, reader))
    return guesses, left_out


def _decided(reading: Guess, reader: Reader) -> Guess:
    """Say which of two ways numbers or dates are read where the file does not tell; that is for a person to confirm."""
    for setting, value in (("decimal", None), ("date_format", "%d/%m/%Y"), ("dated_by", "week_start")):
        problem = _problem(reading, reader)
        if problem is None or f"{setting}:" not in problem.mend:
            continue
        chosen = value or ("," if (reading.part.raw.delimiter or ";") == ";" else ".")
        doubt = f"{problem.found}: read with {setting} {chosen!r}; if that is wrong, change it"
        source = reading.source.model_copy(update={setting: chosen})
        reading = replace(reading, source=source, doubts=(*reading.doubts, doubt))
    return reading


def _problem(reading: Guess, reader: Reader) -> BadInput | None:
    constants = dict.fromkeys(reading.source.from_file_name, "2026-01")
    source = reading.source.model_copy(update={"constants": constants, "from_file_name": {}})
    try:
        raw = reader.cells(reading.part.path, reading.table, source, reading.part.name)
        cast_file(reader.connection, tables.get(reading.table), source, raw, reading.part.name)
    except BadInput as error:
        return error
    return None


def _groups(guesses: Sequence[Guess]) -> list[list[Guess]]:
    """Put files together that differ in the digits of their names alone, and sheets that differ in their measure.

    Sheets whose names have other digits, such as years, are other months: each stays a source of its own.
    """
    groups: dict[tuple[Any, ...], list[Guess]] = {}
    for each in guesses:
        groups.setdefault(_shape(each), []).append(each)
    return list(groups.values())


def _shape(each: Guess) -> tuple[Any, ...]:
    part, source = each.part, each.source
    if source.wide and source.sheet:
        return each.table, part.path, tuple(source.wide.keep), tuple(re.findall(r"\d+", source.sheet))
    headings = () if source.wide else part.raw.headings
    name = re.sub(r"\d+", "#", part.path.name)
    return each.table, name, source.sheet, headings, source.header_row, source.wide and tuple(source.wide.keep)


def _one(group: list[Guess]) -> Guess:
    """Return one source for a group."""
    first, source = group[0], group[0].source
    measured = {each.source.wide.values_to: each.source.sheet for each in group if each.source.wide}
    if len(group) > 1 and first.source.sheet and first.source.wide and len(measured) == len(group):
        factors = {our: text for each in group for our, text in each.source.factors.items()}
        wide = source.wide and source.wide.model_copy(update={"drop_zeros": False})
        source = source.model_copy(update={"measures": measured, "sheet": None, "factors": factors, "wide": wide})
        notes = (*first.notes[1:], f"one sheet per measure: {', '.join(map(str, measured.values()))}")
        return replace(first, source=_stored(source, first.part.path.name), notes=notes)
    path = first.part.path.name
    if len({each.part.path for each in group}) > 1:
        path = _pattern([each.part.path.name for each in group])
        skipped: dict[str, list[str]] = {}
        for each in group:
            for heading, texts in each.source.skip_rows.items():
                skipped[heading] = sorted({*skipped.get(heading, []), *texts})
        source = source.model_copy(update={"skip_rows": skipped})
        first = replace(first, notes=(f"{len(group)} files", *first.notes))
    return replace(first, source=_stored(source, path))


def _stored(source: Source, name: str) -> Source:
    return source.model_copy(update={"path": f"data/{name}"})


def _pattern(names: list[str]) -> str:
    before = re.split(r"\d", names[0], maxsplit=1)[0]
    after = re.split(r"\d", names[0][::-1], maxsplit=1)[0][::-1]
    return f"{before}*{after}"


def _with_products(sources: list[Guess]) -> list[Guess]:
    """Take the products from the sales (or production) where no file lists them, with what is the same in all rows."""
    if any(each.table == "products" for each in sources):
        return sources
    from_rows = [each for table in ("sales", "production") for each in sources if each.table == table]
    if not from_rows:
        return sources
    rows = from_rows[0]
    columns = {our: text for our, text in rows.source.columns.items() if our == "product_id"}
    columns |= {our: heading for our, heading in _own(rows.part, columns["product_id"]).items() if our in _OF_PRODUCTS}
    columns.setdefault("product_name", columns["product_id"])
    kept = {"path", "sheet", "header_row", "delimiter", "skip_rows"}
    source = Source(**{name: getattr(rows.source, name) for name in kept}, columns=columns, duplicates="drop")
    if rows.source.measures:
        source = source.model_copy(update={"sheet": next(iter(rows.source.measures.values()))})
    note = f"products are those of the {rows.table}: add families, prices and costs when you have them"
    return [Guess(rows.part, "products", source, 0, (note,)), *sources]


def _own(part: Part, product: str) -> dict[str, str]:
    """Return what belongs to a product: columns of one value each for all rows of one."""
    spec = tables.get("products")
    products = part.raw.cells.column(f"c{part.raw.headings.index(product)}").to_pylist()
    found = {}
    for at, heading in enumerate(part.raw.headings):
        our = max(_OF_PRODUCTS, key=lambda name: likeness(heading, name))
        pairs = set(zip(products, part.raw.cells.column(f"c{at}").to_pylist(), strict=True))
        if likeness(heading, our) and our in spec and len(pairs) == len(set(products)) and our not in found:
            found[our] = heading
    return found


def _line(each: Guess) -> str:
    columns = ", ".join(f"{our} <- {heading}" for our, heading in each.source.columns.items())
    said = "; ".join((columns, *each.notes))
    asked = "".join(f"\n    ? {doubt}" for doubt in each.doubts)
    return f"{each.table}: {each.source.path}: {said}{asked}"


def _yaml(folder: Path, sources: Sequence[Guess]) -> str:
    company = yaml.safe_dump(folder.resolve().name, allow_unicode=True).splitlines()[0]
    text = _HEAD.format(folder=folder, company=company)
    for table in dict.fromkeys(each.table for each in sources):
        text += f"  {table}:\n"
        for each in sources:
            if each.table == table:
                text += "".join(f"    # guessed: {note}\n" for note in each.notes)
                text += "".join(f"    # to confirm: {doubt}\n" for doubt in each.doubts)
                text += _item(each.source)
    return text


def _item(source: Source) -> str:
    """Write a source as an item of a list, with what differs from the defaults alone."""
    given = source.model_dump(exclude_defaults=True)
    given = {name: value for name, value in given.items() if value not in ({}, [], None)}
    text = yaml.safe_dump([given], allow_unicode=True, sort_keys=False, width=110)
    return "".join(f"    {line}\n" for line in text.splitlines())
