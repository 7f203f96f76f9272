"""Short questions to the released tables, for what sentences, tiles and notes state. Not a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class Facts:
    """Short questions to the tables of a cycle."""

    frames: Mapping[str, pd.DataFrame]
    cycle: date
    strategy: str
    scenario: str = "base"

    def month(self, lag: int) -> date:
        """The month a number of months after the cycle's."""
        count = 12 * self.cycle.year + self.cycle.month - 1 + lag
        return date(count // 12, count % 12 + 1, 1)

    def of(self, table: str, **keys: object) -> pd.DataFrame:
        """Rows of a table by keys, of the plan in use where the table has several."""
        data = self.frames[table]
        for column in ("strategy", "scenario"):
            if column in data and column not in keys and table not in ("plan_summary",):
                data = data[data[column] == getattr(self, column)]
        for column, value in keys.items():
            data = data[data[column] == value]
        return data

    def sum(self, data: pd.DataFrame, column: str, first: int = 0, count: int = 12) -> float:
        """A column added up over months from the cycle's on."""
        months = {self.month(first + n) for n in range(count)}
        return float(data[data["month"].isin(months)][column].astype(float).sum())

    def year(self, data: pd.DataFrame, column: str) -> float:
        """A column added up over the cycle's year."""
        return float(data[[each.year == self.cycle.year for each in data["month"]]][column].astype(float).sum())

    def figure(self, measure: str, column: str) -> float:
        """A cell of the key figures of this year."""
        row = self.frames["key_figures"]
        row = row[(row["measure"] == measure) & (row["fiscal_year"] == self.cycle.year)]
        return float(row[column].iloc[0])

    def committed(self, *commitments: str, site: str | None = None) -> pd.DataFrame:
        """Lines of the operational plan, those that only split another left out."""
        data = self.frames["operational_plan"]
        data = data[data["commitment"].isin(commitments) & (data["detail"] != True)]  # noqa: E712
        return data if site is None else data[data["site_id"] == site]

    def by_month(self, data: pd.DataFrame, column: str = "quantity") -> pd.Series:
        """A column added up by month."""
        return data.astype({column: float}).groupby("month")[column].sum().sort_index()

    def product_of(self, name: str, family: str) -> str:
        """The identifier of a product by its name, or its beginning where it is cut."""
        begins = name.rstrip("…").strip()
        for table in ("products", "product_lifecycle", "new_product_plan"):
            data = self.frames[table]
            data = data[data["family"] == family]
            names = data["product_name"].astype(str)
            known = data[(names == name) | (names.str.startswith(begins) & name.endswith("…"))]
            if len(known):
                return str(known["product_id"].iloc[0])
        raise LookupError(name)
