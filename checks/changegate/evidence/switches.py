"""The contracts whose features and the model have to switch together: while traffic is split, one reads the other's.

That is so where the release reads another version, where an input comes from a contract of another name, and where what
became of the features that it reads breaks both directions, whatever the version says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence import contracts
from changegate.evidence.contract_changes import changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.reports import Report

_PATH = ("spec", "features")
_OF_ALL = {"features", "entities"}
"""Changes of a contract that are of every feature in it."""


def switches(
    request: EvidenceRequest, read: Sequence[tuple[str, Report]], facts: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Find the contracts to switch.

    Args:
        request: Both releases.
        read: The contracts of this one, by name, as they could be read.
        facts: What became of each that could be read.
    """
    before = {one["name"]: one for one in _items(request.previous, "contracts")}
    moved, reports = list(_moved(request)), dict(read)
    found = []
    for index, one in enumerate(_items(request.release, "contracts")):
        name = one["name"]
        sources = dict.fromkeys([name, *(old for new, old in moved if new == name)])
        for old in (before[source] for source in sources if source in before):
            if _is_switched(request, old, one, reports.get(name)) or _breaks_both(name, request, facts):
                found.append(_switch(index, old, one))
                break
    return found


def _is_switched(
    request: EvidenceRequest, old: Mapping[str, Any], new: Mapping[str, Any], report: Report | None
) -> bool:
    """Whether it is another version than before, or a contract of another name that promises another thing."""
    return old["version"] != new["version"] or (old["name"] != new["name"] and _differs(request, old, report))


def _switch(index: int, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    here = {"message": "the contract's version", "path": [*_PATH, "contracts", index, "version"]}
    there = {"message": "the previous release", "path": [*_PATH, "contracts", old["name"]], "revision": "previous"}
    return {"name": new["name"], "before": old["version"], "after": new["version"], "related": [here, there]}


def _items(release: Mapping[str, Any] | None, key: str) -> list[Mapping[str, Any]]:
    stated = (release or {}).get("spec", {}).get("features")
    return list(stated.get(key, ())) if isinstance(stated, dict) else []


def _moved(request: EvidenceRequest) -> Iterator[tuple[str, str]]:
    """The contract of each input that comes from another one now, and the one that it came from."""
    before = {one["name"]: one.get("contract", "") for one in _items(request.previous, "inputs")}
    for one in _items(request.release, "inputs"):
        old, new = before.get(one["name"], ""), one.get("contract", "")
        if old and new and old != new:
            yield new, old


def _differs(request: EvidenceRequest, old: Mapping[str, Any], report: Report | None) -> bool:
    """Whether a contract of another name promises something else, as far as both can be read."""
    was = contracts.read_contract(request.files, old, (*_PATH, "contracts"), "base")
    if report is None or report.status != "present" or was.status != "present":
        return True
    return bool(changes(was, report))


def _breaks_both(name: str, request: EvidenceRequest, facts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether readers of before fail on what comes now, and readers of now on what came before."""
    sides = (request.previous, request.release)
    names = {one["name"] for side in sides for one in _items(side, "inputs") if one.get("contract") == name} | _OF_ALL
    broken = {
        direction
        for one in facts
        if one["name"] == name
        for change in one["changes"]
        if change["name"] in names
        for direction in change["breaks"]
    }
    return {"backward", "forward"} <= broken
