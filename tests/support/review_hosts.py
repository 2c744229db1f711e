"""GitHub and GitLab on loopback: they play answers in the shapes that their documentation shows."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from changegate import fixtures
from support.opa import odd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.opa import Odd, OddServer

TOKEN = "s3cret-token-of-a-test"
PAGE = 2
"""So many items the played hosts put on a page, whatever they are asked for; as hosts have a most."""


class Played:
    """What a host knows: paths, each with what is there; lists go in pages."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.things: dict[str, Any] = {}
        self.fault: Callable[[Odd], bool] = lambda _request: False
        """Answers a request itself, where it says so."""

    def act(self, request: Odd) -> None:
        if self.fault(request):
            return
        parts = urlsplit(request.path)
        path = unquote(parts.path).removeprefix(self.prefix)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        found = self.things.get(path)
        if "search" in query:
            found = self.things.get(f"{path}?{query['search']}", [])
        if found is None:
            request.reply(b'{"message": "Not Found"}', 404)
        elif isinstance(found, list) and "per_page" in query:
            self.page(request, found, int(query.get("page", "1")))
        else:
            request.reply(json.dumps(found).encode())

    def page(self, request: Odd, items: list[Any], number: int) -> None:
        some = items[(number - 1) * PAGE : number * PAGE]
        more: dict[str, str] = {}
        if number * PAGE < len(items):
            here = f"{request.server.url}{urlsplit(request.path).path}"
            more["Link"] = f'<{here}?per_page=100&page={number + 1}>; rel="next", <{here}?page=9>; rel="last"'
        request.reply(json.dumps(some).encode(), 200, **more)


def account(login: str | None, kind: str = "User") -> dict[str, Any] | None:
    return None if login is None else {"login": login, "id": 1, "type": kind}


def github_review(
    login: str | None, commit: str | None, state: str = "APPROVED", *, kind: str = "User", at: str | None = fixtures.NOW
) -> dict[str, Any]:
    """A review as GitHub lists it."""
    return {"id": 7, "user": account(login, kind), "state": state, "commit_id": commit, "submitted_at": at, "body": ""}


def github_commit(oid: str, *hands: tuple[str, str | None]) -> dict[str, Any]:
    """A commit as GitHub lists it: its author and its committer, each with an address and the login, if it knows it."""
    (author, by), (committer, hand) = hands if len(hands) == 2 else (hands[0], hands[0])
    said = {"author": {"name": "x", "email": author}, "committer": {"name": "x", "email": committer}}
    return {"sha": oid, "commit": said, "author": account(by), "committer": account(hand)}


class PlayedGitHub(Played):
    """GitHub, with one pull request."""

    def __init__(self, head: str, *, base: str = "0" * 40, repository: str = fixtures.REPOSITORY) -> None:
        super().__init__()
        self.path = f"/repos/{repository}/pulls/{fixtures.PULL_REQUEST}"
        self.things[self.path] = {
            "number": fixtures.PULL_REQUEST,
            "user": account(fixtures.AUTHOR),
            "head": {"sha": head, "ref": "topic"},
            "base": {"sha": base, "ref": "main", "repo": {"full_name": repository}},
            "commits": 1,
        }
        self.commits(github_commit(head, ("ana@acme.example", fixtures.AUTHOR)))
        self.reviews()

    def reviews(self, *reviews: dict[str, Any]) -> None:
        self.things[f"{self.path}/reviews"] = list(reviews)

    def commits(self, *commits: dict[str, Any], count: int | None = None) -> None:
        self.things[f"{self.path}/commits"] = list(commits)
        self.things[self.path]["commits"] = len(commits) if count is None else count

    def commit(self, one: dict[str, Any]) -> None:
        """A commit that is only given where it is asked for by itself."""
        self.things[f"{self.path.partition('/pulls')[0]}/commits/{one['sha']}"] = one


BOT = "github-actions[bot]"
REPOSITORY = f"/repos/{fixtures.REPOSITORY}"


class Writable(PlayedGitHub):
    """A GitHub that takes statuses and comments."""

    def __init__(self, head: str) -> None:
        super().__init__(head)
        self.statuses: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.head = head
        self.fails: dict[tuple[str, str], int] = {("GET", "/user"): 403}
        """Method and the path's end -> the status that it is answered with."""

    def act(self, request: Odd) -> None:
        path = urlsplit(request.path).path.removeprefix(REPOSITORY)
        asked = (code for (method, end), code in self.fails.items() if method == request.command and path.endswith(end))
        code = next(asked, 0)
        if code:
            request.reply(b"{}", code)
        elif request.command == "GET":
            self.things[f"{REPOSITORY}/commits/{self.head}/statuses"] = self.statuses[::-1]
            self.things[f"{REPOSITORY}/issues/{fixtures.PULL_REQUEST}/comments"] = self.comments
            super().act(request)
        else:
            self.take(request, path, json.loads(request.server.asked[-1][3]))

    def take(self, request: Odd, path: str, body: dict[str, Any]) -> None:
        if path == f"/statuses/{self.head}":
            self.statuses.append(body)
        elif path == f"/issues/{fixtures.PULL_REQUEST}/comments":
            self.comments.append({"id": len(self.comments) + 1, "user": account(BOT, "Bot"), "body": body["body"]})
        else:
            (one,) = (one for one in self.comments if path == f"/issues/comments/{one['id']}")
            one["body"] = body["body"]
        request.reply(b'{"id": 1}', 201 if request.command == "POST" else 200)


def user(name: str, **more: Any) -> dict[str, Any]:
    return {"id": sum(name.encode()), "username": name, "name": name.title(), "state": "active", **more}


class PlayedGitLab(Played):
    """GitLab, with one merge request."""

    def __init__(self, head: str, *, resets: bool | None = True, repository: str = fixtures.REPOSITORY) -> None:
        super().__init__("/api/v4")
        project = f"/projects/{repository}"
        self.path = f"{project}/merge_requests/{fixtures.PULL_REQUEST}"
        self.things[self.path] = {"iid": fixtures.PULL_REQUEST, "sha": head, "author": user(fixtures.AUTHOR)}
        if resets is not None:
            self.things[f"{project}/approvals"] = {"reset_approvals_on_push": resets}
        self.things[f"{self.path}/commits"] = [
            {"id": head, "author_email": "ana@acme.example", "committer_email": "ana@acme.example"}
        ]
        self.known("ana@acme.example", fixtures.AUTHOR)
        self.approved()

    def approved(self, *names: str, at: str | None = None) -> None:
        given = [{"user": user(name), **({"approved_at": at} if at else {})} for name in names]
        self.things[f"{self.path}/approvals"] = {"approved_by": given}

    def known(self, address: str, name: str, **more: Any) -> None:
        """Let a user show an address to everybody."""
        one = user(name)
        self.things.setdefault(f"/users?{address}", []).append(one)
        self.things[f"/users/{one['id']}"] = {**one, "public_email": address, **more}


class WritableGitLab(PlayedGitLab):
    """A GitLab that takes statuses and notes."""

    def __init__(self, head: str) -> None:
        super().__init__(head)
        self.head = head
        self.statuses: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.fails: dict[tuple[str, str], int] = {}
        """Method and the path's end -> the status that it is answered with."""
        self.things["/user"] = user("gatekeeper")

    @property
    def project(self) -> str:
        return self.path.partition("/merge_requests")[0]

    def act(self, request: Odd) -> None:
        path = unquote(urlsplit(request.path).path).removeprefix(self.prefix)
        asked = (code for (method, end), code in self.fails.items() if method == request.command and path.endswith(end))
        if (code := next(asked, None)) is not None:
            request.reply(b'{"message": "Cannot transition status via :enqueue from :pending"}', code)
        elif request.command == "GET":
            self.things[f"{self.project}/repository/commits/{self.head}/statuses"] = self.statuses
            self.things[f"{self.path}/notes"] = self.notes
            super().act(request)
        else:
            self.take(request, path, json.loads(request.server.asked[-1][3]))

    def take(self, request: Odd, path: str, body: dict[str, Any]) -> None:
        if path == f"{self.project}/statuses/{self.head}":
            made = {key: one for key, one in body.items() if key != "state"}
            self.statuses.append({"id": len(self.statuses) + 1, "status": body["state"], **made})
        elif path == f"{self.path}/notes":
            self.notes.append({"id": len(self.notes) + 1, "author": user("gatekeeper"), "body": body["body"]})
        else:
            (one,) = (one for one in self.notes if path == f"{self.path}/notes/{one['id']}")
            one["body"] = body["body"]
        request.reply(b'{"id": 1}', 201 if request.command == "POST" else 200)


@contextmanager
def served(host: Played) -> Iterator[OddServer]:
    with odd(host.act, always=True) as server:
        yield server


def environment(host: Played, server: OddServer) -> dict[str, str]:
    """What a job has in its environment, of which a proxy must see nothing."""
    proxies = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    if isinstance(host, PlayedGitLab):
        return {**proxies, "CI_API_V4_URL": f"{server.url}/api/v4", "CHANGEGATE_GITLAB_TOKEN": TOKEN}
    return {**proxies, "GITHUB_API_URL": server.url, "CHANGEGATE_GITHUB_TOKEN": TOKEN}
