"""The manifest that `hardcut init` writes.

A line that starts with `# ` is prose; one that starts with `#` alone is TOML to be taken in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

STARTER = """\
# The plan of a cutover: which modules are deleted, which names move, what must not come back.
# `hardcut check` checks the code against it. A line that starts with # and no space is an example:
# remove the # and put your own names in. All keys: `hardcut explain --all`.

[plan]
name = @name@
# Import roots: the folders that contain the top-level modules and packages.
source = @source@
# Files and folders to check: code, tests, scripts, docs, configuration.
check = ["."]
# Not checked: copies of other projects, and changelogs, which name deleted modules on purpose.
@exclude@
# How references in text, comments and docstrings count: "error", "warning" or "off".
#text_references = "warning"

# A wave is one step of the plan. Its state decides what its findings mean:
#   planned  findings are counted
#   active   new findings are errors, older ones are counted
#   landed   all findings are errors
[[wave]]
id = "0"
title = "The first step"
state = "planned"

# Modules and packages that are deleted, with everything below them. What an entry names has to
# exist now or in git's history, unless the entry has allow_unmatched = "reason".
#[[wave.delete]]
#module = "package.old"
#to = "package.new"
#reason = "replaced by package.new"

# Names that are removed from a module that stays; a member of a class is "Class.member".
#[[wave.remove]]
#module = "package.tools"
#symbols = ["old_function", "Session.old_method"]

# Names and files that have to survive.
#[[wave.keep]]
#module = "package.tools"
#symbols = ["good_function"]
#[[wave.keep]]
#files = ["README.md"]

# Names that move to another module; without "symbols", the whole module, which is then deleted.
#[[wave.move]]
#from = "package.tools"
#to = "package.helpers"
#symbols = ["moved_function"]

# One module that may be used; the banned ones must not be used in any way.
#[[wave.surface]]
#only = "extension"
#banned = ["extension_internal"]
#within = ["package"]

# Imports and calls whose failure has to reach the caller.
#[[wave.fail_fast]]
#guard = ["extension"]
#within = ["package"]

# Packages whose __init__ re-exports nothing.
#[[wave.no_shims]]
#packages = ["package.helpers"]

# How many lines a file may have; "min_lines" detects a split that moved nothing.
#[[wave.ceiling]]
#path = "package/tools.py"
#max_lines = 400

# Files and folders that must not exist.
#[[wave.absent]]
#paths = ["tests/test_old.py"]

# The gates below are for a move into native code and for what goes with a release.

# A function that only marshals; the native side does the work.
#[[wave.delegate]]
#function = "package.tools.compute"
#to = "extension"

# No Python implementation of what the native side owns.
#[[wave.native]]
#what = "kernels"
#within = ["package.kernels"]

# Names that the native module must export; checked on request only.
#[[wave.entrypoint]]
#module = "extension"
#names = ["compute"]

# What a module's docstring must state.
#[[wave.document]]
#module = "package.helpers"
#must_mention = ["extension"]

# Lines removed since a revision.
#[[wave.shrink]]
#paths = ["package"]
#at_least = 300
#since = "v1.0"

# One version in several files.
#[[wave.align]]
#name = "extension"
#in = ["pyproject.toml", "rust/Cargo.toml"]
#to = "minor"

# A result that may not be worse than its baseline.
#[[wave.benchmark]]
#result = "benchmarks/new.json"
#baseline = "benchmarks/old.json"
#tolerance = "5%"

# A configuration snapshot kept beside the benchmark.
#[[wave.snapshot]]
#file = "benchmarks/new.settings.csv"
#of = "extension"

# Commands that must succeed; run on request only.
#[[wave.quality]]
#commands = ["python -m pytest -q"]

# The next step; it can land after wave 0.
#[[wave]]
#id = "1"
#title = "The second step"
#requires = ["0"]

# Findings that are suppressed until a wave lands, or until a day.
#[[waiver]]
#rule = "deleted-module-in-text"
#path = "docs/history.md"
#reason = "the history names deleted modules"
#until = "wave 0"

# A deleted module that comes back on purpose.
#[[revive]]
#module = "package.old"
#reason = "another team needs it for one more release"

# A record of a change that weakens the plan; `hardcut check` prints the lines to add.
#[[weakened]]
#wave = "0"
#entry = "remove package.module"
#key = "symbols"
#was = ["old_name"]
#reason = "a customer still needs it; see the issue tracker"
"""
"""The starter's text; `@name@`, `@source@` and `@exclude@` stand for what is known of the project."""
NOTHING = '#exclude = ["vendor/**"]'


def starter(name: str, sources: Sequence[str] = (".",), exclude: Sequence[str] = ()) -> str:
    """A commented manifest that loads as it is, for a plan's name, import roots and paths to leave out."""
    left_out = f"exclude = {toml_strings(exclude)}" if exclude else NOTHING
    text = STARTER.replace("@source@", toml_strings(sources)).replace("@exclude@", left_out)
    return text.replace("@name@", toml_string(name))


def toml_strings(texts: Sequence[str]) -> str:
    """Texts as a TOML array."""
    return f"[{', '.join(map(toml_string, texts))}]"


def toml_string(text: str) -> str:
    """A text as a TOML string."""
    clean = text.encode("utf-8", "replace").decode()
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
