"""A company's own rules for its tables, as ``sop.yaml`` states them: range, uniqueness, reference, condition.

Here is their form alone; they are held against rows in ``validation.rules``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sop_pipeline.part import Part

Severity = Literal["block", "warn"]
_FORMS = "one of: column with at_least or at_most, unique, column with known_in, or holds"


class Rule(Part):
    """A rule for every row of a table."""

    table: Annotated[str, Field(description="table it is for, an input or any other of a cycle")]
    name: Annotated[
        str | None, Field(pattern=r"^[a-z0-9_]+$", description="what it is called; by default made of what it says")
    ] = None
    severity: Annotated[Severity, Field(description="block stops the cycle, warn only tells")] = "block"
    column: Annotated[str | None, Field(description="column of a range or reference")] = None
    at_least: Annotated[Decimal | None, Field(description="least value of the column")] = None
    at_most: Annotated[Decimal | None, Field(description="largest value of the column")] = None
    unique: Annotated[list[str], Field(description="columns that no two rows have alike")] = Field(default_factory=list)
    known_in: Annotated[
        str | None, Field(pattern=r"^[a-z_]+\.[a-z_]+$", description="table.column that has every value of the column")
    ] = None
    holds: Annotated[str | None, Field(min_length=1, description="SQL condition that no row may make false")] = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        limits = self.at_least is not None or self.at_most is not None
        if [limits, bool(self.unique), self.known_in is not None, self.holds is not None].count(True) != 1:
            raise ValueError(_FORMS)
        if (self.column is None) == (limits or self.known_in is not None):
            raise ValueError(_FORMS)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its table that it names."""
        return tuple(self.unique) or ((self.column,) if self.column else ())

    @property
    def label(self) -> str:
        """What it is called."""
        if self.name:
            return self.name
        if self.unique:
            return f"unique_{'_'.join(self.unique)}"
        if self.known_in:
            return f"{self.column}_known_in_{self.known_in.replace('.', '_')}"
        return f"{self.column}_in_range" if self.column else "condition"

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        if self.unique:
            return f"No two rows have {', '.join(self.unique)} alike."
        if self.known_in:
            return f"Every {self.column} is one of {self.known_in}."
        if self.holds:
            return f"In every row: {self.holds}."
        limits = [f"at least {self.at_least}"] if self.at_least is not None else []
        limits += [f"at most {self.at_most}"] if self.at_most is not None else []
        return f"{self.column} is {' and '.join(limits)}."
