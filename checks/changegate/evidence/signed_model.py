"""What a signature of a model is over: its resources, held against the artifacts of the release.

Source: sigstore/model-transparency, docs/model_signing_format.md: predicate `https://model_signing/signature/v1.0`, and
the older `https://model_signing/Digests/v0.1`, whose subjects are the files. A statement of another kind is over its
subjects.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.statements import DIGESTS_TYPE, MODEL_TYPE
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles
    from changegate.evidence.statements import InTotoStatement

_MOST_TOLD = 20
_MOST_FILES = 2000
_IGNORED_BY_ITSELF = frozenset({".git", ".gitattributes", ".github", ".gitignore"})
"""What model signing leaves out unless it is told otherwise: git's own files."""
_HEX = {"sha256": 64, "sha384": 96, "sha512": 128, "blake3": 64, "blake2b": 128, "sha1": 40, "md5": 32}


class Resource(NamedTuple):
    """One file, or a part of one, that was signed."""

    name: str
    algorithm: str
    digest: str

    @property
    def mark(self) -> str:
        """`<algorithm>:<hex>`, as a manifest says it."""
        return f"{self.algorithm}:{self.digest}"

    @property
    def file(self) -> str:
        """Its name without folders."""
        return self.name.rpartition("/")[2]


class SignedModel(NamedTuple):
    """What a statement says was signed."""

    resources: tuple[Resource, ...] = ()
    root: str = ""
    """The digest over all of them, as `sha256:<hex>`; empty where the statement has none."""
    method: str = "files"
    ignored: tuple[str, ...] = ()
    fault: str = ""
    """Why it contradicts itself; empty where it does not."""
    name: str = ""
    """The model's name, as it was signed; empty where the statement has none."""


def read_signed_model(statement: InTotoStatement) -> SignedModel:
    """Read what was signed. What is wrong with it is a fault, told beside what could be read."""
    if statement.predicate_type == MODEL_TYPE:
        return _of_predicate(statement)
    resources = tuple(_of_subject(name, marks) for name, marks in statement.subjects)
    return SignedModel(resources, fault=_unsafe(resources))


def _of_subject(name: str, marks: frozenset[str]) -> Resource:
    """A subject as a resource, by the strongest of its digests that a manifest may say."""
    known = sorted(marks, key=lambda mark: list(_HEX).index(mark.partition(":")[0]) if _is_known(mark) else len(_HEX))
    algorithm, _, digest = known[0].partition(":")
    return Resource(name, algorithm, digest)


def _is_known(mark: str) -> bool:
    return mark.partition(":")[0] in _HEX


def _of_predicate(statement: InTotoStatement) -> SignedModel:
    predicate = statement.predicate if isinstance(statement.predicate, dict) else {}
    listed, how = predicate.get("resources"), predicate.get("serialization")
    if not isinstance(listed, list) or not listed:
        return SignedModel(fault="it lists no resources")
    how = how if isinstance(how, dict) else {}
    read = [_resource(one) for one in listed]
    resources = tuple(one for one in read if one is not None)
    ignored = how.get("ignore_paths")
    paths = tuple(map(str, ignored)) if isinstance(ignored, list) else ()
    fault = "" if len(resources) == len(listed) else "a resource has no name, no algorithm or no digest of its length"
    root = _root_of(resources)
    name = statement.subjects[0][0] if statement.subjects else ""
    model = SignedModel(resources, f"sha256:{root}", str(how.get("method", "")), paths, name=name)
    return model._replace(fault=fault or _unsafe(resources) or _root_fault(statement, root))


def _resource(one: Any) -> Resource | None:
    said = [one.get(key) for key in ("name", "algorithm", "digest")] if isinstance(one, dict) else []
    if len(said) != 3 or not all(isinstance(text, str) and text for text in said):
        return None
    name, algorithm, digest = map(str, said)
    hexadecimal = re.fullmatch(r"[0-9a-fA-F]+", digest) is not None
    fits = len(digest) == _HEX.get(algorithm, len(digest)) and len(digest) % 2 == 0
    return Resource(name, algorithm, digest.lower()) if hexadecimal and fits else None


def _root_of(resources: Iterable[Resource]) -> str:
    """SHA-256 over the raw digests in their order."""
    return hashlib.sha256(b"".join(bytes.fromhex(one.digest) for one in resources)).hexdigest()


def _root_fault(statement: InTotoStatement, root: str) -> str:
    if len(statement.subjects) != 1:
        return f"it has {len(statement.subjects)} subjects, and is about one model"
    stated = statement.subjects[0][1]
    if f"sha256:{root}" not in stated:
        return f"its resources come to sha256:{root}, and its subject is {', '.join(sorted(stated))[:100]}"
    return ""


def _unsafe(resources: Iterable[Resource]) -> str:
    """A name that leads out of the model's folder."""
    for one in resources:
        if one.name.startswith("/") or "\\" in one.name or ".." in one.name.split("/"):
            return "the name of a resource leads out of the model's folder"
    return ""


def model_facts(model: SignedModel, release: Mapping[str, Any], files: EvidenceFiles, own_name: str) -> dict[str, Any]:
    """Hold what was signed against a release.

    Args:
        model: What was signed.
        release: The manifest.
        files: Where a folder that an artifact names is looked into.
        own_name: The name of the signature's file, which its folder may hold beside the model.
    """
    artifacts = release["spec"]["artifacts"]
    found = [_Held(one, model, files, own_name) for one in artifacts if "digest" in one or "path" in one]
    # Where nothing fits, a file of the same name is another model's, unless the model has this one's name.
    is_this = any(one.is_bound for one in found) or model.name == release["metadata"]["name"]
    met = {resource for one in found for resource in one.met}
    names = [one.name for one in model.resources]
    missing = sorted({one.name for one in model.resources if one not in met})
    return {
        "method": model.method,
        "bound": [one.name for one in found if one.is_bound],
        "unsigned": [one.told for one in found if not one.is_bound][:_MOST_TOLD],
        "altered": [one for held in found for one in held.altered if is_this][:_MOST_TOLD],
        "extra": [one for held in found for one in held.extra][:_MOST_TOLD],
        "missing": missing[:_MOST_TOLD],
        "duplicates": sorted({one for one in names if names.count(one) > 1})[:_MOST_TOLD] if _has_twice(names) else [],
        "algorithms": sorted({one.algorithm for one in model.resources}),
        "ignored": sorted(set(model.ignored) - _IGNORED_BY_ITSELF - _own(model.ignored, own_name))[:_MOST_TOLD],
        **({"fault": model.fault} if model.fault else {}),
    }


def _has_twice(names: Sequence[str]) -> bool:
    return len(set(names)) != len(names)


def _own(ignored: Iterable[str], own_name: str) -> set[str]:
    return {one for one in ignored if one.rpartition("/")[2] == own_name}


class _Held:
    """One artifact, and which resources are it: by its digest, by the digest over all, or file by file."""

    def __init__(self, artifact: Mapping[str, Any], model: SignedModel, files: EvidenceFiles, own_name: str) -> None:
        self.name = str(artifact["name"])
        self.role = str(artifact.get("role", ""))
        self.met: set[Resource] = set()
        self.altered: list[dict[str, str]] = []
        self.extra: list[str] = []
        digest, file = str(artifact.get("digest", "")), _file_of(artifact)
        inside = _folder(str(artifact.get("path", "")), files, own_name)
        if inside:
            self._compare(inside, model)
        elif digest and digest == model.root:
            self.met = set(model.resources)
        else:
            self.met = {one for one in model.resources if one.mark == digest}
            named = [one for one in model.resources if file and one.file == file]
            if named and not any(one.mark == digest for one in named) and digest.startswith(f"{named[0].algorithm}:"):
                self.altered = [{"artifact": self.name, "name": named[0].name}]

    @property
    def is_bound(self) -> bool:
        return bool(self.met)

    @property
    def told(self) -> dict[str, str]:
        return {"artifact": self.name, "role": self.role}

    def _compare(self, inside: Mapping[str, str], model: SignedModel) -> None:
        """A folder of the repository, file by file."""
        by_name = {one.name: one for one in model.resources}
        for name, digest in inside.items():
            one = by_name.get(name)
            if one is None:
                self.extra.append(name)
            elif digest and one.mark != digest:
                self.altered.append({"artifact": self.name, "name": name})
            else:
                self.met.add(one)


def _file_of(artifact: Mapping[str, Any]) -> str:
    """The name of an artifact's file, without folders."""
    where = str(artifact.get("path") or artifact.get("uri") or "")
    return re.split(r"[?#]", where)[0].removesuffix(".dvc").rpartition("/")[2]


def _folder(path: str, files: EvidenceFiles, own_name: str) -> dict[str, str]:
    """The files of a folder of the repository, each with its sha256; nothing where the path is none."""
    if not path or files.read(path).status != "invalid" or files.head.read(path, 0).problem != "directory":
        return {}
    top = path.rstrip("/") + "/"
    names = [one.path for one in files.head.entries() if one.path.startswith(top)][:_MOST_FILES]
    inner = {name: name.removeprefix(top) for name in names}
    kept = {name: one for name, one in inner.items() if one.split("/")[0] not in _IGNORED_BY_ITSELF and one != own_name}
    return {one: _digest(name, files) for name, one in kept.items()}


def _digest(path: str, files: EvidenceFiles) -> str:
    from changegate.evidence.files import lfs_pointer

    file = files.read(path)
    return (lfs_pointer(file.data) or file.sha256) if file.status == "present" else "none"


def is_of_a_model(statement: InTotoStatement) -> bool:
    """Whether a statement is a signature of a model, whatever it is named as."""
    return statement.predicate_type in (MODEL_TYPE, DIGESTS_TYPE)
