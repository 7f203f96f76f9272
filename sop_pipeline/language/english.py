"""English, which every pack is written in: the catalogue that words are made from where no other is given."""

from __future__ import annotations

from sop_pipeline.language.catalogue import read_catalogue
from sop_pipeline.language.conventions import DEFAULT

ENGLISH = read_catalogue(DEFAULT)
