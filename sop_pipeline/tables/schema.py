"""What a table is: columns with a kind, a unit, rules and a meaning.

From these few classes come the casts of ingestion, the Great Expectations suites, Dagster's column schemas and the
reference page. Not here: the tables themselves (``inputs``, ``planning``, ``outputs``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """How a column is stored. METHODS 1 fixes the precision of quantities and money."""

    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    QUANTITY = "quantity"
    MONEY = "money"
    RATE = "rate"
    FIGURE = "figure"
    COUNT = "count"
    FLAG = "flag"

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type this kind has in the lake."""
        return _ARROW[self]

    @property
    def is_decimal(self) -> bool:
        """Whether values are exact decimals."""
        return self in (Kind.QUANTITY, Kind.MONEY, Kind.RATE, Kind.FIGURE)

    @property
    def places(self) -> int:
        """Decimal places kept (0 for kinds that are not decimals)."""
        return {Kind.QUANTITY: 4, Kind.MONEY: 2, Kind.RATE: 6, Kind.FIGURE: 6}.get(self, 0)


_ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.MONTH: pa.date32(),
    Kind.QUANTITY: pa.decimal128(18, 4),
    Kind.MONEY: pa.decimal128(18, 2),
    Kind.RATE: pa.decimal128(18, 6),
    Kind.FIGURE: pa.decimal128(24, 6),
    Kind.COUNT: pa.int64(),
    Kind.FLAG: pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column: its name, kind, meaning, unit and the rules a value must keep."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    one_of: tuple[str, ...] = ()
    references: str = ""
    words: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its grain in words, the key that makes the grain true, and its columns."""

    name: str
    grain: str
    step: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    role: str = "output"
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})
        unknown = [name for name in self.key if name not in self._by_name]
        if unknown:
            raise ValueError(f"table {self.name}: key columns {unknown} are not among its columns")

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns that may not be absent or empty."""
        return [column.name for column in self.columns if column.required]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of the table in the lake."""
        return pa.schema([pa.field(column.name, column.kind.arrow) for column in self.columns])


def text(
    name: str, meaning: str, *, required: bool = False, one_of: tuple[str, ...] = (), references: str = ""
) -> Column:
    """A text column."""
    return Column(name, Kind.TEXT, meaning, required, one_of=one_of, references=references)


def kind(name: str, meaning: str, one_of: tuple[str, ...], *, required: bool = False, words: str = "") -> Column:
    """A kind of fact, one of a few; ``language`` has words for each of them under ``words`` (without it, the name)."""
    return Column(name, Kind.TEXT, meaning, required, one_of=one_of, words=words or name)


def day(name: str, meaning: str, *, required: bool = False) -> Column:
    """A date column."""
    return Column(name, Kind.DATE, meaning, required)


def month(name: str, meaning: str, *, required: bool = False) -> Column:
    """A month column: the first day of the month in the lake, ``YYYY-MM`` outside."""
    return Column(name, Kind.MONTH, meaning, required)


def quantity(
    name: str, meaning: str, unit: str = "units", *, required: bool = False, minimum: float | None = None
) -> Column:
    """A quantity of goods, hours or heads: DECIMAL(18,4)."""
    return Column(name, Kind.QUANTITY, meaning, required, unit, minimum)


def money(
    name: str, meaning: str, unit: str = "reporting currency", *, required: bool = False, minimum: float | None = None
) -> Column:
    """An amount of money: DECIMAL(18,2)."""
    return Column(name, Kind.MONEY, meaning, required, unit, minimum)


def rate(
    name: str,
    meaning: str,
    unit: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Column:
    """A price, a factor per unit, a share or a ratio: DECIMAL(18,6)."""
    return Column(name, Kind.RATE, meaning, required, unit, minimum, maximum)


def figure(name: str, meaning: str, unit: str, *, required: bool = False) -> Column:
    """Money, units or a share, whichever its row says, with room for the largest and the finest: DECIMAL(24,6)."""
    return Column(name, Kind.FIGURE, meaning, required, unit)


def count(name: str, meaning: str, unit: str = "", *, required: bool = False, minimum: float | None = None) -> Column:
    """A whole number."""
    return Column(name, Kind.COUNT, meaning, required, unit, minimum)


def flag(name: str, meaning: str, *, required: bool = False) -> Column:
    """True or false."""
    return Column(name, Kind.FLAG, meaning, required)
