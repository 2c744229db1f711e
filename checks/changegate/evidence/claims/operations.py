"""Who is called, and what is logged: statements of the operations block that exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.evidence.claims.statement import Contradiction, block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.collector import EvidenceRequest
    from changegate.names import KeyPath

_AT: KeyPath = ("spec", "operations")


def operations(request: EvidenceRequest) -> Iterator[Contradiction]:
    """Find a person who is called after himself, and logs that are kept for no time."""
    said = block(request.release, "operations")
    first, then = said.get("onCall"), said.get("escalation")
    if first and then and (first == then or _one_person(request, first, then)):
        yield Contradiction("escalates-to-itself", (*_AT, "escalation"), (*_AT, "onCall"))
    logging = said.get("logging", {})
    if logging.get("retentionDays") == 0 and logging.get("inputs", "none") != "none":
        yield Contradiction("logged-and-not-kept", (*_AT, "logging", "retentionDays"), (*_AT, "logging", "inputs"))


def _one_person(request: EvidenceRequest, *names: str) -> bool:
    """Whether the base's teams know one and the same person alone behind each of some teams or roles."""
    owner = str(request.release["metadata"]["owner"])
    members = {request.teams.members(name, owner) for name in names}
    return len(members) == 1 and len(members.pop()) == 1
