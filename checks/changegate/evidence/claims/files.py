"""Files that a manifest names and no other collector reads: whether they are there, and are the ones that are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import invalid, present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.files import EvidenceFiles, File


def files(request: EvidenceRequest) -> list[dict[str, Any]]:
    """Look for the impact assessment and the red-team report; a fact for each that is named, with its status."""
    spec = request.release["spec"]
    plan, report = spec.get("changePlan", {}).get("impactAssessment"), spec.get("safety", {}).get("redTeam")
    return [
        *([] if plan is None else [_assessment(plan, request.files)]),
        *([] if report is None else [_report(report, request.files)]),
    ]


def _assessment(path: str, found: EvidenceFiles) -> dict[str, Any]:
    file = found.read(path)
    blank = file.status == "present" and not file.data.strip()
    status = invalid(f"{path} is empty") if blank else _status(file)
    return {"file": path, **status, "place": {"path": ["spec", "changePlan", "impactAssessment"]}}


def _report(reference: Mapping[str, Any], found: EvidenceFiles) -> dict[str, Any]:
    file = found.find(reference)
    named = "path" if "path" in reference else "uri"
    place = ["spec", "safety", "redTeam", "digest" if file.status == "invalid" else named]
    return {"file": reference[named], **_status(file), "place": {"path": place}}


def _status(file: File) -> dict[str, Any]:
    return present() if file.status == "present" else {"status": file.status, "reason": file.reason}
