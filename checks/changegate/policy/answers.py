"""Reads what an engine answered: outcomes, places, the risk, required approvals. Whatever is malformed is no answer."""

from __future__ import annotations

from typing import Any

from changegate.errors import PolicyError
from changegate.escape import shorten
from changegate.names import Status
from changegate.numbers import normalised
from changegate.verdict import PASSED, Outcome, RelatedPlace, RequiredApproval, Violation

SAID_PASSED = {"outcome": "passed"}
"""What a rule says that passed, and nothing else."""
_WITH_REASON = {"not-applicable": Status.NOT_APPLICABLE, "unknown": Status.UNKNOWN}


def outcome_of(raw: Any) -> Outcome | None:
    """Read one outcome as a rule wrote it; None where it is none."""
    status = raw.get("outcome") if isinstance(raw, dict) else None
    if raw == SAID_PASSED:
        return PASSED
    if status in ("not-applicable", "unknown") and isinstance(raw.get("reason"), str) and raw["reason"]:
        return Outcome(_WITH_REASON[status], reason=raw["reason"])
    if status == "failed" and isinstance(raw.get("violations"), list) and raw["violations"]:
        violations = [_violation(one) for one in raw["violations"]]
        if all(violations):
            return Outcome(Status.FAILED, tuple(one for one in violations if one is not None))
    return None


def _violation(raw: Any) -> Violation | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("details", {}), dict):
        return None
    details: dict[str, Any] = normalised(raw.get("details", {}))
    related = related_places(raw.get("related", []))
    if related is None:
        return None
    if "at" in raw:
        return Violation((), raw["at"], details, related) if _is_place(raw["at"]) else None
    return Violation(tuple(raw["path"]), None, details, related) if is_path(raw.get("path")) else None


MOST_RELATED = 10
"""Places beside one violation: a person looks at some."""
_LONGEST_RELATED = 200
"""Characters that say what is there."""


def related_places(raw: Any) -> tuple[RelatedPlace, ...] | None:
    """Read the places beside a violation; None where they are none. Of many, the first are kept.

    Args:
        raw: A list of `{message, at}` or `{message, path, revision}`, where `revision` can only be `previous`.
    """
    if not isinstance(raw, list):
        return None
    found = [_related_place(one) for one in raw]
    places = tuple(one for one in found if one is not None)
    return places[:MOST_RELATED] if len(places) == len(found) else None


def _related_place(raw: Any) -> RelatedPlace | None:
    message = raw.get("message") if isinstance(raw, dict) else None
    if not isinstance(message, str) or not message.strip():
        return None
    words, previous = shorten(message, _LONGEST_RELATED), raw.get("revision") == "previous"
    if raw.keys() == {"message", "at"}:
        return RelatedPlace(words, at=raw["at"]) if _is_place(raw["at"]) else None
    if raw.keys() != {"message", "path", *(("revision",) if previous else ())} or not is_path(raw["path"]):
        return None
    return RelatedPlace(words, tuple(raw["path"]), previous=previous)


def is_path(value: Any) -> bool:
    """Whether a value is a path of keys: names, and indexes from 0."""
    return isinstance(value, list) and all(isinstance(key, str) or _is_count(key) for key in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("file"), str)
        and _is_revision(value.get("revision", "head"))
        and is_path(value.get("path", []))
        and _is_count(value.get("document", 0))
        and all(_is_count(value.get(key, 1)) and value.get(key, 1) > 0 for key in ("line", "column", "endColumn"))
    )


def _is_revision(value: Any) -> bool:
    """The head, the base, or a commit by its full id."""
    is_id = isinstance(value, str) and len(value) in (40, 64) and not value.strip("0123456789abcdef")
    return value in ("head", "base") or is_id


def read_risk(raw: Any) -> tuple[str, tuple[str, ...]]:
    """Read the tier; one that is undefined counts as critical."""
    if not isinstance(raw, dict) or raw.get("tier") not in ("low", "medium", "high", "critical"):
        return "critical", ("the tier is not defined, so it counts as critical",)
    reasons = raw.get("reasons")
    return raw["tier"], tuple(map(str, reasons)) if isinstance(reasons, list) else ()


def read_required_approvals(raw: Any) -> tuple[RequiredApproval, ...]:
    """Read who has to approve.

    Raises:
        PolicyError: The answer is not what a decision has to be.
    """
    if not isinstance(raw, list):
        raise PolicyError("the decision has no requiredApprovals", hint="main.rego has to answer `requiredApprovals`")
    if not all(map(_is_approval, raw)):
        hint = "each one is {role, count, approvedBy, candidates}"
        raise PolicyError("the decision's requiredApprovals are malformed", hint=hint)
    return tuple(
        RequiredApproval(one["role"], one["count"], tuple(one["approvedBy"]), tuple(one["candidates"])) for one in raw
    )


def _is_approval(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("role"), str)
        and _is_count(value.get("count"))
        and all(_are_logins(value.get(key)) for key in ("approvedBy", "candidates"))
    )


def _are_logins(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(login, str) for login in value)
