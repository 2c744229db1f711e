"""Whether the CODEOWNERS of a tree could be followed once it has landed: every line, and every owner that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.approvals.codeowners import MOST_FAULTS, load_codeowners
from changegate.approvals.owner_people import people_of
from changegate.approvals.ownership import all_owners
from changegate.change.would_load import LoadFault
from changegate.errors import ConfigurationError
from changegate.policy.control import locate
from changegate.policy.settings import FILE, Config
from changegate.policy.teams import Teams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.approvals.codeowners import OwnersFile
    from changegate.workspace.tree import Tree


def unowned(tree: Tree, repository: str) -> Iterator[LoadFault]:
    """Find what nobody could follow of the CODEOWNERS that a tree's settings ask for.

    Args:
        tree: Its settings and teams; where one of them does not load, `would_load.faults` says so.
        repository: Its name on the host, as the run knows it.
    """
    try:
        config, teams = Config.load(tree), Teams.load(tree)
    except ConfigurationError:
        return
    asked = config.settings["owners"]
    if not asked["requiredFor"]:
        return
    found = load_codeowners(tree, asked["codeowners"])
    if found.problem:
        place = locate(tree, FILE.rpartition("/")[2], ("settings", "owners")) or (None, None)
        message = f"the code owners have to approve, and of CODEOWNERS: {found.problem}"
        yield LoadFault(FILE, message, "add it in the same change, or ask for no code owners", *place)
    for one in found.said.faults:
        yield LoadFault(found.path, one.message, one.hint, one.line, 1)
    yield from _nobody(found, teams, repository or config.repository)


def _nobody(found: OwnersFile, teams: Teams, repository: str) -> Iterator[LoadFault]:
    """Owners of whom nobody can tell who they are: what they own could never be approved."""
    told = (
        (line, people_of(owner, teams, repository).problem) for owner, line in all_owners(found.said.entries).items()
    )
    unknown = [(line, problem) for line, problem in told if problem]
    for line, problem in unknown[:MOST_FAULTS]:
        message, _, hint = problem.partition(": ")
        yield LoadFault(found.path, message, hint or "give it members there", line, 1)
