"""Packs policies as an OPA bundle: changegate's own with what other programs need beside them, or a folder of others.

A plain OPA answers `data.changegate.main.decision` from the same input document as changegate does. The adaptors turn
that decision into what conftest and Gatekeeper look for; changegate never loads them, so they cannot change a decision.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError, UsageError
from changegate.own_policies.archive import MANIFEST, Archive, read_archive
from changegate.own_policies.folder import DATA, is_policy
from changegate.own_policies.reserved import RESERVED
from changegate.own_policies.tarball import pack
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.syntax.ast import parse_modules
from changegate.resources import REGO

if TYPE_CHECKING:
    from pathlib import Path

ADAPTORS = REGO / "adaptors"
CATALOGUE = "changegate/catalogue.rego"


def packed_shipped(revision: str = "") -> bytes:
    """Pack changegate's own policies, the adaptors and the catalogue.

    Args:
        revision: What the manifest says; by default the digest of the deciding policies, which reports name, too.
    """
    bundle = shipped()
    # NOTE: `main` says to conftest which namespace to name; OPA loads no package outside of the roots.
    manifest = {"revision": revision or bundle.digest, "roots": [RESERVED, "main"], "rego_version": 1}
    modules = (*bundle.modules, *beside(bundle))
    files = {module.name: module.text.encode() for module in modules}
    return pack([(MANIFEST, _json(manifest)), *sorted(files.items())])


def packed_folder(folder: Path, revision: str = "") -> bytes:
    """Pack the policies and data of a folder, without tests, for others to read.

    Args:
        folder: What lies in it has the place in the bundle that it has there. A `.manifest` counts; without one the
            roots are the first parts of all packages and data.
        revision: What the manifest says; by default its own, else the digest of what is packed.

    Raises:
        UsageError: There is no such folder.
        PolicyError: It holds a link, or something that could not be read again as a bundle; names the file.
    """
    files = _files(folder)
    name = str(folder)
    if not files.keys() - {MANIFEST}:
        raise UsageError(f"there are no policies and no data in {name}", hint="name the folder of your policies")
    found = read_archive(pack(sorted(files.items())), name, verification=None)
    manifest = json.loads(files.pop(MANIFEST, b"{}"))
    roots = manifest.get("roots", sorted(_roots(found)))
    modules = tuple(module._replace(name=module.name[len(name) + 1 :]) for module in found.modules)
    digest = Bundle(modules, found.data).digest
    said = {"rego_version": 1, **manifest, "roots": roots, "revision": revision or manifest.get("revision") or digest}
    made = pack([(MANIFEST, _json(said)), *sorted(files.items())])
    read_archive(made, name, verification=None)
    return made


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", hint="name the folder of your policies")
    files = {}
    for path in sorted(folder.rglob("*")):
        plain = path.name in {*DATA, MANIFEST} or is_policy(path.name)
        if not plain or path.is_dir():
            continue
        if path.is_symlink():
            raise PolicyError("a link is not packed", hint="put the file itself there", file=str(path))
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _roots(archive: Archive) -> set[str]:
    packages = {module.package[1] for module in parse_modules(Bundle(archive.modules))}
    return packages | set(archive.data)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def beside(bundle: Bundle) -> tuple[Module, ...]:
    """What stands next to our policies in their bundle, and decides nothing."""
    return (*adaptors(), catalogue(bundle))


def adaptors() -> tuple[Module, ...]:
    """The modules that turn a decision into what other programs look for."""
    files = sorted(path for path in ADAPTORS.rglob("*.rego") if is_policy(path.name))
    return tuple(Module(path.relative_to(ADAPTORS).as_posix(), path.read_text("utf-8")) for path in files)


def catalogue(bundle: Bundle) -> Module:
    """What the rules say of themselves, as a module: Gatekeeper takes no data, conftest only where it is told."""
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
