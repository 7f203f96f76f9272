"""How to close the gap of the fiscal year: opportunities that the numbers do not contain yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sop_pipeline.cycle import add_months, last_safe_day, months_between
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import CENT, Carrier, Decision, Fact, Option

REFERENCES = ("business_plan", "last_year")


def gap_decision(evidence: Evidence) -> Decision | None:
    """Return the choice of opportunities for the first fiscal year whose margin lands below its reference, else None.

    Each opportunity counts with probability x margin. Only those fall in that are not in the numbers, touch the year,
    and have a trigger date (or none) that is not past the meeting. The share of the gap they close counts the part of
    their months that lies in the year.
    """
    for measure, reference, gap in _gaps(evidence):
        chances = _chances(measure["fiscal_year"], evidence)
        if chances:
            return _decision(measure, reference, gap, chances, evidence)
    return None


def _decision(measure: Row, reference: str, gap: Decimal, chances: list[Row], evidence: Evidence) -> Decision:
    options = _options(chances)
    return Decision(
        key="gap",
        kind="gap",
        subject=str(measure["fiscal_year"]),
        months=(),
        options=options,
        recommended=len(options) - 1,
        reason="expected_margin",
        facts=_facts(measure, reference, gap, chances, evidence),
        last_safe_date=min(_last_day(row, evidence) for row in chances),
        carrier=Carrier("sales", owner=next((row["owner"] for row in chances if row["owner"]), None)),
        course=_course(chances),
        pursued=[row["item_id"] for row in chances],
    )


def _course(chances: list[Row]) -> dict[date, Decimal]:
    """What they are worth by month, spread evenly over their months; one without a month is in none."""
    found: dict[date, Decimal] = {}
    for row in chances:
        months = item_months(row)
        for month in months:
            found[month] = found.get(month, Decimal(0)) + worth_of(row) / len(months)
    return found


def _facts(measure: Row, reference: str, gap: Decimal, chances: list[Row], evidence: Evidence) -> list[Fact]:
    total = sum((worth_of(row) for row in chances), Decimal(0))
    in_year = sum((worth_of(row) * share_in(row, measure["fiscal_year"], evidence) for row in chances), Decimal(0))
    return [
        Fact("landing", amount(measure["latest"]), "currency"),
        Fact(f"gap_to_{reference}", -gap, "currency"),
        Fact("expected", total, "currency"),
        Fact("expected_in_year", in_year, "currency"),
        Fact("closed", in_year / -gap, "share"),
        *(Fact("expected", worth_of(row), "currency", row["item_id"]) for row in chances),
        *(Fact("probability", row["probability"], "share", row["item_id"]) for row in chances),
    ]


def _gaps(evidence: Evidence) -> Iterator[tuple[Row, str, Decimal]]:
    """Fiscal years, the nearest first, whose margin lands below the business plan, or last year where there is none."""
    margins = [row for row in evidence.rows["key_figures"] if row["measure"] == "margin" and row["latest"] is not None]
    for measure in sorted(margins, key=lambda row: row["fiscal_year"]):
        reference = next((column for column in REFERENCES if measure[column] is not None), None)
        if reference is not None and measure["latest"] < measure[reference]:
            yield measure, reference, amount(measure["latest"]) - amount(measure[reference])


def _chances(year: int, evidence: Evidence) -> list[Row]:
    found = [
        row
        for row in evidence.rows["risks_opportunities"]
        if row["kind"] == "opportunity"
        and not row["included"]
        and worth_of(row) > 0
        and share_in(row, year, evidence) > 0
        and _last_day(row, evidence) >= evidence.meeting
    ]
    return sorted(found, key=lambda row: (-worth_of(row), row["item_id"]))


def _last_day(row: Row, evidence: Evidence) -> date:
    """The trigger date; without one the day before its first month; without that the meeting."""
    if row["trigger_on"] is not None:
        return row["trigger_on"]
    return last_safe_day(row["month_from"]) if row["month_from"] is not None else evidence.meeting


def item_months(row: Row) -> list[date]:
    """The months of a risk or opportunity; none where no month is given."""
    if row["month_from"] is None:
        return []
    last = row["month_to"] or row["month_from"]
    return [add_months(row["month_from"], number) for number in range(months_between(row["month_from"], last) + 1)]


def share_in(row: Row, year: int, evidence: Evidence) -> Decimal:
    """Share of its months that lie in the fiscal year; all of it where no month is given."""
    months = item_months(row)
    inside = [month for month in months if evidence.company.fiscal_year.of(month) == year]
    return Decimal(len(inside)) / len(months) if months else Decimal(1)


def worth_of(row: Row) -> Decimal:
    """Probability x margin."""
    probability = Decimal(1) if row["probability"] is None else row["probability"]
    return (amount(row["margin"]) * probability).quantize(CENT)


def _options(chances: list[Row]) -> tuple[Option, ...]:
    first = chances[0]
    options = [
        Option("no_action", Decimal(0)),
        Option("pursue_first", worth_of(first), first["item_id"]),
    ]
    if len(chances) > 1:
        options.append(Option("pursue_all", sum((worth_of(row) for row in chances), Decimal(0))))
    return tuple(options)
