"""Whether what a host says of a run goes together: two claims that cannot both be true are refused, and both are named.

The environment is not the host's alone. In GitLab an artifact of an earlier job (`artifacts: reports: dotenv`) sets
variables of later ones, the host's own too, and the change writes that artifact. On GitHub an earlier step can write
over the file of the event. What one of them says is mostly said by another as well. Sources: GitHub's "Variables
reference" and "Events that trigger workflows"; GitLab's "Predefined CI/CD variables reference".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import TrustError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GITHUB_HINT = (
    "run changegate as a step of the workflow itself, with the event and the environment that the host gives it; "
    "no earlier step may write them"
)
_GITLAB_HINT = (
    "leave these variables as GitLab sets them: give the job `dependencies: []`, so that no artifact of an earlier job "
    "(`artifacts: reports: dotenv`) sets any; on a laptop, and for advice only: --stage local"
)

_REQUESTS = frozenset({"pull_request", "pull_request_target", "pull_request_review"})
_OF_A_BRANCH = frozenset(
    {"push", "schedule", "workflow_dispatch", "repository_dispatch", "workflow_run", "merge_group"}
)
"""Events of GitHub that are of no pull request: neither their variables nor their event name one."""
_OF_A_REQUEST = frozenset(
    {"merge_request_event", "external_pull_request_event", "parent_pipeline", "security_orchestration_policy"}
)
"""Pipelines of GitLab that may be of a merge request. What one starts in its own project is of the same one."""
_REQUEST_VARIABLES = ("CI_MERGE_REQUEST_", "CI_EXTERNAL_PULL_REQUEST_")
_REFS = {"head": "detached", "merge": "merged_result", "train": "merge_train"}
"""The last part of a merge request's ref, and what GitLab calls a pipeline that runs on it."""


class _Pair(NamedTuple):
    """Two claims that contradict each other."""

    one: str
    other: str


def check_github(environ: Mapping[str, str], event: Mapping[str, Any]) -> None:
    """Refuse an environment and an event of GitHub Actions that contradict each other.

    Args:
        environ: The process environment.
        event: What the event's file holds.

    Raises:
        TrustError: They do.
    """
    _refuse(_github(environ.get("GITHUB_EVENT_NAME", ""), environ, event), _GITHUB_HINT)


def check_gitlab(environ: Mapping[str, str]) -> None:
    """Refuse an environment of GitLab CI that contradicts itself.

    Raises:
        TrustError: It does.
    """
    _refuse(_gitlab(environ.get("CI_PIPELINE_SOURCE", ""), environ), _GITLAB_HINT)


def check_trusted_variable(environ: Mapping[str, str], name: str, trusted: str) -> None:
    """Refuse a trusted ref that a variable of GitLab's job names, where another variable denies it.

    NOTE: an artifact of an earlier job can set all of them. What is written on the command line no artifact changes.

    Args:
        environ: The process environment.
        name: The variable that names the trusted ref.
        trusted: That ref.

    Raises:
        TrustError: It is not the project's default branch, or the host says that anybody may push to it.
    """
    default, guarded = environ.get("CI_DEFAULT_BRANCH", ""), "CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED"
    option = f"write it on the command line, which no artifact changes: changegate check --trusted-ref {trusted}"
    if default and trusted != f"refs/heads/{default}":
        message = f"{_said(environ, name)} is a variable, and {_said(environ, 'CI_DEFAULT_BRANCH')} denies it"
        raise TrustError(message, hint=f"if that branch is meant, {option}")
    if environ.get(guarded) == "false":
        message = f"{_said(environ, name)} is a variable, and {_said(environ, guarded)}: anybody may push there"
        raise TrustError(message, hint=f"protect the branch in the project's settings; if it is so meant, {option}")


def _refuse(pairs: Iterator[_Pair], hint: str) -> None:
    for pair in pairs:
        raise TrustError(f"the environment contradicts itself: {pair.one}, and {pair.other}", hint=hint)


def _said(environ: Mapping[str, str], name: str) -> str:
    return f"{name} is {environ[name]!r}" if environ.get(name) else f"{name} is not set"


def _differ(environ: Mapping[str, str], name: str, key: str, value: Any) -> Iterator[_Pair]:
    """What a variable and a key of the event both say."""
    if environ.get(name) and isinstance(value, str) and value and environ[name] != value:
        yield _Pair(_said(environ, name), f"`{key}` of the event is {value!r}")


def _at(event: Mapping[str, Any], *keys: str) -> Any:
    found: Any = event
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _github(name: str, environ: Mapping[str, str], event: Mapping[str, Any]) -> Iterator[_Pair]:
    if not name:
        yield _Pair("GITHUB_ACTIONS says that this is GitHub Actions", _said(environ, "GITHUB_EVENT_NAME"))
    called = _said(environ, "GITHUB_EVENT_NAME")
    for part, rightly in (("pull_request", name not in _OF_A_BRANCH), ("merge_group", name == "merge_group")):
        if part in event and not rightly:
            yield _Pair(called, f"the event has a `{part}`")
    for variable in ("GITHUB_HEAD_REF", "GITHUB_BASE_REF"):
        if environ.get(variable) and name in _OF_A_BRANCH - {"merge_group"}:
            yield _Pair(called, f"{_said(environ, variable)}, which a pull request has")
    if name in _REQUESTS:
        yield from _github_request(name, environ, event)
    if name == "merge_group":
        yield from _differ(environ, "GITHUB_REF", "merge_group.head_ref", _at(event, "merge_group", "head_ref"))
        yield from _differ(environ, "GITHUB_SHA", "merge_group.head_sha", _at(event, "merge_group", "head_sha"))
    if name == "push" and event.get("deleted") is not True:
        yield from _differ(environ, "GITHUB_SHA", "after", event.get("after"))


def _github_request(name: str, environ: Mapping[str, str], event: Mapping[str, Any]) -> Iterator[_Pair]:
    """Under `pull_request_target` ref and commit are the target's; a closed pull request has the ref of its target."""
    head, number = _at(event, "pull_request", "head", "ref"), _at(event, "pull_request", "number")
    yield from _differ(environ, "GITHUB_HEAD_REF", "pull_request.head.ref", head)
    ref = environ.get("GITHUB_REF", "")
    found = re.fullmatch(r"refs/pull/([0-9]+)/(?:merge|head)", ref)
    if found and found[1] != str(number):
        yield _Pair(_said(environ, "GITHUB_REF"), f"`pull_request.number` of the event is {number!r}")
    if ref.startswith("refs/heads/") and name != "pull_request_target" and event.get("action") != "closed":
        yield _Pair(_said(environ, "GITHUB_EVENT_NAME"), f"{_said(environ, 'GITHUB_REF')}, which is a branch")


def _gitlab(source: str, environ: Mapping[str, str]) -> Iterator[_Pair]:
    if not source:
        yield _Pair("GITLAB_CI says that this is GitLab CI", _said(environ, "CI_PIPELINE_SOURCE"))
    called = _said(environ, "CI_PIPELINE_SOURCE")
    shown = [name for name in sorted(environ) if name.startswith(_REQUEST_VARIABLES) and environ[name]]
    if shown and source not in _OF_A_REQUEST:
        yield _Pair(called, f"{_said(environ, shown[0])}, which a merge request has")
    if source in {"merge_request_event", "external_pull_request_event"}:
        number = "CI_MERGE_REQUEST_IID" if source == "merge_request_event" else "CI_EXTERNAL_PULL_REQUEST_IID"
        if not environ.get(number):
            yield _Pair(called, _said(environ, number))
        if environ.get("CI_COMMIT_TAG"):
            yield _Pair(called, f"{_said(environ, 'CI_COMMIT_TAG')}, which a tag's pipeline has")
    if environ.get("CI_MERGE_REQUEST_IID") and environ.get("CI_EXTERNAL_PULL_REQUEST_IID"):
        yield _Pair(_said(environ, "CI_MERGE_REQUEST_IID"), _said(environ, "CI_EXTERNAL_PULL_REQUEST_IID"))
    if shown:
        yield from _gitlab_request(environ)
    elif source == "push":
        yield from _gitlab_push(environ)


def _gitlab_request(environ: Mapping[str, str]) -> Iterator[_Pair]:
    """What the variables of a merge request say of its kind, its branches and its number.

    NOTE: of a merge request's pipeline GitLab gives no CI_COMMIT_BRANCH, and gitlab-ci-local gives the source branch.
    """
    yield from _gitlab_kind(environ)
    branch = environ.get("CI_COMMIT_BRANCH", "")
    for name, agrees in (("SOURCE_BRANCH_NAME", True), ("TARGET_BRANCH_NAME", False)):
        other = f"CI_MERGE_REQUEST_{name}"
        if branch and environ.get(other) and (environ[other] == branch) is not agrees:
            yield _Pair(f"{_said(environ, 'CI_COMMIT_BRANCH')}, as in a branch's pipeline", _said(environ, other))
    external, commit = "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"
    if environ.get(external) and environ[external] != environ.get(commit):
        yield _Pair(_said(environ, external), _said(environ, commit))


def _gitlab_kind(environ: Mapping[str, str]) -> Iterator[_Pair]:
    kind, merged = "CI_MERGE_REQUEST_EVENT_TYPE", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"
    said, source = environ.get(kind, ""), environ.get(merged, "")
    if said == "detached" and source and source != environ.get("CI_COMMIT_SHA"):
        yield _Pair(_said(environ, kind), f"{_said(environ, merged)}, which is not CI_COMMIT_SHA")
    if said in {"merged_result", "merge_train"} and not source:
        yield _Pair(_said(environ, kind), _said(environ, merged))
    path, number = "CI_MERGE_REQUEST_REF_PATH", "CI_MERGE_REQUEST_IID"
    found = re.fullmatch(r"refs/merge-requests/([0-9]+)/([a-z]+)", environ.get(path, ""))
    if found and found[1] != environ.get(number):
        yield _Pair(_said(environ, path), _said(environ, number))
    if found and said and _REFS.get(found[2], said) != said:
        yield _Pair(_said(environ, path), _said(environ, kind))


def _gitlab_push(environ: Mapping[str, str]) -> Iterator[_Pair]:
    branch, tag, name = "CI_COMMIT_BRANCH", "CI_COMMIT_TAG", "CI_COMMIT_REF_NAME"
    if environ.get(branch) and environ.get(tag):
        yield _Pair(_said(environ, branch), _said(environ, tag))
    for one in (branch, tag):
        if environ.get(one) and environ.get(name) and environ[one] != environ[name]:
            yield _Pair(_said(environ, one), _said(environ, name))
