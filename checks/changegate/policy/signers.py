"""Signers: whose signatures count, and for which releases. Read from `.changegate/signers.yaml` at the base.

Keys are looked at only where a signature is read, or where a change brings this file: `key_faults` says what is wrong.
"""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING, Any

from changegate.policy.control import FOLDER, digest_of, read_control_file
from changegate.policy.strictness import TIERS
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.names import KeyPath
    from changegate.workspace.tree import Tree

NAME = "signers.yaml"
_LARGEST_ROOT = 1024 * 1024
_MATERIAL = {"keys": "publicKey", "authorities": "certificates", "keyless": ""}


class Span(NamedTuple):
    """When something counts, in seconds since the epoch; None where nothing is said."""

    begins: int | None = None
    ends: int | None = None
    revoked: int | None = None


class Trusted(NamedTuple):
    """One thing that a signer signs with: a key, an authority's certificates, a keyless identity."""

    signer: str
    name: str
    kind: str
    """`keys`, `authorities` or `keyless`."""
    said: Mapping[str, Any]
    """As the file has it."""
    span: Span = Span()

    @property
    def told(self) -> str:
        """What messages say of it: `key 2026 of signer training`."""
        kind = {"keys": "key", "authorities": "authority", "keyless": "identity"}[self.kind]
        return f"{kind} {self.name} of signer {self.signer}"


class Cover(NamedTuple):
    """Who has to have signed, for some releases."""

    said: Mapping[str, Any]
    """As the file has it."""

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that it is for."""
        return tuple(self.said.get("tiers", TIERS))

    @property
    def signers(self) -> tuple[str, ...]:
        """Those of whom one, or all, have to have signed."""
        return tuple(self.said.get("anyOf", self.said.get("allOf", ())))

    @property
    def needs_all(self) -> bool:
        """Whether all of them have to."""
        return "allOf" in self.said

    def is_about(self, predicate_type: str) -> bool:
        """Whether it is about a kind of statement."""
        return predicate_type in self.said.get("predicateTypes", (predicate_type,))

    def is_for(self, name: str, owner: str) -> bool:
        """Whether it is for a model's name and its owner."""
        return _fits(self.said.get("models"), name) and _fits(self.said.get("owners"), owner)


class Signers(NamedTuple):
    """Whose signatures count."""

    covers: tuple[Cover, ...] = ()
    trusted: tuple[Trusted, ...] = ()
    said: Mapping[str, Any] = {}
    """Signer -> all that the file says of it."""
    trust_root: str = ""
    """The path of the trust root of keyless signatures."""
    trust_root_text: str = ""
    """What that file says; empty where there is none, or it cannot be read."""

    @classmethod
    def load(cls, tree: Tree | None) -> Signers:
        """Read the signers at the base; none where there is no file, or a template that nobody filled in.

        Raises:
            ConfigurationError: The file is not valid.
        """
        value = read_control_file(tree, NAME, "signers", _unfit, may_be_empty=True)
        if value is None:
            return cls()
        trusted = tuple(Trusted(signer, one["name"], kind, one, _span(one)) for _, signer, kind, one in _all(value))
        covers = tuple(map(Cover, value["covers"]))
        root = value.get("trustRoot", "")
        return cls(covers, trusted, value["signers"], root, _root_text(tree, root))

    @property
    def configured(self) -> bool:
        """Whether anybody is named."""
        return bool(self.covers)

    @property
    def digest(self) -> str:
        """`sha256:<hex>` of who may sign what."""
        return digest_of(self if self.trust_root_text else self[:-1])

    def covering(self, holders: Iterable[tuple[str, str]]) -> tuple[Cover, ...]:
        """The covers of a release, in the file's order.

        Args:
            holders: Its name and owner, and those of the previous release: a change of them escapes no cover.
        """
        every = tuple(holders)
        return tuple(one for one in self.covers if any(one.is_for(*holder) for holder in every))

    def list_of(self, signer: str, key: str) -> tuple[str, ...] | None:
        """A list that the file has of a signer: `builders`, `parameters`, `verifiers`; None where it has none."""
        found = self.said.get(signer, {}).get(key)
        return None if found is None else tuple(found)


NOBODY = Signers((Cover({"anyOf": []}),))
"""Stands in where nobody can tell who may sign: everything is covered, and by nobody."""


def load_with_keys(tree: Tree | None) -> Signers:
    """Read the signers, and every key and certificate of theirs.

    Raises:
        ConfigurationError: The file is not valid, or a key or certificate in it cannot be used.
    """
    value = read_control_file(
        tree, NAME, "signers", lambda value: _unfit(value) or _unfit_keys(value, tree), may_be_empty=True
    )
    return Signers.load(tree) if value is not None else Signers()


def _root_text(tree: Tree | None, root: str) -> str:
    data = tree.read(root, _LARGEST_ROOT).data if tree is not None and root else None
    return (data or b"").decode("utf-8", "replace")


def _fits(globs: list[str] | None, value: str) -> bool:
    return globs is None or any(re.fullmatch(translate(glob), value) for glob in globs)


def _all(value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, str, Mapping[str, Any]]]:
    """All that signers sign with, each with its path, its signer and its kind."""
    for signer, said in value["signers"].items():
        for kind in _MATERIAL:
            for index, one in enumerate(said.get(kind, ())):
                yield ("signers", signer, kind, index), signer, kind, one


def _span(one: Mapping[str, Any]) -> Span:
    from changegate.manifest.moments import moment

    said = (one.get(key) for key in ("validFrom", "validUntil", "revokedAt"))
    return Span(*(moment(at) if at is not None else None for at in said))


def _unfit(value: dict[str, Any]) -> tuple[KeyPath, str, str] | None:
    """What a schema cannot see: a moment that does not exist, a name or a key twice, a signer that nobody is."""
    return _unfit_moment(value) or _twice(value) or _unknown(value)


def _unfit_moment(value: Mapping[str, Any]) -> tuple[KeyPath, str, str] | None:
    from changegate.manifest.moments import moment

    for path, _, _, one in _all(value):
        for key in ("validFrom", "validUntil", "revokedAt"):
            if key in one and moment(one[key]) is None:
                return (*path, key), f"{one[key]} is no moment that exists", "write it as 2026-11-02T12:00:00Z"
        span = _span(one)
        if span.begins is not None and span.ends is not None and span.begins >= span.ends:
            return (*path, "validUntil"), "it ends before it begins", "write a moment after validFrom"
    return None


def _twice(value: Mapping[str, Any]) -> tuple[KeyPath, str, str] | None:
    """A name that a signer has twice, or one key or identity of two entries: what one signs, one signs."""
    seen: dict[Any, str] = {}
    for path, signer, kind, one in _all(value):
        material = _MATERIAL[kind]
        same = "".join(one[material].split()) if material else (one["identity"], one["issuer"])
        if kind == "authorities":
            same = (same, *sorted(one["identities"]))
        for key, what in (((signer, one["name"]), "name"), (same, "key or identity")):
            if key in seen:
                return path, f"the {what} is that of {seen[key]} already", f"each {what} stands once"
            seen[key] = f"{signer}/{one['name']}"
    return None


def _unknown(value: Mapping[str, Any]) -> tuple[KeyPath, str, str] | None:
    for index, cover in enumerate(value["covers"]):
        key = "anyOf" if "anyOf" in cover else "allOf"
        for at, name in enumerate(cover[key]):
            if name not in value["signers"]:
                known = ", ".join(sorted(value["signers"])[:5])
                return ("covers", index, key, at), f"there is no signer {name}", f"`signers` has these: {known}"
    root = value.get("trustRoot")
    if root is not None and (not root.startswith(FOLDER) or ".." in root.split("/")):
        # NOTE: elsewhere a change of it would be no change of a control file, and would need nobody's approval.
        return ("trustRoot",), f"{root} is not in {FOLDER}", "move it there, so that a change of it needs approval"
    if root is None:
        for path, _, kind, _ in _all(value):
            if kind == "keyless":
                hint = "name the sigstore trust root, a file in .changegate/, under `trustRoot`"
                return path, "a keyless identity is held against a trust root, and none is named", hint
    return None


def _unfit_keys(value: Mapping[str, Any], tree: Tree | None) -> tuple[KeyPath, str, str] | None:
    """The first key or certificate that cannot be used, or a trust root that is not there."""
    from changegate.signing.certificates import certificates_fault
    from changegate.signing.keyless import trust_root_fault
    from changegate.signing.keys import public_key_fault

    for path, _, kind, one in _all(value):
        material = _MATERIAL[kind]
        if material:
            fault = (public_key_fault if kind == "keys" else certificates_fault)(one[material])
            if fault:
                return (*path, material), fault, "paste the PEM text as the tool wrote it"
    root = value.get("trustRoot")
    if root is not None and (tree is None or tree.read(root, 1).problem == "missing"):
        return ("trustRoot",), f"{root} is not in the repository", "commit the trust root, and name its path"
    if root is not None and (fault := trust_root_fault(_root_text(tree, root))):
        hint = "commit the trust root as sigstore gives it out (`trusted_root.json`)"
        return ("trustRoot",), f"{root} is no trust root: {fault}", hint
    return None
