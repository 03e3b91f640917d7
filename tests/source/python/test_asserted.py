"""Whether a test asserts that an import fails."""

from __future__ import annotations

import pytest

from hardcut.source.python.asserted import asserted

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
]
OTHER = [
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


def ask(text: str) -> bool:
    """Asked of the place that `@` marks."""
    before, _, after = text.partition("@")
    source = before + ("import old" if after[:1] in ("", "\n") else "") + after
    lines = before.split("\n")
    return asserted(source.encode(), len(lines), len(lines[-1].encode()))


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
        assert not asserted(source, line, column)
