"""How a currency is written beside an amount, the same in every text that people read."""

from __future__ import annotations

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BDT": "৳"}


def symbol(currency: str) -> str:
    """Return the sign of a currency (ISO code), or its code and a space."""
    return _SYMBOLS.get(currency, f"{currency} ")
