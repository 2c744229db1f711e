"""Reviews as GitLab has them, at gitlab.com or on a host of one's own.

An approval there names neither a commit nor, before GitLab 18, a time. Where the project takes all approvals back when
commits are added, those that are there are of the commit that is there; else nobody knows, and the file says so.

Source of the shapes: GitLab's REST API, "Merge requests", "Merge request approvals" (approvals, approval_state, the
project's configuration), "Merge request reviewers", "Users".
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from changegate.approvals.host import Fetched, account, check_asked, inside, text
from changegate.errors import HostError
from changegate.names import same_login
from changegate.net.address import api_address
from changegate.net.client import Access, ApiClient, token_of
from changegate.workspace.ci import GITLAB_BOT
from changegate.workspace.committers import login_of
from changegate.workspace.objects import is_oid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.approvals.host import WantedReviews

TOKENS = ("CHANGEGATE_GITLAB_TOKEN", "GITLAB_TOKEN")
"""Where the token is looked for, in this order. The job's own token may not read approvals."""
_SCOPES = "an access token of the project with the scope read_api and the role Developer"
MOST_ASKED = 100
"""So many addresses GitLab is asked for."""
_NOT_GIVEN = frozenset({403, 404})
_WITHOUT_COMMIT = (
    "GitLab does not say which commit an approval is of: switch on `Remove all approvals when commits are added to the "
    "source branch` in the project's settings for merge requests"
)


def fetch_gitlab(wanted: WantedReviews) -> Fetched:
    """Ask GitLab; see `host.ReviewHost`."""
    check_asked(wanted)
    client = ApiClient(gitlab_access(wanted.environ, wanted.api))
    project = ("projects", wanted.repository)
    request = (*project, "merge_requests", str(wanted.number))
    merge = client.get(*request)
    head = _head(client, merge)
    resets = inside(_or_nothing(client, *project, "approvals"), "reset_approvals_on_push") is True
    reviews = list(_reviews(client, request, head if resets else None, head))
    commits = list(client.pages(*request, "commits"))
    addresses = dict(_people(client, commits))
    if _head(client, client.get(*request)) != head:
        raise HostError("the merge request moved on while it was read", hint="run the job again")
    author = inside(merge, "author")
    file = {
        "repository": wanted.repository,
        "pullRequest": wanted.number,
        "reviewedHead": head,
        "author": {"login": _login(client, author), "kind": _kind(author), **account(author, "id")},
        "committers": sorted(set(addresses.values())),
        "addresses": addresses,
        "reviews": reviews,
    }
    unbound = any(one["commit"] is None for one in reviews)
    return Fetched({**file, "withoutCommit": _WITHOUT_COMMIT} if unbound else file)


def gitlab_access(environ: Mapping[str, str], api: str = "") -> Access:
    """How GitLab's API is asked: the token and the address that the environment names.

    Args:
        environ: The process environment.
        api: The API's address, where it is not the environment's.

    Raises:
        UsageError: There is no token, or no address to ask.
    """
    api = api or environ.get("CI_API_V4_URL", "") or "https://gitlab.com/api/v4"
    headers = {"PRIVATE-TOKEN": token_of(environ, *TOKENS), "Accept": "application/json"}
    return Access("GitLab", api_address(api, "the address of GitLab's API"), headers, _SCOPES, TOKENS[0])


def _head(client: ApiClient, merge: Any) -> str:
    head = text(client, merge, "sha")
    if not is_oid(head):
        raise client.unlike("the head of the merge request is no commit")
    return head


def _or_nothing(client: ApiClient, *path: str, **query: str) -> Any:
    """Ask for what only some editions have, or only some may read."""
    try:
        return client.get(*path, **query)
    except HostError as error:
        if error.status not in _NOT_GIVEN:
            raise
        return None


def _reviews(client: ApiClient, request: tuple[str, ...], approved: str | None, head: str) -> Iterator[dict[str, Any]]:
    """Everybody's opinion: who approved, by the request and by each of its rules, and who asks for changes.

    Args:
        client: Who is asked.
        request: The path of the merge request.
        approved: The commit that approvals are of; None where nobody knows.
        head: The commit that is there.
    """
    approvals = client.get(*request, "approvals")
    given = {login: (one, at) for login, one, at in _approvals(client, inside(approvals, "approved_by"))}
    state = _or_nothing(client, *request, "approval_state")
    rules = inside(state, "rules")
    for rule in rules if isinstance(rules, list) else ():
        users = [{"user": user} for user in inside(rule, "approved_by") or ()]
        given = {login: (one, at) for login, one, at in _approvals(client, users)} | given
    for login, (user, at) in given.items():
        said = {"state": "APPROVED", "commit": approved, "submittedAt": at}
        yield {"user": login, "kind": _kind(user), **account(user, "userId"), **said}
    reviewers = _or_nothing(client, *request, "reviewers")
    for one in reviewers if isinstance(reviewers, list) else ():
        if inside(one, "state") == "requested_changes":
            user = inside(one, "user")
            said = {"state": "CHANGES_REQUESTED", "commit": head, "submittedAt": None}
            yield {"user": _login(client, user), "kind": _kind(user), **account(user, "userId"), **said}


def _approvals(client: ApiClient, given: Any) -> Iterator[tuple[str, Any, str | None]]:
    if not isinstance(given, list):
        raise client.unlike("approved_by is no list")
    for one in given:
        at = inside(one, "approved_at")
        yield _login(client, inside(one, "user")), inside(one, "user"), at if isinstance(at, str) else None


def _login(client: ApiClient, user: Any) -> str:
    return text(client, user, "username")


def _kind(user: Any) -> str:
    is_bot = inside(user, "bot") is True or re.fullmatch(GITLAB_BOT, str(inside(user, "username")))
    return "bot" if is_bot else "human"


def _people(client: ApiClient, commits: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Whose the addresses of some commits are, where GitLab shows that to everybody: as a public address.

    Its search also finds names that look like an address, which anybody may give themselves.
    """
    addresses = {inside(one, key): None for one in commits for key in ("author_email", "committer_email")}
    texts = (one for one in addresses if isinstance(one, str) and one and not login_of(one))
    for address in islice(texts, MOST_ASKED):
        found = _or_nothing(client, "users", search=address)
        for one in islice(found if isinstance(found, list) else (), 3):
            user = _or_nothing(client, "users", str(inside(one, "id")))
            public = inside(user, "public_email")
            if isinstance(public, str) and same_login(public) == same_login(address):
                yield address, _login(client, user)
