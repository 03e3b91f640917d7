"""Prices."""


def shelf_price(cents: int) -> str:
    """What the label says."""
    return f"{cents / 100:.2f}"
