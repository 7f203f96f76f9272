"""The published cycles of a company as a person reads them: what each holds, its releases, what has changed since.

Damage of one cycle is a line of its own and hides no other. Loads no library: only pointers are read.
"""

from __future__ import annotations

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.pointers import Pointers


def cycle_lines(pointers: Pointers) -> list[str]:
    """Return a line a cycle, oldest first, and under it what is stale, older or damaged."""
    known = sorted({*pointers.cycles(), *pointers.releases.cycles()})
    if not known:
        return [f"No cycle is published in {pointers.root}. Run one: sop run --cycle YYYY-MM"]
    return [line for cycle in known for line in (*_lines(pointers, cycle), *_release_lines(pointers, cycle))]


def since_then(pointers: Pointers, cycle: Cycle) -> list[str]:
    """Return what was published after a cycle that it should have known: one sentence, or none."""
    changed = pointers.changed_since(cycle)
    if not changed:
        return []
    were = "was" if len(changed) == 1 else "were"
    return [
        f"stale: planned before {', '.join(changed)} {were} published as now; plan it again: sop run --cycle {cycle}"
    ]


def _release_lines(pointers: Pointers, cycle: Cycle) -> list[str]:
    """A line a release: when, by whom, why, its content, and whether the cycle was planned otherwise since."""
    return [f"         {release}  {_release(pointers, cycle, release)}" for release in pointers.releases.names(cycle)]


def _release(pointers: Pointers, cycle: Cycle, release: str) -> str:
    try:
        manifest = pointers.releases.manifest(cycle, release)
        since = (
            "" if manifest["content"] == pointers.content(cycle) else "  (what is published now says something else)"
        )
    except BadInput as fault:
        return f"damaged: {fault}"
    who = f"released {manifest['released_at'][:10]} by {manifest['released_by']}: {manifest['why']}"
    return f"{who}  content {manifest['content'][:16]}{since}"


def _lines(pointers: Pointers, cycle: Cycle) -> list[str]:
    try:
        pointer = pointers.pointer(cycle)
    except BadInput as fault:
        return [f"{cycle}  damaged: {fault}"]
    if not pointer:
        return [f"{cycle}  released, and no longer published"]
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
