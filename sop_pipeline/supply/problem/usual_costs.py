"""What is taken for a cost that nobody stated (METHODS 7); every use of one is named among the defaults."""

from __future__ import annotations

OVERTIME_PREMIUM = 1.5
"""Pay of an overtime hour, by that of a regular one."""
SUBCONTRACT_PREMIUM = 1.2
"""Price of a subcontracted unit, by the dearest cost of making it."""
HOLDING_SHARE = 0.02
"""Cost of holding a unit for a month, by its value."""
BACKLOG_SHARE = 0.10
"""Cost of a unit owed for a month, by its price."""
