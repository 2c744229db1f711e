"""How a release is run: whose it is, who is called, what is written down, what metrics carry and logs hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, absent, invalid, present, unavailable
from changegate.evidence.files import OUT_OF_LFS, lfs_pointer
from changegate.evidence.prose import words_count
from changegate.evidence.reports import block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DAY_SECONDS = 86_400
_REMOTE = "https://"

_TEAMS, _WAIVERS = ".changegate/teams.yaml", ".changegate/waivers.yaml"


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of the operations block, of the model card and of the owner."""
    spec = request.release.get("spec", {})
    stated = block(spec.get("operations"))
    operations = spec["operations"] if stated == "present" else {}
    runbook, card = operations.get("runbook"), spec.get("modelCard")
    evidence = {
        **_status(stated, spec),
        "owner": _team(request, request.release.get("metadata", {}).get("owner"), "metadata.owner"),
        "onCall": _team(request, operations.get("onCall"), "operations.onCall"),
        "escalation": _team(request, operations.get("escalation"), "operations.escalation"),
        "runbook": _document(request, runbook, "operations.runbook"),
        "modelCard": _document(request, card, "modelCard"),
    }
    facts = {
        "block": stated,
        "runbook": _kind(runbook),
        "dashboardStated": bool(operations.get("dashboard")),
        "telemetry": _telemetry(operations.get("telemetry") or {}),
        "logging": _logging(operations.get("logging") or {}),
        "followUps": list(_follow_ups(request)),
    }
    return Section(evidence, facts)


def _follow_ups(request: EvidenceRequest) -> Iterator[dict[str, Any]]:
    """What incidents left undone, as the base's waivers say it."""
    for index, one in request.follow_ups:
        if one.emergency is not None:
            yield {
                "rule": one.rule,
                "incident": one.emergency.incident,
                "version": one.emergency.version,
                "followUp": one.emergency.follow_up,
                "forThisVersion": request.release["spec"]["version"] == one.emergency.version,
                "at": {"file": _WAIVERS, "revision": "base", "path": ["waivers", index, "breakGlass", "followUp"]},
            }


def _status(stated: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    if stated == "present":
        return present()
    return absent(
        str(spec["operations"]["notApplicable"]) if stated == "not-applicable" else "the manifest has no `operations`"
    )


def _team(request: EvidenceRequest, name: Any, field: str) -> dict[str, Any]:
    """Look a team or role up in the base's teams: what the change itself adds there vouches for nobody."""
    if not name:
        return absent(f"the manifest names no `{field}`")
    if not request.teams.teams and not request.teams.roles:
        todo = "commit" if request.files.read(_TEAMS).status == "present" else "add"
        return unavailable(f"the base has no teams to look {name} up in: {todo} {_TEAMS}, and merge it before this")
    if not request.teams.known(name):
        return invalid(f"{name} is no team or role of the base's .changegate/teams.yaml")
    return present(name=name)


def _kind(path: Any) -> str:
    if not path:
        return "unstated"
    return "url" if str(path).startswith(_REMOTE) else "file"


def _document(request: EvidenceRequest, path: Any, field: str) -> dict[str, Any]:
    """Look whether a document that people read is there, and count its words; what it says is not judged."""
    kind = _kind(path)
    if kind == "unstated":
        return absent(f"the manifest names no `{field}`")
    if kind == "url":
        return unavailable(f"{path} was not looked at: nothing is fetched from the network")
    file = request.files.read(str(path))
    if file.status != "present":
        return {"status": file.status, "reason": file.reason}
    if lfs_pointer(file.data):
        return invalid(f"{file.path} is a Git LFS pointer, which nobody can read; {OUT_OF_LFS}")
    if not file.data.strip():
        return invalid(f"{file.path} is empty")
    return present(file=file.path, wordsCount=words_count(file.data))


def _telemetry(telemetry: Mapping[str, Any]) -> dict[str, Any]:
    return {"labels": sorted(set(telemetry.get("labels") or ())), "traceIds": telemetry.get("traceIds") is True}


def _logging(logging: Mapping[str, Any]) -> dict[str, Any]:
    """How inputs are logged; to redact and to leave personal data in contradict each other."""
    inputs, days = logging.get("inputs"), logging.get("retentionDays")
    facts: dict[str, Any] = {
        "inputs": inputs or "unstated",
        "contradictory": inputs == "redacted" and logging.get("redactPii") is False,
    }
    if isinstance(days, int) and not isinstance(days, bool):
        facts["retentionSeconds"] = days * _DAY_SECONDS
    return facts
