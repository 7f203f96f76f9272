"""The published cycles of a company as a person reads them: what each holds, and what has changed since.

Damage of one cycle is a line of its own and hides no other. Loads no library: only pointers are read.
"""

from __future__ import annotations

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.pointers import Pointers


def cycle_lines(pointers: Pointers) -> list[str]:
    """Return a line a cycle, oldest first, and under it what is stale, older or damaged."""
    published = pointers.cycles()
    if not published:
        return [f"No cycle is published in {pointers.root}. Run one: sop run --cycle YYYY-MM"]
    return [line for cycle in published for line in _lines(pointers, cycle)]


def since_then(pointers: Pointers, cycle: Cycle) -> list[str]:
    """Return what was published after a cycle that it should have known: one sentence, or none."""
    changed = pointers.changed_since(cycle)
    if not changed:
        return []
    were = "was" if len(changed) == 1 else "were"
    return [
        f"stale: planned before {', '.join(changed)} {were} published as now; plan it again: sop run --cycle {cycle}"
    ]


def _lines(pointers: Pointers, cycle: Cycle) -> list[str]:
    try:
        pointer = pointers.pointer(cycle)
    except BadInput as fault:
        return [f"{cycle}  damaged: {fault}"]
    content = pointers.content(cycle)[:16]
    head = f"{cycle}  {len(pointer['tables'])} tables  run {pointer['run'][:8]}  content {content}"
    stale = f"  stale: {', '.join(pointer['stale'])}" if pointer["stale"] else ""
    notes = []
    try:
        notes.extend(since_then(pointers, cycle))
    except BadInput as fault:
        notes.append(f"rests on a damaged cycle: {fault}")
    if pointers.packs_are_older(cycle):
        notes.append(f"its packs are older than its tables; make them again: sop pack --cycle {cycle}")
    return [head + stale, *(f"         {note}" for note in notes)]
