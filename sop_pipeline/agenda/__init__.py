"""Where a cycle stands against its calendar: what is in, what is late, who is asked.

Facts come from ``sop.yaml``, the lake's pointers and the files themselves; nothing is planned or read for it. Not here:
when a run starts (``due``), who is told (``notices``).
"""

from sop_pipeline.agenda.lines import input_words, status_lines
from sop_pipeline.agenda.status import MONTHLY, Input, Status, status

__all__ = ["MONTHLY", "Input", "Status", "input_words", "status", "status_lines"]
