"""How commits came onto a branch, as a host tells it: through which request, and what the gate's status was then."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from changegate.approvals.host import inside
from changegate.manifest.moments import moment
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from changegate.net.client import ApiClient


class MergeWay(StrEnum):
    """How a commit came onto the branch; all but the first are past the gate, or nobody knows."""

    THROUGH = "through"
    """It was merged through a request, and the status was success then."""
    DIRECT_PUSH = "direct-push"
    """No request of this branch was merged with it."""
    NO_STATUS = "status-missing"
    """It was merged through a request that had no such status then."""
    NOT_SUCCESS = "status-not-success"
    """It was merged through a request while the status was another."""
    BYPASSED = "bypassed"
    """Somebody who may went past the rules of the branch."""
    UNKNOWN = "not-on-host"
    """The host does not know the commit."""


class HowMerged(NamedTuple):
    """What a host tells of one commit."""

    way: MergeWay
    request: int | None = None
    """The number of the request."""
    status: str = ""
    """What the gate's status was when it was merged."""
    who: str = ""
    """Who merged it, or pushed it past the rules."""


class HostedBranch(NamedTuple):
    """Of which branch a host is asked."""

    repository: str
    """As the host calls it: `owner/name`, or with all groups."""
    status: str
    """The name of the gate's status."""
    environ: Mapping[str, str]
    """The process environment: the API's address and the token."""
    api: str = ""
    """The API's address, where it is not the environment's."""
    branch: str = ""
    """Its name; empty for the host's default one."""


class Merges(NamedTuple):
    """What a host tells of some commits."""

    told: Mapping[str, HowMerged]
    """Commit -> how it came."""
    notes: tuple[str, ...] = ()
    """What it does not tell."""


class MergeHost(Protocol):
    """A host that is asked how commits came."""

    def __call__(self, wanted: HostedBranch, commits: Sequence[str]) -> Merges:
        """Ask about commits.

        Raises:
            UsageError: There is no token, or no address to ask.
            HostError: The host does not answer.
        """
        ...


class Said(NamedTuple):
    """A status that a commit had at some time."""

    state: str
    at: int


def said_at(client: ApiClient, given: Iterable[tuple[Any, Any]]) -> list[Said]:
    """Read statuses with the time of each.

    Raises:
        HostError: One is none.
    """
    found = []
    for state, text in given:
        at = moment(text) if isinstance(text, str) else None
        if not isinstance(state, str) or at is None:
            raise client.unlike("a status says neither what it is nor when")
        found.append(Said(state, at))
    return found


def merged_with(request: int | None, who: Any, statuses: Iterable[Said], merged_at: int) -> HowMerged:
    """What the status says of a commit that was merged through a request: the last one before that counts."""
    before = [one for one in statuses if one.at <= merged_at]
    by = who if isinstance(who, str) else ""
    if not before:
        return HowMerged(MergeWay.NO_STATUS, request, "", by)
    last = max(before, key=lambda one: one.at)
    way = MergeWay.THROUGH if last.state == "success" else MergeWay.NOT_SUCCESS
    return HowMerged(way, request, last.state, by)


def check_requests(client: ApiClient, given: Iterable[Any], key: str) -> list[Any]:
    """Give requests back that are some, with a key that each has.

    Raises:
        HostError: One is none: it must not be taken for a request that merged nothing.
    """
    found = list(given)
    if not all(isinstance(one, dict) and key in one for one in found):
        raise client.unlike("a request is none")
    return found


def number_in(value: Any, key: str) -> int | None:
    """A whole number in an answer; None where there is none."""
    found = inside(value, key)
    return found if isinstance(found, int) and not isinstance(found, bool) else None
