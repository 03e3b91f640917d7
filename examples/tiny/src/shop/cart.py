"""The one cart."""

from shop.money import Money


class Cart:
    """What a customer wants to buy."""

    def __init__(self) -> None:
        self.items: list[Money] = []


def total(cart: Cart) -> int:
    """The sum of all items, in cents."""
    return sum(item.cents for item in cart.items)
