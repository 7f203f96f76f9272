"""The demo company, written once a session, and its files read back with pandas alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from sop_pipeline import config
from sop_pipeline.demo import Written, write_company

GERMAN = {
    "Buchungstag": "date",
    "Artikel": "product_id",
    "Menge": "quantity",
    "Umsatz": "revenue",
    "Währung": "currency",
    "Gebiet": "region",
    "Vertriebsweg": "channel",
}


@dataclass(frozen=True)
class Demo:
    folder: Path
    written: Written
    company: config.Company

    def export(self, name: str) -> pd.DataFrame:
        """One of the sales system's exports."""
        path = self.folder / "data" / "sales" / f"export_{name}.csv"
        table = pd.read_csv(path, sep=";", decimal=",", encoding="cp1252").rename(columns=GERMAN)
        table["date"] = pd.to_datetime(table["date"], format="%d.%m.%Y")
        return table

    def table(self, name: str) -> pd.DataFrame:
        """A table with one source, by the source's own settings."""
        (source,) = self.company.sources[name]
        path = self.folder / (source.path or "")
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        if path.suffix == ".csv":
            return pd.read_csv(path)
        return pd.read_excel(path, sheet_name=source.sheet or 0, header=source.header_row - 1)

    def true_sales(self) -> pd.DataFrame:
        """Sales before the cut-off as a person would clean them: the troubles of the files undone by hand."""
        parts = [pd.read_parquet(path) for path in sorted((self.folder / "data" / "sales").glob("sales_*.parquet"))]
        names = [f"2026-{month:02d}" for month in range(1, 11) if month != 3]
        exports = pd.concat([self.export(name) for name in [*names, "2026-03_again"]]).drop_duplicates()
        exports = exports[exports["product_id"] != "XX-999"]
        right = pd.read_csv(self.folder / "data" / "sales" / "corrections.csv", parse_dates=["date", "recorded_on"])
        right = right[right["recorded_on"] < "2026-11-01"].drop(columns="recorded_on")
        key = ["date", "product_id", "region", "channel"]
        wrong = exports[key].merge(right[key], how="left", indicator=True)["_merge"].to_numpy() == "both"
        every = pd.concat([*parts, exports[~(wrong & (exports["quantity"] > 0).to_numpy())], right], ignore_index=True)
        every["date"] = pd.to_datetime(every["date"])
        return every


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    written = write_company(folder)
    return Demo(folder, written, config.load(folder))


@pytest.fixture(scope="session")
def sales(demo: Demo) -> pd.DataFrame:
    """The demo company's true sales, with the month and the region's currency turned to euro."""
    table = demo.true_sales()
    table["month"] = table["date"].dt.to_period("M")
    rates = pd.read_csv(demo.folder / "data" / "exchange_rates.csv", sep=";", decimal=",").set_index("month")["CHF"]
    rate = table["date"].dt.strftime("%Y-%m").map(rates)
    table["euro"] = table["revenue"] * rate.where(table["currency"] == "CHF", 1.0)
    return table
