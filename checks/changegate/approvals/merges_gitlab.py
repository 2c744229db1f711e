"""How commits came onto a branch of GitLab.

Source of the shapes: GitLab's REST API, "List merge requests associated with a commit", "List the statuses of a
commit", "Get a project".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.approvals.gitlab import gitlab_access
from changegate.approvals.host import inside, text
from changegate.approvals.merges import (
    HowMerged,
    Merges,
    MergeWay,
    Said,
    check_requests,
    merged_with,
    number_in,
    said_at,
)
from changegate.errors import HostError
from changegate.manifest.moments import moment
from changegate.net.client import ApiClient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.approvals.merges import HostedBranch

_NOT_TOLD = "GitLab's API does not say who went past the rules of a branch: the audit events of the project do"


def gitlab_merges(wanted: HostedBranch, commits: Sequence[str]) -> Merges:
    """Ask GitLab; see `merges.MergeHost`."""
    access = gitlab_access(wanted.environ, wanted.api)
    project = ("projects", wanted.repository)
    client = ApiClient(access)
    branch = wanted.branch or text(client, client.get(*project), "default_branch")
    # NOTE: each commit gets the client's bounds on time and bytes anew.
    told = {oid: _how(ApiClient(access), project, oid, branch, wanted.status) for oid in commits}
    return Merges(told, (_NOT_TOLD,))


def _how(client: ApiClient, project: tuple[str, ...], oid: str, branch: str, status: str) -> HowMerged:
    of_commit = (*project, "repository", "commits", oid)
    try:
        requests = check_requests(client, client.pages(*of_commit, "merge_requests"), "merged_at")
    except HostError as error:
        if error.status != 404:
            raise
        return HowMerged(MergeWay.UNKNOWN)
    merged = [one for one in requests if inside(one, "state") == "merged" and inside(one, "target_branch") == branch]
    if not merged:
        return HowMerged(MergeWay.DIRECT_PUSH)
    request = merged[0]
    at, number = moment(text(client, request, "merged_at")), number_in(request, "iid")
    if at is None or number is None:
        raise client.unlike("a merged request has no number or no time")
    who = inside(request, "merge_user", "username") or inside(request, "merged_by", "username")
    return merged_with(number, who, _statuses(client, project, text(client, request, "sha"), status), at)


def _statuses(client: ApiClient, project: tuple[str, ...], head: str, name: str) -> list[Said]:
    given = client.pages(*project, "repository", "commits", head, "statuses", name=name, all="true")
    ended = ((one, inside(one, "finished_at") or inside(one, "created_at")) for one in given)
    return said_at(client, ((inside(one, "status"), at) for one, at in ended if inside(one, "name") == name))
