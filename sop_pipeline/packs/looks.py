"""How packs look: the standard, or a company's logo, colours, ways of writing and templates instead.

One visual language has one palette (``charts/theme``, ``style/common.css``); a company's colours stand in for it
everywhere at once, in styles, charts and the rules of the dark, because each is looked up by its standard colour.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sop_pipeline.branding import READABLE, Brand, contrast
from sop_pipeline.errors import BadInput
from sop_pipeline.language.conventions import writing
from sop_pipeline.packs.charts import theme

TEMPLATES = Path(__file__).resolve().parents[2] / "reports" / "templates"
LARGEST_LOGO = 500_000
_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_STANDARD: Mapping[str, str] = {
    "ink": theme.INK,
    "plan": theme.PLAN,
    "band": theme.BAND,
    "business": theme.BUSINESS,
    "last": theme.LAST,
    "worse": theme.WORSE,
    "better": theme.BETTER,
}


@dataclass(frozen=True)
class Looks:
    """A company's looks; empty ones are the standard.

    ``logo`` is a data URI, ``colours`` a colour by the standard one it stands in for, ``templates`` the folder whose
    files come first, ``numbers`` and ``dates`` examples of how they are written.
    """

    logo: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    templates: Path | None = None
    numbers: str = ""
    dates: str = ""

    @property
    def folders(self) -> list[Path]:
        """Where templates and styles are looked for, the company's own first."""
        return [*([self.templates] if self.templates else []), TEMPLATES]

    def written(self) -> AbstractContextManager[None]:
        """Write numbers and days the company's way inside."""
        return writing(self.numbers, self.dates)

    def style(self, name: str) -> str:
        """A style sheet in the company's colours."""
        text = next(path for folder in self.folders if (path := folder / "style" / name).is_file()).read_text("utf-8")
        return re.sub("|".join(self.colours), lambda found: self.colours[found[0]], text) if self.colours else text

    def chart(self, spec: dict[str, Any]) -> dict[str, Any]:
        """A chart's specification in the company's colours; names that look like a colour stay names."""
        return {key: _painted(self.colours, each) for key, each in spec.items()} if self.colours else spec


STANDARD = Looks()


def read_looks(brand: Brand, folder: Path) -> Looks:
    """Read what a company's settings name in its folder; BadInput says what is not there."""
    colours = {_STANDARD[name]: colour for name, colour in brand.colours.items()}
    if "business" in brand.colours:
        own = brand.colours["business"]
        colours[theme.BUSINESS_TEXT] = own if contrast(own) >= READABLE else brand.colours.get("ink", theme.INK)
    return Looks(
        logo=_logo(folder / brand.logo) if brand.logo else "",
        colours=colours,
        templates=_templates(folder / brand.templates) if brand.templates else None,
        numbers=brand.numbers,
        dates=brand.dates,
    )


def files_of(brand: Brand, folder: Path) -> dict[str, bytes]:
    """The bytes of every file that looks are read from, by name, so that a change of one is a change of the packs."""
    named = [folder / brand.logo] if brand.logo else []
    own = sorted((folder / brand.templates).rglob("*")) if brand.templates else []
    return {str(path.relative_to(folder)): path.read_bytes() for path in [*named, *own] if path.is_file()}


def _logo(path: Path) -> str:
    if not path.is_file():
        raise BadInput(
            found="no such file",
            needed="the picture that packs.brand.logo of sop.yaml names",
            where=str(path),
            mend="Put it there, or take the setting out.",
        )
    data = path.read_bytes()
    if len(data) > LARGEST_LOGO:
        raise BadInput(
            found=f"{len(data):,} bytes",
            needed=f"a logo of at most {LARGEST_LOGO:,} bytes: every document carries it",
            where=str(path),
            mend="Save it smaller; 400 pixels across are enough.",
        )
    return f"data:{_MEDIA[path.suffix.lower()]};base64,{base64.b64encode(data).decode()}"


def _templates(folder: Path) -> Path:
    own = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else set()
    known = {path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*") if path.is_file()}
    strange = sorted(str(path) for path in own - known)
    if strange or not own:
        raise BadInput(
            found=f"{', '.join(strange)}" if strange else "no template",
            needed="files that stand in for one of the same name in reports/templates",
            where=str(folder),
            mend=f"Copy one from there and change it: {', '.join(sorted(map(str, known))[:4])} and others.",
        )
    return folder


def _painted(colours: Mapping[str, str], value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _painted(colours, each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_painted(colours, each) for each in value]
    is_colour = isinstance(value, str) and (key == "ink" or key.lower().endswith("color"))
    return colours.get(value, value) if is_colour else value
