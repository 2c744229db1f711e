"""CODEOWNERS: whom a file of the host's form names for which paths, as that host reads it.

A host's form is one file beside this one and a line in `DIALECTS`. What a host leaves out in silence is a fault here,
on its line: an approval that somebody meant to ask for would be missing, and nobody would know.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from changegate.approvals.ownership import Codeowners, OwnersFault
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.approvals.ownership import Dialect
    from changegate.workspace.tree import Tree

DIALECTS = {
    "github": "changegate.approvals.codeowners_github:GITHUB",
    "gitlab": "changegate.approvals.codeowners_gitlab:GITLAB",
}
"""Name in the settings -> the form of a host."""

MAXIMUM_BYTES = 3_000_000
"""GitHub loads no file of more."""
MOST_FAULTS = 50


class OwnersFile(NamedTuple):
    """The file of a tree."""

    path: str
    """Where it stands; empty where there is none."""
    said: Codeowners = Codeowners()
    problem: str = ""
    """Why it cannot be read at all; empty where it can."""


def dialect(host: str) -> Dialect:
    """The form of a host; see `DIALECTS`."""
    module, _, name = DIALECTS[host].partition(":")
    found: Dialect = getattr(import_module(module), name)
    return found


def load_codeowners(tree: Tree | None, host: str) -> OwnersFile:
    """Read the CODEOWNERS of a tree, as a host finds and reads it.

    Args:
        tree: The base, or what would land.
        host: A name in `DIALECTS`.
    """
    form = dialect(host)
    for path in form.places if tree is not None else ():
        read = tree.read(path, MAXIMUM_BYTES)  # type: ignore[union-attr]
        if read.problem == "missing":
            continue
        if read.data is None:
            return OwnersFile(path, problem=f"it cannot be read ({read.problem})")
        return _parsed(path, read.data, form)
    return OwnersFile("", problem=f"there is none at {', '.join(form.places)}")


def _parsed(path: str, data: bytes, form: Dialect) -> OwnersFile:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return OwnersFile(path, problem=f"it is no UTF-8 at byte {error.start}")
    said = form.parse(text.removeprefix("\ufeff"))
    if text.startswith("\ufeff"):
        mark = OwnersFault(1, "it begins with a byte-order mark", "save it as UTF-8 without one")
        said = said._replace(faults=(mark, *said.faults))
    return OwnersFile(path, said._replace(faults=said.faults[:MOST_FAULTS]))
