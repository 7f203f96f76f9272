"""How to close the gap of the fiscal year: opportunities that the numbers do not contain yet."""

from __future__ import annotations

from decimal import Decimal

from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import CENT, Decision, Option, money_text

REFERENCES = (("business_plan", "business plan"), ("last_year", "last year"))


def gap_decision(evidence: Evidence) -> Decision | None:
    """Return the choice of opportunities when the fiscal year's margin lands below its reference, else None.

    Each opportunity counts with probability x margin; only those not in the numbers, with a trigger date that is not
    past the meeting (or none), can be chosen.
    """
    landing = _landing(evidence)
    chances = _chances(evidence)
    if landing is None or not chances:
        return None
    measure, label, gap = landing
    currency = evidence.company.currency
    options = _options(chances)
    total = sum((_worth(row) for row in chances), Decimal(0))
    return Decision(
        key="gap",
        question=f"Which actions close the {measure['fiscal_year']} margin gap of {money_text(-gap, currency)}?",
        context=f"Margin of {measure['fiscal_year']} lands at {money_text(amount(measure['latest']), currency)}, "
        f"{money_text(-gap, currency)} under {label}; {len(chances)} opportunities are not in the numbers.",
        options=options,
        recommended=len(options) - 1,
        why=f"Probability x margin of all is {money_text(total, currency)}, {total / -gap:.0%} of the gap.",
        last_safe_date=min((row["trigger_on"] for row in chances if row["trigger_on"]), default=evidence.meeting),
        owner=next((row["owner"] for row in chances if row["owner"]), "Head of sales"),
    )


def _landing(evidence: Evidence) -> tuple[Row, str, Decimal] | None:
    margins = [row for row in evidence.rows["key_figures"] if row["measure"] == "margin" and row["latest"] is not None]
    if not margins:
        return None
    measure = min(margins, key=lambda row: row["fiscal_year"])
    for column, label in REFERENCES:
        if measure[column] is not None:
            gap = amount(measure["latest"]) - amount(measure[column])
            return (measure, label, gap) if gap < 0 else None
    return None


def _chances(evidence: Evidence) -> list[Row]:
    open_ones = [
        row
        for row in evidence.rows["risks_opportunities"]
        if row["kind"] == "opportunity"
        and not row["included"]
        and _worth(row) > 0
        and (row["trigger_on"] is None or row["trigger_on"] >= evidence.meeting)
    ]
    return sorted(open_ones, key=lambda row: (-_worth(row), row["item_id"]))


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
        options.append(Option(f"All {len(chances)}: {'; '.join(_described(row) for row in chances)}", total))
    return tuple(options)


def _described(row: Row) -> str:
    chance = "" if row["probability"] is None else f" ({row['probability']:.0%})"
    return f"{row['description']}{chance}"
