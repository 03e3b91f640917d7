"""What the words of text files are."""

from __future__ import annotations

import pytest

from hardcut.source.textfiles import text_facts

WORDS = frozenset({"old", "pkg.old", "gone_name"})


def roles(text: str, language: str, path: str = "a") -> dict[int, str]:
    found, _ = text_facts(path, text, language, WORDS)
    return {fact.span.line: fact.role for fact in found}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "shell",
            "#!/old\nold # old\n  # old\necho '# old'\necho \"#\" # old\nx#old\n",
            "comment code comment code comment code",
        ),
        ("make", "old:\n# old\n\told # x\n", "code comment code"),
        ("dockerfile", "# old\nRUN old # old\n", "comment code"),
        ("requirements", "old==1  # x\n# old\nx  # old\n", "value comment comment"),
        ("codeowners", "# old\nsrc/old @me\n", "comment value"),
        ("cython", "from pkg.old import x\n# old\n", "code comment"),
        (
            "rust",
            '// old\n/// old\nlet a = "// old";\n/* x\nold */ old\n'
            'import("old") // x\nlet c = \'"\'; // old\n"a\n// old"\n',
            "comment comment code code code comment code",
        ),
        ("ci", '// old\nimport old\n/* old\nold */\n"//" + old\n', "comment code comment comment code"),
        ("text", "old\n# old\n", "prose prose"),
        ("ini", "# old\n; old\n[old]\nold = 1\nx = old ; y\n", "comment comment value key value"),
        ("json", '{"old": 1,\n"a": "old",\n// old\n"x": ["old"], "old" : 1}', "key value comment value"),
        (
            "yaml",
            "# old\nold: 1\na: old # x\nb: x # old\nc: '# old'\n- old\n- old: 1\nd: don't # old\n",
            "comment key value comment value value key comment",
        ),
        (
            "toml",
            '# old\nold = 1\na = "old # x"\nb = 1 # old\nc = """\n# old\n"""\nd = \'#\' # old\n[old]\n',
            "comment key value comment value comment value",
        ),
        (
            "markdown",
            "old\n```sh\nold\n~~~\n````\nold\n> ~~~\n> old\n> ~~~\n<!-- old\nold -->\n"
            "- ```\n  old\n  ```\n    old\n```\nold",
            "prose code prose code comment comment code prose code",
        ),
        ("markdown", "<!-- old\n", "prose"),
        ("markdown", "```a`b\nold\n", "prose"),
        (
            "rst",
            "old::\n\n  old\n\nold\n\n.. old\n   old\n\nold\n\n"
            ".. code-block:: python\n\n   old\n.. note:: old\n   old\n.. _old: x\n",
            "prose code prose comment comment prose code prose prose",
        ),
    ],
)
def test_roles(language: str, text: str, expected: str) -> None:
    assert " ".join(roles(text, language).values()) == expected


def test_the_ci_file_of_gitlab_is_yaml() -> None:
    assert roles("a: '//' # old\nold: 1\n", "ci", ".gitlab-ci.yml") == {1: "comment", 2: "key"}
    assert roles("a // old\n", "ci", "sub/Jenkinsfile") == {1: "comment"}


LOGGERS = {
    "ini": """\
[loggers]
keys=root,old
[logger_pkg.old]
qualname=pkg.old
level=INFO
class=pkg.old.Handler
[handlers]
keys=old
""",
    "yaml": """\
logging:
  loggers:
    # old
    pkg.old:
      class: pkg.old.Handler
      old: 1
    "pkg.old.x": {level: INFO, x: old}
    gone_name: # old
  root: old
  pkg.old: 1
loggers: {pkg.old: {level: old}}
- loggers:
    old: 1
    x: old
x_loggers:
  old: 1
""",
    "json": """\
{"loggers": {
  "pkg.old": {
    "class": "pkg.old.Handler"},
  "x": {"old": 1},
  "old": {}},
 "old": 1,
 "loggers": "old"}
""",
    "toml": """\
[logging.loggers."pkg.old"]
handlers = ["old"]
[a.loggers]
"pkg.old" = { old = 1 }
x = "old"
[b]
loggers."old".level = "old"
loggers = { "old" = { x = 1 } }
x.loggers = { y = "old" }
my-loggers."old".x = 1
[c.my-loggers.old]
old = 1
""",
}
EXPECTED = {
    "ini": {2: "logger", 3: "logger", 4: "logger", 6: "value", 8: "value"},
    "yaml": {
        3: "comment",
        4: "logger",
        5: "value",
        6: "key",
        7: "value",
        8: "logger",
        9: "value",
        10: "key",
        11: "value",
        13: "logger",
        14: "value",
        16: "key",
    },
    "json": {2: "logger", 3: "value", 4: "key", 5: "logger", 6: "key", 7: "value"},
    "toml": {
        1: "logger",
        2: "value",
        4: "value",
        5: "value",
        7: "value",
        8: "logger",
        9: "value",
        10: "key",
        11: "value",
        12: "key",
    },
}


@pytest.mark.parametrize("language", sorted(LOGGERS))
def test_provable_names_of_loggers(language: str) -> None:
    assert roles(LOGGERS[language], language) == EXPECTED[language]
