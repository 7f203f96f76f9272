"""Whether published cycles still say what they were published with."""

from __future__ import annotations

from dataclasses import dataclass

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake


@dataclass(frozen=True)
class Verification:
    """A line a cycle, or a line a damaged file of it."""

    lines: tuple[str, ...]
    passed: bool


def verify_cycles(lake: Lake, cycle: Cycle | None = None) -> Verification:
    """Read every file of a published cycle, or of all, and compare content hashes; BadInput when there is none."""
    cycles = [each for each in lake.cycles() if cycle in (None, each)]
    if not cycles:
        raise BadInput(
            found=f"no published cycle{'' if cycle is None else f' {cycle}'}",
            needed="one of " + (", ".join(map(str, lake.cycles())) or "the cycles you run"),
            where=str(lake.root),
            mend="Run one: sop run --cycle YYYY-MM.",
        )
    lines: list[str] = []
    passed = True
    for each in cycles:
        damage = lake.damage(each)
        passed &= not damage
        lines.extend(str(fault) for fault in damage)
        lines.append(
            f"{each}  {len(damage)} damaged" if damage else f"{each}  {len(lake.hashes(each))} tables as published"
        )
    return Verification(tuple(lines), passed)
