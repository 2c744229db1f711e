"""What a release reads and answers: its inputs against the contracts that promise them, its outputs against before.

A contract is compared with itself at the base, at the path where the previous release read it, so that moving the file
hides no change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.operation import parse_version
from changegate.evidence import contracts
from changegate.evidence.collector import EvidenceRequest, Section, absent, present
from changegate.evidence.dtypes import conversion
from changegate.evidence.outputs import output_changes
from changegate.evidence.reports import Place, Report, beside, block

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH = ("spec", "features")


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's features."""
    read = _contracts(request)
    listed = dict(reversed(read))  # the first of a name counts
    facts = {
        "block": block(request.release.get("spec", {}).get("features")),
        "contracts": [_contract(name, report, request) for name, report in read if report.status == "present"],
        "switches": _switches(request),
        "inputs": [_input(one, listed) for one in _items(request.release, "inputs")],
        "outputs": _outputs(request),
    }
    return Section(_evidence(request.release, read), facts)


def _items(release: Mapping[str, Any] | None, key: str) -> list[Mapping[str, Any]]:
    """A list of the block, empty where there is no such block."""
    stated = (release or {}).get("spec", {}).get("features")
    return list(stated.get(key, ())) if isinstance(stated, dict) else []


def _evidence(release: Mapping[str, Any], read: list[tuple[str, Report]]) -> dict[str, Any]:
    stated = release.get("spec", {}).get("features")
    if block(stated) == "present":
        return present(contracts=[{"name": name, **report.as_evidence()} for name, report in read])
    said = stated.get("notApplicable") if isinstance(stated, dict) else None
    return {**absent(str(said) if said else "the manifest has no `features`"), "contracts": []}


def _contracts(request: EvidenceRequest) -> list[tuple[str, Report]]:
    """Every contract that the manifest lists; one that it lists twice counts once, and the second is no contract."""
    found: list[tuple[str, Report]] = []
    for index, one in enumerate(_items(request.release, "contracts")):
        where = (*_PATH, "contracts", index)
        report = contracts.read_contract(request.files, one["name"], one["path"], where)
        if any(one["name"] == name for name, _ in found):
            reason = f"the manifest lists the contract {one['name']} twice"
            report = Report(where, "invalid", reason, file=one["path"], place={"path": [*where, "name"]})
        found.append((one["name"], report))
    return found


def _contract(name: str, report: Report, request: EvidenceRequest) -> dict[str, Any]:
    index = report.reference[-1]
    stated = _items(request.release, "contracts")[int(index)]
    before = _before(name, report, request)
    place: Place = {"path": [*report.reference, "version"]}
    if stated["version"] != report.value["version"]:
        place = beside(place, ("the contract", report.at("version")))
    facts = {
        "name": name,
        "statedVersion": stated["version"],
        "version": report.value["version"],
        "before": {"status": before.status},
        "changes": contracts.changes(before, report),
        "place": place,
    }
    if before.status == "present":
        facts["before"]["version"] = before.value["version"]
    return facts


def _before(name: str, report: Report, request: EvidenceRequest) -> Report:
    """The contract at the base: where the previous release read it, else where this one does."""
    paths = [one["path"] for one in _items(request.previous, "contracts") if one["name"] == name]
    return contracts.read_contract(request.files, name, (paths or [report.file])[0], report.reference, "base")


def _switches(request: EvidenceRequest) -> list[dict[str, Any]]:
    """The contracts of which this release reads another version than the previous one did."""
    before = {one["name"]: one["version"] for one in _items(request.previous, "contracts")}
    return [
        {
            "name": one["name"],
            "before": before[one["name"]],
            "after": one["version"],
            "related": [
                {"message": "the contract's version", "path": [*_PATH, "contracts", index, "version"]},
                _previous("contracts", one["name"]),
            ],
        }
        for index, one in enumerate(_items(request.release, "contracts"))
        if before.get(one["name"], one["version"]) != one["version"]
    ]


def _input(stated: Mapping[str, Any], listed: Mapping[str, Report]) -> dict[str, Any]:
    """One input, beside what its contract promises of it."""
    facts: dict[str, Any] = {"name": stated["name"]}
    if "contract" not in stated:
        return {**facts, "promise": "none"}
    facts["contract"] = stated["contract"]
    report = listed.get(stated["contract"])
    if report is None:
        return {**facts, "promise": "not-listed"}
    if report.status != "present":
        return {**facts, "promise": "unread"}
    promised = contracts.features(report).get(stated["name"])
    if promised is None:
        return {**facts, "promise": "not-given"}
    return {**facts, "promise": "given", **_compared(promised[1], stated)}


def _compared(promised: Mapping[str, Any], accepted: Mapping[str, Any]) -> dict[str, Any]:
    sides = {"promised": promised["dtype"], "accepted": accepted["dtype"]}
    return {
        "type": {**sides, "conversion": conversion(promised["dtype"], accepted["dtype"])},
        "nulls": {"promised": promised.get("nullable", False), "accepted": accepted.get("nullable", False)},
        "values": _values(promised, accepted),
    }


def _values(promised: Mapping[str, Any], accepted: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the promised values lie within the accepted ones, by range and by enumeration where both state them."""
    both = [key for key in ("range", "enum") if key in promised and key in accepted]
    outside = [key for key in both if not contracts.keeps(key, promised[key], accepted[key])]
    if not both:
        return {"compared": "not-stated"}
    key = (outside or both)[0]
    found = "outside" if outside else "within"
    # a copy: the contract is parsed once for all that name it
    return {"compared": found, "key": key, "promised": [*promised[key]], "accepted": [*accepted[key]]}


def _outputs(request: EvidenceRequest) -> dict[str, Any]:
    """What became of the previous release's outputs, and whether the version says that callers may break."""
    now = list(enumerate(_items(request.release, "outputs")))
    changes: list[dict[str, Any]] = []
    for old in _items(request.previous, "outputs"):
        beside_it = [_previous("outputs", old["name"])]
        named = [(index, one) for index, one in now if one["name"] == old["name"]]
        if not named:
            place = {"path": [*_PATH, "outputs"], "related": beside_it}
            changes.append({"name": old["name"], "of": "whole", "before": old["dtype"], "place": place})
        for index, one in named:
            for change in output_changes(old, one):
                path = [*_PATH, "outputs", index, *([change["of"]] if change["of"] in one else [])]
                changes.append({"name": old["name"], **change, "place": {"path": path, "related": beside_it}})
    return {"majorRose": _major_rose(request), "changes": changes}


def _previous(key: str, name: str) -> dict[str, Any]:
    """Where the previous release states something, by its name."""
    return {"message": "the previous release", "path": [*_PATH, key, name], "revision": "previous"}


def _major_rose(request: EvidenceRequest) -> bool:
    """Whether the major version rose, where both are semantic versions."""
    old, new = (
        parse_version(str((release or {}).get("spec", {}).get("version", "")))
        for release in (request.previous, request.release)
    )
    return old is not None and new is not None and new[0][0] > old[0][0]
