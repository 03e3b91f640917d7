from unittest import mock

from shop.cart import Cart
from shop.checkout import pay


@mock.patch("shop.legacy_cart.total", return_value=250)
def test_pay(total: mock.Mock) -> None:
    assert pay(Cart()) == "2.50"
