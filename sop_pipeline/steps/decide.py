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
from sop_pipeline.writer import only_writer

_SHARES = {"lost_units": Decimal(1), "half_of_lost_units": Decimal("0.5")}
"""How much of what is lost an option subcontracts, by its scope."""
RECORDS, CHANGES, PROMISES = "recorded_decisions", "decisions_in_force", "decision_promises"
_OF_HOURS = ("at_start", "heads")
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

    ``again`` are the tables to be planned again: none where the published cycle knows the record. ``later`` are
    published cycles that were planned without it.
    """

    record: Record
    is_new: bool
    again: frozenset[str]
    later: tuple[Cycle, ...] = ()

    @property
    def too_late(self) -> str:
        """What to say of an option that is adopted after the day by which it had to be; nothing of another."""
        due, on = self.record["due"], self.record["on"]
        if self.record["action"] != ADOPT or not due or on <= due:
            return ""
        return f"Its last safe day was {due}, and the plan counts on it: see whether its first months can still be met."


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
    return Taken(kept, is_new, _again(folder.lake, cycle, kept), planned_without(folder.lake, cycle, kept))


def record_decision(
    lake: Lake, cycle: Cycle, decision: str, choice: Choice, *, only_try: bool = False
) -> tuple[Record, bool]:
    """Record a choice, or only see whether it can be, and say whether it is new; nothing is planned again.

    BadInput for a decision that was not put up, and for an option it does not have.
    """
    log = DecisionLog(lake.root)
    _refuse_blank(choice)
    record = _record(lake, _options(lake, log, cycle, decision), cycle, choice)
    last = {each["decision_id"]: each for each in standing(log.of(cycle))}.get(record["decision_id"])
    is_new = last is None or any(last.get(name) != record[name] for name in ("action", "option"))
    if only_try or (not is_new and last is not None):
        return last or record, is_new
    return log.add(cycle, record), is_new


def _again(lake: Lake, cycle: Cycle, record: Record) -> frozenset[str]:
    """The tables that a record reaches; where it changes nothing planned, only those that tell of decisions."""
    if _knows(lake, cycle, record):
        return frozenset()
    known = lake.read(RECORDS, cycle).to_pylist()
    before = {row["decision_id"]: row["action"] for row in known}.get(record["decision_id"])  # the last one stands
    changes = ADOPT in (record["action"], before)
    steps = touched_by({RECORDS, CHANGES, PROMISES} if changes else {RECORDS})
    return frozenset(table for step in steps for table in step.outputs) | {RECORDS, CHANGES, PROMISES}


def planned_without(lake: Lake, cycle: Cycle, record: Record) -> tuple[Cycle, ...]:
    """Return the published cycles after the one of a record that do not know it."""
    return tuple(each for each in lake.cycles() if cycle < each and not _knows(lake, each, record))


def _knows(lake: Lake, cycle: Cycle, record: Record) -> bool:
    """Whether a cycle, of the record or a later one, is planned with it."""
    known = lake.read(RECORDS, cycle).to_pylist()
    return any((row["cycle"], row["number"]) == (record["cycle"], record["number"]) for row in known)


def _options(lake: Lake, log: DecisionLog, cycle: Cycle, decision: str) -> Sequence[Row]:
    """The options of a decision as the cycle puts them up, else as it did when it was last decided.

    A plan with an option in it knows neither the plan without nor its other options: their record does, with what each
    promised and raises.
    """
    published = _refuse_unpublished(lake, cycle)
    put_up: dict[str, list[Row]] = {}
    for row in published["decisions_wanted"].to_pylist():
        put_up.setdefault(row["decision_id"], []).append(row)
    earlier = {record["decision_id"]: record["options"] for record in log.of(cycle)}
    known = {**earlier, **put_up}
    found = known.get(decision) or known.get(f"{cycle}-{decision}")
    if found is None:
        raise BadInput(
            found=f"no decision {decision}",
            needed="one of " + (", ".join(sorted(known)) or "the decisions a cycle puts up: this one puts up none"),
            where=f"cycle {cycle}",
            mend="They are on the first page of the pack, and in the sheet decisions_wanted.",
        )
    return found if "raised" in found[0] else [_kept(lake, cycle, row) for row in found]


def _record(lake: Lake, options: Sequence[Row], cycle: Cycle, choice: Choice) -> Record:
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
        "raises": _raises(first, option),
        "raised": option["raised"] if option else [],
    }


def _raises(first: Row, option: Row | None) -> str | None:
    """The limit that an option raises; None where it leaves all limits."""
    if option is None or option["choice"] not in (*SCOPES, *OF_LOST):
        return None
    limit: str = first["limit"] if option["choice"] in SCOPES else BOUGHT
    return limit


def _raised(lake: Lake, cycle: Cycle, option: Row) -> list[dict[str, str]]:
    """What the limit of an option comes to in every month it raises, and what is added, as JSON holds it."""
    if option["choice"] in SCOPES:
        names = (option["limit"], option["subject"])
        added = _added(lake, cycle, names, SCOPES[option["choice"]])
        found = _limits_of(lake, cycle, names, added)
    elif option["choice"] in OF_LOST:
        scope = OF_LOST[option["choice"]]
        added = _added(lake, cycle, (BOUGHT, option["subject"]), scope)
        found = _limits_of_lost(lake, cycle, option, scope, added)
    else:
        return []
    return [_entry(month, limit, added.get(month)) for month, limit in sorted(found.items())]


def _entry(month: date, limit: Decimal, added: Row | None) -> dict[str, str]:
    facts = {} if added is None else {"more": added["quantity"], **{name: added.get(name) for name in _OF_HOURS}}
    given = {"month": month, "limit": limit, **{name: value for name, value in facts.items() if value is not None}}
    return {name: str(value) for name, value in given.items()}


def _limits_of(lake: Lake, cycle: Cycle, names: tuple[str, str], added: Mapping[date, Row]) -> dict[date, Decimal]:
    """The limit of every month of an option that was planned: as the plan has it, and what the option adds."""
    strategy = marked_plan(lake.read("plan_summary", cycle))
    return {
        row["month"]: row["current_limit"] + added[row["month"]]["quantity"]
        for row in lake.read("shadow_prices", cycle).to_pylist()
        if (row["strategy"], row["scenario"]) == strategy
        and (row["constraint"], row["item"]) == names
        and row["month"] in added
    }


def _limits_of_lost(lake: Lake, cycle: Cycle, first: Row, scope: str, added: Mapping[date, Row]) -> dict[date, Decimal]:
    """What is bought and a share of what is lost, in the months the option was planned for; all without money."""
    return {
        row["month"]: row["subcontract"] + _SHARES[scope] * row["lost_sales"]
        for row in _plan_of(lake, cycle, first)
        if row["lost_sales"] > 0 and (not added or row["month"] in added)
    }


def _added(lake: Lake, cycle: Cycle, names: tuple[str, str], scope: str) -> dict[date, Row]:
    """By how much an option raises its limit, by month; nothing where none was planned."""
    scenarios = {
        row["scenario"]
        for row in lake.read("limit_options", cycle).to_pylist()
        if (row["constraint"], row["item"]) == names and row["scope"] == scope
    }
    rows = lake.read("limit_option_months", cycle).to_pylist()
    return {row["month"]: row for row in rows if row["scenario"] in scenarios}


def _plan_of(lake: Lake, cycle: Cycle, first: Row) -> list[dict[str, Any]]:
    """The rows of the plan in use of what a decision is about, in its months."""
    strategy = marked_plan(lake.read("plan_summary", cycle))
    rows = lake.read("aggregate_plan", cycle).to_pylist()
    return [
        row
        for row in rows
        if (row["strategy"], row["scenario"]) == strategy
        and row["item_id"] == first["subject"]
        and str(first["month_from"]) <= str(row["month"]) <= str(first["month_to"])
    ]


def _kept(lake: Lake, cycle: Cycle, option: Row) -> dict[str, Any]:
    """An option as its record keeps it, with what it promises and raises by month."""
    told = option.get("promised")
    with_promise = {"promised": promised(lake, cycle, option) if told is None else told}
    return {**_plain(option), **with_promise, "raised": _raised(lake, cycle, option)}


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
