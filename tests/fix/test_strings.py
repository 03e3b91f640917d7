"""What `hardcut fix` makes of a string, by what the code does with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from folders import lay

from hardcut.integrations.cli.main import main

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]
importers = ["shop.plugins.load"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.legacy"
to = "shop.cart"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]
"""
FILES = {
    "cutover.toml": MANIFEST,
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "def ship(): ...\nclass Cart: ...\n",
    "src/shop/money.py": "class Money: ...\n",
    "src/shop/prices.py": "",
    "src/shop/plugins.py": "def load(name): ...\n",
}
LEFT = {
    "key": [
        'RENAMES = {"shop.legacy": "shop.cart"}',
        'RENAMES = {"shop.legacy.Cart": "x"}',
        'RENAMES = {("shop.legacy", 1): "x"}',
        'MOVED = {("shop.prices", "Money"): ("shop.money", "Money")}',
        'TABLE["shop.legacy"] = 1',
        'x = TABLE.get("shop.legacy")',
        'sys.modules.pop("shop.legacy", None)',
        'patch.dict(sys.modules, {"shop.legacy": None})',
        'monkeypatch.setitem(sys.modules, "shop.legacy", fake)',
        'HOME = "shop.legacy"\nTABLE = {HOME: 1}',
        'TABLE = dict([("shop.legacy", 1)])',
        'TABLE = OrderedDict((("shop.legacy", 1), ("x", 2)))',
    ],
    "compared": [
        'ok = module == "shop.legacy"',
        'ok = "shop.legacy" in sys.modules',
        'ok = module in ("shop.legacy", "other")',
        'ok = name.replace("shop.legacy", "x")',
        'ok = name.startswith("shop.legacy")',
        'ok = name.startswith(("shop.legacy", "other"))',
        'self.assertEqual(names, ["shop.legacy"])',
        'ok = name.removeprefix("shop.legacy")',
        'ok = re.sub("shop.legacy", "x", name)',
        'ok = fnmatch(name, "shop.legacy")',
        'assert records == [("shop.legacy", 20, "message")]',
        'self.assertEqual(name, "shop.legacy")',
        'mocked.assert_called_with("shop.legacy")',
        'match name:\n    case "shop.legacy": ...',
        'NAME = "shop.legacy"\nok = module == NAME',
        'def f(name="shop.legacy"):\n    return module == name',
        'class C:\n    home = "shop.legacy"\n    def f(self): return module == self.home',
        'for name in ["shop.legacy", "x"]:\n    ok = name == module',
        'NAMES = ("shop.legacy", "x")\nok = module in NAMES',
        'match "shop.legacy":\n    case _: ...',
        'def kind(m="shop.legacy"):\n    match m:\n        case "other": ...',
        'm = x if x else "shop.legacy"\nmatch m:\n    case "other": ...',
        'ok = "shop.legacy.buy".startswith("shop.legacy")',
        'ok = "shop.legacy.buy".split(".")[1]',
        'HOME = "shop.legacy"\nok = HOME.split(".")[1]',
        'ok = "shop.legacy.buy".replace("x", "y")',
        'ok = re.match("x", "shop.legacy")',
        'ok = re.sub("x", "y", "shop.legacy.buy")',
        'rest = NAMES - {"shop.legacy"}',
        'rest = names & {"shop.legacy", "x"}',
        'names -= {"shop.legacy"}',
        'rest = NAMES.difference({"shop.legacy"})',
        'ok = {"shop.legacy"}.issubset(names) and names.issuperset({"shop.legacy"})',
    ],
    "absence": [
        'assert not find("shop.legacy")',
        'self.assertIsNone(find("shop.legacy"))',
        'spec = importlib.util.find_spec("shop.legacy")\nassert spec is None',
        'if importlib.util.find_spec("shop.legacy"): ...',
        'self.assertFalse(find("shop.legacy"))',
        'with pytest.raises(ValueError):\n    find("shop.legacy")',
        'pytest.raises(ValueError, find, "shop.legacy")',
        'def t(self):\n    with self.assertRaises(KeyError):\n        find("shop.legacy")',
    ],
    "label": [
        '@shared_task(name="shop.legacy.ship")\ndef ship(): ...',
        '@app.task("shop.legacy.ship")\ndef ship(): ...',
        'app.send_task("shop.legacy.ship")',
        'SHIP_TASK = "shop.legacy.ship"',
        'class Settings:\n    event_prefix = "shop.legacy"',
        'SCHEDULE = {"nightly": {"task": "shop.legacy.ship", "schedule": 5}}',
        'statsd.incr("shop.legacy.ship")',
        'emit("shop.legacy.ship", data)',
        'ship = Counter("shop.legacy.ship", "shipped")',
        'x = hash("shop.legacy") == 1',
        'x = len("shop.legacy")',
        'x = uuid.uuid5(SPACE, "shop.legacy")',
    ],
    "logger": [
        'NAME = "shop.legacy"\nlog = logging.getLogger(NAME)',
        'NAME = "shop.legacy"\ncaplog.set_level("INFO", logger=NAME)',
    ],
    "test-case": ['@pytest.mark.parametrize("name", ["shop.legacy"])\ndef test(name): ...'],
    "old-name": [
        'PAIRS = [("shop.legacy", "shop.cart")]',
        'rename("shop.legacy", "shop.cart")',
        'ok = name.replace("shop.legacy", "shop.cart")',
        'rename(old="shop.legacy", new="shop.cart")',
        'APPS = ["shop.legacy", "shop.cart"]',
        'PAIRS = [(("shop.prices", "Money"), ("shop.money", "Money"))]',
        'OLD_HOME = "shop.legacy"',
        'legacy_module = "shop.legacy"',
        '{"shop.cart": "shop.legacy"}',
        'DELETED_MODULES = ("shop.legacy",)',
        'FORBIDDEN = {"shop.legacy"}',
        'MOVED = [("shop.legacy", "shop.cart"), ("a", "b")]\nprint(MOVED)',
    ],
    "caught-import": [
        'try:\n    import_module("shop.legacy")\nexcept ImportError:\n    ok = False',
        'HOME = "shop.legacy"\ntry:\n    m = import_module(HOME)\nexcept Exception:\n    m = None',
        'with contextlib.suppress(ImportError):\n    m = import_module("shop.legacy")',
    ],
    "not-defined": [
        'T = {"sell": ("shop.legacy", "sell")}',
        'T = [("shop.legacy", "sell")]',
        'load("shop.legacy", "sell")',
        '_LAZY = {"sell": "shop.legacy"}\ndef __getattr__(name): return getattr(load(_LAZY[name]), name)',
        'module = import_module("shop.legacy")\nmodule.sell()',
        'HOME = "shop.legacy"\nmodule = import_module(HOME)\nmodule.sell()',
        'import_module("shop.legacy").sell',
        'x = [import_module(n).sell for n in ("shop.legacy",)]',
        'getattr(import_module("shop.legacy"), "sell")',
        'attrgetter("sell")(import_module("shop.legacy"))',
        'class C:\n    home = "shop.legacy"\nimport_module(C.home).sell()',
        'class C:\n    def f(self): self.m = import_module("shop.legacy")\n    def g(self): self.m.sell()',
        'def get(): return import_module("shop.legacy")\nget().sell()',
        'x = __import__("shop.legacy", fromlist=["sell"])',
        'x = __import__("shop.legacy", globals(), locals(), ["ship", "sell"], 0)',
        'x = __import__("shop.legacy").legacy.ship',
        'mock.patch.multiple("shop.legacy", sell=1)',
        '@mock.patch.multiple("shop.legacy", autospec=True, ship=DEFAULT, sell=DEFAULT)\ndef f(): ...',
        'pytest.importorskip("shop.legacy").sell',
        'T = dict(sell="shop.legacy")\ndef __getattr__(name): ...',
    ],
    "message": [
        'print("shop.legacy")',
        'raise ImportError("shop.legacy")',
        'raise Gone(1, "shop.legacy")',
        'raise Gone("no", name="shop.legacy") from None',
        'assert x, "shop.legacy"',
        'log.info("shop.legacy")',
        'log.warning("no %s", "shop.legacy")',
        'log.log(10, "shop.legacy")',
        'warnings.warn("shop.legacy", DeprecationWarning)',
        'sys.exit("shop.legacy")',
        'pytest.skip("shop.legacy")',
        'click.echo("shop.legacy")',
        'error = LookupError("shop.legacy")',
        'NAME = "shop.legacy"\nprint("loading", NAME)',
    ],
    "part": [
        'HOME = "shop.legacy"\nname = f"{HOME}.ship"',
        'HOME = "shop.legacy"\nname = HOME + ".ship"',
        'HOME = "shop.legacy"\nname = "%s.ship" % HOME',
        'HOME = "shop.legacy"\nname = "%s.%s" % (HOME, "ship")',
        'HOME = "shop.legacy"\nname = "{}.ship".format(HOME)',
        'HOME = "shop.legacy"\nname = ".".join([HOME, "ship"])',
        'HOME = "shop.legacy"\nmock.patch(f"{HOME}.sell")',
        'class C:\n    home = "shop.legacy"\n    def f(self): return f"{self.home}.ship"',
        'def f(home="shop.legacy"):\n    return home + ".ship"',
        'NAME = "shop.legacy"\nNAME += ".ship"',
    ],
    "composed": [
        'TEXT = "shop.legacy."',
        'TEXT = "shop.legacy.*"',
        'TEXT = "shop.legacy:ship()"',
        'TEXT = "shop.legacy" ".ship"',
        'TEXT = f"shop.legacy.{name}"',
    ],
    "prose": ['"""shop.legacy is gone."""', "x = 1  # see shop.legacy"],
}
FIXED = {
    'mock.patch("shop.prices.Money")': 'mock.patch("shop.money.Money")',
    'importlib.import_module("shop.legacy")': 'importlib.import_module("shop.cart")',
    'importlib.import_module(name="shop.legacy")': 'importlib.import_module(name="shop.cart")',
    'from shop.plugins import load\nload("shop.legacy")': 'from shop.plugins import load\nload("shop.cart")',
    'assert import_module("shop.legacy").ship() == 1': 'assert import_module("shop.cart").ship() == 1',
    'APPS = ["shop.legacy", "other"]': 'APPS = ["shop.cart", "other"]',
    'ENTRY = "shop.legacy:ship"': 'ENTRY = "shop.cart:ship"',
    'BACKEND = {"class": "shop.legacy.Cart"}': 'BACKEND = {"class": "shop.cart.Cart"}',
    'X = importlib.util.find_spec("shop.legacy").origin': (
        'X = importlib.util.find_spec("shop.cart").origin'
    ),
    'T = OrderedDict([("backend", "shop.legacy")])': 'T = OrderedDict([("backend", "shop.cart")])',
    'T = {"ship": ("shop.legacy", "ship")}': 'T = {"ship": ("shop.cart", "ship")}',
    '_LAZY = {"ship": "shop.legacy"}\ndef __getattr__(name): ...': (
        '_LAZY = {"ship": "shop.cart"}\ndef __getattr__(name): ...'
    ),
    'X = {"backend": "shop.legacy"}': 'X = {"backend": "shop.cart"}',
    'import_module("shop.legacy", "shop")': 'import_module("shop.cart", "shop")',
    'module = import_module("shop.legacy")\nmodule.ship()': (
        'module = import_module("shop.cart")\nmodule.ship()'
    ),
    'try:\n    import_module("shop.legacy")\nfinally: ...': (
        'try:\n    import_module("shop.cart")\nfinally: ...'
    ),
    '_LAZY = {"Money": "shop.prices"}': '_LAZY = {"Money": "shop.money"}',
    'T = {"Money": ("shop.prices", "Money")}': 'T = {"Money": ("shop.money", "Money")}',
    'import_module("shop.legacy").ship()': 'import_module("shop.cart").ship()',
    'x = __import__("shop.legacy", fromlist=["ship"])': 'x = __import__("shop.cart", fromlist=["ship"])',
    'mock.patch.multiple("shop.legacy", ship=1, spec=True)': (
        'mock.patch.multiple("shop.cart", ship=1, spec=True)'
    ),
    'class C:\n    def f(self): self.m = import_module("shop.legacy")\n    def g(self): self.m.ship()': (
        'class C:\n    def f(self): self.m = import_module("shop.cart")\n    def g(self): self.m.ship()'
    ),
    'T = dict(ship="shop.legacy")\ndef __getattr__(name): ...': (
        'T = dict(ship="shop.cart")\ndef __getattr__(name): ...'
    ),
    'APPS = OTHER | {"shop.legacy"}': 'APPS = OTHER | {"shop.cart"}',
    'BACKEND = "shop.legacy.Cart"': 'BACKEND = "shop.cart.Cart"',
    'NAME = "shop.legacy"\nresolve(NAME)': 'NAME = "shop.cart"\nresolve(NAME)',
}
SILENT = [
    'assert importlib.util.find_spec("shop.legacy") is None',
    'self.assertNotIn("shop.legacy", sys.modules)',
    'LOGGER_NAME = "shop.legacy"',
]
"""No findings: a test may say that the name is gone, and a logger may keep its name."""
IMPORTS = "import importlib\nfrom importlib import import_module\n"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, set[str]]]:
    """The folder after one run over all cases, and the reasons for which each file was left."""
    root = lay(tmp_path_factory.mktemp("strings"), FILES)
    sources = [source for group in LEFT.values() for source in group] + list(FIXED) + SILENT
    lay(root, {f"src/case_{number}.py": f"{IMPORTS}{source}\n" for number, source in enumerate(sources)})
    main(["fix", "--root", str(root)])
    # What is left is reported by `check`, too, with the same reason.
    run = root / "report.json"
    main(["check", "--root", str(root), "--format", "json", "--output-file", str(run)])
    reasons: dict[str, set[str]] = {}
    for finding in json.loads(run.read_text())["findings"]:
        reasons.setdefault(finding["path"], set()).add(finding["unfixed"])
    return root, reasons


NUMBERED = [(reason, source) for reason, group in LEFT.items() for source in group]


@pytest.mark.parametrize(
    ("number", "reason", "source"), [(number, *case) for number, case in enumerate(NUMBERED)]
)
def test_data_is_left_and_reported(
    outcome: tuple[Path, dict[str, set[str]]], number: int, reason: str, source: str
) -> None:
    root, reasons = outcome
    name = f"src/case_{number}.py"
    assert (root / name).read_text() == f"{IMPORTS}{source}\n"
    assert reason in reasons[name]
    assert None not in reasons[name]


@pytest.mark.parametrize(("number", "source"), list(enumerate(FIXED, len(NUMBERED))))
def test_a_reference_is_fixed(outcome: tuple[Path, dict[str, set[str]]], number: int, source: str) -> None:
    assert (outcome[0] / f"src/case_{number}.py").read_text() == f"{IMPORTS}{FIXED[source]}\n"


@pytest.mark.parametrize(("number", "source"), list(enumerate(SILENT, len(NUMBERED) + len(FIXED))))
def test_what_may_keep_the_name_is_no_finding(
    outcome: tuple[Path, dict[str, set[str]]], number: int, source: str
) -> None:
    root, reasons = outcome
    name = f"src/case_{number}.py"
    assert (root / name).read_text() == f"{IMPORTS}{source}\n"
    assert name not in reasons
