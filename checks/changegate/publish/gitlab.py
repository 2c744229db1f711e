"""GitLab: a commit status, and one note on the merge request, at gitlab.com or on a host of one's own.

Source of the shapes: GitLab's REST API, "Commits" (set the pipeline status of a commit, list the statuses of a commit),
"Notes" (merge requests), "Jobs", "Users".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.approvals.gitlab import TOKENS, gitlab_access
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

_SCOPES = "an access token of the project with the scope api and the role Developer"
_STATES = {
    Gate.OPEN: "success",
    Gate.NOT_ENFORCED: "success",
    Gate.AWAITING_APPROVAL: "pending",
    Gate.CLOSED: "failed",
    Gate.UNDECIDED: "failed",
}
_LONGEST = 255
"""Characters of a status's description."""
_LARGEST = 1_000_000
"""Characters of a note."""
_JOB = re.compile(r"/-/jobs/(\d{1,20})(?:$|[/?#])")
_REFUSED = 400
_NOT_GIVEN = frozenset({401, 403})


def publish_gitlab(publication: Publication) -> Published:
    """Publish on GitLab; see `host.Publisher`.

    The status is written first, since merging can hang on it. A token that may write notes and no status is said so.
    """
    if not publication.repository:
        raise UsageError("nobody says which project this is of", hint="say which: --repository group/name")
    if not is_oid(publication.commit):
        hint = "run it in CI, on the report of that run: a status is of one commit"
        raise UsageError("nobody says which commit was judged", hint=hint)
    access = gitlab_access(publication.environ, publication.api)
    client = ApiClient(access._replace(scopes=_SCOPES, variable=TOKENS[0]))
    project = ("projects", publication.repository)
    ours = numbers(publication.environ, "CI_PIPELINE_ID", "CI_JOB_ID")
    said = [_status(client, project, publication, ours)]
    if publication.summary and publication.number is not None:
        said.append(_note(client, project, publication, ours))
    return Published(tuple(said))


def _status(client: ApiClient, project: tuple[str, ...], publication: Publication, ours: Run) -> str:
    state, commit = _STATES[publication.gate], publication.commit
    latest = _latest(client, project, commit)
    newer = _newer(client, project, latest, publication.environ, ours)
    if newer:
        return f"the status was left alone: a newer job wrote it ({newer})"
    said = short(publication.sentence, _LONGEST)
    url = publication.environ.get("CI_JOB_URL", "")
    body = {"state": state, "name": NAME, "description": said}
    body |= {"target_url": url} if url.startswith(("https://", "http://")) else {}
    try:
        client.send("POST", *project, "statuses", commit, body=body)
    except HostError as error:
        # GitLab takes no step of a status to the state that it is in; its description stays then.
        if error.status != _REFUSED or inside(latest, "status") != state:
            raise
        return f"status `{NAME}` of {commit[:12]} is {state} already"
    return f"status `{NAME}` of {commit[:12]}: {state}"


def _latest(client: ApiClient, project: tuple[str, ...], commit: str) -> Any:
    """The latest status of our name; None where there is none."""
    listed = client.pages(*project, "repository", "commits", commit, "statuses", name=NAME)
    ours = [one for one in listed if inside(one, "name") == NAME and type(inside(one, "id")) is int]
    return max(ours, key=lambda one: int(one["id"]), default=None)


def _newer(client: ApiClient, project: tuple[str, ...], latest: Any, environ: Mapping[str, str], ours: Run) -> str:
    """The job that wrote the latest status, where it is a newer one of our own name on our commit.

    Anybody who may write a status can name any job, and who is not believed is overwritten: so an answer that only
    looks newer never keeps ours away.
    """
    url = inside(latest, "target_url")
    found = _JOB.search(url) if isinstance(url, str) else None
    if found is None or ours == (0, 0) or int(found[1]) <= ours[1]:
        return ""
    try:
        job = client.get(*project, "jobs", found[1])
    except HostError as error:
        if error.status not in {*_NOT_GIVEN, 404}:
            raise
        return ""
    is_ours = inside(job, "name") == environ.get("CI_JOB_NAME", "") and inside(job, "commit", "id") == environ.get(
        "CI_COMMIT_SHA"
    )
    return f"job {found[1]}" if is_ours else ""


def _note(client: ApiClient, project: tuple[str, ...], publication: Publication, ours: Run) -> str:
    request = (*project, "merge_requests", str(publication.number))
    if inside(client.get(*request), "sha") != publication.commit:
        return "no note: the merge request has moved on, and a later job tells of it"
    login = publication.login or _own_login(client)
    mine = next(_of(login, client.pages(*request, "notes")), None)
    body = {"body": marked(publication.summary, ours, _LARGEST)}
    if mine is None:
        client.send("POST", *request, "notes", body=body, repeatable=False)
        return f"wrote a note on !{publication.number}"
    if run_in(mine["body"]) > ours > (0, 0):
        return "the note was left alone: a newer job wrote it"
    client.send("PUT", *request, "notes", str(mine["id"]), body=body)
    return f"updated the note on !{publication.number}"


def _own_login(client: ApiClient) -> str:
    """Who the token is: notes of nobody else are touched."""
    found = inside(client.get("user"), "username")
    if not isinstance(found, str) or not found:
        raise client.unlike("it names nobody whom the token is of")
    return found


def _of(login: str, notes: Iterator[Any]) -> Iterator[Mapping[str, Any]]:
    """Our notes: by their marker and by who wrote them, since anybody can write a marker."""
    for one in notes:
        text, author = inside(one, "body"), inside(one, "author", "username")
        is_marked = isinstance(text, str) and text.startswith(MARKER) and type(inside(one, "id")) is int
        if is_marked and isinstance(author, str) and same_login(author) == same_login(login):
            yield one
