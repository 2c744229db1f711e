"""Feature contracts: read at a revision, and compared with what they promised before.

Every term of a contract is a set of values that a reader has to expect, so a change either loosens the promise (more
may come) or tightens it. Which of the two breaks a reader is a policy's part.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import conversion
from changegate.evidence.files import OUT_OF_LFS, lfs_pointer, parsed
from changegate.evidence.readers import CONTRACTS, reader_of
from changegate.evidence.reports import Place, Report, beside, schema_fault
from changegate.evidence.unsound import Unsound
from changegate.manifest.units import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles, File

_TERMS = {
    "nullable": ("nulls-added", "nulls-removed"),
    "range": ("range-widened", "range-narrowed"),
    "enum": ("values-added", "values-removed"),
    "freshness": ("freshness-loosened", "freshness-tightened"),
    "unit": ("unit-changed", "unit-stated"),
}
"""Term of a feature -> how a change of it is called that loosens the promise, and one that tightens it."""


def read_contract(
    files: EvidenceFiles, name: str, path: str, where: Sequence[str | int], revision: str = "head"
) -> Report:
    """Read a contract.

    Args:
        files: Where to look.
        name: The contract's name, as a manifest says it.
        path: Its path in the repository.
        where: The manifest's entry that names it.
        revision: `head` or `base`.
    """
    reference = tuple(where)
    file = files.read(path, at=revision)
    if file.status != "present":
        whole = {"at": {"file": path, "revision": revision}}
        place = {"path": [*reference, "path"]} if file.status == "absent" else whole
        return Report(reference, file.status, file.reason, file=path, revision=revision, place=place)
    found = Report(reference, "present", file=path, source="repository", revision=revision)
    return _parsed(found, file, name)


def _parsed(found: Report, file: File, name: str) -> Report:
    if lfs_pointer(file.data):
        return found.refused(Unsound(f"it is a Git LFS pointer; {OUT_OF_LFS}"))
    made = parsed(file.data, found.file)
    if made.faults:
        fault = made.faults[0]
        known = {"line": fault.line, "column": fault.column}
        at = {"file": found.file, "revision": found.revision, **{key: n for key, n in known.items() if n is not None}}
        return found.refused(Unsound(fault.message))._replace(place={"at": at})
    if len(made.documents) != 1:
        return found.refused(Unsound(f"it holds {len(made.documents)} documents, not one"))
    value = made.documents[0].value
    try:
        return found._replace(value=_read(value, file, name), place=found.at())
    except Unsound as fault_found:
        return found.refused(fault_found)


def _read(value: Any, file: File, name: str) -> Mapping[str, Any]:
    """Read a contract that the manifest names so."""
    reader = reader_of(CONTRACTS, value)
    fault = schema_fault(value, reader.SCHEMA, file.content)
    if fault is not None:
        raise fault
    if value["name"] != name:
        raise Unsound(f"it is the contract {value['name']}, and the manifest names {name}", ("name",))
    contract: Mapping[str, Any] = reader.read(value)
    return contract


def features(contract: Report) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """The features of a contract that could be read: by name, each with its index."""
    return {one["name"]: (index, one) for index, one in enumerate(contract.value["features"])}


def keeps(term: str, inner: Any, outer: Any) -> bool:
    """Whether everything that one term allows is allowed by another, too; a term that is not stated allows all.

    Args:
        term: `nullable`, `range`, `enum`, `freshness`, `unit` or `entities`.
        inner: The first, or None.
        outer: The second, or None.
    """
    if term == "nullable":
        return outer is True or inner is not True
    if outer is None or inner is None:
        return outer is None
    return _WITHIN.get(term, lambda one, other: bool(one == other))(inner, outer)


def _distinct(values: Sequence[Any]) -> set[str]:
    """The values as JSON: to Python, true is 1."""
    return {json.dumps(value) for value in values}


_WITHIN: dict[str, Callable[[Any, Any], bool]] = {
    "range": lambda inner, outer: bool(outer[0] <= inner[0] and inner[1] <= outer[1]),
    "enum": lambda inner, outer: _distinct(inner) <= _distinct(outer),
    "freshness": lambda inner, outer: (seconds(inner) or 0) <= (seconds(outer) or 0),
}


def changes(before: Report, after: Report) -> list[dict[str, Any]]:
    """Every change of a contract's promises, each with the place at the head where it stands.

    A contract that could not be read before may have promised anything: that is a change of its own.
    """
    if before.status == "absent":
        return []
    if before.status != "present":
        return [_change("features", "unreadable-before", after.at("version"), before.place)]
    sides = before.value.get("entities"), after.value.get("entities")
    kinds = _term("entities", *sides, ("entities-changed", "entities-stated"))
    was, now = (
        report.at("entities" if said else "version") for report, said in zip((before, after), sides, strict=True)
    )
    found = [_change("entities", kind, now, was) for kind in kinds]
    old, new = features(before), features(after)
    found += [
        _change(name, "feature-removed", after.at("version"), before.at("features", index))
        for name, (index, _) in old.items()
        if name not in new
    ]
    for name, (index, feature) in new.items():
        if name not in old:
            found.append(_change(name, "feature-added", after.at("features", index), before.at("version")))
            continue
        position, stood = old[name]
        for key, kind in _differences(stood, feature):
            places = after.at("features", index, key), before.at("features", position, key)
            found.append(_change(name, kind, *places))
    return found


def _change(name: str, kind: str, place: Place, before: Place) -> dict[str, Any]:
    return {"name": name, "kind": kind, "place": beside(place, ("the contract before", before))}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if before["dtype"] != after["dtype"]:
        yield "dtype", _type_change(before["dtype"], after["dtype"])
    for key, names in _TERMS.items():
        for kind in _term(key, before.get(key), after.get(key), names):
            yield key, kind


def _type_change(before: str, after: str) -> str:
    if conversion(before, after) == "widening":
        return "type-widened"
    return "type-narrowed" if conversion(after, before) == "widening" else "type-changed"


def _term(term: str, before: Any, after: Any, names: tuple[str, str]) -> Iterator[str]:
    """The name of a term's change, or nothing where both say the same."""
    loosened, tightened = names
    if not keeps(term, after, before):
        yield loosened
    elif not keeps(term, before, after):
        yield tightened
