"""Which files a waiver holds for, and which rules none holds for."""

from __future__ import annotations

from hardcut.plan.model import Ignore, Waiver
from hardcut.source.globs import Globs, globs

UNWAIVED = {
    "CUT901": "remove the comment, or give the finding that it silences a waiver",
    "CUT902": "fix what the waiver suppressed and remove it, or give it a later end",
    "CUT903": "remove the waiver",
    "CUT905": "correct the name; if the entry is right and may match nothing, give it `allow_unmatched` "
    "with a reason",
    "CUT908": "take the change back, or record it as `[[weakened]]` with a reason",
}
"""The rules that no waiver suppresses, each with what to do instead.

A change that weakens the plan could add a waiver for itself. An entry that matches nothing would be green
for ever once its wave has landed.
"""


def files_of(waiver: Waiver | Ignore) -> Globs:
    """The path as a glob that starts at the root; a folder's covers all below it."""
    return globs((f"/{waiver.path.removeprefix('./')}",))
