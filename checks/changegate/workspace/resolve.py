"""From options and claims to a scope: base, head and stage, each proven in git."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from changegate.errors import TrustError, UsageError
from changegate.names import Stage
from changegate.workspace import ci
from changegate.workspace.ci_systems import check_one_host, check_stage_is_known
from changegate.workspace.git import Git

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.workspace.scope import Scope, ScopeOptions


TRUSTED_REF_VARIABLE = "CHANGEGATE_TRUSTED_REF"


def resolve(options: ScopeOptions, environ: Mapping[str, str]) -> Scope:
    """Find base and head.

    Args:
        options: What the command line says.
        environ: The process environment, as claims.

    Returns:
        The scope, with everything in it proven in git.

    Raises:
        UsageError: The options do not fit together, the stage is not said where only that tells it, or the trusted ref
            is not a full branch name.
        GitError: A commit or ref is missing, ambiguous or cut off; it conflicts; there is no repository.
        TrustError: The environment claims what git does not confirm.
    """
    trusted = _trusted_ref(options, environ)
    if options.stage is None:
        check_stage_is_known(environ, trusted)
    elif options.stage is not Stage.LOCAL:
        check_one_host(environ)
    claims = ci.read_claims(environ) if options.stage is not Stage.LOCAL else ci.Claims()
    if claims.host == "gitlab" and trusted and not options.trusted_ref:
        from changegate.workspace.agreement import check_trusted_variable

        check_trusted_variable(environ, TRUSTED_REF_VARIABLE, trusted)
    stage = options.stage or claims.stage
    _check_options(options, stage, trusted, claims)
    now = options.now if options.now is not None else int(time.time())
    git = Git.open(options.start, environ, options.git_dir)
    if stage is Stage.LOCAL and options.staged:
        from changegate.workspace.staged import resolve_staged

        scope = resolve_staged(git, options, environ, trusted)
    elif stage is Stage.LOCAL:
        from changegate.workspace.local import resolve_local

        scope = resolve_local(git, options, trusted)
    else:
        from changegate.workspace.proof import resolve_ci

        scope = resolve_ci(git, options, claims, trusted)
    if scope.base_id and git.is_shallow():
        from changegate.workspace.shallow import check_nothing_is_hidden

        check_nothing_is_hidden(git, scope.base_id, (scope.reviewed_head, scope.head_id))
    return scope._replace(stage=stage, now=now, all=options.all)


def _trusted_ref(options: ScopeOptions, environ: Mapping[str, str]) -> str:
    name = options.trusted_ref or environ.get(TRUSTED_REF_VARIABLE, "")
    if name and not ci.is_branch(name):
        short = name.removeprefix("refs/").removeprefix("remotes/origin/").removeprefix("tags/").removeprefix("heads/")
        better = f"refs/heads/{short}" if ci.is_branch(f"refs/heads/{short}") else "refs/heads/main"
        hint = f"write the branch in full, e.g. --trusted-ref {better}: a short name could also be a tag"
        raise UsageError(f"the trusted ref {name!r} is not the full name of a branch", hint=hint)
    return name


def _check_options(options: ScopeOptions, stage: Stage, trusted: str, claims: ci.Claims) -> None:
    if options.staged and options.head:
        raise UsageError("--staged and --head exclude each other", hint="leave one of them out")
    if stage is Stage.LOCAL:
        return
    if options.staged:
        raise UsageError(
            "--staged is for a laptop: in CI a commit is checked", hint="leave --staged out, or add --stage local"
        )
    if not trusted:
        example = "refs/heads/main" if claims.target == "" else claims.target
        how = f"`{TRUSTED_REF_VARIABLE}: {example}` under env (or variables), or --trusted-ref {example}"
        hint = f"add to the protected workflow: {how}"
        raise UsageError("no trusted ref: in CI the branch whose policy decides has to be named", hint=hint)
    if claims.target and claims.target != trusted:
        message = f"the change is meant for {claims.target}, and only {trusted} is trusted"
        hint = f"run the gate for changes to {trusted} only, or name another trusted ref in the protected workflow"
        raise TrustError(message, hint=hint)
