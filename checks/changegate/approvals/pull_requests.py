"""Which pull request a run is of, where the event does not say it: GitHub is asked for the open one of its branch.

A run that follows another one (`workflow_run`) names the commit, the repository and the branch that the change comes
from, and the number only where that is no fork. Source of the shapes: GitHub's REST API, "List pull requests". GitHub
passes over a filter that it does not understand, so what it lists is looked at again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.approvals.github import github_access
from changegate.approvals.host import inside
from changegate.errors import UsageError
from changegate.names import same_login
from changegate.net.client import ApiClient
from changegate.workspace.ci import Kind
from changegate.workspace.resolve import TRUSTED_REF_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from changegate.workspace.ci import Claims


def number_of(claims: Claims, environ: Mapping[str, str], api: str = "") -> int:
    """The number of the pull request that a run is of.

    Args:
        claims: What the CI says about the run.
        environ: The process environment: the token, the API's address, and the trusted ref where no target is said.
        api: The API's address, where it is not the environment's.

    Raises:
        UsageError: The run is of none, or there is no token.
        HostError: The host does not say.
    """
    if claims.pull_request is not None:
        return claims.pull_request
    if not claims.source[0]:
        event = f" ({claims.event})" if claims.event else ""
        hint = "say which: changegate approvals HOST --repository owner/name --number N -o FILE"
        raise UsageError(f"this run is about no pull request{event}", hint=hint)
    found = open_request(claims, environ, api)
    if found is None:
        hint = "nothing is to be done where it has been merged or closed; else run the gate on the pull request itself"
        raise UsageError(f"no open pull request {_described(claims, environ)}", hint=hint)
    return found


def open_request(claims: Claims, environ: Mapping[str, str], api: str = "") -> int | None:
    """Ask for the open pull request from the branch that a run is of into the trusted one; None where there is none.

    Raises:
        UsageError: There is no token, or no address to ask.
        HostError: The host does not say.
    """
    client = ApiClient(github_access(environ, api))
    (repository, branch), owner = claims.source, claims.source[0].partition("/")[0]
    asked = {"state": "open", "head": f"{owner}:{branch}", "base": _target(claims, environ)}
    for one in client.pages("repos", *claims.repository.split("/"), "pulls", **asked):
        number = inside(one, "number")
        if _is_of(one, repository, branch, asked["base"]) and type(number) is int:
            return number
    return None


def why_nothing_is_judged(claims: Claims, environ: Mapping[str, str]) -> str:
    """Why a run that follows another one is of nothing that could merge into the trusted branch; empty where it is.

    Raises:
        UsageError: There is no token, or no address to ask.
        HostError: The host does not say.
    """
    if claims.kind is not Kind.CHANGE or claims.event != "workflow_run":
        return ""
    trusted = environ.get(TRUSTED_REF_VARIABLE, "")
    if claims.target and trusted and claims.target != trusted:
        return f"the pull request is meant for {claims.target}"
    if claims.pull_request is None and claims.source[0] and open_request(claims, environ) is None:
        return f"there is no open pull request {_described(claims, environ)}"
    return ""


def _described(claims: Claims, environ: Mapping[str, str]) -> str:
    repository, branch = claims.source
    return f"from {branch} of {repository} into {_target(claims, environ) or 'any branch'}"


def _target(claims: Claims, environ: Mapping[str, str]) -> str:
    return (claims.target or environ.get(TRUSTED_REF_VARIABLE, "")).removeprefix("refs/heads/")


def _is_of(one: Any, repository: str, branch: str, target: str) -> bool:
    said = inside(one, "head", "repo", "full_name")
    is_source = isinstance(said, str) and same_login(said) == same_login(repository)
    is_into = not target or inside(one, "base", "ref") == target
    return is_source and is_into and inside(one, "head", "ref") == branch and inside(one, "state") == "open"
