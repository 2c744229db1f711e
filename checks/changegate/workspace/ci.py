"""What the CI environment says about a run. All of it is claims, which count only once git confirms them."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.errors import TrustError
from changegate.names import Stage
from changegate.records import NamedTuple
from changegate.workspace.ci_systems import is_ci, is_on
from changegate.workspace.objects import is_oid

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVENT_BYTES = 32 * 1024 * 1024
_STARTERS = frozenset({"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"})
"""Events whose run another workflow may follow with `workflow_run`, and which are of a pull request."""
# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
GITLAB_BOT = r"(?:project|group)_\d+_bot(?:_[0-9a-z]+)?"


class Kind(StrEnum):
    """What started the run."""

    CHANGE = "change"
    """A pull or merge request."""
    QUEUE = "queue"
    """A merge queue or merge train: a commit that lands if all is well."""
    PUSH = "push"
    """Something has landed on a branch."""
    OTHER = "other"
    """A schedule, a person's click, another pipeline."""
    NONE = "none"
    """No CI, or one that is not known here."""


class Author(NamedTuple):
    """Who opened a change, as the host says."""

    login: str = ""
    """Empty where the host does not say."""
    kind: str = "human"
    """`human` or `bot`."""


class Claims(NamedTuple):
    """What the environment and the event say. Object ids have been checked for their form only."""

    host: str = ""
    """`github`, `gitlab`, `other` (some other CI), or empty."""
    kind: Kind = Kind.NONE
    event: str = ""
    """The host's own name of the event, for messages."""
    target: str = ""
    """The full ref that the change is meant for or has landed on; empty where the event has none."""
    reviewed: str = ""
    """The source commit: what reviewers saw."""
    merge: str = ""
    """The host's merge of target and source, or the commit that lands; empty where there is none."""
    before: str = ""
    """The tip before a push, or the commit that a queue builds on; zeros for a new branch."""
    deleted: bool = False
    """A push that deletes its branch."""
    pull_request: int | None = None
    repository: str = ""
    """`owner/name`, of the repository that the change is meant for."""
    author: Author = Author()
    commit: str = ""
    """The commit that the host says the job is of, and checks out unless it is told otherwise."""
    source: tuple[str, str] = ("", "")
    """The repository and the branch that a change comes from, where the host says that and may not say its number."""

    @property
    def commit_variable(self) -> str:
        """Where the host says that."""
        return "CI_COMMIT_SHA" if self.host == "gitlab" else "GITHUB_SHA"

    @property
    def runs_beside(self) -> bool:
        """Whether the run is of a change and its commit is one of the default branch, whose workflow it is."""
        return self.kind is Kind.CHANGE and self.event in {"pull_request_target", "workflow_run"}

    @property
    def stage(self) -> Stage:
        """The stage that the event belongs to."""
        if self.kind is Kind.NONE:
            return Stage.LOCAL
        return Stage.PULL_REQUEST if self.kind is Kind.CHANGE else Stage.MERGE


def read_claims(environ: Mapping[str, str]) -> Claims:
    """Read the claims of the CI that runs us.

    Raises:
        TrustError: The event cannot be read, says two things, or says something that is no object id or branch name.
    """
    if is_on(environ, "GITHUB_ACTIONS"):
        return _github(environ)
    if is_on(environ, "GITLAB_CI"):
        return _gitlab(environ)
    return Claims(host="other" if is_ci(environ) else "")


def _github(environ: Mapping[str, str]) -> Claims:
    from changegate.workspace.agreement import check_github

    name = environ.get("GITHUB_EVENT_NAME", "")
    readers = {
        "pull_request": _github_pull_request,
        "pull_request_target": _github_pull_request,
        "pull_request_review": _github_pull_request,
        "merge_group": _github_merge_group,
        "push": _github_push,
        "workflow_run": _github_workflow_run,
    }
    reader, commit = readers.get(name), environ.get("GITHUB_SHA", "")
    if reader is None:
        return _github_other(environ)
    event = _event(environ)
    if name == "workflow_run" and _text(_table(event, "workflow_run"), "event") not in _STARTERS:
        return _github_other(environ)
    check_github(environ, event)
    claims = reader(event, environ)
    _agree("the repository", claims.repository, environ.get("GITHUB_REPOSITORY", ""))
    return claims._replace(commit=_oid(commit, "GITHUB_SHA") if commit else "")


def _github_other(environ: Mapping[str, str]) -> Claims:
    """An event of no change: what it says of itself is not read, but that it is of none has to hold."""
    from changegate.workspace.agreement import check_github

    try:
        event = _event(environ)
    except TrustError:
        event = {}
    check_github(environ, event)
    name, actor = environ.get("GITHUB_EVENT_NAME", ""), environ.get("GITHUB_ACTOR", "")
    head = _oid(environ.get("GITHUB_SHA", ""), "GITHUB_SHA")
    author = Author(actor, "bot" if actor.endswith("[bot]") else "human")
    repository = environ.get("GITHUB_REPOSITORY", "")
    return Claims("github", Kind.OTHER, name, reviewed=head, repository=repository, author=author, commit=head)


def _github_pull_request(event: Mapping[str, Any], environ: Mapping[str, str]) -> Claims:
    name = environ.get("GITHUB_EVENT_NAME", "")
    request = _table(event, "pull_request")
    base, head = _table(request, "base"), _table(request, "head")
    target = _branch(_text(base, "ref"))
    _agree("the target branch", target.removeprefix("refs/heads/"), environ.get("GITHUB_BASE_REF", ""))
    # NOTE: under pull_request_target GITHUB_SHA is the base; else it is the host's merge, once the host has made one.
    merge = _text(request, "merge_commit_sha") if name == "pull_request_target" else environ.get("GITHUB_SHA", "")
    return Claims(
        "github",
        Kind.CHANGE,
        name,
        target=target,
        reviewed=_oid(_text(head, "sha"), "pull_request.head.sha"),
        merge=_oid(merge, "the merge commit") if merge else "",
        pull_request=_number(request.get("number"), "pull_request.number"),
        repository=_text(_table(base, "repo"), "full_name"),
        author=_github_author(_table(request, "user")),
    )


def _github_merge_group(event: Mapping[str, Any], _environ: Mapping[str, str]) -> Claims:
    group = _table(event, "merge_group")
    number = re.fullmatch(
        r"refs/heads/gh-readonly-queue/.{1,1000}/pr-(\d{1,9})-[0-9a-f]{40,64}", _text(group, "head_ref")
    )
    return Claims(
        "github",
        Kind.QUEUE,
        "merge_group",
        target=_branch(_text(group, "base_ref")),
        merge=_oid(_text(group, "head_sha"), "merge_group.head_sha"),
        before=_oid(_text(group, "base_sha"), "merge_group.base_sha"),
        pull_request=int(number[1]) if number else None,
        repository=_text(_table(event, "repository"), "full_name"),
    )


def _github_workflow_run(event: Mapping[str, Any], _environ: Mapping[str, str]) -> Claims:
    """A run that follows another one of a pull request; the host names the request only where it is of no fork.

    NOTE: who opened it is not said either. `actor` is whoever started the other run, such as a reviewer.
    """
    run = _table(event, "workflow_run")
    head, listed = _oid(_text(run, "head_sha"), "workflow_run.head_sha"), run.get("pull_requests")
    of_head = [one for one in listed or () if isinstance(one, dict) and _text(_table(one, "head"), "sha") == head]
    only = of_head[0] if len(of_head) == 1 and isinstance(listed, list) else {}
    target = _text(_table(only, "base"), "ref")
    return Claims(
        "github",
        Kind.CHANGE,
        "workflow_run",
        target=_branch(target) if target else "",
        reviewed=head,
        pull_request=_number(only.get("number"), "workflow_run.pull_requests") if only else None,
        repository=_text(_table(event, "repository"), "full_name"),
        source=(_text(_table(run, "head_repository"), "full_name"), _text(run, "head_branch")),
    )


def _github_push(event: Mapping[str, Any], environ: Mapping[str, str]) -> Claims:
    target = _text(event, "ref")
    _agree("the ref", target, environ.get("GITHUB_REF", ""))
    return Claims(
        "github",
        Kind.PUSH,
        "push",
        target=target,
        reviewed=_oid(_text(event, "after"), "after"),
        before=_oid(_text(event, "before"), "before"),
        deleted=event.get("deleted") is True,
        repository=_text(_table(event, "repository"), "full_name"),
        author=_github_author(_table(event, "sender")),
    )


def _github_author(user: Mapping[str, Any]) -> Author:
    login = _text(user, "login")
    return Author(login, "bot" if _text(user, "type") == "Bot" or login.endswith("[bot]") else "human")


def _gitlab(environ: Mapping[str, str]) -> Claims:
    from changegate.workspace.agreement import check_gitlab

    check_gitlab(environ)
    source = environ.get("CI_PIPELINE_SOURCE", "")
    head = _oid(environ.get("CI_COMMIT_SHA", ""), "CI_COMMIT_SHA")
    repository = environ.get("CI_MERGE_REQUEST_PROJECT_PATH") or environ.get("CI_PROJECT_PATH", "")
    numbered = environ.get("CI_MERGE_REQUEST_IID") or environ.get("CI_EXTERNAL_PULL_REQUEST_IID")
    if numbered:  # in pipelines that the one of a merge request starts in its project, too
        return _gitlab_merge_request(environ, head, repository)
    if source == "push":
        branch, tag = environ.get("CI_COMMIT_BRANCH", ""), environ.get("CI_COMMIT_TAG", "")
        before = _oid(environ.get("CI_COMMIT_BEFORE_SHA", ""), "CI_COMMIT_BEFORE_SHA")
        target = f"refs/tags/{tag}" if tag else _branch(branch)
        return Claims(
            "gitlab",
            Kind.PUSH,
            source,
            target,
            head,
            before=before,
            repository=repository,
            author=_gitlab_user(environ),
            commit=head,
        )
    user = _gitlab_user(environ)
    return Claims("gitlab", Kind.OTHER, source, reviewed=head, repository=repository, author=user, commit=head)


def _gitlab_merge_request(environ: Mapping[str, str], head: str, repository: str) -> Claims:
    _in_its_project(environ)
    # NOTE: SOURCE_BRANCH_SHA is empty in a detached pipeline; there CI_COMMIT_SHA is the source itself and not a merge.
    # The variables do not name the author of a merge request (GITLAB_USER_LOGIN started the pipeline), so the author is
    # left open.
    source = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")
    number = environ.get("CI_MERGE_REQUEST_IID") or environ.get("CI_EXTERNAL_PULL_REQUEST_IID", "")
    target = environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME") or environ.get(
        "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME", ""
    )
    train = environ.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
    return Claims(
        "gitlab",
        Kind.QUEUE if train else Kind.CHANGE,
        "merge_train" if train else "merge_request_event",
        target=_branch(target),
        reviewed=_oid(source, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") if source else head,
        merge=head if source else "",
        pull_request=_number(number, "CI_MERGE_REQUEST_IID"),
        repository=repository,
        commit=head,
    )


def _in_its_project(environ: Mapping[str, str]) -> None:
    """Refuse a pipeline that runs in a fork: there `origin`, and so the trusted branch, is the fork's own."""
    runs_in, meant_for = environ.get("CI_PROJECT_PATH", ""), environ.get("CI_MERGE_REQUEST_PROJECT_PATH", "")
    if runs_in and meant_for and runs_in != meant_for:
        hint = f"run pipelines of merge requests from forks in {meant_for} itself"
        raise TrustError(
            f"the pipeline runs in the fork {runs_in}, whose branches are not those of {meant_for}", hint=hint
        )


def _gitlab_user(environ: Mapping[str, str]) -> Author:
    login = environ.get("GITLAB_USER_LOGIN", "")
    return Author(login, "bot" if re.fullmatch(GITLAB_BOT, login) else "human")


def _event(environ: Mapping[str, str]) -> Mapping[str, Any]:
    import json

    hint = "run changegate as a step of the workflow itself, so that GITHUB_EVENT_PATH is there"
    try:
        with Path(environ.get("GITHUB_EVENT_PATH", "")).open("rb") as stream:
            data = stream.read(_EVENT_BYTES + 1)
        event = json.loads(data if len(data) <= _EVENT_BYTES else b"")
    except (OSError, ValueError, RecursionError) as error:
        raise TrustError("the event in GITHUB_EVENT_PATH cannot be read", hint=hint) from error
    if not isinstance(event, dict):
        raise TrustError("the event in GITHUB_EVENT_PATH is not an object", hint=hint)
    return event


def _table(event: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = event.get(key)
    return value if isinstance(value, dict) else {}


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    return value if isinstance(value, str) else ""


def _oid(text: str, name: str) -> str:
    if not is_oid(text):
        raise TrustError(
            f"{name} is {text!r}, which is not an object id",
            hint="the event in GITHUB_EVENT_PATH is not one that the host sent",
        )
    return text


def _number(value: Any, name: str) -> int:
    """The number of a pull or merge request: approvals are of one, so that none may be left out."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", text):
        raise TrustError(
            f"{name} is {text!r}, which is not a number",
            hint="the event in GITHUB_EVENT_PATH is not one that the host sent",
        )
    return int(text)


def _branch(name: str) -> str:
    """Make a full ref of a branch as events name it: `main`, or in a merge group already in full."""
    full = name if name.startswith("refs/heads/") else f"refs/heads/{name}"
    if not name or not is_branch(full):
        raise TrustError(
            f"the event's target {name!r} is not a branch name",
            hint="the event in GITHUB_EVENT_PATH is not one that the host sent",
        )
    return full


def is_branch(name: str) -> bool:
    """Whether a text is a branch's full ref name by git's rules: no patterns, spaces or control characters."""
    form = r"refs/heads(?:/(?!\.|[^/]*\.lock(?:/|$))[^\x00-\x20\x7f~^:?*\[\\/]+)+"
    return len(name) <= 1024 and re.fullmatch(form, name) is not None and not re.search(r"\.\.|@\{|\.$|\.(?=/)", name)


def _agree(what: str, event: str, environment: str) -> None:
    if event and environment and event != environment:
        where = "the event in GITHUB_EVENT_PATH"
        message = f"{where} and the environment do not agree on {what}: {event!r} and {environment!r}"
        raise TrustError(message, hint="run changegate as a step of the workflow itself, with its own environment")
