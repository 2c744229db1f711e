"""What `changegate approve` signs: the same digest that the gate makes of the same change."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from changegate.approvals.signed import NAMESPACE, approval_text
from changegate.change.approved_content import content_digest
from changegate.change.survey import survey
from changegate.errors import UsageError
from changegate.manifest import Manifest
from changegate.names import Stage, same_login
from changegate.policy.settings import Config
from changegate.policy.teams import Teams
from changegate.records import NamedTuple
from changegate.signing.ssh_keygen import sign_with_ssh
from changegate.workspace.resolve import resolve
from changegate.workspace.scope import ScopeOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from changegate.change.changeset import ChangeSet


class Approving(NamedTuple):
    """What a person wants to sign."""

    directory: Path
    model: str
    """The release, as reports name it; empty for the control files."""
    role: str
    approver: str
    repository: str
    """Empty for what the base's configuration calls it."""
    number: int | None
    trusted_ref: str
    head: str
    signed_at: int
    until: int


def approval_of(asked: Approving, environ: Mapping[str, str]) -> dict[str, Any]:
    """Make what is signed.

    Raises:
        UsageError: The change has no such release or no control file, the person is not in the role, or the base lists
            no key of theirs.
        ChangegateError: The change cannot be looked at.
    """
    options = ScopeOptions(
        start=asked.directory, head=asked.head, stage=Stage.PULL_REQUEST, trusted_ref=asked.trusted_ref
    )
    # NOTE: it is a person's command, not a run of a CI: the variables of one choose nothing here.
    scope = resolve(options, {name: environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in environ})
    config, teams = Config.load(scope.base), Teams.load(scope.base)
    change = survey(scope, config)
    version, owner = _release(change, asked.model)
    _check_person(asked, teams, owner)
    repository = asked.repository or config.repository
    if not repository:
        raise UsageError("nobody says which repository it is", hint="--repository owner/name")
    return {
        "schemaVersion": 1,
        "repository": repository,
        "pullRequest": asked.number,
        "approver": asked.approver,
        "role": asked.role,
        "model": asked.model,
        "version": version,
        "content": content_digest(scope, config, change),
        "signedAt": _written(asked.signed_at),
        "until": _written(asked.until),
    }


def signed_file(approval: Mapping[str, Any], key: Path) -> bytes:
    """Sign an approval, and write the file that the gate takes.

    Raises:
        UsageError: It could not be signed.
    """
    text = approval_text(approval)
    signature = sign_with_ssh(text.encode(), key, NAMESPACE)
    return (json.dumps({"schemaVersion": 1, "signed": text, "signature": signature}, indent=2) + "\n").encode()


def _release(change: ChangeSet, model: str) -> tuple[str, str]:
    """The version and the owner of a release that the change touches or deletes; nothing for the control files."""
    if not model:
        if not change.control:
            raise UsageError("the change touches no control file", hint="name a release of the change")
        return "", ""
    now = [item.manifest for item in change.items if isinstance(item.manifest, Manifest)]
    releases = {str(one.identity): one for one in (*change.retired, *now)}
    if model not in releases:
        named = ", ".join(sorted(releases)) or "none"
        raise UsageError(f"the change has no release {model!r}", hint=f"its releases: {named}")
    value = releases[model].value
    return str(value["spec"]["version"]), str(value["metadata"]["owner"])


def _check_person(asked: Approving, teams: Teams, owner: str) -> None:
    login = same_login(asked.approver)
    if login not in teams.members(asked.role, owner):
        hint = "only the teams at the base count; look at .changegate/teams.yaml there"
        raise UsageError(f"{asked.approver} is not in the role {asked.role!r} at the base", hint=hint)
    if not teams.keys.get(login):
        hint = f"list it there, in a change of its own: people: {{{asked.approver}: {{keys: [ssh-ed25519 …]}}}}"
        raise UsageError(f".changegate/teams.yaml at the base lists no key of {asked.approver}", hint=hint)


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
