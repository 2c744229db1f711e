"""From a host's answers to the approvals file, as bytes: for `changegate approvals`, and for the gate itself."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from changegate.approvals import ask_host
from changegate.approvals.host import WantedReviews
from changegate.approvals.pull_requests import number_of
from changegate.escape import json_text
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.workspace.ci import Claims
    from changegate.workspace.git import Git


class ApprovalsFile(NamedTuple):
    """What was made of a host's answers."""

    data: bytes
    """As `--approvals` takes it."""
    notes: tuple[str, ...] = ()
    """What a reader must know of how it was made."""

    def missing(self, git: Git | None) -> list[str]:
        """The commits that somebody approved and a clone lacks: without them nobody can tell what has changed since."""
        reviews = json.loads(self.data)["reviews"]
        approved = {one["commit"] for one in reviews if one["state"] == "APPROVED" and one["commit"]}
        return sorted(oid for oid in approved if git is None or git.objects.commit(oid) is None)


class HostQuery(NamedTuple):
    """What a command line says of the reviews that it wants; what it leaves out the CI says."""

    host: str
    """A name in `HOSTS`."""
    repository: str = ""
    number: int = 0
    api: str = ""
    """The address of the API."""


def fetch_approvals(
    query: HostQuery, claims: Claims, environ: Mapping[str, str], *, git: Git | None = None, now: int | None = None
) -> ApprovalsFile:
    """Ask a host for the reviews of a pull or merge request.

    Args:
        query: What is wanted.
        claims: What the CI says about the run.
        environ: The process environment: the token, and the API's address.
        git: The clone, for the authors of more commits than a host lists.
        now: When the reviews were fetched; the clock's time where it is None.

    Raises:
        UsageError: Nobody says which request it is, or there is no token.
        HostError: The host does not give them.
    """
    wanted = WantedReviews(
        query.repository or claims.repository,
        query.number or number_of(claims, environ, query.api),
        environ,
        query.api,
        None if git is None else lambda head, base: _addresses(git, head, base),
    )
    fetched = ask_host(query.host, wanted)
    retrieved = datetime.fromtimestamp(time.time() if now is None else now, UTC)
    file = {"schemaVersion": 1, "retrievedAt": retrieved.isoformat(timespec="seconds").replace("+00:00", "Z")}
    return ApprovalsFile((json_text(json.dumps({**file, **fetched.file}, indent=2)) + "\n").encode(), fetched.notes)


def _addresses(git: Git, head: str, base: str) -> Mapping[str, str]:
    from changegate.workspace.committers import committers_between

    if git.objects.commit(head) is None or git.objects.commit(base) is None:
        return {}
    return committers_between(git, base, head).addresses
