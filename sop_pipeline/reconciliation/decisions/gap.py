"""How to close the gap of the fiscal year: opportunities that the numbers do not contain yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sop_pipeline.cycle import add_months, months_between
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import (
    CENT,
    Decision,
    Option,
    count_text,
    last_safe_day,
    money_text,
)

REFERENCES = (("business_plan", "business plan"), ("last_year", "last year"))


def gap_decision(evidence: Evidence) -> Decision | None:
    """Return the choice of opportunities for the first fiscal year whose margin lands below its reference, else None.

    Each opportunity counts with probability x margin. Only those fall in that are not in the numbers, touch the year,
    and have a trigger date (or none) that is not past the meeting. The share of the gap they close counts the part of
    their months that lies in the year.
    """
    for measure, label, gap in _gaps(evidence):
        chances = _chances(measure["fiscal_year"], evidence)
        if chances:
            return _decision(measure, label, gap, chances, evidence)
    return None


def _decision(measure: Row, label: str, gap: Decimal, chances: list[Row], evidence: Evidence) -> Decision:
    currency, year = evidence.company.currency, measure["fiscal_year"]
    options = _options(chances)
    total = sum((_worth(row) for row in chances), Decimal(0))
    closes = sum((_worth(row) * _share(row, year, evidence) for row in chances), Decimal(0))
    return Decision(
        key="gap",
        question=f"Pursue what is not in the numbers, against the {year} margin gap of {money_text(-gap, currency)}?",
        context=f"Margin of {year} lands at {money_text(amount(measure['latest']), currency)}, "
        f"{money_text(-gap, currency)} under {label}; not in the numbers: {count_text(len(chances), 'chance')}.",
        options=options,
        recommended=len(options) - 1,
        why=f"Probability x margin is {money_text(total, currency)} in all, of which {money_text(closes, currency)} "
        f"fall in {year}: {closes / -gap:.0%} of the gap.",
        last_safe_date=min(_last_day(row, evidence) for row in chances),
        owner=next((row["owner"] for row in chances if row["owner"]), "Head of sales"),
    )


def _gaps(evidence: Evidence) -> Iterator[tuple[Row, str, Decimal]]:
    """Fiscal years, the nearest first, whose margin lands below the business plan, or last year where there is none."""
    margins = [row for row in evidence.rows["key_figures"] if row["measure"] == "margin" and row["latest"] is not None]
    for measure in sorted(margins, key=lambda row: row["fiscal_year"]):
        known = [(column, label) for column, label in REFERENCES if measure[column] is not None]
        if known and measure["latest"] < measure[known[0][0]]:
            yield measure, known[0][1], amount(measure["latest"]) - amount(measure[known[0][0]])


def _chances(year: int, evidence: Evidence) -> list[Row]:
    found = [
        row
        for row in evidence.rows["risks_opportunities"]
        if row["kind"] == "opportunity"
        and not row["included"]
        and _worth(row) > 0
        and _share(row, year, evidence) > 0
        and _last_day(row, evidence) >= evidence.meeting
    ]
    return sorted(found, key=lambda row: (-_worth(row), row["item_id"]))


def _last_day(row: Row, evidence: Evidence) -> date:
    """The trigger date; without one the day before its first month; without that the meeting."""
    if row["trigger_on"] is not None:
        return row["trigger_on"]
    return last_safe_day(row["month_from"]) if row["month_from"] is not None else evidence.meeting


def _share(row: Row, year: int, evidence: Evidence) -> Decimal:
    """Share of an opportunity's months that lie in the fiscal year; all of it where no month is given."""
    if row["month_from"] is None:
        return Decimal(1)
    last = row["month_to"] or row["month_from"]
    months = [add_months(row["month_from"], number) for number in range(months_between(row["month_from"], last) + 1)]
    inside = [month for month in months if evidence.company.fiscal_year.of(month) == year]
    return Decimal(len(inside)) / max(len(months), 1)


def _worth(row: Row) -> Decimal:
    probability = Decimal(1) if row["probability"] is None else row["probability"]
    return (amount(row["margin"]) * probability).quantize(CENT)


def _options(chances: list[Row]) -> tuple[Option, ...]:
    first = chances[0]
    options = [
        Option("No action beyond the plan", Decimal(0)),
        Option(f"{_described(first)}", _worth(first)),
    ]
    if len(chances) > 1:
        total = sum((_worth(row) for row in chances), Decimal(0))
        others = "; ".join(_described(row) for row in chances[1:])
        options.append(Option(f"That and {count_text(len(chances) - 1, 'other')}: {others}", total))
    return tuple(options)


def _described(row: Row) -> str:
    chance = "" if row["probability"] is None else f" ({row['probability']:.0%})"
    return f"{row['description']}{chance}"
