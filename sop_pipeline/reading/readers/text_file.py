"""Turns a file's bytes into text: byte-order marks, UTF-8, UTF-16, Windows and Latin-1, and what is no text at all.

Not here: what the text says (``csv_file``).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from sop_pipeline.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "Set format: excel for a workbook, or unpack the archive."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx, or as CSV."),
    (b"PAR1", "a Parquet file", "Set format: parquet."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it."),
    (b"%PDF", "a PDF document", "Export the data as CSV or Excel."),
    (b"SQLite format 3", "a SQLite database", "Export the table as CSV or Parquet."),
)
_MARKUP = (
    ("<", "a web page or XML", "Export the data as CSV or Excel."),
    ("{", "JSON", "Export the data as CSV, Excel or Parquet."),
    ("[{", "JSON", "Export the data as CSV, Excel or Parquet."),
)
_FOREIGN = re.compile(r"\w*[^\x00-\x7f]\w*")
_END, _TAIL = "\x1a", 8
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Decoded:
    """A file's text, the encoding it is in, and whether ``sop.yaml`` said so.

    ``is_marked``: the file's own end-of-file mark, Ctrl-Z as DOS and older systems write it, is taken off the text.
    """

    text: str
    encoding: str
    is_declared: bool
    is_marked: bool

    @property
    def note(self) -> str:
        """The encoding; with a word to judge it by where it was guessed: single bytes fit many encodings."""
        note = f"encoding {self.encoding.removesuffix('-sig')}"
        if self.is_declared or self.encoding.startswith("utf"):
            return note
        word = _FOREIGN.search(self.text)
        return f"{note}, detected (read: {word[0]!r}; if that is wrong, set encoding)" if word else note


def decode(content: bytes, declared: str | None, where: str) -> Decoded:
    """Return the text and its encoding; BadInput when the bytes are no text or not what was declared."""
    _refuse_other_formats(content, where)
    encoding = _codec(declared, where) if declared else _detect(content)
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise _undecodable(content, encoding, error, where) from error
    text = text.removeprefix("\ufeff")
    is_marked = text[-_TAIL:].rstrip("\r\n").endswith(_END)
    if is_marked:
        text = text.rstrip("\r\n").rstrip(_END)
    _refuse_binary(text, where)
    for opening, what, mend in _MARKUP:
        if text.lstrip().startswith(opening):
            raise BadInput(found=what, needed="a CSV file (plain text)", where=where, mend=mend)
    return Decoded(text, encoding, declared is not None, is_marked)


def _codec(declared: str, where: str) -> str:
    try:
        return codecs.lookup(declared).name
    except LookupError:
        raise BadInput(
            found=f"encoding {declared!r}",
            needed="an encoding Python knows",
            where=where,
            mend="Write utf-8, utf-16, latin-1 or cp1252 - or leave the encoding out and it is detected.",
        ) from None


def _detect(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sixteen = _sixteen_bits(content[:4096])
    if sixteen:
        return sixteen
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    # 0x80 to 0x9f are letters and marks in Windows files and unused control codes in Latin-1.
    if any(0x80 <= byte <= 0x9F for byte in set(content)):
        try:
            content.decode("cp1252")
            return "cp1252"
        except UnicodeDecodeError:
            pass
    return "latin-1"


def _sixteen_bits(head: bytes) -> str | None:
    """UTF-16 without a mark shows every other byte as zero in plain text."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 4 or not odd:
        return None
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _refuse_other_formats(content: bytes, where: str) -> None:
    for magic, what, mend in _OTHER_FORMATS:
        if content.startswith(magic):
            raise BadInput(found=what, needed="a CSV file (plain text)", where=where, mend=mend)


def _refuse_binary(text: str, where: str) -> None:
    head = text[:65536]
    control = len(_CONTROL.findall(head))
    if "\x00" in head or control > len(head) / 200:
        raise BadInput(
            found="bytes that are not text",
            needed="a CSV file (plain text)",
            where=where,
            mend="Export the data again; when it is text in a rare encoding, name it: encoding: utf-16.",
        )


def _undecodable(content: bytes, encoding: str, error: Exception, where: str) -> BadInput:
    place, shown = "", "bytes"
    if isinstance(error, UnicodeDecodeError):
        line = content.count(b"\n", 0, error.start) + 1
        place, shown = f", row {line}", f"byte 0x{content[error.start]:02x}"
    return BadInput(
        found=f"{shown} that {encoding} does not know",
        needed=f"text in {encoding}",
        where=where + place,
        mend="Leave the encoding out and it is detected, or name the right one: utf-8, cp1252, latin-1, utf-16.",
    )
