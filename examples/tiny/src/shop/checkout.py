"""Checkout."""

from shop.cart import Cart
from shop.legacy_cart import total
from shop.prices import shelf_price


def pay(cart: Cart) -> str:
    """The bill of a customer."""
    return shelf_price(total(cart))
