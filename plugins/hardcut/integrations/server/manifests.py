"""What is wrong with a manifest that is open in an editor, as it stands there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from hardcut.integrations.server.documents import Opened
from hardcut.plan.discover import MANIFEST
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import Problem
from hardcut.plan.load import load_text


def is_manifest(document: Opened) -> bool:
    """Whether a document is a plan, or is meant to be one."""
    if PurePosixPath(document.path).name == MANIFEST:
        return True
    return document.path in {one.path for one in document.project.plans}


def complaints(document: Opened) -> list[Problem]:
    """Why the manifest cannot be used as it stands in the editor; nothing for other files."""
    project = document.project
    found = [] if document.dirty else [one for one in project.problems if one.path == document.path]
    if not is_manifest(document):
        return found
    file = Path(project.root, document.path)
    try:
        load_text(file, Path(project.root), document.text.encode("utf-8", "surrogatepass"))
    except ManifestError as error:
        found = list(dict.fromkeys([*found, *error.problems]))
    return found
