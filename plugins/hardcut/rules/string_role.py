"""What a string or text that names something is: decided once, for severity, message and fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from enum import Enum

from hardcut.source.facts import Context, StringUse, Text

LOGGERS = frozenset(
    {
        "getLogger",
        "get_logger",
        "getlogger",
        "getChild",
        "get_tracer",
        "get_meter",
        "bind_logger",
        "Logger",
        "create_logger",
        "setup_logger",
        "get_task_logger",
    }
)
"""Last names of functions whose string argument is a label that merely looks like a module."""
LOGGER_ARGUMENTS = frozenset({"logger", "logger_name", "tracer_name"})
LOGGER_NAMES = re.compile(r"(?:^|_)(?:logger|tracer)(?:_?names?|s)?(?:_|$)", re.I)
"""Names of constants that hold names of loggers: `RESERVED_LOGGER_NAMES = {"shop.legacy"}`."""
PROSE_LANGUAGES = frozenset({"markdown", "rst", "text"})


class StringRole(Enum):
    """What a string or a text is. Only what is a reference is ever edited."""

    IMPORT = "import"
    """An import function is given it."""
    REFERENCE = "reference"
    """Something resolves it: a patch target, an entry point, a setting. Also what is not known better."""
    EXPORT = "export"
    """An entry of `__all__`."""
    LOGGER = "logger"
    """A logger's, tracer's or meter's name: nothing resolves it."""
    LABEL = "label"
    """A name of its own that is pinned: a task, an event, a metric."""
    KEY = "key"
    """A key of a table, or what is looked up in one."""
    COMPARED = "compared"
    """What another value is compared with, or what is searched for in one."""
    ABSENCE = "absence"
    """Part of a test or condition about whether the name is gone."""
    TEST_CASE = "test case"
    """A case of a parametrized test."""
    OLD_NAME = "old name"
    """An old name on purpose: its new name is beside it, or it is bound to a name that says so."""
    MESSAGE = "message"
    """Words for people: what is printed, logged, warned of or raised."""
    COMMENT = "comment"
    DOCSTRING = "docstring"
    PROSE = "prose"
    """Words of a document, or of a comment in a text file."""
    TEXT = "text"
    """Anything else in a text file."""

    @property
    def is_prose(self) -> bool:
        """Whether people read it, and no program."""
        return self in (StringRole.COMMENT, StringRole.DOCSTRING, StringRole.PROSE)

    @property
    def is_reference(self) -> bool:
        """Whether a program resolves it, so that it has to name what is there now."""
        return self in (StringRole.IMPORT, StringRole.REFERENCE, StringRole.EXPORT)


_ABSENCE = frozenset({Context.NEGATED, Context.EXPECTED_FAILURE, Context.SOUGHT})
ANY = frozenset({"*"})
_FIRST = frozenset({"0"})
COMPARING: Mapping[str, Collection[str]] = {
    # Methods of strings, and functions that look for a text in another.
    **dict.fromkeys(("startswith", "endswith", "removeprefix", "removesuffix", "find", "rfind"), _FIRST),
    **dict.fromkeys(("index", "rindex", "count", "split", "rsplit", "partition", "rpartition"), _FIRST),
    **dict.fromkeys(("strip", "lstrip", "rstrip"), _FIRST),
    **dict.fromkeys(("match", "fullmatch", "search", "compile", "escape"), ANY),
    "replace": frozenset({"0", "old"}),
    "sub": ANY,
    "subn": ANY,
    **dict.fromkeys(("fnmatch", "fnmatchcase", "findall", "finditer"), ANY),
    # operator, unittest and unittest.mock.
    # Methods of sets, but for those that add to one.
    **dict.fromkeys(("difference", "difference_update", "intersection", "intersection_update"), ANY),
    **dict.fromkeys(("symmetric_difference", "issubset", "issuperset", "isdisjoint"), ANY),
    **dict.fromkeys(("eq", "ne", "contains", "is_", "is_not"), ANY),
    **dict.fromkeys(("assertEqual", "assertIn", "assertIs", "assertCountEqual", "assertListEqual"), ANY),
    **dict.fromkeys(("assertDictEqual", "assertTupleEqual", "assertSetEqual", "assertRegex"), ANY),
    **dict.fromkeys(("assert_called_with", "assert_called_once_with", "assert_any_call", "call"), ANY),
}
"""Last names of functions that compare an argument: its positions or keywords, `*` for each."""
LOOKING_UP: Mapping[str, Collection[str]] = {
    # Methods of dictionaries and sets; pytest's monkeypatch takes the dictionary first.
    **dict.fromkeys(("get", "pop", "setdefault", "discard", "remove", "__getitem__"), _FIRST),
    **dict.fromkeys(("setitem", "delitem"), frozenset({"1", "name"})),
}
LOGGING: Mapping[str, Collection[str]] = {
    # unittest, pytest's caplog, and logging itself.
    **dict.fromkeys(("assertLogs", "assertNoLogs", "LogRecord"), _FIRST),
    **dict.fromkeys(("at_level", "set_level"), frozenset({"1"})),
    "makeLogRecord": ANY,
}
"""Last names of functions that are given the name of a logger among other things."""
LABELLING: Mapping[str, Collection[str]] = {
    # Celery and other task queues: tasks are registered and sent by a name that is pinned.
    **dict.fromkeys(("task", "shared_task", "periodic_task", "actor", "job"), _FIRST),
    **dict.fromkeys(("send_task", "signature", "register_task", "revoke"), _FIRST),
    # Events, metrics and traces.
    **dict.fromkeys(("emit", "publish", "subscribe", "event", "dispatch_event"), _FIRST),
    **dict.fromkeys(("incr", "decr", "gauge", "timing", "timer", "histogram", "increment"), _FIRST),
    **dict.fromkeys(("Counter", "Gauge", "Histogram", "Summary"), _FIRST),
    **dict.fromkeys(("start_span", "start_as_current_span"), _FIRST),
    # Digests and sizes of a text.
    **dict.fromkeys(("len", "hash", "uuid3", "uuid5", "md5", "sha1", "sha256", "blake2b", "crc32"), ANY),
    # Names that a type or a permission is known by.
    **dict.fromkeys(("TypeVar", "NewType", "ParamSpec", "namedtuple", "NamedTuple", "TypedDict"), _FIRST),
    **dict.fromkeys(("has_perm", "permission_required", "has_permission"), _FIRST),
    **dict.fromkeys(("gettext", "ngettext", "gettext_lazy", "_"), _FIRST),
}
MESSAGES = frozenset(
    {"print", "pprint", "echo", "secho", "write", "writelines", "fail", "skip", "xfail", "exit", "abort"}
    | {
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "critical",
        "fatal",
        "exception",
        "log",
        "notice",
        "success",
    }
    | {"warn_explicit", "perror", "die", "usage", "add_note"}
)
"""Last names of functions whose arguments are words for people."""
FAILURES = re.compile(r"(?:Error|Exception|Warning|Exit|Failure|Failed|Skipped|Interrupt)\Z")
"""Last names of exceptions, whose arguments are words for people."""
LABELS = frozenset(
    {"name", "task", "task_name", "actor_name", "job_name", "queue", "queue_name", "routing_key", "label"}
    | {"event", "event_name", "event_type", "topic", "metric", "metric_name", "span_name", "signal_name"}
    | {"id", "key", "tag", "category", "namespace", "permission", "codename", "title", "description"}
)
"""Keyword arguments, and keys of dictionaries, whose value is a name of its own."""
OLD = re.compile(
    r"(?:^|_)(?:old|legacy|former|previous|deprecated|obsolete|superseded|outdated|stale|retired|dropped"
    r"|deleted|removed|renamed|gone|dead|absent|missing|forbidden|banned|disallowed|denied|blocked|denylist"
    r"|blocklist|blacklist)(?:_|$)",
    re.I,
)
"""Names of constants that hold an old name on purpose: `OLD_MODULE = "shop.legacy"`."""

LABEL_NAMES = re.compile(
    r"(?:^|_)(?:logger|log|task|event|topic|metric|queue|channel|signal|key|label|tag|prefix|permission)s?(?:_|$)",
    re.I,
)
"""Names of constants that hold a name of its own, for other files to use: `LOGGER_NAME = "shop.legacy"`."""


def is_logger(text: Text, loggers: Collection[str]) -> bool:
    """Whether a string is provably a label (a logger's name), not a module."""
    if text.role == "logger" or _names_logger(text.callee, text.argument, loggers):
        return True
    return any(
        Context.LOGGER in use.contexts or (use.name is not None and LOGGER_NAMES.search(use.name))
        for use in text.uses
    )


def role_of(
    text: Text,
    language: str,
    loggers: Collection[str],
    is_imported: Callable[[Text], bool],
    renamed: Callable[[str], Collection[str]],
) -> StringRole:
    """The role of a string or text.

    `loggers` are last names of functions that are given a logger's name; `is_imported` tells whether an
    import function is given the string; `renamed` gives the new names of a dotted path.
    """
    if text.kind != "string":
        return _of_text(text, language)
    if is_logger(text, loggers) or any(_names_logger(use.callee, use.argument, loggers) for use in text.uses):
        return StringRole.LOGGER
    for use in text.uses:
        role = _by_context(text, use)
        if role is not None:
            return role
    if _is_old_name(text, renamed):
        return StringRole.OLD_NAME
    for use in text.uses:
        role = _by_table(text, use)
        if role is not None:
            return role
    if text.role == "all":
        return StringRole.EXPORT
    return StringRole.IMPORT if is_imported(text) else StringRole.REFERENCE


def _of_text(text: Text, language: str) -> StringRole:
    if text.kind == "comment":
        return StringRole.COMMENT
    if text.kind == "docstring":
        return StringRole.DOCSTRING
    prose = language in PROSE_LANGUAGES or text.role in ("comment", "prose")
    return StringRole.PROSE if prose else StringRole.TEXT


def _names_logger(callee: str | None, argument: str | None, loggers: Collection[str]) -> bool:
    """Whether an argument of a call is the name of a logger."""
    if argument in LOGGER_ARGUMENTS:
        return True
    if callee is None:
        return False
    name = _last(callee)
    positions = LOGGING.get(name, ())
    return name in loggers or argument in positions or "*" in positions


def _by_context(text: Text, use: StringUse) -> StringRole | None:
    contexts = use.contexts
    if not _ABSENCE.isdisjoint(contexts):
        return StringRole.ABSENCE
    if Context.COMPARED in contexts:
        return StringRole.COMPARED
    # A lazy table maps a name to its home: `{"Money": "shop.prices"}`. That key is a reference.
    if Context.KEY in contexts and text.role != "key":
        return StringRole.KEY
    if Context.KEY in contexts and not (text.pair is not None and (text.value or "").isidentifier()):
        return StringRole.KEY
    return StringRole.TEST_CASE if Context.PARAMETRIZED in contexts else None


def _by_table(text: Text, use: StringUse) -> StringRole | None:
    if text.sinks:
        return None
    if Context.RAISED in use.contexts:
        return StringRole.MESSAGE
    if use.key in LABELS or use.argument in LABELS:
        return StringRole.LABEL
    if use.name is not None and LABEL_NAMES.search(use.name):
        return StringRole.LABEL
    if use.callee is None or use.argument is None:
        return None
    name = _last(use.callee)
    if name in MESSAGES or FAILURES.search(name):
        return StringRole.MESSAGE
    for table, role in (
        (COMPARING, StringRole.COMPARED),
        (LOOKING_UP, StringRole.KEY),
        (LABELLING, StringRole.LABEL),
    ):
        positions = table.get(name, ())
        if use.argument in positions or "*" in positions:
            return role
    return None


def _is_old_name(text: Text, renamed: Callable[[str], Collection[str]]) -> bool:
    if any(use.name is not None and OLD.search(use.name) for use in text.uses):
        return True
    beside = {other.replace(":", ".") for use in text.uses for other in use.beside}
    path = (text.pair or text.value or "").lstrip(".").replace(":", ".")
    return bool(beside) and not beside.isdisjoint(renamed(path))


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]
