"""The statement on a decision: a small in-toto statement that says what was decided about which tree.

A record has all that a decision was come to by, and is large. The statement names the record by its digest, and is what
an audit of years reads. Its predicate is SLSA's verification summary, which other tools read, too; what we add stands
under `changegate`, and the levels are ours.

Source: in-toto Statement v1; https://slsa.dev/verification_summary/v1.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from changegate.errors import ReportError
from changegate.names import Effect, Identity, Stage
from changegate.records import NamedTuple
from changegate.report.parts import digest_of_plan
from changegate.signing.dsse import IN_TOTO, is_signed_by, read_envelope, sign_envelope
from changegate.verdict import Gate, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.verdict import Context, SubjectVerdict, Verdict

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/verification_summary/v1"
VERIFIER = "https://changegate.dev"
_LEVELS = {
    Gate.OPEN: "CHANGEGATE_OPEN",
    Gate.NOT_ENFORCED: "CHANGEGATE_OBSERVED",
    Gate.AWAITING_APPROVAL: "CHANGEGATE_AWAITING_APPROVAL",
    Gate.CLOSED: "CHANGEGATE_CLOSED",
    Gate.UNDECIDED: "CHANGEGATE_UNDECIDED",
}


class Decided(NamedTuple):
    """What a statement says of one release or retirement."""

    identity: Identity
    version: str
    operation: str
    tier: str
    waived: Mapping[str, str]
    """The waivers that were used: rule and text."""


class DecisionStatement(NamedTuple):
    """What a statement says."""

    gate: Gate
    now: int
    """When it was decided, in seconds since the epoch."""
    stage: str
    repository: str
    tree: str
    """The tree that was judged; empty where git does not know it."""
    base: str
    head: str
    reviewed_head: str
    pull_request: int | None
    decided: tuple[Decided, ...]
    record: str
    """`sha256:<hex>` of the record."""
    is_verified: bool = False
    """Whether a key that was asked for has signed it."""


def statement_of(verdict: Verdict, record: bytes) -> bytes:
    """Write the statement on a verdict.

    Args:
        verdict: What was decided.
        record: The bytes of its record.
    """
    context = verdict.context
    digest = hashlib.sha256(record).hexdigest()
    return json.dumps({
        "_type": STATEMENT,
        "subject": [{"name": context.repository or "repository", "digest": _subject_digest(context)}],
        "predicateType": PREDICATE,
        "predicate": {
            "verifier": {"id": VERIFIER, "version": {"changegate": context.tool_version}},
            "timeVerified": datetime.fromtimestamp(context.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resourceUri": f"git+{context.repository}@{context.head}",
            "policy": {"uri": ".changegate", "digest": _hex(context.policy_digest)},
            "inputAttestations": [{"uri": "record.json", "digest": {"sha256": digest}}],
            "verificationResult": "PASSED" if _is_verified(verdict) else "FAILED",
            "verifiedLevels": [_LEVELS[verdict.gate]],
            "slsaVersion": "1.0",
            "changegate": _ours(verdict),
        },
    }, separators=(",", ":")).encode()  # fmt: skip


def _is_verified(verdict: Verdict) -> bool:
    """Whether everything was enforced and holds: who reads no more than this word may rely on it."""
    return verdict.gate is Gate.OPEN and verdict.context.stage is not Stage.LOCAL


def _subject_digest(context: Context) -> dict[str, str]:
    named = {"gitTree": context.head_tree, "gitCommit": context.head if len(context.head) in (40, 64) else ""}
    if named["gitCommit"] == named["gitTree"]:
        named["gitCommit"] = ""
    return {kind: oid for kind, oid in named.items() if oid} or {"sha256": "0" * 64}


def _hex(digest: str) -> dict[str, str]:
    return {"sha256": digest.removeprefix("sha256:")} if digest else {}


def _ours(verdict: Verdict) -> dict[str, Any]:
    context = verdict.context
    releases = (one for one in verdict.subjects if one.subject.kind is not SubjectKind.CHANGE_SET)
    return {
        "schemaVersion": 1,
        "verdict": verdict.gate.value,
        "now": context.now,
        "stage": context.stage.value,
        "repository": context.repository,
        "tree": context.head_tree,
        "base": context.base,
        "head": context.head,
        "reviewedHead": context.reviewed_head,
        "pullRequest": context.pull_request,
        "settingsDigest": context.settings_digest,
        "teamsDigest": context.teams_digest,
        "waiversDigest": context.waivers_digest,
        "signersDigest": context.signers_digest,
        "releases": [_release(one) for one in releases if one.subject.identity is not None],
    }


def _release(one: SubjectVerdict) -> dict[str, Any]:
    assert one.subject.identity is not None  # noqa: S101  (asked for by who calls)
    return {
        "identity": one.subject.identity._asdict(),
        "version": one.version or "",
        "operation": one.operation,
        "tier": one.tier,
        "planDigest": digest_of_plan(one.plan),
        "waived": {item.rule: item.note for item in one.settled if item.effect is Effect.WAIVED},
    }


def signed_statement(statement: bytes, key: Any) -> bytes:
    """Put a statement into an envelope that a key signs; see `signing.dsse`."""
    return sign_envelope(statement, IN_TOTO, key)


def read_statement(text: bytes, keys: Sequence[Any] = ()) -> DecisionStatement | None:
    """Read a statement, or an envelope of one.

    Args:
        text: The file's bytes.
        keys: Public keys; one of them has to have signed it, for it to count as verified.

    Returns:
        What it says; None where it is a statement of somebody else's, or none.

    Raises:
        ReportError: It is one of ours, and not as it was written.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None
    envelope = read_envelope(raw) if isinstance(raw, dict) and "payload" in raw else None
    if envelope is not None:
        try:
            raw = json.loads(envelope.payload)
        except (ValueError, RecursionError):
            return None
    if not isinstance(raw, dict) or raw.get("predicateType") != PREDICATE:
        return None
    ours = raw.get("predicate", {}).get("changegate") if isinstance(raw.get("predicate"), dict) else None
    if not isinstance(ours, dict):
        return None
    is_verified = envelope is not None and bool(keys) and is_signed_by(envelope, keys)
    try:
        return _statement(raw["predicate"], ours)._replace(is_verified=is_verified)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        hint = "it has to be what `changegate check --record DIR` wrote, unchanged"
        raise ReportError(f"this is no statement on a decision: {type(error).__name__}: {error}", hint=hint) from None


def _statement(predicate: Mapping[str, Any], ours: Mapping[str, Any]) -> DecisionStatement:
    if ours["schemaVersion"] != 1:
        raise ValueError(f"version {ours['schemaVersion']} is not known (1)")
    return DecisionStatement(
        gate=Gate(ours["verdict"]),
        now=int(ours["now"]),
        stage=str(ours["stage"]),
        repository=str(ours["repository"]),
        tree=str(ours["tree"]),
        base=str(ours["base"]),
        head=str(ours["head"]),
        reviewed_head=str(ours["reviewedHead"]),
        pull_request=ours["pullRequest"],
        decided=tuple(map(_decided, ours["releases"])),
        record="sha256:" + predicate["inputAttestations"][0]["digest"]["sha256"],
    )


def _decided(raw: Mapping[str, Any]) -> Decided:
    about = raw["identity"]
    identity = Identity(about["environment"], about["name"], about["variant"])
    return Decided(identity, str(raw["version"]), str(raw["operation"]), str(raw["tier"]), dict(raw["waived"]))
