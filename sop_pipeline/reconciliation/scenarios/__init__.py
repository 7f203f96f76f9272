"""Scenarios in money: every plan by month, side by side, and what each change brings (docs/decisions)."""
