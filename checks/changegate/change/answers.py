"""What releases read of each other: each input that says `from`, beside the output of the release that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.changeset import related
from changegate.evidence.contract_changes import keeps
from changegate.evidence.dtypes import conversion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.change.dependencies import Need
    from changegate.manifest import Manifest
    from changegate.names import Identity

_TERMS = ("unit", "range", "enum")
_LONGEST = 200


def with_other_outputs(change: ChangeSet, manifests: Iterable[Manifest]) -> set[Identity]:
    """The releases of a change that state other outputs than at the base."""
    before = change.before.manifests
    return {
        one.identity
        for one in manifests
        if one.identity in before and _side(one, "outputs") != _side(before[one.identity], "outputs")
    }


def reads_of(manifest: Manifest) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The inputs of a release that another release answers, each with its position."""
    return ((index, one) for index, one in enumerate(_side(manifest, "inputs")) if "from" in one)


def _side(manifest: Manifest, key: str) -> Sequence[Mapping[str, Any]]:
    stated = manifest.value["spec"].get("features")
    return stated.get(key, ()) if isinstance(stated, dict) else ()


def not_depended_on(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """The inputs that come from a release that theirs does not depend on: nobody would know of it."""
    named = {entry["name"] for entry in manifest.value["spec"].get("dependsOn", ())}
    for index, one in reads_of(manifest):
        if one["from"] not in named:
            yield _told(manifest, index, one["from"], "not-depended-on", given="no entry", read="from")


def unlike(need: Need, producers: Iterable[Manifest]) -> Iterator[dict[str, Any]]:
    """What a release reads of one that it depends on, and that this one does not answer so.

    Args:
        need: The entry of `dependsOn`.
        producers: The releases that it means; several where an identity stands twice.
    """
    for index, one in reads_of(need.manifest):
        if one["from"] != need.wanted.name:
            continue
        for producer in producers:
            for kind, key, given, read, how in _differences(one, _side(producer, "outputs")):
                path = ("spec", "features", "outputs", *key)
                told = _told(need.manifest, index, str(need.wanted), kind, given=given, read=read)
                yield {**told, **how, "related": [related("the output", producer, path)]}


def _differences(
    read: Mapping[str, Any], outputs: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[str | int, ...], str, str, dict[str, str]]]:
    found = next(((index, one) for index, one in enumerate(outputs) if one["name"] == read["name"]), None)
    if found is None:
        yield "missing", (), "nothing", read["dtype"], {}
        return
    index, given = found
    became = conversion(given["dtype"], read["dtype"])
    if became != "same":
        yield "type", (index, "dtype"), given["dtype"], read["dtype"], {"conversion": became}
    if given.get("nullable", False) and not read.get("nullable", False):
        yield "nullable", (index, "nullable"), "may be missing", "never missing", {}
    for key in _TERMS:
        if key in given and key in read and not keeps(key, given[key], read[key]):
            yield key, (index, key), str(given[key])[:_LONGEST], str(read[key])[:_LONGEST], {}


def _told(manifest: Manifest, index: int, wanted: str, kind: str, *, given: str, read: str) -> dict[str, Any]:
    path = ("spec", "features", "inputs", index, "name")
    line, column, _, _ = manifest.locate(path)
    at = {"file": manifest.file, "revision": "head", "line": line, "column": column}
    name = manifest.value["spec"]["features"]["inputs"][index]["name"]
    facts = {"dependant": str(manifest.identity), "wanted": wanted, "name": name, "kind": kind}
    return {**facts, "given": given, "read": read, "at": at}
