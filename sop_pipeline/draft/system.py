"""A company folder for a system whose tables are known: ``sop init FOLDER --from odoo``.

The mappings are in ``systems/``, one file a system, made after its public schema. Of exported files the headings that
they really have are taken, among those a system is known to write. Not here: files nobody knows (``company``).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from sop_pipeline.draft.place import refuse_taken
from sop_pipeline.draft.words import bare
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.text_file import decode
from sop_pipeline.starter.editor_schema import write_editor_schema

_SYSTEMS = Path(__file__).with_name("systems")
SYSTEMS = tuple(sorted(path.stem for path in _SYSTEMS.glob("*.yaml")))
_DELIMITERS = ";,\t|"


def start_company(folder: Path, system: str, exports: Sequence[Path] = ()) -> list[str]:
    """Write ``folder/sop.yaml`` for a system and copy its exports into ``folder/data``; return what was written.

    ``folder`` must be empty or absent. BadInput for exports none of which the system is known to make.
    """
    refuse_taken(folder)
    known = yaml.safe_load((_SYSTEMS / f"{system}.yaml").read_text(encoding="utf-8"))
    files = [path for each in exports for path in (sorted(each.iterdir()) if each.is_dir() else [each])]
    sources = {table: _chosen(given, files, known.get("headings", {})) for table, given in known["sources"].items()}
    sources = {table: given for table, given in sources.items() if given}
    if not sources:
        raise BadInput(
            found=", ".join(path.name for path in files),
            needed=f"exports called {', '.join(sorted(_names(known)))}",
            where=f"sop init --from {system}",
            mend="Rename them so; what comes before the * counts.",
        )
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.copyfile(path, folder / "data" / path.name)
    (folder / "sop.yaml").write_text(_text(folder, known, sources), encoding="utf-8")
    write_editor_schema(folder)
    return [f"{table}: {each.get('path') or 'a query'}" for table, given in sources.items() for each in given]


def _names(known: Mapping[str, Any]) -> set[str]:
    return {Path(each["path"]).name for given in known["sources"].values() for each in given if "path" in each}


def _chosen(given: Sequence[dict[str, Any]], files: Sequence[Path], headings: Mapping[str, Sequence[str]]) -> list[Any]:
    """The sources of a table whose files are there, with the headings they have; all of them where no file is given."""
    chosen = []
    for each in given:
        unless = each.get("unless")
        source = {name: value for name, value in each.items() if name != "unless"}
        if "path" in each and files:
            found = _matching(each["path"], files)
            if not found or (unless and _matching(unless, files)):
                continue
            source = _as_headed(source, found[0], headings)
        elif unless:
            continue
        chosen.append(source)
    return chosen


def _matching(pattern: str, files: Sequence[Path]) -> list[Path]:
    return [path for path in files if fnmatchcase(path.name.lower(), Path(pattern).name.lower())]


def _as_headed(source: dict[str, Any], path: Path, headings: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The source with the headings of a file; a column that the file lacks is left out."""
    there = {bare(name): name for name in _headings(path)}

    def found(name: str) -> str | None:
        return next((there[bare(each)] for each in (name, *headings.get(name, ())) if bare(each) in there), None)

    columns = {our: found(theirs) for our, theirs in source["columns"].items()}
    skipped = {found(name): texts for name, texts in source.get("skip_rows", {}).items()}
    source = {**source, "columns": {our: name for our, name in columns.items() if name}}
    if skipped:
        source["skip_rows"] = {name: texts for name, texts in skipped.items() if name}
    return source


def _headings(path: Path) -> list[str]:
    first = decode(path.read_bytes(), None, path.name).text.splitlines()[:1]
    text = first[0] if first else ""
    delimiter = max(_DELIMITERS, key=text.count)
    return [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), [])]


class _Block(yaml.SafeDumper):
    """Queries as blocks of lines, as people write them."""


def _lines(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Block.add_representer(str, _lines)


def _text(folder: Path, known: Mapping[str, Any], sources: Mapping[str, Any]) -> str:
    notes = "".join(f"# {note}\n" for note in known["notes"])
    head = f"# yaml-language-server: $schema=sop.schema.json\n#\n# {known['title']}.\n{notes}"
    head += f"# Look through it, then: sop check --company {folder}\n\n"
    stated: dict[str, Any] = {"company": folder.resolve().name, "currency": "EUR"}
    if "connections" in known:
        stated["connections"] = known["connections"]
    body = {**stated, "sources": dict(sources)}
    return head + yaml.dump(body, Dumper=_Block, allow_unicode=True, sort_keys=False, width=110)
