"""The interface of an evidence module: it establishes facts, and never says whether they are good enough.

A collector reads, parses, verifies, counts and computes intervals; it reports what it found, including "I could not
tell, because …". It compares nothing with a threshold: that is a policy's part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from changegate.policy.signers import Signers
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.approvals.reviews import Reviews
    from changegate.evidence.files import EvidenceFiles
    from changegate.policy.teams import Teams
    from changegate.policy.waivers import Waiver
    from changegate.workspace.tree import Tree


class PlanStart(NamedTuple):
    """The release at which a change plan was agreed to, or why nobody can tell."""

    release: Mapping[str, Any] | None = None
    file: str = ""
    """Where its manifest was."""
    tree: Tree | None = None
    """The tree that had it, with its reports."""
    reason: str = "the history of the trusted branch is not at hand"
    """Why it is not known; says nothing where it is."""


class EvidenceRequest(NamedTuple):
    """What a collector may look at. Everything comes from git objects, or from files that CI handed in."""

    release: Mapping[str, Any]
    """The manifest of this release, valid against the schema (for a retirement: the one that is deleted)."""
    previous: Mapping[str, Any] | None
    """The manifest of the previous release of the same identity, or None."""
    files: EvidenceFiles
    """Files at the head and at the base, and the folder of evidence that CI handed in."""
    reviews: Reviews
    """The approvals that CI handed in, or the reason why there are none."""
    teams: Teams
    """Teams and roles, as the base has them."""
    now: int
    """Seconds since the epoch, UTC; the only clock."""
    inventory: Mapping[str, Any] = {}
    """What the base's configuration says of this model (its least risk tier), or nothing."""
    settings: Mapping[str, Any] = {}
    """The base's settings: parameters of a computation (a test's power), never a threshold to compare with."""
    signers: Signers = Signers()
    """Whose signatures count, as the base has it."""
    follow_ups: tuple[tuple[int, Waiver], ...] = ()
    """The waivers of incidents whose follow-up is open at the base, of this model, each with its place in the file."""
    plan_start: Callable[[], PlanStart] = PlanStart
    """The release at which the previous release's change plan was agreed to; it is looked for when it is asked."""


class Section(NamedTuple):
    """What a collector found: its part of `input.evidence` and of `input.facts`. JSON values only.

    Neither holds None, NaN or a number as a string. What could not be had is said with a status: `present`, `absent`,
    `invalid` or `unavailable`, and unless present, a reason.
    """

    evidence: Mapping[str, Any]
    facts: Mapping[str, Any] = {}


Asked_contra = TypeVar("Asked_contra", contravariant=True)
"""What a collector may look at: an `EvidenceRequest`, or the change room's own."""


class Collector(Protocol[Asked_contra]):
    """A function that makes one section; its key in the registry is its name in the input document."""

    def __call__(self, request: Asked_contra) -> Section:
        """Establish the facts. Raises nothing for a fault of the input: that is a status."""
        ...


def absent(reason: str) -> dict[str, str]:
    """Say that the evidence is not there: the manifest names none."""
    return {"status": "absent", "reason": reason}


def invalid(reason: str, **more: Any) -> dict[str, Any]:
    """Say that the evidence is there and cannot be right: unreadable, wrong digest, from the future."""
    return {"status": "invalid", "reason": reason, **more}


def unavailable(reason: str) -> dict[str, str]:
    """Say that nobody can tell from here: a remote file, an approval source that was not handed in."""
    return {"status": "unavailable", "reason": reason}


def present(**values: Any) -> dict[str, Any]:
    """Say that the evidence was read, with what was found in it."""
    return {"status": "present", **values}
