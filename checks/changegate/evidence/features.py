"""What a release reads and answers: its inputs against the contracts that promise them, its outputs against before.

A contract is compared with itself at the base, at the path where the previous release read it, so that moving the file
hides no change. A format that has no versions has the one that the manifests give it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.operation import parse_version
from changegate.evidence import contracts
from changegate.evidence.collector import EvidenceRequest, Section, absent, present
from changegate.evidence.contract_changes import changes, mode_of, same_version, version_moved
from changegate.evidence.contract_history import contract_history, no_history
from changegate.evidence.inputs import ListedContracts, deprecations, input_facts
from changegate.evidence.outputs import output_changes
from changegate.evidence.reports import Place, Report, beside, block
from changegate.evidence.skew import skew_facts
from changegate.evidence.switches import switches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.promises import PromisedFeature

_PATH = ("spec", "features")


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's features."""
    read = _contracts(request)
    before = [(name, _before(name, report, request)) for name, report in read if report.status == "present"]
    listed, stated = ListedContracts(read, before, _former(request)), _items(request.release, "inputs")
    entries = [_contract(name, listed.reports[name], was, request) for name, was in before]
    facts = {
        "block": block(request.release.get("spec", {}).get("features")),
        "purpose": _purpose(request.release),
        "contracts": entries,
        "switches": switches(request, read, entries),
        "featureSwitch": _feature_switch(request),
        "inputs": [input_facts(one, listed) for one in stated],
        "deprecations": list(deprecations(stated, listed, request.now)),
        "outputs": _outputs(request),
        **skew_facts(request, _block(request.release)),
    }
    return Section(_evidence(request.release, read), facts)


def _items(release: Mapping[str, Any] | None, key: str) -> list[Mapping[str, Any]]:
    """A list of the block, empty where there is no such block."""
    return list(_block(release).get(key, ()))


def _block(release: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The block itself, empty where there is none or where it is not applicable."""
    stated = (release or {}).get("spec", {}).get("features")
    return stated if isinstance(stated, dict) and "notApplicable" not in stated else {}


def _purpose(release: Mapping[str, Any]) -> str:
    """What the release is for, in the word by which contracts approve sensitive features; empty where it says none."""
    return str(_block(release).get("purpose", ""))


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
        report = contracts.read_contract(request.files, one, where)
        if any(one["name"] == name for name, _ in found):
            reason = f"the manifest lists the contract {one['name']} twice"
            report = Report(where, "invalid", reason, file=one["path"], place={"path": [*where, "name"]})
        found.append((one["name"], report))
    return found


def _entries(name: str, report: Report, request: EvidenceRequest) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """How the release names a contract, and how the previous one did: as this one does, where it did not."""
    stated = _items(request.release, "contracts")[int(report.reference[-1])]
    return stated, next((one for one in _items(request.previous, "contracts") if one["name"] == name), stated)


def _before(name: str, report: Report, request: EvidenceRequest) -> Report:
    """The contract at the base: where the previous release read it, else where this one does."""
    stated, entry = _entries(name, report, request)
    return contracts.read_contract(request.files, {**stated, **entry}, report.reference, "base")


def _former(request: EvidenceRequest) -> dict[str, PromisedFeature]:
    """What the contracts at the base promise of the previous release's inputs, by the name of the input."""
    reports = {
        one["name"]: contracts.read_contract(request.files, one, (*_PATH, "contracts"), "base")
        for one in _items(request.previous, "contracts")
    }
    known = {name: contracts.features(one) for name, one in reports.items() if one.status == "present"}
    promised = {
        one["name"]: known.get(one.get("contract", ""), {}).get(one["name"])
        for one in _items(request.previous, "inputs")
    }
    return {name: one for name, one in promised.items() if one is not None}


def _contract(name: str, report: Report, before: Report, request: EvidenceRequest) -> dict[str, Any]:
    stated, entry = _entries(name, report, request)
    place: Place = {"path": [*report.reference, "version"]}
    changed = changes(before, report)
    says = same_version(stated["version"], report.value.version)
    if says == "other":
        place = beside(place, ("the contract", contracts.place_of_whole(report, "version")))
    return {
        "name": name,
        "format": report.value.format,
        "statedVersion": stated["version"],
        **_if_said("version", report.value.version),
        "versionSays": says,
        "versionMoved": _moved(before, report, entry["version"], stated["version"]),
        **_pinned(stated, says, request),
        "before": {"status": before.status, **_version_before(before, entry)},
        "compatibility": mode_of(before if before.status == "present" else report),
        "changes": changed,
        "history": contract_history(before, report, {**stated, **entry}, request) if changed else no_history(),
        "place": place,
    }


def _pinned(stated: Mapping[str, Any], says: str, request: EvidenceRequest) -> dict[str, Any]:
    """What binds the manifest to the content of a contract; where the file has another digest, that in a sentence."""
    if "digest" not in stated:
        return {"pinned": "no" if says == "not-said" else "version"}
    file = request.files.find({"path": stated["path"], "digest": stated["digest"]})
    if file.status == "present" and file.source == "repository":
        return {"pinned": "digest"}
    return {"pinned": "other-digest", "otherDigest": file.reason or "the file in the repository has another digest"}


def _if_said(key: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {key: value}


def _version_before(before: Report, entry: Mapping[str, Any]) -> dict[str, Any]:
    if before.status != "present":
        return {}
    return {"version": entry["version"] if before.value.version is None else before.value.version}


def _moved(before: Report, after: Report, stated_before: Any, stated: Any) -> str:
    """What became of the version: of the one that the contract says, else of the one that the manifests give it."""
    if before.status != "present":
        return "not-said"
    found = version_moved(before.value.version, after.value.version)
    return version_moved(stated_before, stated) if found == "not-said" else found


def _feature_switch(request: EvidenceRequest) -> dict[str, Any]:
    """Whether the switch of the rollout leads to the version of the contract that it names."""
    rollout = request.release.get("spec", {}).get("rollout")
    switch = rollout.get("featureSwitch") if isinstance(rollout, dict) else None
    if not isinstance(switch, dict):
        return {"leads": "nowhere"}
    said = {"pipeline": switch["pipeline"], "version": switch["version"]}
    for index, one in enumerate(_items(request.release, "contracts")):
        if one["name"] == switch["pipeline"]:
            same = str(one["version"]) == str(switch["version"])
            related = [{"message": "the contract's version", "path": [*_PATH, "contracts", index, "version"]}]
            leads = "to-the-contract" if same else "elsewhere"
            return {"leads": leads, **said, "contractVersion": str(one["version"]), "related": related}
    return {"leads": "to-no-contract", **said}


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
