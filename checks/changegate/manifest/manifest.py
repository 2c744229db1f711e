"""Manifests: documents that say `apiVersion: changegate.dev/…` and `kind: ModelRelease`, and what is wrong with one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.manifest.bounds import MAXIMUM_FAULTS
from changegate.manifest.document import Document, Fault, Parsed
from changegate.manifest.scalars import shortened
from changegate.manifest.yaml import parse
from changegate.names import Identity
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.errors import ChangegateError
    from changegate.manifest.document import Position
    from changegate.names import KeyPath

API = "changegate.dev"
VERSION = "changegate.dev/v1"
KIND = "ModelRelease"
_NEARLY = 0.8
"""So much of the name has to be ours: `changgate.dev` and `changegate.io` are, `models.acme.dev` is not."""
_POINTER = b"version https://git-lfs."
_SAYS_IT_IS_OURS = re.compile(r"apiVersion[\"']?\s*:\s*[\"']?changegate\.dev/")
OTHER_KINDS = frozenset({"Config", "Teams", "Waivers", "FeatureContract", "Inventory"})
"""Kinds that are ours and are no releases; each has its own reader."""


class Manifest(NamedTuple):
    """A release's manifest, valid against the schema."""

    file: str
    identity: Identity
    document: Document

    @property
    def value(self) -> Mapping[str, Any]:
        """The manifest as plain JSON."""
        value: Mapping[str, Any] = self.document.value
        return value

    @property
    def replaced(self) -> Identity | None:
        """The identity that this release had before, where it declares a rename."""
        old = self.value["metadata"].get("replaces")
        return self.identity._replace(name=old) if old else None

    def locate(self, path: KeyPath) -> Position:
        """Find a node's line and column."""
        return self.document.locate(path)


class Broken(NamedTuple):
    """A document that claims to be a manifest and is not valid."""

    file: str
    identity: Identity | None
    """Whose it is, as far as can be read."""
    document: Document | None = None
    accident: ChangegateError | None = None
    """What nobody expected when it was loaded, where it is that which broke it."""

    @property
    def value(self) -> Any:
        """What could be read of it."""
        return None if self.document is None else self.document.value


class Loaded(NamedTuple):
    """What a file holds."""

    file: str
    is_manifest: bool
    """Whether any of it claims to be ours: then what is wrong with it matters."""
    manifests: tuple[Manifest, ...] = ()
    broken: tuple[Broken, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    problem: str = ""
    """Why the file could not be read at all: `link`, `submodule`, `too-large`, …"""
    problem_reason: str = ""

    @classmethod
    def unreadable(cls, file: str, problem: str, reason: str) -> Loaded:
        """Say that a file cannot be read; whether it was a manifest before, the change set knows."""
        return cls(file, is_manifest=False, problem=problem, problem_reason=reason)

    @classmethod
    def failed(cls, file: str, accident: ChangegateError) -> Loaded:
        """Say that loading a file failed for a reason that nobody expected: it may hold anything."""
        return cls(file, is_manifest=True, broken=(Broken(file, None, accident=accident),), problem="failed")

    @property
    def entries(self) -> tuple[Manifest | Broken, ...]:
        """Everything that claims to be a release: what could be read, then what could not."""
        return (*self.manifests, *self.broken)


def load_manifests(data: bytes, file: str) -> Loaded:
    """Load a file's manifests.

    A file that never mentions `changegate.dev/` is nobody's business. One that does, and cannot be read, is broken.

    Args:
        data: The file's bytes.
        file: Its path from the repository's root.
    """
    if not data.strip():
        return Loaded.unreadable(file, "empty", "the file is empty")
    if not _mentions(data):
        if data.startswith(_POINTER):
            return Loaded.unreadable(file, "lfs", "it is a Git LFS pointer, which holds no manifest")
        return Loaded(file, is_manifest=False)
    parsed = parse(data, file)
    claims = [document for document in parsed.documents if _claims(document)]
    if claims:
        return _load_claims(file, claims, parsed)
    if parsed.faults and _may_be_ours(data, parsed):
        return Loaded(file, is_manifest=True, broken=(Broken(file, None),), faults=parsed.faults)
    return Loaded(file, is_manifest=False)


def _mentions(data: bytes) -> bool:
    """Whether a file has to be read: it names the API, in UTF-16 too, or our kind, or could with escapes."""
    return _names_api(data) or KIND.encode() in data or b"\\" in data


def _names_api(data: bytes) -> bool:
    return API.encode() in (data if b"\0" not in data else data.replace(b"\0", b""))


def _may_be_ours(data: bytes, parsed: Parsed) -> bool:
    """Whether a file that is not in order holds a manifest that was not seen.

    One that was not read to its end may, if it names the API at all. In one that was, a manifest can only hide where a
    key was refused: behind a second `apiVersion` or in a merge.
    """
    if not parsed.complete or not parsed.documents:
        return _names_api(data)
    return _SAYS_IT_IS_OURS.search(parsed.documents[0].text) is not None


def says_it_is_ours(data: bytes) -> bool:
    """Whether the text of a file that cannot be read has an `apiVersion` of ours."""
    return _SAYS_IT_IS_OURS.search(data.replace(b"\0", b"").decode("utf-8", "replace")) is not None


def _claims(document: Document) -> bool:
    """Whether a document says that it is ours, and no other kind of ours.

    One that is of our kind and of no API at all, or of one that is nearly ours, is meant to be: it is misspelt.
    """
    value = document.value
    if not isinstance(value, dict):
        return False
    version, kind = value.get("apiVersion"), value.get("kind")
    if kind == "List" and isinstance(value.get("items"), list):
        return any(isinstance(item, dict) and _is_api(item.get("apiVersion")) for item in value["items"])
    if not isinstance(version, str):
        return _is_api(version) or KIND in texts(kind)
    if _is_api(version):
        return not (isinstance(kind, str) and kind in OTHER_KINDS)
    return bool(kind == KIND) and _is_nearly_api(version)


def _is_nearly_api(version: str) -> bool:
    """Whether an `apiVersion` is ours but for a letter or two. Only asked of our kind: it is slow, and a guess."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, version.partition("/")[0].casefold()[:100], API).ratio() > _NEARLY


def _is_api(version: Any) -> bool:
    """Whether an `apiVersion` is ours, also where it stands in a list or a mapping: such a one is a mistake to tell."""
    return any(text.partition("/")[0] == API for text in texts(version))


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included, by an explicit stack: depth is the author's to choose."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            stack.extend((*node, *node.values()))
        elif isinstance(node, list):
            stack.extend(node)


def _load_claims(file: str, claims: list[Document], parsed: Parsed) -> Loaded:
    manifests: list[Manifest] = []
    broken: list[Broken] = []
    faults = list(parsed.faults)
    refused = {_place(fault) for fault in faults}
    for document in claims:
        found = list(_check(document))
        if found or document.faulty:
            # what is refused as it is written has no type or range besides
            faults.extend(fault for fault in found if _place(fault) not in refused)
            broken.append(Broken(file, guess(document.value), document))
        else:
            manifests.append(Manifest(file, identity_of(document.value), document))
    if not parsed.complete:
        broken.append(Broken(file, None))
    return Loaded(
        file,
        is_manifest=True,
        manifests=tuple(manifests),
        broken=tuple(broken),
        faults=tuple(sorted(faults, key=_place)[:MAXIMUM_FAULTS]),
        warnings=parsed.warnings,
    )


def _place(fault: Fault) -> tuple[int, int]:
    return fault.line or 0, fault.column or 0


def _check(document: Document) -> Iterator[Fault]:
    """Check one document that claims to be a manifest against the schema."""
    from changegate.manifest.schema import compiled, validate

    value = document.value
    if value.get("kind") == "List":
        hint = "Write one document for each, between `---`."
        yield _fault(document, "kind", ("kind",), "a List of manifests is not read", hint)
    elif isinstance(value.get("apiVersion"), str) and value["apiVersion"] != VERSION:
        message = f"`apiVersion` is {_quoted(value['apiVersion'])}, which this version does not know"
        yield _fault(document, "api-version", ("apiVersion",), message, f"Write `apiVersion: {VERSION}`.")
    elif value.get("kind") != KIND:
        message = _wrong_kind(value["kind"]) if "kind" in value else "the document has no `kind`"
        yield _fault(document, "kind", ("kind",), message, f"Write `kind: {KIND}`.")
    elif not compiled("manifest").is_valid(value):
        for fault in validate(value, "manifest", document):
            yield _fault(document, fault.code, fault.path, fault.message, fault.hint)


def _wrong_kind(kind: Any) -> str:
    from changegate.manifest.typed import type_name

    if isinstance(kind, str):
        return f"`kind` is {_quoted(kind)}, which is none of ours"
    return f"`kind` is {type_name(kind)}, and has to be text"


def _fault(document: Document, code: str, path: KeyPath, message: str, hint: str) -> Fault:
    """A fault at its place: of what should not be there the name, of all else the value."""
    place = document.locate_key(path) if code == "unknown-field" else document.locate(path)
    line, column, end_column, _ = place
    return Fault(code, message, hint, document.file, line, column, end_column, path)


def _quoted(value: Any) -> str:
    return f"`{shortened(str(value))}`"


def identity_of(value: Mapping[str, Any]) -> Identity:
    """The identity of a release that fits the schema."""
    return Identity.of(value["metadata"])


def guess(value: Any) -> Identity | None:
    """Read an identity from what may be broken; None where there is none to read."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict) or "name" not in metadata:
        return None
    found = Identity.of(metadata)
    return found if all(isinstance(part, str) for part in found) else None
