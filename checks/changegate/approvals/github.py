"""Reviews as GitHub has them, at github.com or on a host of one's own.

Source of the shapes: GitHub's REST API, "Get a pull request", "List commits on a pull request" (at most 250 are
listed), "List reviews for a pull request", "Get a commit".
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from changegate.approvals.host import Fetched, account, check_asked, inside, text, whose
from changegate.errors import HostError
from changegate.names import same_login
from changegate.net.address import api_address
from changegate.net.client import Access, ApiClient, token_of
from changegate.workspace.objects import is_oid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.approvals.host import WantedReviews

TOKENS = ("CHANGEGATE_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
"""Where the token is looked for, in this order."""
_SCOPES = "in a workflow `permissions: {contents: read, pull-requests: read}`"
_STATES = frozenset({"APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"})
_HOST_ITSELF = "web-flow"
"""The account that commits what is made in a browser; it writes nothing."""
_NO_PEOPLE = frozenset({"Bot", "Mannequin", "Organization"})
MOST_ASKED = 100
"""So many commits are asked for one by one, where the list of them ends."""


def fetch_github(wanted: WantedReviews) -> Fetched:
    """Ask GitHub; see `host.ReviewHost`."""
    check_asked(wanted)
    client = ApiClient(github_access(wanted.environ, wanted.api))
    path = ("repos", *wanted.repository.split("/"))
    request = ("pulls", str(wanted.number))
    pull = client.get(*path, *request)
    head = _oid(client, pull, "head", "sha")
    reviews = [_review(client, one, head) for one in client.pages(*path, *request, "reviews")]
    commits = list(client.pages(*path, *request, "commits"))
    people = dict(_people(client, commits))
    missing = _count(client, pull) - len(commits)
    notes, more = ((), {}) if missing <= 0 else _from_git(client, wanted, pull, known=people)
    if _oid(client, client.get(*path, *request), "head", "sha") != head:
        raise HostError("the pull request moved on while it was read", hint="run the job again")
    logins = {login for login in (*_logins(commits), *more.values()) if login != _HOST_ITSELF}
    file = {
        "repository": text(client, pull, "base", "repo", "full_name"),
        "pullRequest": wanted.number,
        "reviewedHead": head,
        "author": _author(inside(pull, "user")),
        "committers": sorted(logins),
        "addresses": {**people, **more},
        "reviews": [one for one in reviews if one],
    }
    told = (f"GitHub lists {len(commits)} of {len(commits) + missing} commits: {notes}",) if notes else ()
    return Fetched(file, told)


def github_access(environ: Mapping[str, str], api: str = "") -> Access:
    """How GitHub's API is asked: the token and the address that the environment names.

    Args:
        environ: The process environment.
        api: The API's address, where it is not the environment's.

    Raises:
        UsageError: There is no token, or no address to ask.
    """
    api = api or environ.get("GITHUB_API_URL", "")
    server = environ.get("GITHUB_SERVER_URL", "").rstrip("/")
    if not api:
        api = "https://api.github.com" if server in {"", "https://github.com"} else f"{server}/api/v3"
    headers = {
        "Authorization": f"Bearer {token_of(environ, *TOKENS)}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return Access("GitHub", api_address(api, "the address of GitHub's API"), headers, _SCOPES, TOKENS[0])


def _oid(client: ApiClient, value: Any, *keys: str) -> str:
    found = text(client, value, *keys)
    if not is_oid(found):
        raise client.unlike(f"{'.'.join(keys)} is no commit")
    return found


def _count(client: ApiClient, pull: Any) -> int:
    count = inside(pull, "commits")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise client.unlike("the pull request does not say how many commits it has")
    return count


def _review(client: ApiClient, one: Any, head: str) -> dict[str, Any] | None:
    """Write one review as the file has it; None for what is no opinion yet, or approves nobody knows what.

    A person whose account was deleted is nobody: each of their reviews is of somebody else, so that none takes another
    back. What is asked for stays, of whichever commit.
    """
    state = text(client, one, "state").upper()
    if state not in _STATES:
        raise client.unlike(f"a review has the state {state[:40]!r}")
    commit, time = inside(one, "commit_id"), inside(one, "submitted_at")
    if state == "PENDING" or (commit is None and state == "APPROVED"):
        return None
    if commit is not None and not (isinstance(commit, str) and is_oid(commit)):
        raise client.unlike("a review is of something that is no commit")
    if time is not None and not isinstance(time, str):
        raise client.unlike("the time of a review is no text")
    user = one.get("user")
    gone = f"ghost#{one.get('id')}"
    login = _login(user) if user else gone
    said = {"state": state, "commit": commit or head, "submittedAt": time}
    return {"user": login, "kind": _kind(user), **account(user, "userId"), **said}


def _author(user: Any) -> dict[str, Any]:
    return {"login": _login(user), "kind": _kind(user), **account(user, "id")}


def _login(user: Any) -> str:
    login = inside(user, "login")
    return login if isinstance(login, str) and login else "ghost"


def _kind(user: Any) -> str:
    return "bot" if inside(user, "type") in _NO_PEOPLE or _login(user).endswith("[bot]") else "human"


_HANDS = ("author", "committer")


def _people(client: ApiClient, commits: list[Any]) -> Iterator[tuple[str, str]]:
    """Whose each address of some commits is, as far as GitHub knows."""
    for one in commits:
        if not isinstance(one, dict) or not isinstance(one.get("commit"), dict):
            raise client.unlike("a commit is none")
        pairs = ((inside(one, "commit", hand, "email"), inside(one, hand, "login")) for hand in _HANDS)
        found = ((a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str))
        yield from whose((address, login) for address, login in found if login != _HOST_ITSELF).items()


def _logins(commits: list[Any]) -> Iterator[str]:
    for one in commits:
        for hand in _HANDS:
            login = inside(one, hand, "login")
            if isinstance(login, str) and login:
                yield login


def _from_git(
    client: ApiClient, wanted: WantedReviews, pull: Any, *, known: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Find whose the commits are that GitHub does not list: git names their addresses, and GitHub whose those are.

    Returns:
        What is to be said of it, and whose the further addresses are.
    """
    made = (
        wanted.commits(_oid(client, pull, "head", "sha"), _oid(client, pull, "base", "sha")) if wanted.commits else {}
    )
    folded = {same_login(address) for address in known}
    asked = ((address, oid) for address, oid in made.items() if same_login(address) not in folded)
    path = ("repos", *wanted.repository.split("/"), "commits")
    found: dict[str, str] = {}
    for address, oid in islice(asked, MOST_ASKED):
        of_commit = dict(_people(client, [client.get(*path, oid)]))
        found |= {one: login for one, login in of_commit.items() if same_login(one) == same_login(address)}
    if not made:
        return "the others are not in this clone, so that nobody can say here who made them", found
    return "who made the others is taken from git", found
