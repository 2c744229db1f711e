"""The input document: everything that a rule may read, as one JSON document per subject.

Described by `schemas/input.schema.json`. It is checked against that schema before a rule sees it, so that a rule never
meets a null, a NaN or a number as a string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.semantic import change_as_json
from changegate.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.names import Change
    from changegate.verdict import Subject

SCHEMA_VERSION = 1


def document(
    subject: Subject,
    *,
    context: Mapping[str, Any],
    settings: Mapping[str, Any],
    release: Mapping[str, Any] | None,
    facts: Mapping[str, Any],
    evidence: Mapping[str, Any],
    previous: Mapping[str, Any],
    operation: str,
    classes: Iterable[str] = (),
    changes: Iterable[Change] = (),
    step: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Put a subject's input document together.

    Args:
        subject: What is judged.
        context: The circumstances: stage, repository, base, head, author, committers, now.
        settings: The thresholds, complete and validated.
        release: The manifest as plain JSON, or None where the subject has none.
        facts: What collectors derived, by section.
        evidence: What collectors found, by section, each with a status.
        previous: The previous release: status, and reason or how, revision, release.
        operation: create, update, unchanged, rename, rollback, retire, or none for the change set.
        classes: The classes of the changes.
        changes: The semantic diff.
        step: The step of the version beside the level of the changes; of a release.

    Returns:
        The document, as `schemas/input.schema.json` describes it.
    """
    about: dict[str, Any] = {"kind": subject.kind.value}
    if subject.identity is not None:
        about["identity"] = subject.identity._asdict()
    return {
        "schemaVersion": SCHEMA_VERSION,
        "subject": about,
        "context": dict(context),
        "settings": settings,
        "release": release,
        "facts": facts,
        "previous": previous,
        "change": {"operation": operation, "classes": list(classes), **({"step": step} if step else {})},
        "changes": [change_as_json(change) for change in changes],
        "evidence": evidence,
    }


def validate(document: Mapping[str, Any], label: str) -> None:
    """Check a document against its schema.

    Raises:
        InternalError: It does not hold: a collector has said something that rules are not prepared for.
    """
    from changegate.manifest.schema import compiled
    from changegate.manifest.schema import validate as explain

    if compiled("input").is_valid(document):
        return
    faults = explain(document, "input")
    where = "; ".join(f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in faults[:3])
    raise InternalError(
        f"internal error: the input document of {label} is not valid: {where}",
        hint="this is a fault of changegate: report it",
    )
