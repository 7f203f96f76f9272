"""Records a decision that the meeting takes, and says which part of the month is planned again because of it.

The record keeps the decision as it was put up, since the plan that follows no longer asks. Not here: the log's form
(``decision_log``), what a decision changes in a plan (``supply``), or running that (``assets``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sop_pipeline.choice import marked_plan
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import ADOPT, DEFER, REJECT, DecisionLog, Record, standing
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.steps.month import touched_by
from sop_pipeline.steps.promise import BOUGHT, OF_LOST, SCOPES, promised
from sop_pipeline.supply.problem.cycle.decided import PLACES
from sop_pipeline.writer import only_writer

_STATED_IN = {"cover_days_max": "products", "max_receipt": "materials", "on_hand and on_order": "materials"}
"""Tables that limits follow from which no month of the problem has a place for; the others: resources."""
_SHARES = {"lost_units": Decimal(1), "half_of_lost_units": Decimal("0.5")}
"""How much of what is lost an option subcontracts, by its scope."""
RECORDS, CHANGES, PROMISES = "recorded_decisions", "decisions_in_force", "decision_promises"
_OF_OPTION = ("choice", "choice_subject", "choice_month", "quantity", "effect")
_OF_DECISION = ("kind", "subject", "limit", "month_from", "month_to", "department", "site_id", "owner")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """What is decided: the letter of an option, or ``reject`` or ``defer``; by whom and why, and in which cell."""

    option: str
    by: str
    why: str
    cell: str | None = None


@dataclass(frozen=True)
class Taken:
    """A record; ``is_new`` is False where the last record of the decision said the same.

    ``again`` are the tables to be planned again: none where the published cycle knows the record.
    """

    record: Record
    is_new: bool
    again: frozenset[str]

    @property
    def by_hand(self) -> str:
        """What people have to change for the plan to take a raised limit up; nothing where the plan does by itself."""
        limit = self.record["raises"]
        if not limit or limit in PLACES:
            return ""
        table = _STATED_IN.get(limit, "resources")
        first, last = self.record["month_from"][:7], self.record["month_to"][:7]
        return (
            f"The plan keeps its limit until your files raise it: {limit} of {self.record['subject']} follows from "
            f"table {table}. Change it there for {first} to {last}, then run the cycle again."
        )


def take_decision(folder: CompanyFolder, cycle: Cycle, decision: str, choice: Choice) -> Taken:
    """Record a choice among the options of a decision that the published cycle puts up.

    ``decision`` is its identifier, with or without its cycle. BadInput for one that was not put up, for an option it
    does not have, and for a cycle planned with other settings than ``sop.yaml`` has now: planning part of it again
    would mix the two.
    """
    _refuse_blank(choice)
    with only_writer(folder.lake.root, cycle):
        _refuse_unpublished(folder.lake, cycle)
        _refuse_other_settings(folder, cycle)
        kept, is_new = record_decision(folder.lake, cycle, decision, choice)
    return Taken(kept, is_new, _again(folder.lake, cycle, kept))


def record_decision(
    lake: Lake, cycle: Cycle, decision: str, choice: Choice, *, only_try: bool = False
) -> tuple[Record, bool]:
    """Record a choice, or only see whether it can be, and say whether it is new; nothing is planned again.

    BadInput for a decision that was not put up, and for an option it does not have.
    """
    log = DecisionLog(lake.root)
    _refuse_blank(choice)
    record = _record(lake, cycle, _options(lake, log, cycle, decision), choice)
    last = {each["decision_id"]: each for each in standing(log.of(cycle))}.get(record["decision_id"])
    is_new = last is None or any(last.get(name) != record[name] for name in ("action", "option"))
    if only_try or (not is_new and last is not None):
        return last or record, is_new
    return log.add(cycle, record), is_new


def _again(lake: Lake, cycle: Cycle, record: Record) -> frozenset[str]:
    """The tables that a record reaches; where it changes nothing planned, only those that tell of decisions."""
    known = lake.read(RECORDS, cycle).to_pylist()
    if any((row["cycle"], row["number"]) == (cycle.name, record["number"]) for row in known):
        return frozenset()
    before = {row["decision_id"]: row["action"] for row in known}.get(record["decision_id"])  # the last one stands
    changes = ADOPT in (record["action"], before)
    steps = touched_by({RECORDS, CHANGES, PROMISES} if changes else {RECORDS})
    return frozenset(table for step in steps for table in step.outputs) | {RECORDS, CHANGES, PROMISES}


def _options(lake: Lake, log: DecisionLog, cycle: Cycle, decision: str) -> Sequence[Row]:
    """The options of a decision as the cycle puts them up, or did when it was first decided."""
    published = _refuse_unpublished(lake, cycle)
    put_up: dict[str, list[Row]] = {}
    for row in published["decisions_wanted"].to_pylist():
        put_up.setdefault(row["decision_id"], []).append(row)
    earlier = {record["decision_id"]: record["options"] for record in log.of(cycle)}  # with what they promised
    known = {**put_up, **earlier}
    found = known.get(decision) or known.get(f"{cycle}-{decision}")
    if found is None:
        raise BadInput(
            found=f"no decision {decision}",
            needed="one of " + (", ".join(sorted(known)) or "the decisions a cycle puts up: this one puts up none"),
            where=f"cycle {cycle}",
            mend="They are on the first page of the pack, and in the sheet decisions_wanted.",
        )
    return (
        found if decision in earlier or f"{cycle}-{decision}" in earlier else [_kept(lake, cycle, row) for row in found]
    )


def _record(lake: Lake, cycle: Cycle, options: Sequence[Row], choice: Choice) -> Record:
    first = options[0]
    wanted = choice.option.strip()
    letter = wanted.upper() if wanted.lower() not in (REJECT, DEFER) else None
    option = next((row for row in options if row["option"] == letter), None)
    if letter is not None and option is None:
        raise BadInput(
            found=f"option {wanted!r}",
            needed=f"one of {', '.join(row['option'] for row in options)}, or {REJECT}, or {DEFER}",
            where=f"decision {first['decision_id']}",
            mend="Name the letter of the option that is adopted.",
        )
    raises, raised = _raised(lake, cycle, first, option)
    return {
        "decision_id": first["decision_id"],
        "action": ADOPT if option else wanted.lower(),
        "option": letter,
        **{name: option[name] if option else None for name in _OF_OPTION},
        **{name: first[name] for name in _OF_DECISION},
        "due": first["last_safe_date"],
        "by": choice.by.strip(),
        "why": choice.why.strip(),
        "cell": choice.cell,
        "on": datetime.now(UTC).date().isoformat(),
        "content": lake.content(cycle),
        "options": options,
        "raises": raises,
        "raised": raised,
    }


def _raised(lake: Lake, cycle: Cycle, first: Row, option: Row | None) -> tuple[str | None, list[dict[str, str]]]:
    """The limit that an option raises, with the limit of each month; none where it leaves all limits."""
    if option is None:
        return None, []
    if option["choice"] in SCOPES:
        limits = _limits_of(lake, cycle, first, SCOPES[option["choice"]])
        return first["limit"], [{"month": str(month), "limit": str(limit)} for month, limit in sorted(limits.items())]
    if option["choice"] in OF_LOST:
        limits = _limits_of_lost(lake, cycle, first, OF_LOST[option["choice"]])
        return BOUGHT, [{"month": str(month), "limit": str(limit)} for month, limit in sorted(limits.items())]
    return None, []


def _limits_of(lake: Lake, cycle: Cycle, first: Row, scope: str) -> dict[date, Decimal]:
    """The limit of every month of an option that was planned: as the plan has it, and what the option adds."""
    names = (first["limit"], first["subject"])
    added = _added(lake, cycle, names, scope)
    strategy = marked_plan(lake.read("plan_summary", cycle))
    return {
        row["month"]: row["current_limit"] + added[row["month"]]
        for row in lake.read("shadow_prices", cycle).to_pylist()
        if (row["strategy"], row["scenario"]) == strategy
        and (row["constraint"], row["item"]) == names
        and row["month"] in added
    }


def _limits_of_lost(lake: Lake, cycle: Cycle, first: Row, scope: str) -> dict[date, Decimal]:
    """What is bought and a share of what is lost, in the months the option was planned for; all without money."""
    share, added = _SHARES[scope], _added(lake, cycle, (BOUGHT, first["subject"]), scope)
    return {
        row["month"]: row["subcontract"] + share * row["lost_sales"]
        for row in _plan_of(lake, cycle, first)
        if row["lost_sales"] > 0 and (not added or row["month"] in added)
    }


def _added(lake: Lake, cycle: Cycle, names: tuple[str, str], scope: str) -> dict[date, Decimal]:
    """By how much an option raises its limit, by month; nothing where none was planned."""
    scenarios = {
        row["scenario"]
        for row in lake.read("limit_options", cycle).to_pylist()
        if (row["constraint"], row["item"]) == names and row["scope"] == scope
    }
    return {
        row["month"]: row["quantity"]
        for row in lake.read("limit_option_months", cycle).to_pylist()
        if row["scenario"] in scenarios
    }


def _plan_of(lake: Lake, cycle: Cycle, first: Row) -> list[dict[str, Any]]:
    """The rows of the plan in use of what a decision is about, in its months."""
    strategy = marked_plan(lake.read("plan_summary", cycle))
    rows = lake.read("aggregate_plan", cycle).to_pylist()
    return [
        row
        for row in rows
        if (row["strategy"], row["scenario"]) == strategy
        and row["item_id"] == first["subject"]
        and first["month_from"] <= str(row["month"]) <= first["month_to"]
    ]


def _kept(lake: Lake, cycle: Cycle, option: Row) -> dict[str, Any]:
    """An option as its record keeps it, with what it promises by month."""
    return {**_plain(option), "promised": promised(lake, cycle, option)}


def _plain(row: Row) -> dict[str, Any]:
    """A row as JSON holds it: days and exact numbers as text."""
    return {name: str(value) if isinstance(value, date | Decimal) else value for name, value in row.items()}


def _refuse_blank(choice: Choice) -> None:
    for name, value in (("option", choice.option), ("by", choice.by), ("why", choice.why)):
        if not value.strip():
            raise BadInput(
                found=f"--{name} without a word",
                needed="who decides, which option and why",
                where="sop decide",
                mend=f'Say it: --{name} "...".',
            )


def _refuse_unpublished(lake: Lake, cycle: Cycle) -> Mapping[str, Any]:
    published = lake.published(cycle)
    if not published:
        raise lake.unpublished(cycle)
    return published


def _refuse_other_settings(folder: CompanyFolder, cycle: Cycle) -> None:
    if folder.lake.settings(cycle) != folder.settings.model_dump(mode="json"):
        raise BadInput(
            found="settings that are not those the cycle was planned with",
            needed="the same, since only part of the cycle is planned again",
            where=str(folder.path / "sop.yaml"),
            mend=f"Plan the cycle with them first: sop run --cycle {cycle}.",
        )
