"""Whether code asserts that a name is gone."""

from __future__ import annotations

import pytest

from hardcut.flow.absence import asserts_absence

EXPECTED = [
    "with pytest.raises(ImportError):\n    @",
    "with a, pytest.raises((X, ImportError)) as found:\n    if b:\n        @",
    "with (raises(ModuleNotFoundError, match='x')):\n    @",
    "with self.assertRaises(ImportError):\n    @",
    "with self.assertRaisesRegex(ImportError, 'x'):\n    @",
    "with pytest.raises(ImportError): @",
    "@pytest.raises(ImportError, import_module, 'x')",
    "self.assertRaises(ImportError, @import_module, 'x')",
    "try:\n    @\nexcept ImportError:\n    pass\nelse:\n    pytest.fail('there')",
    "try:\n    @\nexcept (ImportError, X) as problem:\n    pass\nelse:\n    raise AssertionError",
    "try:\n    @\n    assert False, 'there'\nexcept ImportError:\n    pass",
    "try:\n    @\n    self.fail()\nexcept ModuleNotFoundError:\n    pass",
    "é = 'ü'; x = [1]\nwith raises(ImportError):\n    'é', @",
    "assert not hasattr(shop, @'old')",
    "assert not @hasattr(shop, 'old')",
    "assert @'shop.old' not in sys.modules, 'why'",
    "assert not (@'shop.old' in sys.modules)",
    "assert importlib.util.find_spec(@'shop.old') is None",
    "assert not find_spec(name=@'shop.old')",
    "assert a and @getattr(shop, 'old', None) is None",
    "assert not (a or @hasattr(shop, 'old'))",
    "assert sys.modules.get(@'shop.old') == None",
    "assert @hasattr(shop, 'old') is False",
    "self.assertFalse(@hasattr(shop, 'old'))",
    "self.assertNotIn(@'shop.old', sys.modules)",
    "self.assertNotHasAttr(@shop, 'old')",
    "self.assertIsNone(find_spec(@'shop.old'), 'why')",
    "self.assertTrue(not @hasattr(shop, 'old'))",
    "self.assertEqual(find_spec(@'shop.old'), None)",
    "with pytest.raises(AttributeError):\n    @shop.old()",
    "pytest.raises(AttributeError, lambda: @shop.old)",
    "for name in ('a', @'shop.old'):\n    assert name not in sys.modules",
    "OLD = [@'shop.old']\nfor name in OLD:\n    with raises(ImportError):\n        import_module(name)",
    "OLD = @'shop.old'\nassert OLD not in sys.modules\nassert find_spec(OLD) is None",
    "§parametrize('name', ['a', @'b'])\ndef test(name):\n    assert not hasattr(shop, name)",
    "§x\n§mark.parametrize('name', [@'b'])\ndef test(name):\n    with raises(ImportError):\n        f(name)",
]
OTHER = [
    "assert hasattr(shop, @'old')",
    "assert @'shop.old' in sys.modules",
    "assert not find(@'shop.old')",
    "assert find_spec(@'shop.old')",
    "assert find_spec(@'shop.old') is not None",
    "assert not a or @hasattr(shop, 'old')",
    "assert not (a and @hasattr(shop, 'old'))",
    "assert a or not @hasattr(shop, 'old')",
    "assert not @shop.old",
    "assert @shop.old.get('a') is None",
    "assert 'a' not in @shop.old",
    "assert @shop.old.name not in names",
    "assert not hasattr(@shop.old, 'a')",
    "assert not hasattr(shop, 'old'), @'shop.old'",
    "self.assertTrue(@hasattr(shop, 'old'))",
    "self.assertNotIn('a', @shop.old)",
    "self.assertFalse(x, @hasattr(shop, 'old'))",
    "if @'shop.old' not in sys.modules:\n    pass",
    "for name in ('a', @'shop.old'):\n    assert name not in sys.modules\n    use(name)",
    "for name in ('a', @'shop.old'):\n    pass",
    "OLD = @'shop.old'\nassert OLD not in sys.modules\nimport_module(OLD)",
    "with pytest.raises(KeyError):\n    @shop.old()",
    "cart = @shop.old(1)\nwith pytest.raises(AttributeError):\n    cart.total()",
    "§parametrize('name', ['a', @'b'])\ndef test(name):\n    assert hasattr(shop, name)",
    "§parametrize('a, b', ['a', @'b'])\ndef test(a, b):\n    assert not hasattr(shop, a)",
    "@",
    "with contextlib.suppress(ImportError):\n    @",
    "with pytest.raises(ValueError):\n    @",
    "with pytest.raises(ImportError):\n    def later():\n        @",
    "with pytest.raises(ImportError):\n    later = lambda: @x",
    "with open(@x): pass",
    "with pytest.raises(@x): pass",
    "pytest.raises(ImportError)\n@",
    "try:\n    @\nexcept ImportError:\n    old = None",
    "try:\n    @\nexcept ImportError:\n    raise\nelse:\n    use(old)",
    "try:\n    @\nexcept ValueError:\n    pass\nelse:\n    pytest.fail('x')",
    "try:\n    pass\nexcept ImportError:\n    @\nelse:\n    pytest.fail('x')",
    "try:\n    @\n    assert found\nexcept ImportError:\n    pass",
]


def ask(text: str, imports: bool = True) -> bool:
    """Asked of the place that `@` marks; `§` stands for the `@` of a decorator."""
    before, _, after = text.partition("@")
    before = before.replace("§", "@")
    source = before + ("import old" if after[:1] in ("", "\n") else "") + after
    lines = before.split("\n")
    return asserts_absence(source.encode(), len(lines), len(lines[-1].encode()), imports)


@pytest.mark.parametrize("text", EXPECTED)
def test_a_failure_that_is_asked_for(text: str) -> None:
    assert ask(text)
    assert ask("def test():\n    " + text.replace("\n", "\n    "))


@pytest.mark.parametrize("text", OTHER)
def test_any_other_failure(text: str) -> None:
    assert not ask(text)


@pytest.mark.parametrize("source", [b"", b"\xff\xfe", b"with (" * 3000, b"try:\n" * 2000])
def test_any_source_and_place(source: bytes) -> None:
    for line, column in ((1, 0), (2, 9), (10_000, 10_000)):
        assert not asserts_absence(source, line, column, True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@shop.old", True),
        ("@shop.old(1)", True),
        ("found = await @shop.old(1)", True),
        ("@getattr(shop, 'old')", True),
        ("@shop.old(1).total()", False),
        ("@shop.old(1).total", False),
        ("use(@shop.old)", False),
        ("cart = @shop.old()\n    cart.total()", False),
        ("for item in @shop.old(): pass", False),
    ],
)
def test_an_attribute_error_of_the_name_alone(body: str, expected: bool) -> None:
    assert ask(f"with pytest.raises(AttributeError):\n    {body}", imports=False) is expected


@pytest.mark.parametrize("failure", ["ImportError", "(ModuleNotFoundError, KeyError)"])
def test_a_function_may_raise_import_error_for_any_reason(failure: str) -> None:
    text = f"with raises({failure}):\n    @"
    assert not ask(f"{text}shop.old()", imports=False)
    assert ask(f"{text}shop.old()", imports=True)
    assert ask(f"{text}", imports=False)
    assert ask(text.replace("@", "load(@'shop.old')"), imports=False)
