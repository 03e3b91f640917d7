"""A shop."""

import importlib

_LAZY = {"Cart": "shop.cart:Cart", "LegacyCart": "shop.legacy_cart:LegacyCart"}


def __getattr__(name: str) -> object:
    module, _, attribute = _LAZY[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
