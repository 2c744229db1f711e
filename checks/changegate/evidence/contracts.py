"""Feature contracts: found at a revision, read in whatever format they are written in, held against their own words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.files import MAXIMUM_BYTES, OUT_OF_LFS, File, lfs_pointer, parsed
from changegate.evidence.memo import Kept
from changegate.evidence.promises import PromisedFeature, Promises, check_promises
from changegate.evidence.readers import CONTRACTS, format_of, load_reader
from changegate.evidence.reports import Place, Report, schema_fault
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles

OWN = next(iter(CONTRACTS))
"""Our own format: the one whose contracts say their name themselves."""

_RAW = frozenset({"feast-definitions", "onnx", "tfdv-schema"})
"""Formats that are neither YAML nor JSON: their readers are given the bytes."""
_RAW_ENDS = (".onnx", ".py", ".pbtxt", ".textproto", ".prototxt")
_RAW_BEGINS = re.compile(rb"\x08|(?:\s|#[^\n]*\n)*[a-z_]+\s*\{")
_LARGE = 1024 * 1024
"""JSON of more bytes is read without looking for lines: dbt's manifest has some megabytes."""
_MOST_NAMED = 5
_READ: Kept[tuple[Promises, ...]] = Kept()


def read_contract(
    files: EvidenceFiles, entry: Mapping[str, Any], where: Sequence[str | int], revision: str = "head", path: str = ""
) -> Report:
    """Read a contract.

    Args:
        files: Where to look.
        entry: How a manifest names it: `name`, `path`, and where it says them `format` and `object`.
        where: Where the manifest does.
        revision: `head` or `base`.
        path: Where it stands, if not at the entry's path.

    Returns:
        A report whose value is the contract's `Promises`.
    """
    reference, path = tuple(where), path or entry["path"]
    file = files.read(path, at=revision)
    if file.status != "present":
        whole = {"at": {"file": path, "revision": revision}}
        stands = {"path": [*reference, "path"]} if file.status == "absent" else whole
        return Report(reference, file.status, file.reason, file=path, revision=revision, place=stands)
    found = Report(reference, "present", file=path, source="repository", revision=revision)
    try:
        return found._replace(value=_chosen(_promises(file, entry, path), entry), place=found.at())
    except _Unparsed as fault:
        at = {"file": path, "revision": revision, **fault.place}
        return found.refused(fault)._replace(place={"at": at})
    except Unsound as fault:
        return found.refused(fault)


def read_state(data: bytes, entry: Mapping[str, Any], path: str, revision: str) -> Report:
    """Read what a contract was at a commit.

    Args:
        data: The file's content there.
        entry: How a manifest names it.
        path: Its path.
        revision: The commit.
    """
    found = Report((), "present", file=path, source="repository", revision=revision)
    try:
        file = File("present", data=data, path=path, source="repository")
        return found._replace(value=_chosen(_promises(file, entry, path), entry), place=found.at())
    except Unsound as fault:
        return found.refused(fault)


class _Unparsed(Unsound):
    """A file that could not be parsed, with the line and column where reading it broke off."""

    def __init__(self, reason: str, **place: int | None) -> None:
        super().__init__(reason)
        self.place = {key: number for key, number in place.items() if number is not None}


def _promises(file: File, entry: Mapping[str, Any], path: str) -> tuple[Promises, ...]:
    """Everything that a file promises; of small files once for all that name it."""
    stated = str(entry.get("format", ""))
    key = (file.content, path, stated, entry["name"] if stated in ("", OWN) else "")
    if file.content is not None and key in _READ:
        return _READ[key]
    value = _value(file.data, path, stated)
    name = stated or format_of(CONTRACTS, value)
    reader = load_reader(CONTRACTS[name])
    if not reader.recognises(value):
        _refuse(value, stated)
    if reader.SCHEMA and (fault := schema_fault(value, reader.SCHEMA, file.content)) is not None:
        raise fault
    made = tuple(one._replace(format=name) for one in map(check_promises, reader.read(value)))
    return _READ.keep(key, made) if file.content is not None else made


def _refuse(value: Any, stated: str) -> None:
    """Refuse what has not the format that is stated, or none that is known; ours is told by its schema."""
    if stated:
        raise Unsound(f"it has not the format `{stated}` that the manifest states")
    if not isinstance(value, dict) or not {"apiVersion", "features"} & value.keys():
        known = ", ".join(CONTRACTS)
        raise Unsound(f"it has no format that is known ({known}); a contract of ours says `kind: FeatureContract`")


def _value(data: bytes, path: str, stated: str) -> Any:
    if lfs_pointer(data):
        raise Unsound(f"it is a Git LFS pointer; {OUT_OF_LFS}")
    if stated in _RAW or (not stated and (path.endswith(_RAW_ENDS) or _RAW_BEGINS.match(data[:65536]))):
        return data
    start = data[:64].lstrip()[:1]
    is_json = start in (b"{", b"[") and not path.endswith((".yaml", ".yml"))
    if is_json and len(data) > _LARGE:
        return _large(data)
    made = parsed(data, path if path.endswith(".json") or not is_json else f"{path}.json")
    if made.faults:
        fault = made.faults[0]
        raise _Unparsed(fault.message, line=fault.line, column=fault.column)
    if len(made.documents) != 1:
        raise Unsound(f"it holds {len(made.documents)} documents, not one")
    return made.documents[0].value


def _large(data: bytes) -> Any:
    """JSON that is larger than what positions are kept for."""
    if len(data) > MAXIMUM_BYTES:
        raise Unsound(f"it has {len(data)} bytes; {MAXIMUM_BYTES} are read")
    try:
        return json.loads(data, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as fault:
        raise _Unparsed(f"it is not valid JSON: {fault.msg}", line=fault.lineno, column=fault.colno) from fault
    except (ValueError, RecursionError) as fault:
        raise Unsound(f"it is not valid JSON: {str(fault)[:80]}") from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one mapping")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _chosen(found: tuple[Promises, ...], entry: Mapping[str, Any]) -> Promises:
    """The table, view or record that a manifest means.

    Raises:
        Unsound: There is none of that name, or several and none is named.
    """
    wanted = entry.get("object", "")
    if wanted or len(found) > 1:
        name = wanted or entry["name"]
        named = [one for one in found if name in one.names]
        if len(named) == 1:
            return named[0]
        asked = f"the manifest asks for `{name}`" if name else "the manifest asks for none of them"
        raise Unsound(f"{_held(found)}; {asked}" + ("" if wanted else ": say which as `object`"))
    if not found:
        raise Unsound("it promises nothing")
    (only,) = found
    if only.format == OWN and entry["name"] and only.names != (entry["name"],):
        raise Unsound(f"it is the contract {only.names[0]}, and the manifest names {entry['name']}", only.at("name"))
    return only


def _held(found: tuple[Promises, ...]) -> str:
    names = [one.names[0] if one.names else "one without a name" for one in found]
    more = ", …" if len(names) > _MOST_NAMED else ""
    return f"it holds {', '.join(names[:_MOST_NAMED])}{more}"


def features(contract: Report) -> dict[str, PromisedFeature]:
    """The features of a contract that could be read, by name."""
    return {one.name: one for one in contract.value.features}


def place_of(contract: Report, feature: PromisedFeature, term: str = "") -> Place:
    """Where a contract says something of a feature."""
    return contract.at(*feature.at(term), line=feature.line)


def place_of_whole(contract: Report, key: str = "") -> Place:
    """Where a contract says something of the whole."""
    return contract.at(*contract.value.at(key))
