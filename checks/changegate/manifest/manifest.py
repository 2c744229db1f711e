"""Manifests: documents that say `apiVersion: changegate.dev/…` and `kind: ModelRelease`, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.bounds import MAXIMUM_FAULTS
from changegate.manifest.document import Document, Fault, Parsed
from changegate.manifest.ours import KIND, claims, may_be_ours, mentions, says
from changegate.manifest.scalars import shortened
from changegate.manifest.yaml import parse
from changegate.names import Identity
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.errors import ChangegateError
    from changegate.manifest.document import Position
    from changegate.names import KeyPath

VERSION = "changegate.dev/v1"
_POINTER = b"version https://git-lfs."


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
    if not mentions(data):
        if data.startswith(_POINTER):
            return Loaded.unreadable(file, "lfs", "it is a Git LFS pointer, which holds no manifest")
        return Loaded(file, is_manifest=False)
    parsed = parse(data, file)
    ours = [document for document in parsed.documents if claims(document.value)]
    if ours:
        return _load_claims(file, ours, parsed)
    if parsed.faults and may_be_ours(data, parsed):
        return Loaded(file, is_manifest=True, broken=(Broken(file, None),), faults=parsed.faults)
    return Loaded(file, is_manifest=False)


def _load_claims(file: str, ours: list[Document], parsed: Parsed) -> Loaded:
    manifests: list[Manifest] = []
    broken: list[Broken] = []
    faults = list(parsed.faults)
    refused = {_place(fault) for fault in faults}
    for document in ours:
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
    if not says(value):
        hint = (
            "Write a file for each." if document.file.endswith(".json") else "Write a document for each, between `---`."
        )
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
