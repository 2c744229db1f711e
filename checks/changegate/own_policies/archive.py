"""Reads an OPA bundle: shared policies and their data in one `.tar.gz`, with a manifest and perhaps a signature.

What is read is what OPA 1.22 reads (`v1/bundle/bundle.go`), and less: what it would take otherwise than it looks, what
it skips in silence, and what changegate does not evaluate, is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.own_policies.folder import DATA, is_policy
from changegate.own_policies.reserved import taken
from changegate.own_policies.tarball import members
from changegate.records import NamedTuple
from changegate.rego.bundle import Bundle, Module, is_test
from changegate.resources import DOCS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from changegate.own_policies.signature import Verification

MANIFEST = ".manifest"
SIGNATURES = ".signatures.json"
_FORM = f"{DOCS}/bundles.md says what a manifest holds"
_REBUILD = "build the bundle again, with `opa build`"
_REFUSED = {
    "patch.json": ("a delta bundle is a change to another bundle", "give the whole bundle: `opa build` makes one"),
    "plan.json": ("a plan is compiled, and not Rego", "build the bundle for the target `rego`"),
    "plan.pb": ("a plan is compiled, and not Rego", "build the bundle for the target `rego`"),
}


class Archive(NamedTuple):
    """What a bundle holds."""

    modules: tuple[Module, ...]
    """Without tests; each is named `<the bundle's file>/<its path>`, so that an error says where it stands."""
    data: Mapping[str, Any]
    """What its modules find below `data`."""
    roots: tuple[str, ...]
    """The parts of `data` that it owns; `("",)` is all of it."""
    revision: str
    """What its manifest says, or empty."""
    note: str = ""
    """What a reader must know about its signature; empty where there is neither a signature nor a key."""


class _Manifest(NamedTuple):
    roots: tuple[str, ...] = ("",)
    revision: str = ""


def read_archive(data: bytes, name: str, *, verification: Verification | None) -> Archive:
    """Read a bundle from memory.

    Args:
        data: The whole `.tar.gz`.
        name: What errors and modules call it.
        verification: The key that it must be signed with, or None where none is configured.

    Raises:
        PolicyError: It is not a bundle, is not signed as it must be, holds what is refused, or something outside its
            roots; names the file in it, and the line where one is known.
    """
    files = members(data, name)
    note = _signed(files, name, verification)
    _check_names(files, name)
    manifest = _manifest(files, name)
    modules = tuple(_modules(files, name))
    value = _data(files, name)
    if not modules and not value:
        raise PolicyError("the bundle holds no policies and no data", hint=_REBUILD, file=name)
    _check_roots(modules, value, manifest.roots, name)
    return Archive(modules, value, manifest.roots, manifest.revision, note)


def _signed(files: Mapping[str, bytes], name: str, verification: Verification | None) -> str:
    """Verify the signature before anything else is believed; answers what there is to say about it."""
    if verification is None:
        return f"{name} is signed, and was not verified: no key is configured" if SIGNATURES in files else ""
    from changegate.own_policies.signature import verify

    return verify(files, name, verification)


def _refused(name: str, path: str, message: str, hint: str, line: int | None = None) -> PolicyError:
    return PolicyError(message, hint=hint, file=f"{name}/{path}", line=line)


def _check_names(files: Mapping[str, bytes], name: str) -> None:
    """Refuse what OPA would take for something else than a reader would, or what cannot be evaluated."""
    for path in files:
        base = path.rpartition("/")[2]
        if base in _REFUSED:
            raise _refused(name, path, *_REFUSED[base])
        if base.endswith(".wasm"):
            raise _refused(name, path, "the bundle holds WebAssembly", "build it for the target `rego`")
        if base.endswith(".manifest.pb"):
            raise _refused(name, path, "the manifest is in binary form", "write it as JSON, in `.manifest`")
        if path != MANIFEST and base.endswith(MANIFEST):
            raise _refused(name, path, "OPA takes this for the bundle's manifest", "keep one, at the root")
        if path != SIGNATURES and base == SIGNATURES:
            raise _refused(name, path, "OPA takes this for the bundle's signature", "keep one, at the root")
        if base in DATA and path.startswith("."):
            raise _refused(name, path, "OPA takes the dot off the folder's name", "rename the folder")


def _document(files: Mapping[str, bytes], path: str, name: str, form: str) -> Any:
    """Read one JSON or YAML file strictly: one document, no duplicate keys, no scalar that readers read differently."""
    from changegate.manifest import parse

    parsed = parse(files[path], f"file.{form}")
    for fault in (*parsed.faults, *parsed.warnings):
        raise _refused(name, path, fault.message, fault.hint, fault.line)
    if len(parsed.documents) != 1:
        raise _refused(name, path, "the file has several documents", "write one")
    return parsed.documents[0].value


def _manifest(files: Mapping[str, bytes], name: str) -> _Manifest:
    if MANIFEST not in files:
        return _Manifest()
    raw = _document(files, MANIFEST, name, "json")
    problem = _problem(raw)
    if problem:
        raise _refused(name, MANIFEST, *problem)
    roots = tuple(root.strip("/") for root in raw.get("roots", [""]))
    for index, one in enumerate(roots):
        for other in roots[index + 1 :]:
            if _within(one, other) or _within(other, one):
                raise _refused(name, MANIFEST, f"the roots {one!r} and {other!r} overlap", "name the wider one only")
        if refused := taken(one.split("/"), f"{name}/{MANIFEST}"):
            raise refused
    return _Manifest(roots, raw.get("revision", ""))


_TYPES = {"revision": str, "roots": list, "metadata": dict, "file_rego_versions": dict, "wasm": list}


def _problem(raw: Any) -> tuple[str, str] | None:
    """What is wrong with a manifest, and what to do."""
    if not isinstance(raw, dict):
        return "the manifest is no object", _REBUILD
    for key, value in raw.items():
        if key.lower() != key and key.lower() in {*_TYPES, "rego_version"}:
            return f"OPA takes {key!r} for {key.lower()!r}", "write it in lower case"
        if key in _TYPES and not isinstance(value, _TYPES[key]):
            return f"{key!r} is not what it has to be", _FORM
    if not all(isinstance(root, str) for root in raw.get("roots", ())):
        return "a root is no text", _FORM
    if raw.get("wasm"):
        return "the bundle resolves rules by WebAssembly", "build it for the target `rego`"
    return _old(raw)


def _old(raw: Mapping[str, Any]) -> tuple[str, str] | None:
    """Refuse any version of Rego but 1, for the bundle and for each pattern of files."""
    for pattern, version in {"": raw.get("rego_version", 1), **raw.get("file_rego_versions", {})}.items():
        if version is True or version != 1:
            of = f" of {pattern!r}" if pattern else ""
            hint = "rewrite the policies: opa fmt --rego-v1 --write DIR"
            return f"the version of Rego{of} is {version}, and 1 is read", hint
    return None


def _within(path: str, root: str) -> bool:
    """Whether a path of `data` is a root or below it; the empty root holds all."""
    return not root or path == root or path.startswith(root + "/")


def tests_in(data: bytes, name: str) -> tuple[Module, ...]:
    """The tests in a bundle that can be read otherwise: the gate leaves them out.

    Raises:
        PolicyError: One is not UTF-8; names the file in it and the line.
    """
    return tuple(_modules(members(data, name), name, is_test))


def _modules(files: Mapping[str, bytes], name: str, is_wanted: Callable[[str], bool] = is_policy) -> Iterator[Module]:
    for path, content in files.items():
        if not is_wanted(path):
            continue
        try:
            yield Module(f"{name}/{path}", content.decode("utf-8"))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise _refused(name, path, "the policy is not UTF-8", "save it as UTF-8", line) from None


def _data(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """Put every data file where its folder says, as OPA does: objects are merged, anything else must be there once."""
    whole: dict[str, Any] = {}
    for path in files:
        folder, _, base = path.rpartition("/")
        if base not in DATA:
            continue
        value = _document(files, path, name, base.rpartition(".")[2])
        for key in reversed(folder.split("/") if folder else []):
            value = {key: value}
        if not isinstance(value, dict):
            raise _refused(name, path, "the data at the root is no object", "put it into a folder, which names it")
        clash = _merge(whole, value)
        if clash:
            raise _refused(name, path, f"data.{'.'.join(clash)} is in another file, too", "keep it in one")
    return whole


def _merge(whole: dict[str, Any], more: Mapping[str, Any]) -> list[str]:
    """Lay data beside data; answers the path of the first value that is there already."""
    for key, value in more.items():
        if key not in whole:
            whole[key] = value
        elif isinstance(whole[key], dict) and isinstance(value, dict):
            clash = _merge(whole[key], value)
            if clash:
                return [key, *clash]
        else:
            return [key]
    return []


def _check_roots(modules: tuple[Module, ...], data: Mapping[str, Any], roots: tuple[str, ...], name: str) -> None:
    from changegate.rego.syntax.ast import parse_modules

    for module in parse_modules(Bundle(modules)):
        package = "/".join(module.package[1:])
        if refused := taken(module.package[1:], module.file, module.line):
            raise refused
        if not any(_within(package, root) for root in roots):
            message = f"the package {'.'.join(module.package[1:])} is outside the bundle's roots {_shown(roots)}"
            raise PolicyError(message, hint=f"name it in the roots of {MANIFEST}", file=module.file)
    if refused := next(filter(None, (taken((root,), name) for root in data)), None):
        raise refused
    outside = next(_outside(data, roots), None)
    if outside is not None:
        message = f"data.{'.'.join(outside)} is outside the bundle's roots {_shown(roots)}"
        raise PolicyError(message, hint=f"name it in the roots of {MANIFEST}", file=name)


def _shown(roots: tuple[str, ...]) -> str:
    return ", ".join(map(repr, roots))


def _outside(data: Mapping[str, Any], roots: tuple[str, ...], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of data that no root permits; an object above a root is only a way to it."""
    for key, value in data.items():
        path = (*above, key)
        joined = "/".join(path)
        if any(_within(joined, root) for root in roots):
            continue
        if isinstance(value, dict) and any(_within(root, joined) for root in roots):
            yield from _outside(value, roots, path)
        else:
            yield path
