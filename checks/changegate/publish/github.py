"""GitHub: a commit status, and one comment on the pull request, at github.com or on a host of one's own.

Source of the shapes: GitHub's REST API, "Create a commit status", "List commit statuses for a reference", "List issue
comments", "Create an issue comment", "Update an issue comment", "Get the authenticated user".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.approvals.github import TOKENS, github_access
from changegate.approvals.host import inside
from changegate.errors import HostError, UsageError
from changegate.names import same_login
from changegate.net.client import ApiClient
from changegate.publish.host import NAME, Publication, Published, Run, marked, numbers, run_in, short
from changegate.report.markdown import MARKER
from changegate.verdict import Gate
from changegate.workspace.objects import is_oid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCOPES = "in a workflow `permissions: {statuses: write, pull-requests: write}`"
_STATES = {
    Gate.OPEN: "success",
    Gate.NOT_ENFORCED: "success",
    Gate.AWAITING_APPROVAL: "pending",
    Gate.CLOSED: "failure",
    Gate.UNDECIDED: "error",
}
_LONGEST = 140
"""Characters of a status's description."""
_LARGEST = 65_536
"""Characters of a comment."""
_ACTIONS = "github-actions[bot]"
"""Who comments with the token of a workflow, which may not ask who it is."""
_OF_DEFAULT_BRANCH = ("pull_request_target", "merge_group", "workflow_run")
"""Events whose workflow no open pull request writes: that of the default branch, or of a queue of what passed."""
_RUN = re.compile(r"/actions/runs/(\d{1,20})(?:/attempts/(\d{1,6}))?")


def publish_github(publication: Publication) -> Published:
    """Publish on GitHub; see `host.Publisher`.

    The status is written first, since merging hangs on it.
    """
    owner, _, name = publication.repository.partition("/")
    if not owner or not name or "/" in name:
        raise UsageError(f"{publication.repository!r} is no repository", hint="say which: --repository owner/name")
    if not is_oid(publication.commit):
        hint = "run it in CI, on the report of that run: a status is of one commit"
        raise UsageError("nobody says which commit was judged", hint=hint)
    access = github_access(publication.environ, publication.api)
    client = ApiClient(access._replace(scopes=_SCOPES, variable=TOKENS[0]))
    place = ("repos", owner, name)
    said = [_status(client, place, publication)]
    if publication.summary and publication.number is not None:
        said.append(_comment(client, place, publication))
    return Published(tuple(said))


def _status(client: ApiClient, place: tuple[str, ...], publication: Publication) -> str:
    ours, state = numbers(publication.environ, "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "1"), _STATES[publication.gate]
    newer = _newer(client, place, publication, ours)
    if newer:
        return f"the status was left alone: a newer run wrote it ({newer})"
    body = {"state": state, "context": NAME, "description": short(publication.sentence, _LONGEST)}
    url = _address(publication.environ, ours)
    client.send("POST", *place, "statuses", publication.commit, body={**body, **({"target_url": url} if url else {})})
    return f"status `{NAME}` of {publication.commit[:12]}: {state}"


def _newer(client: ApiClient, place: tuple[str, ...], publication: Publication, ours: Run) -> str:
    """The run that wrote the latest status, where it is a newer one than ours; the newest is listed first."""
    commit, environ = publication.commit, publication.environ
    for one in client.pages(*place, "commits", commit, "statuses"):
        if inside(one, "context") == NAME:
            theirs = _run_of(inside(one, "target_url"))
            is_newer = theirs > ours > (0, 0) and _is_of_this_workflow(client, place, theirs[0], environ)
            return f"run {theirs[0]}" if is_newer else ""
    return ""


def _is_of_this_workflow(client: ApiClient, place: tuple[str, ...], number: int, environ: Mapping[str, str]) -> bool:
    """Whether the host knows the run as one of our own workflow, started as we were or by the default branch.

    Anybody who may write a status can name any run, and who is not believed is overwritten: so an answer that only
    looks newer never keeps ours away. It takes `actions: read`; without it no other run is believed.
    """
    workflow = environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].split("/", 2)[2:]
    try:
        run = client.get(*place, "actions", "runs", str(number))
    except HostError as error:
        if error.status not in {403, 404}:
            raise
        return False
    path, event = inside(run, "path"), inside(run, "event")
    is_same = bool(workflow) and isinstance(path, str) and path.partition("@")[0] == workflow[0]
    return is_same and event in {environ.get("GITHUB_EVENT_NAME", ""), *_OF_DEFAULT_BRANCH}


def _comment(client: ApiClient, place: tuple[str, ...], publication: Publication) -> str:
    number, ours = str(publication.number), numbers(publication.environ, "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "1")
    head = inside(client.get(*place, "pulls", number), "head", "sha")
    if head != publication.commit:
        return "no comment: the pull request has moved on, and a later run tells of it"
    login = publication.login or _own_login(client)
    mine = next(_of(login, client.pages(*place, "issues", number, "comments")), None)
    body = marked(publication.summary, ours, _LARGEST)
    if mine is None:
        client.send("POST", *place, "issues", number, "comments", body={"body": body}, repeatable=False)
        return f"commented on #{number}"
    if run_in(mine["body"]) > ours > (0, 0):
        return "the comment was left alone: a newer run wrote it"
    client.send("PATCH", *place, "issues", "comments", str(mine["id"]), body={"body": body})
    return f"updated the comment on #{number}"


def _of(login: str, comments: Iterator[Any]) -> Iterator[Mapping[str, Any]]:
    """Our comments: by their marker and by who wrote them, since anybody can write a marker."""
    for one in comments:
        text, author = inside(one, "body"), inside(one, "user", "login")
        is_marked = isinstance(text, str) and text.startswith(MARKER) and type(inside(one, "id")) is int
        if is_marked and isinstance(author, str) and same_login(author) == same_login(login):
            yield one


def _own_login(client: ApiClient) -> str:
    """Who the token is; that of a workflow may not ask."""
    try:
        found = inside(client.get("user"), "login")
    except HostError as error:
        if error.status not in {401, 403}:
            raise
        return _ACTIONS
    return found if isinstance(found, str) and found else _ACTIONS


def _run_of(url: Any) -> Run:
    found = _RUN.search(url) if isinstance(url, str) else None
    return (int(found[1]), int(found[2] or 1)) if found else (0, 0)


def _address(environ: Mapping[str, str], run: Run) -> str:
    server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
    if run == (0, 0) or not server.startswith(("https://", "http://")) or not repository:
        return ""
    return f"{server.rstrip('/')}/{repository}/actions/runs/{run[0]}/attempts/{run[1]}"
