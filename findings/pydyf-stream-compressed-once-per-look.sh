#!/usr/bin/env bash
# pydyf 0.13.0 (the PDF writer under WeasyPrint): how often a stream is compressed when a document is written.
#
# Guess: a compressed stream is compressed once for the file it goes into. Seen: `Stream.data` compresses each time it is looked at,
# at zlib's level 9, and nothing keeps the result. With a file identifier, which PDF/A and PDF/UA ask for, each stream is looked at
# twice, because the identifier is a hash over every object; the bytes are the same both times. Object streams (`compress=True`,
# WeasyPrint's own way) change nothing of it. Of a document with large attachments, fonts or pictures that is half of the time that
# writing takes. A stream compressed beforehand, with its /Filter named and `compress=False`, is not compressed again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pydyf==0.13.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import zlib
from importlib import metadata
from types import SimpleNamespace

import pydyf

SIZE = 200_000
seen = []


class Counted:
    """A compressor that notes when the attachment goes through it."""

    def __init__(self, **options):
        self._compressor = zlib.compressobj(**options)

    def compress(self, data):
        seen.append(len(data) == SIZE)
        return self._compressor.compress(data)

    def flush(self):
        return self._compressor.flush()


def times(beforehand=False, **way):
    """How often one stream is compressed while a document that holds it is written."""
    document, content = pydyf.PDF(), bytes(range(250)) * (SIZE // 250)
    if beforehand:
        stream = pydyf.Stream([zlib.compress(content, 9)], {"Filter": "/FlateDecode"})
    else:
        stream = pydyf.Stream([content], compress=True)
    document.add_object(stream)
    seen.clear()
    document.write(io.BytesIO(), **way)
    return sum(seen)


pydyf.zlib = SimpleNamespace(compressobj=Counted)
found = {
    "plain": times(),
    "with an identifier": times(identifier=True),
    "with object streams": times(compress=True),
    "with both": times(compress=True, identifier=True),
    "compressed beforehand, with both": times(beforehand=True, compress=True, identifier=True),
}
for name, count in found.items():
    print(f"{name}: compressed {count} times")
assert metadata.version("pydyf") == "0.13.0"
assert found == {
    "plain": 1,
    "with an identifier": 2,
    "with object streams": 1,
    "with both": 2,
    "compressed beforehand, with both": 0,
}
PYTHON
