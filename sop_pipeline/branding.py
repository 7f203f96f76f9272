"""How a company's packs look and write where it differs from the standard: logo, colours, numbers, dates, templates.

The settings alone, checked as they are read. Not here: the files they name (``packs/looks``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from sop_pipeline.part import Part

Colour = Literal["ink", "plan", "band", "business", "last", "worse", "better"]
NumberForm = Literal["1,234.5", "1.234,5", "1 234,5", "1’234.5"]
DateForm = Literal["28 Nov 2026", "Nov 28, 2026", "28.11.2026", "28/11/2026", "2026-11-28"]

READABLE = 4.5
"""The least contrast to white of what is written in a colour (WCAG 2.2, 1.4.3)."""
_WRITTEN_IN = ("ink", "plan", "worse", "better")


class Brand(Part):
    """How packs look where a company wants them otherwise."""

    logo: Annotated[
        str | None,
        Field(
            pattern=r"^[\w. -]+(/[\w. -]+)*\.(svg|png|jpg|jpeg)$",
            description="picture in the company folder, SVG, PNG or JPEG, at most 500 kB; stands beside the name",
        ),
    ] = None
    colours: Annotated[
        dict[Colour, Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]],
        Field(description="colour of a meaning: a colour as #1f5a96"),
    ] = Field(default_factory=dict)
    numbers: Annotated[NumberForm, Field(description="how numbers are written, by an example")] = "1,234.5"
    dates: Annotated[DateForm, Field(description="how days are written, by an example")] = "28 Nov 2026"
    templates: Annotated[
        str | None,
        Field(
            pattern=r"^[\w. -]+(/[\w. -]+)*$",
            description="folder in the company folder whose files stand in for those of the same name in "
            "reports/templates",
        ),
    ] = None

    @field_validator("colours")
    @classmethod
    def _can_be_read(cls, value: dict[Colour, str]) -> dict[Colour, str]:
        for name in _WRITTEN_IN:
            if name in value and (found := contrast(value[name])) < READABLE:
                raise ValueError(
                    f"a darker colour for {name}: text in {value[name]} on white has a contrast of {found:.1f}, "
                    f"and {READABLE} is needed to read it"
                )
        return {name: colour.lower() for name, colour in value.items()}


def contrast(colour: str) -> float:
    """Contrast of a colour (``#rrggbb``) to white, 1 to 21, as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
