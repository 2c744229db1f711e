"""How commits came onto a branch of GitHub.

Source of the shapes: GitHub's REST API, "List pull requests associated with a commit", "List commit statuses for a
reference" (the newest first), "List check runs for a Git reference", "List repository rule suites".
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from changegate.approvals.github import github_access
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

_NOT_KNOWN = frozenset({404, 422})
_NOT_SHOWN = frozenset({403, 404})
_MOST_STATUSES = 1000
"""So many statuses of a commit are looked at, the newest first."""


def github_merges(wanted: HostedBranch, commits: Sequence[str]) -> Merges:
    """Ask GitHub; see `merges.MergeHost`."""
    access = github_access(wanted.environ, wanted.api)
    path = ("repos", *wanted.repository.split("/"))
    client = ApiClient(access)
    branch = wanted.branch or text(client, client.get(*path), "default_branch")
    bypassed, notes = _bypassed(client, path, branch)
    # NOTE: each commit gets the client's bounds on time and bytes anew.
    told = {oid: _how(ApiClient(access), path, oid, branch, wanted.status) for oid in commits}
    past = {oid: one._replace(way=MergeWay.BYPASSED, who=bypassed[oid]) for oid, one in told.items() if oid in bypassed}
    return Merges({**told, **past}, notes)


def _bypassed(client: ApiClient, path: tuple[str, ...], branch: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Who went past the rules of the branch, by the commit that came of it, and what GitHub does not tell of that."""
    asked = {"ref": f"refs/heads/{branch}", "time_period": "month", "rule_suite_result": "bypass"}
    try:
        found = list(client.pages(*path, "rulesets", "rule-suites", **asked))
    except HostError as error:
        if error.status not in _NOT_SHOWN:
            raise
        return {}, ("GitHub does not show this token who went past the rules (it needs to read `administration`)",)
    known = {text(client, one, "after_sha"): text(client, one, "actor_name") for one in found}
    return known, ("GitHub tells who went past the rules of the last month only",)


def _how(client: ApiClient, path: tuple[str, ...], oid: str, branch: str, status: str) -> HowMerged:
    try:
        pulls = check_requests(client, client.pages(*path, "commits", oid, "pulls"), "merged_at")
    except HostError as error:
        if error.status not in _NOT_KNOWN:
            raise
        return HowMerged(MergeWay.UNKNOWN)
    merged = [one for one in pulls if inside(one, "merged_at") and inside(one, "base", "ref") == branch]
    if not merged:
        return HowMerged(MergeWay.DIRECT_PUSH)
    pull = merged[0]
    at = moment(text(client, pull, "merged_at"))
    number = number_in(pull, "number")
    if at is None or number is None:
        raise client.unlike("a merged pull request has no number or no time")
    statuses = _statuses(client, path, text(client, pull, "head", "sha"), status)
    # NOTE: a pull request in a list does not say who merged it.
    return merged_with(number, None, statuses, at)


def _statuses(client: ApiClient, path: tuple[str, ...], head: str, name: str) -> list[Said]:
    """What the gate said of a commit: as a status, or as the check of a job of that name."""
    listed = islice(client.pages(*path, "commits", head, "statuses"), _MOST_STATUSES)
    found = said_at(client, ((inside(one, "state"), inside(one, "created_at")) for one in listed if _is(one, name)))
    if found:
        return found
    checks: Any = client.get(*path, "commits", head, "check-runs", check_name=name, filter="all", per_page=100)
    runs = inside(checks, "check_runs")
    if not isinstance(runs, list):
        raise client.unlike("check_runs is no list")
    ended = (one for one in runs if inside(one, "completed_at"))
    return said_at(client, ((inside(one, "conclusion"), inside(one, "completed_at")) for one in ended))


def _is(status: Any, name: str) -> bool:
    return bool(inside(status, "context") == name)
