"""Packs policies as an OPA bundle: changegate's own with what other programs need beside them, or a folder of others.

A plain OPA answers `data.changegate.main.decision` from the same input document as changegate does. The adaptors turn
that decision into what conftest and Gatekeeper look for; changegate never loads them, so they cannot change a decision.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.policy.bundle import Bundle, Module, shipped
from changegate.policy.catalogue import Catalogue
from changegate.policy.own.archive import MANIFEST, RESERVED
from changegate.policy.own.tarball import pack
from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Iterable

ADAPTORS = REGO / "adaptors"
CATALOGUE = "changegate/catalogue.rego"


def packed_shipped(revision: str = "") -> bytes:
    """Pack changegate's own policies, the adaptors and the catalogue.

    Args:
        revision: What the manifest says; by default the digest of the deciding policies, which reports name, too.
    """
    bundle = shipped()
    modules = (*bundle.modules, *adaptors(), catalogue(bundle))
    return packed(modules, {}, (RESERVED,), revision or bundle.digest)


def packed(modules: Iterable[Module], data: dict[str, Any], roots: Iterable[str], revision: str) -> bytes:
    """Pack modules and data as a bundle: the same ones give the same bytes.

    Raises:
        PolicyError: The name of a module is too long for an archive.
    """
    manifest = {"revision": revision, "roots": sorted(roots), "rego_version": 1}
    files = {module.name: module.text.encode() for module in modules}
    if data:
        files["data.json"] = _json(data)
    return pack([(MANIFEST, _json(manifest)), *sorted(files.items())])


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def adaptors() -> tuple[Module, ...]:
    """The modules that turn a decision into what other programs look for."""
    files = sorted(path for path in ADAPTORS.rglob("*.rego") if not path.name.endswith("_test.rego"))
    return tuple(Module(path.relative_to(ADAPTORS).as_posix(), path.read_text("utf-8")) for path in files)


def catalogue(bundle: Bundle) -> Module:
    """What the rules say of themselves, as a module: conftest and Gatekeeper read no data beside policies by default."""
    known = Catalogue.of(bundle)
    rows = [f"\t{_text(rule)}: {{\n{_entry(known, rule)}\n\t}}," for rule in known]
    head = "# METADATA\n# title: The catalogue\n# description: Written by `changegate policy bundle`.\n"
    return Module(CATALOGUE, f"{head}package changegate.catalogue\n\nrules := {{\n" + "\n".join(rows) + "\n}\n")


def _entry(known: Catalogue, name: str) -> str:
    rule = known.rule(name)
    fields = {
        "title": rule.title,
        "severity": rule.severity.value,
        "subject": rule.kind.value,
        "awaitsApproval": rule.awaits_approval,
    }
    return "\n".join(f"\t\t{_text(key)}: {_text(value)}," for key, value in fields.items())


def _text(value: str | bool) -> str:
    return json.dumps(value, ensure_ascii=False)
