"""Commands of a manifest as words: no shell reads them."""

from __future__ import annotations

from typing import NamedTuple

OPERATORS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "<<", "2>", "2>&1", "&>"})


class Command(NamedTuple):
    """What to start; `finds_nothing` asks for exit code 1, as of a search that finds nothing."""

    words: list[str]
    finds_nothing: bool = False


def words_of(text: str) -> Command:
    """The words of a command, as a shell would split them; after `!` comes one that has to find nothing.

    Raises ValueError where it cannot be split, or holds what only a shell understands.
    """
    import shlex

    bare = text.strip()
    nothing = bare == "!" or bare.startswith("! ")
    bare = bare[1:] if nothing else bare
    try:
        words = shlex.split(bare)
        written = shlex.split(bare, posix=False)
    except ValueError as wrong:
        raise ValueError(f"cannot be split into words: {str(wrong).lower()}") from None
    for word in written:
        if word in OPERATORS or (word.endswith(";") and not word.endswith("\\;")):
            raise ValueError(
                f"{word} is for a shell, and there is none: write several commands, or sh -c '...'"
            )
    if not words or not words[0] or "\0" in bare:
        raise ValueError("names no program")
    return Command(words, nothing)
