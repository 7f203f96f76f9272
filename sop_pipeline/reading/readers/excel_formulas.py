"""Formulas that were never calculated: a program wrote them, and no spreadsheet has opened the workbook since.

Their cells look blank to every reader of values. A formula whose result is an empty text is another thing: it was
calculated, and Excel marks its cell as text.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

_FORMULA = re.compile(
    rb"<c\b(?P<about>[^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>", re.DOTALL
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_WORKBOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def uncalculated_formulas(path: Path, sheet: str) -> dict[int, list[int]]:
    """Return, by row number, the positions (from 0) of cells whose formula has no result."""
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        content = archive.read(part) if part in archive.namelist() else b""
    if b"<f" not in content:
        return {}
    places: dict[int, list[int]] = {}
    for cell in _FORMULA.finditer(content):
        place = _PLACE.search(cell["about"])
        if place and b't="str"' not in cell["about"]:
            places.setdefault(int(place[2]), []).append(_position(place[1].decode()))
    return places


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the archive's member that holds a sheet."""
    if not {_WORKBOOK, _LINKS} <= set(archive.namelist()):
        return None
    book = ElementTree.fromstring(archive.read(_WORKBOOK))
    links = {link.get("Id"): link.get("Target", "") for link in ElementTree.fromstring(archive.read(_LINKS))}
    for entry in book.iter():
        if entry.tag.endswith("}sheet") and entry.get("name") == sheet:
            target = links.get(entry.get(_ID), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
