"""The interface of what is collected of a change, in the shape of all evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.changeset import Others
from changegate.evidence import gather
from changegate.evidence.collector import PlanStart
from changegate.policy.signers import Signers
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from changegate.approvals.reviews import Reviews
    from changegate.change.changeset import ChangeSet
    from changegate.change.kindred import Kindred
    from changegate.change.past import Past
    from changegate.change.tagged import TaggedReleases
    from changegate.manifest import Broken, Manifest
    from changegate.policy.catalogue import Catalogue
    from changegate.policy.settings import Config
    from changegate.policy.teams import Teams
    from changegate.workspace.scope import Scope


NO_ANSWERS = {"status": "absent", "reason": "no own policy is asked"}


class ChangeRequest(NamedTuple):
    """What a collector of a change may look at."""

    scope: Scope
    """The base and the head."""
    config: Config
    """The base's configuration: globs, and the pattern of release tags."""
    change: ChangeSet
    reviews: Reviews
    """The approvals that CI handed in, or the reason why there are none; as far as they are of the control files."""
    of_releases: Reviews
    """The same, as far as they are of the releases of the change."""
    teams: Teams
    """Teams and roles, as the base has them."""
    tagged: Callable[[], TaggedReleases]
    """The releases at tags, made when they are first asked for."""
    rules: Catalogue
    """The rules that there are."""
    past: Callable[[], Past]
    """The releases that the base's history has, made when they are first asked for."""
    kindred: Callable[[], Kindred]
    """The releases of the change and around it, sorted by what they may share; made when they are first asked for."""
    policy_tests: Callable[[], Mapping[str, Any]]
    """What the tests of own policies would come to after the merge; they are run when it is asked."""
    policy_answers: Callable[[], Mapping[str, Any]] = lambda: NO_ANSWERS
    """Whether own policies would answer after the merge; they are asked when it is asked."""
    policies: tuple[Path, ...] = ()
    """Own policies that the command line names."""
    has_server: bool = False
    """Whether it names an OPA server."""
    manifest: Manifest | Broken | None = None
    """The release or the retirement that is asked about; None for the change set."""
    others: Others = Others()
    """What `--all` found beside the change; for the change set."""
    signers: Signers = Signers()
    """Whose signatures count, as the base has it."""


class Origin(NamedTuple):
    """Where a release or a retirement comes from."""

    previous: Mapping[str, Any]
    """`input.previous`: a status; with it the previous release, or a reason."""
    facts: Mapping[str, Any]
    """Sections of `input.facts`."""
    plan_start: Callable[[], PlanStart] = PlanStart
    """Where the previous release's change plan began; it is looked for when it is asked."""


def origin(request: ChangeRequest, registry: Mapping[str, str]) -> Origin:
    """Find where a release or a retirement comes from.

    Args:
        request: With the manifest in question.
        registry: The sections of its kind; one of them, since what it says is there is the previous release.
    """
    evidence, facts = gather(request, registry)
    (previous,) = evidence.values()
    if "changePlan" not in previous.get("release", {}).get("spec", {}):
        return Origin(previous, facts)
    from changegate.change.plan_start import find_plan_start

    return Origin(previous, facts, lambda: find_plan_start(request, previous))
