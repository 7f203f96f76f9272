"""The state of a cycle as a person reads it: a line a date, a line an input, and who is asked."""

from __future__ import annotations

from sop_pipeline.agenda.status import Input, Status


def status_lines(status: Status) -> list[str]:
    """Return where the cycle stands, in lines for a terminal or a message."""
    lines = [f"Cycle {status.cycle} of {status.company} on {status.today}", f"  {_run(status)}"]
    lines += [f"  release  {status.release}"] if status.release else []
    lines += ["", "  due         what                      who"]
    lines += [
        f"  {each.due}  {each.name:<24}  {each.owner or '-'}{_waits(each.waits_for)}".rstrip()
        for each in status.meetings
    ]
    lines += ["", "  input               by          state"]
    lines += [f"  {each.table:<18}  {each.due}  {input_words(each, status)}" for each in status.inputs]
    asked = [f"{_who(each)} for {each.table}" for each in status.late]
    return [*lines, "", f"Late. Asked: {'; '.join(asked)}." if asked else "Nothing is late."]


def input_words(each: Input, status: Status) -> str:
    """Return how an input stands, in words."""
    late = "LATE: " if each.is_late(status.today) else ""
    if each.state == "missing":
        return f"{late}not there: {each.found}"
    if each.state == "as_before":
        return f"{late}says what it said in the cycle before: {each.found}"
    return "asked for by the run" if each.state == "asked" else "in"


def _run(status: Status) -> str:
    if status.is_published:
        return f"run      was due on {status.start}, and is published"
    late = ", and is LATE: nothing is published" if status.is_late else ""
    return f"run      is due on {status.start}{late}"


def _waits(tables: tuple[str, ...]) -> str:
    return f"; waits for {', '.join(tables)}" if tables else ""


def _who(each: Input) -> str:
    return each.owner or f"nobody is named ({each.review})"
