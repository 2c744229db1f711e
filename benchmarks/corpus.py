"""What the repositories hold that is measured on: the fixtures' models, as many times as asked, and changes to them.

There are two corpora. In `shared`, the variants of a model share its evidence. In `own`, every manifest has files of
its own: artifact pointers, evaluation, fairness, drill, signature, attestation, model card, runbook, lock file and
feature contracts, each with its right digest wherever that is named.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import repositories
from changegate.resources import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repositories import Stream

TOP = FIXTURES / "gitops-repo"
MODELS = sorted(path.parent.name for path in TOP.glob("models/*/manifest.yaml"))
EVIDENCED = [name for name in MODELS if (TOP / "models" / name / "evidence").is_dir()]
"""The models that have evidence: all but the research model."""

KINDS = ("shared", "own")
COMMON_WORD = "model"
"""A word in every manifest, and a name that a model may have."""

NEW = "newcomer"
"""A name that no model has."""

METRICS_A_REPORT = 2000
"""The schema allows 2,048."""


class Repository(NamedTuple):
    """A repository of one of the corpora. `main` is the base; every change is a branch of its own."""

    root: Path

    def at(self, change: str) -> Path:
        """Check a change out.

        Args:
            change: `main`, `one`, `three`, `ten` (versions raised), `new`, `word`, `variant` (a new release each), or
                `contract` (one that an eighth of the manifests name); for `reports`, `metrics`.
        """
        repositories.git(self.root, "switch", "--quiet", change)
        return self.root

    def manifests(self) -> list[Path]:
        """The manifests at `main`, in an order that mixes the models."""
        self.at("main")
        return sorted(self.root.glob("models/**/v*.yaml"), key=lambda path: path.name)

    def manifests_alone(self) -> Path:
        """A folder with the manifests and without the files beside them."""
        return repositories.beside(self.root, "manifests", self.manifests())


def repository(kind: str, size: int, tags: int = 0) -> Repository:
    """Make a repository, or take the one that an earlier run made.

    Args:
        kind: `shared` or `own`.
        size: How many manifests it has.
        tags: How many releases were tagged on the way to the base; each commit raises one model's version.
    """

    def fill(stream: Stream) -> None:
        base = stream.commit("main", _everything(kind, size), hours_ago=tags)
        for number in range(tags):
            path, text = _release(kind, number % size)
            changed = [(path, _raised(text, number // size + 1))]
            base = stream.commit("main", changed, onto=base, hours_ago=tags - number - 1)
            stream.tag(f"release/{number:04}", base)
        for change, files in _changes(kind, size, tags).items():
            stream.commit(change, files, onto=base)

    return Repository(repositories.kept(f"{kind}-{size}-{tags}", fill))


def reports(metrics: int) -> Repository:
    """Make a repository of one model with so many metrics in its evaluation reports at base and head, all different."""

    def fill(stream: Stream) -> None:
        base = stream.commit("main", [*_surroundings(), *_measured(metrics, 0.9, raised=0)])
        stream.commit("metrics", _measured(metrics, 0.9001, raised=1), onto=base)

    return Repository(repositories.kept(f"reports-{metrics}", fill))


def _everything(kind: str, size: int) -> Iterator[tuple[str, bytes]]:
    """The files of `main`."""
    yield from _surroundings()
    if kind == "shared":
        for path in sorted(TOP.glob("models/**/*")):
            if path.is_file() and path.name != "manifest.yaml":
                yield path.relative_to(TOP).as_posix(), path.read_bytes()
    for index in range(size):
        if kind == "own":
            yield from _evidence(index)
        yield _release(kind, index)


def _surroundings() -> Iterator[tuple[str, bytes]]:
    """What is there once, whatever the models: configuration, teams, contracts, locks.

    Not who may sign: what a variant says is its own, and nobody has signed it.
    """
    for path in sorted(TOP.rglob("*")):
        if path.is_file() and "models" not in path.relative_to(TOP).parts and path.name != "signers.yaml":
            yield path.relative_to(TOP).as_posix(), path.read_bytes()


def _changes(kind: str, size: int, tags: int) -> dict[str, list[tuple[str, bytes]]]:
    """The changes: branch -> the files that it writes."""
    first = [_release(kind, index) for index in range(min(size, 10))]
    # NOTE: versions stay above those that the tagged releases raised.
    raised = [(path, _raised(text, tags + 1)) for path, text in first]
    found = {"one": raised[:1], "three": raised[:3], "ten": raised}
    fraud = EVIDENCED.index("fraud-detector") if kind == "own" else MODELS.index("fraud-detector")
    found["variant"] = [*(_evidence(fraud, "v-new") if kind == "own" else ()), _release(kind, fraud, "v-new")]
    for change, name in (("new", NEW), ("word", COMMON_WORD)):
        found[change] = list(_newcomer(name))
    if kind == "shared":
        contract = (TOP / "contracts" / "transactions.yaml").read_bytes()
        found["contract"] = [("contracts/transactions.yaml", contract + b"  - {name: channel, dtype: string}\n")]
    return found


def _raised(text: bytes, by: int) -> bytes:
    """A manifest with the last part of its version raised."""
    return re.sub(
        rb"(?m)^(  version: .*?)(\d+)$", lambda found: b"%b%d" % (found[1], int(found[2]) + by), text, count=1
    )


def _release(kind: str, index: int, variant: str = "") -> tuple[str, bytes]:
    """One manifest, by its number in the corpus."""
    variant = variant or f"v{index:05}"
    if kind == "own":
        return _TEMPLATES[EVIDENCED[index % len(EVIDENCED)]].manifest(variant)
    name = MODELS[index % len(MODELS)]
    return f"models/{name}/{variant}.yaml", _varied((TOP / "models" / name / "manifest.yaml").read_bytes(), variant)


def _varied(text: bytes, variant: str) -> bytes:
    return re.sub(rb"(?m)^(  name: .*)$", rb"\1\n  variant: " + variant.encode(), text, count=1)


def _evidence(index: int, variant: str = "") -> Iterator[tuple[str, bytes]]:
    """The files that one manifest of `own` names."""
    return _TEMPLATES[EVIDENCED[index % len(EVIDENCED)]].evidence(variant or f"v{index:05}")


def _newcomer(name: str) -> Iterator[tuple[str, bytes]]:
    """A model that was not there before, with files of its own."""
    template = Template("fraud-detector", name)
    yield from template.evidence("v-first")
    yield template.manifest("v-first")


class Template:
    """A model of the fixtures, and what of its files has to differ from one variant to the next."""

    def __init__(self, name: str, called: str = "") -> None:
        """Read a model's files; where it is `called` by another name, all that is made says that one."""
        folder = TOP / "models" / name
        self.name = name
        self._called = called or name
        self._text = (folder / "manifest.yaml").read_bytes()
        self._contracts = re.findall(rb"path: contracts/([a-z-]+)\.yaml", self._text)
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.yaml"]
        paths += [
            TOP / "locks" / "training-uv.lock",
            *(TOP / f"contracts/{one.decode()}.yaml" for one in self._contracts),
        ]
        self._files = {path.relative_to(TOP).as_posix(): path.read_bytes() for path in paths}
        self._pointed = [
            oid for text in self._files.values() for oid in re.findall(rb"oid sha256:([0-9a-f]{64})", text)
        ]
        self._made: tuple[str, dict[str, bytes], dict[bytes, bytes]] = "", {}, {}

    def evidence(self, variant: str) -> Iterator[tuple[str, bytes]]:
        """The files of a variant, but for the manifest."""
        yield from self._make(variant)[0].items()

    def manifest(self, variant: str) -> tuple[str, bytes]:
        """A variant's manifest, which names its files by their paths and digests."""
        text = _replaced(self._words(self._text, variant), self._make(variant)[1])
        for path, old in self._files.items():
            new = self._moved(path, variant)
            size = len(self._make(variant)[0][new])
            text = text.replace(path.encode(), new.encode()).replace(
                b"sizeBytes: %d\n" % len(old), b"sizeBytes: %d\n" % size
            )
        text = text.replace(f"\n  name: {self.name}\n".encode(), f"\n  name: {self._called}\n".encode(), 1)
        return self._moved(f"models/{self.name}/{variant}.yaml", variant), _varied(text, variant)

    def _make(self, variant: str) -> tuple[dict[str, bytes], dict[bytes, bytes]]:
        """A variant's files, and old digest -> new digest. The last one made is kept: its manifest comes next."""
        if self._made[0] == variant:
            return self._made[1:]
        digests = self._artifacts(variant)
        files = {}
        # Files that others are bound to come first: a digest is known before it is written.
        for path in sorted(self._files, key=lambda path: "/evidence/" in path):
            old = self._files[path]
            new = _within(old, digests) if "/evidence/" in path else _replaced(old, digests)
            new = self._words(new, variant) if path.startswith("contracts/") else new
            new = new.replace(f'"model": "{self.name}"'.encode(), f'"model": "{self._called}"'.encode())
            new = _marked(path, new, variant) if new == old else new
            digests[hashlib.sha256(old).hexdigest().encode()] = hashlib.sha256(new).hexdigest().encode()
            files[self._moved(path, variant)] = new
        self._made = variant, files, digests
        return files, digests

    def _artifacts(self, variant: str) -> dict[bytes, bytes]:
        """Digests of artifacts, which lie elsewhere, and of a signature's list of one of them."""
        found = {}
        for old in self._pointed:
            new = hashlib.sha256(f"{self._called}/{variant}/{old.decode()}".encode()).hexdigest().encode()
            found[old] = new
            found[_listed(old)] = _listed(new)
        return found

    def _words(self, text: bytes, variant: str) -> bytes:
        """A text that names the variant's own contracts."""
        for name in self._contracts:
            end = b"-" + variant.encode()
            text = re.sub(rb"((?:^|\{)name|contract): " + name + rb"\b", rb"\g<0>" + end, text, flags=re.M)
        return text

    def _moved(self, path: str, variant: str) -> str:
        folder, _, file = path.rpartition("/")
        if path.startswith("models/"):
            return path.replace(f"models/{self.name}/", f"models/{self._called}/{variant}/", 1)
        stem, dot, suffix = file.partition(".")
        return (
            f"{folder}/{stem}-{variant}{dot}{suffix}"
            if folder == "contracts"
            else f"{folder}/{self._called}/{variant}-{file}"
        )


def _listed(digest: bytes) -> bytes:
    """The digest by which a model signature calls its list of one file."""
    return hashlib.sha256(bytes.fromhex(digest.decode())).hexdigest().encode()


def _replaced(text: bytes, digests: dict[bytes, bytes]) -> bytes:
    for old, new in digests.items():
        text = text.replace(old, new)
    return text


def _within(content: bytes, digests: dict[bytes, bytes]) -> bytes:
    """A piece of evidence with other digests, in the payload of an envelope too."""
    found = re.search(rb'"payload": "([^"]+)"', content)
    if found is None:
        return _replaced(content, digests)
    payload = base64.b64encode(_replaced(base64.b64decode(found[1]), digests))
    return content[: found.start(1)] + payload + content[found.end(1) :]


def _marked(path: str, content: bytes, variant: str) -> bytes:
    """A file that names no artifact, made different by the name of its variant."""
    if path.endswith("rollback-drill.json"):
        return content.replace(b"{\n", b'{\n  "variant": "' + variant.encode() + b'",\n', 1)
    if path.endswith(".json"):
        return content.replace(b'"suite": "', b'"suite": "' + variant.encode() + b"-", 1)
    return content + (f"# {variant}\n" if path.endswith((".lock", ".yaml")) else f"\nVariant {variant}.\n").encode()


_TEMPLATES = {name: Template(name) for name in EVIDENCED}


def _measured(metrics: int, value: float, raised: int) -> Iterator[tuple[str, bytes]]:
    """A release with its evaluation in reports of up to 2,000 metrics each."""
    template = _TEMPLATES["fraud-detector"]
    files = dict(template.evidence("v00000"))
    path = next(path for path in files if path.endswith("evaluation.json"))
    report = json.loads(files.pop(path))
    named = []
    for begin in range(0, metrics, METRICS_A_REPORT):
        more = range(begin, min(metrics, begin + METRICS_A_REPORT))
        report["metrics"] = [*report["metrics"], *(_metric(number, value) for number in more)]
        one = path.replace(".json", f"-{begin:06}.json")
        files[one] = json.dumps(report, indent=2).encode()
        report["metrics"] = []
        named.append(f"      - path: {one}\n        digest: sha256:{hashlib.sha256(files[one]).hexdigest()}\n")
    where, manifest = template.manifest("v00000")
    listed = re.sub(
        rb"(  evaluation:\n    evidence:\n)(?:      .*\n)+", rb"\1" + "".join(named).encode(), manifest, count=1
    )
    yield from files.items()
    yield where, _raised(listed, raised)


def _metric(number: int, value: float) -> dict[str, Any]:
    # NOTE: each slice is of another kind: those of one kind have no more samples together than the data has.
    part = f"region-{number}=all"
    return {"name": "recall", "slice": part, "value": value, "higherIsBetter": True, "sampleCount": 9000}


def policies(folder: Path, rules: int) -> None:
    """Write a conftest policy of as many rules as changegate evaluates, each a comparison like one of its own."""
    folder.mkdir(parents=True)
    body = "\n\n".join(_rule(number) for number in range(rules))
    (folder / "policy.rego").write_text(f"package main\n\n{body}\n")


_FORMS = (
    "deny contains msg if {{\n\tsome i, step in input.spec.rollout.steps\n\tstep.weight > {n} + 100\n\t"
    'msg := sprintf("step %d takes %v", [i, step.weight])\n}}',
    'deny contains msg if {{\n\tinput.spec.risk.exposure == "production"\n\tnot input.metadata.owner\n\t'
    'msg := "rule {n}: no owner"\n}}',
    "deny contains msg if {{\n\tsome artifact in input.spec.artifacts\n\tartifact.sizeBytes > {n} + 100000000000\n\t"
    'msg := sprintf("%s is too large", [artifact.name])\n}}',
    "deny contains msg if {{\n\tsome slo in input.spec.slos\n\tslo.objective < 0 - {n}\n\t"
    'msg := sprintf("%s is too low", [slo.name])\n}}',
)


def _rule(number: int) -> str:
    return _FORMS[number % len(_FORMS)].format(n=number)
