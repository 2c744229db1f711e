"""Faulty inputs at random: mutations of every document that the gate reads, laid out in a real git repository.

A mutation changes a document's structure (a value of another type, a key that is gone or there twice, what is nested
deeply, what is no number) or its text (an anchor, a tab, bytes that are no text). Evidence that is changed keeps its
digest right in the manifest, or no reader would come to see it.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import re
from typing import Any, NamedTuple

import yaml
from hypothesis import strategies as st

from changegate import fixtures
from changegate.manifest import parse
from changegate.resources import FIXTURES, SCHEMAS

TOP = FIXTURES / "gitops-repo"
CONFIG, TEAMS, WAIVERS = (f".changegate/{name}.yaml" for name in ("config", "teams", "waivers"))
MANIFEST, NEW = "models/fraud-detector/manifest.yaml", "models/fraud-trial/manifest.yaml"
"""A release, and one that is new under another name."""
POLICY = ".changegate/policies/own.rego"
APPROVALS, EVENT = "approvals.json", "event.json"
"""What CI hands in, beside the repository."""

_CONFIG = """overrides:
  - rules: [cost/missing]
    models: [fraud-detector]
    severity: warning
    reason: it is measured next month
  - tiers: [low, medium]
    owners: ["*-ml"]
    settings: {rollout: {minimumBakeSeconds: {low: 600}}}
    reason: what is less risky is rolled out faster
history: {maxCommits: 50}
controlFiles: ["deploy/**"]
policies: {limits: {seconds: 5}}
"""
_PEOPLE = """people:
  ana: {addresses: [ana@acme.example]}
"""
_POLICY = """package own

deny contains msg if {
	count(input.spec.artifacts) > 5
	msg := sprintf("%s has %d artifacts", [input.metadata.name, count(input.spec.artifacts)])
}

deny contains "no owner of ours" if endswith(lower(input.metadata.owner), "-x")
"""
_WAIVERS = """apiVersion: changegate.dev/v1
kind: Waivers
waivers:
  - rule: cost/missing
    model: fraud-detector
    reason: the bill comes next month
    approvedBy: ana
    expires: 2026-12-01
"""
_GROUPS = [
    {"attribute_name": "sex", "attribute_value": value, "tp": 90, "fp": 10, "tn": 880, "fn": 20, "group_size": 1000}
    for value in ("f", "m")
]
_BUNDLE = {
    "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
    "verificationMaterial": {"certificate": {"rawBytes": "AAAA"}, "tlogEntries": []},
    "dsseEnvelope": {"payload": "e30=", "payloadType": "application/vnd.in-toto+json", "signatures": [{"sig": "AA=="}]},
}
_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12\n"
_DVC = "outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  size: 12\n  hash: md5\n  path: model.safetensors\n"

OTHERS: tuple[tuple[str, str], ...] = (
    ("fairness.json", json.dumps(_GROUPS)),
    ("provenance.dsse.json", json.dumps(_BUNDLE)),
    ("model.safetensors", _POINTER),
    ("model.safetensors", _DVC),
)
"""The end of a file's name, and what else such a file may be."""


def base_files() -> dict[str, bytes]:
    """What the trusted branch has: the fixtures, with an override and a waiver."""
    files = {one.relative_to(TOP).as_posix(): one.read_bytes() for one in sorted(TOP.rglob("*")) if one.is_file()}
    if b"overrides:" not in files[CONFIG]:
        files[CONFIG] += _CONFIG.encode()
    files[TEAMS] += _PEOPLE.encode()
    new = files[MANIFEST].replace(b"name: fraud-detector", b"name: fraud-trial", 1)
    return {**files, WAIVERS: _WAIVERS.encode(), NEW: new}


BASE = base_files()
MANIFESTS = tuple(path for path in BASE if path.endswith("manifest.yaml"))
CONTROL = (CONFIG, TEAMS, WAIVERS, "CODEOWNERS")
PATHS = (*(path for path in BASE if path not in MANIFESTS and path not in CONTROL), *MANIFESTS * 4, *CONTROL * 2)
"""What a change touches; manifests are tried more often than any one file beside them."""

_DEEP_LIST: Any = "x"
for _ in range(70):
    _DEEP_LIST = [_DEEP_LIST]

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, -0.0, 0.1, 1e308, 5e-324, 10**400, 2**53 + 1, 2**63, 2**64, -(2**70), math.nan,
    math.inf, -math.inf, "", " ", "\n", "\t", "\0", "\x1b[31m", "\ud800", "\u202e", "\u200b", "\ufeff", "é",
    "e\u0301", "模型", "😀", "ﬁ", "İ", "ß", "\u0660\u0661", "x" * 5000, "a b", "a\nb", "=1+1", "::error::x",
    "##[error]x", "@all", "`", "${{ x }}", "../../etc/passwd", "/etc/passwd", "a/../b", "./a", "a//b", "\\", "C:\\x",
    ".", "..", "https://[", "https://a:b@c:99999/", "s3://", "http://[::1", "file:///x", "sha256:",
    "sha256:" + "0" * 64, "sha256:" + "G" * 64, "md5:x", "SHA256:" + "a" * 64, "sha512:" + "0" * 64, "2026-11-02",
    "2026-11-02T12:00:00Z", "2026-13-45T99:99:99Z", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00Z",
    "2026-W45-1T12:00+00:00", "2026-11-02T12:00:00+99:99", "2999-01-01T00:00:00Z", "1e999", "NaN", ".inf", ".nan",
    "1_000", "0x10", "0o7", "012", "12:30:45", "yes", "on", "null", "~", "30m", "0s", "-1h", "99999999999999999999d",
    "1.5h", "1h30m", "1e9d", "8Gi", "1e400Gi", "0.1Ki", "-1Gi", "100m", "4k", "critical", "low", "production", "main",
    "canary", "batch", "replace", "sha256", "1.0.0", "v1", "1.0.0-rc.1+b", "99999999999999999999.0.0", [], {}, [[]],
    [{}], {"": ""}, {"a": {"b": []}}, [None], [1, "a", {}], ["a"] * 300,
    {f"k{number}": number for number in range(300)}, _DEEP_LIST, {"notApplicable": "x"}, {"notApplicable": ""},
    {"name": "x"}, {"path": "x"}, {"path": "README.md", "digest": "sha256:" + "0" * 64},
    {"path": "models/fraud-detector/manifest.yaml"}, {"apiVersion": "changegate.dev/v1", "kind": "ModelRelease"},
)  # fmt: skip
"""Values that nobody expects somewhere."""

OPERATIONS = (
    "replace", "replace", "delete", "rename", "wrap", "name it", "empty", "copy", "repeat", "text", "twice", "swap",
    "likely", "likely", "likely", "likely", "likely", "likely", "drop", "drop", "shuffle",
)  # fmt: skip

Paths = tuple[Any, ...]

NUMBERS: tuple[Any, ...] = (
    0, 1, 2, -1, 100, 99.999, 0.5, 1e-9, 1e-300, 5e-324, 1e15, 2**53, 2**53 + 1, 2**63, 10**30, 1e308, 1.0, 0.1 + 0.2,
)  # fmt: skip
DURATIONS = ("0s", "1s", "59s", "1m", "24h", "365d", "100000d", "1000000000s", "0.5h", "1h30m", "1w")


def _choices(schema: Any, found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What a schema lets be said under a name."""
    if isinstance(schema, dict):
        for name, one in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
            if isinstance(one, dict):
                found.setdefault(name, []).extend(one.get("enum", ()))
        for one in schema.values():
            _choices(one, found)
    for one in schema if isinstance(schema, list) else ():
        _choices(one, found)
    return found


def _values(value: Any, found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What a document says under a name."""
    if isinstance(value, dict):
        for name, one in value.items():
            found.setdefault(name, []).append(one)
            _values(one, found)
    for one in value if isinstance(value, list) else ():
        _values(one, found)
    return found


def known_values() -> dict[str, list[Any]]:
    """Values that may well stand under a name: those of schemas, and of all the fixtures' documents."""
    found: dict[str, list[Any]] = {}
    for path in sorted(SCHEMAS.rglob("*.json")):
        _choices(json.loads(path.read_text()), found)
    for path, data in BASE.items():
        for document in parse(data, path).documents if path.endswith((".json", ".yaml")) else ():
            _values(document.value, found)
    return {
        name: list({json.dumps(one, sort_keys=True): one for one in values}.values()) for name, values in found.items()
    }


KNOWN = known_values()


def nodes(value: Any, above: Paths = ()) -> list[Paths]:
    """Every place in a document, from the outside."""
    found = [above]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        found += nodes(below, (*above, key))
    return found


def at(value: Any, path: Paths) -> Any:
    """What is at a place."""
    for key in path:
        value = value[key]
    return value


class _Twice(dict[str, Any]):
    """A mapping that is written with one of its keys a second time."""


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """A document with one to four changes of its structure."""
    for _ in range(draw(st.integers(1, 4))):
        places = nodes(value)
        path = places[draw(st.integers(0, len(places) - 1))]
        holder = [copy.deepcopy(value)]
        whole = (0, *path)
        _mutate(draw, holder, whole, draw(st.sampled_from(OPERATIONS)))
        value = holder[0] if holder else None
    return value


def _mutate(draw: st.DrawFn, holder: Any, path: Paths, operation: str) -> None:
    parent, key = at(holder, path[:-1]), path[-1]
    node = parent[key]
    if operation == "delete":
        del parent[key]
    elif operation == "drop":
        below = [one for one in nodes(node) if one and isinstance(at(node, one[:-1]), dict)]
        if below:
            chosen = draw(st.sampled_from(below))
            del at(node, chosen[:-1])[chosen[-1]]
    elif operation == "shuffle" and isinstance(node, list):
        parent[key] = draw(st.permutations(node)) if len(node) < 20 else node[::-1]
    elif operation == "likely":
        parent[key] = draw(_likely(key, node))
    elif operation == "rename" and isinstance(parent, dict):
        parent[
            draw(st.sampled_from(("", "x", f" {key}", f"{key}s", str(key).upper(), "é", "<<", "1", "null", "name")))
        ] = parent.pop(key)
    elif operation == "wrap":
        parent[key] = [node]
    elif operation == "name it":
        parent[key] = {draw(st.sampled_from(("a", "name", "path", "notApplicable", "digest"))): node}
    elif operation == "empty":
        parent[key] = type(node)() if isinstance(node, (str, dict, list)) else 0
    elif operation in {"copy", "swap"}:
        places = nodes(holder)
        other = at(holder, places[draw(st.integers(0, len(places) - 1))])
        parent[key] = copy.deepcopy(other)
    elif operation == "repeat" and isinstance(node, list):
        parent[key] = node * draw(st.sampled_from((2, 3, 50)))
    elif operation == "text" and isinstance(node, str):
        cut = draw(st.integers(0, len(node)))
        parent[key] = (
            node[:cut]
            + draw(st.one_of(st.sampled_from([one for one in ODD if isinstance(one, str)]), st.text(max_size=3)))
            + node[cut:]
        )
    elif operation == "twice" and isinstance(parent, dict):
        again = _Twice(parent)
        if len(path) > 1:
            at(holder, path[:-2])[path[-2]] = again
    else:
        parent[key] = draw(st.sampled_from(ODD))


def _likely(key: Any, node: Any) -> st.SearchStrategy[Any]:
    """What may stand there as well: most of it fits the schema, and means something else."""
    known = KNOWN.get(key, []) if isinstance(key, str) else []
    alike = [one for one in known if type(one) is type(node)] or known or [node]
    if isinstance(node, bool):
        return st.just(not node)
    if isinstance(node, (int, float)):
        return st.sampled_from([*NUMBERS, *alike])
    if isinstance(node, str) and re.fullmatch(r"[\d.]+[smhdw]", node):
        return st.sampled_from([*DURATIONS, *alike])
    if isinstance(node, list) and node:
        return st.sampled_from([*alike, node[:1], node[:-1], node[1:], [*node, node[0]], [*node, *node]])
    return st.sampled_from(alike)


def _json(value: Any) -> str:
    """JSON as Python writes it, with a key twice where that is wanted."""
    if isinstance(value, dict):
        pairs = [f"{json.dumps(str(key))}: {_json(one)}" for key, one in value.items()]
        return "{" + ", ".join(pairs + (pairs[:1] if isinstance(value, _Twice) else [])) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and "\0" in value)


def _plain(value: Any) -> Any:
    """Without what PyYAML refuses to write."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@st.composite
def written(draw: st.DrawFn, path: str, data: bytes) -> bytes:
    """A file with its document changed, or with its text changed, or with both."""
    parsed = (
        parse(data, "a.json" if path.endswith(".json") else "a.yaml")
        if path.endswith((".json", ".yaml", ".sig"))
        else None
    )
    if parsed is None or not parsed.documents or draw(st.integers(0, 4)) == 0:
        return draw(_of_text(data))
    value = draw(mutated(parsed.documents[0].value))
    if path.endswith(".json") or draw(st.booleans()):
        text = _json(value)
    else:
        text = yaml.dump(_plain(value), allow_unicode=draw(st.booleans()), width=4000, sort_keys=draw(st.booleans()))
    changed = text.encode("utf-8", "surrogatepass")
    return draw(_of_text(changed)) if draw(st.integers(0, 9)) == 0 else changed


PIECES = (
    b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"---\n", b"...\n", b"%YAML 1.1\n---\n", b"&a ", b"*a",
    b"!!python/object:os ", b"!x ", b"<<: *a\n", b"? [a]\n: b\n", b"{", b"}", b"[", b"]", b"[" * 200, b"{a: " * 100,
    b'"', b"'", b"|\n", b">-\n", b"#", b": ", b"- ", b"@", b"`", b"1e999", b".nan", b"NaN", b"-Infinity", b"1" * 400,
    b"\\u0000", b"\\ud800", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae", b"\xc2\x85", b"apiVersion: changegate.dev/v1\n",
    b"kind: List\nitems: []\n", b"version https://git-lfs.github.com/spec/v1\n", b"<<<<<<< HEAD\n", b"x" * 3000,
    b"a: &x [1]\nb: *x\n", b"@all\n", b"* @nobody\n", b"[Section][9]\n", b"^[X]\n",
)  # fmt: skip
"""What stands in a text by mistake, or on purpose."""


@st.composite
def _of_text(draw: st.DrawFn, data: bytes) -> bytes:
    """A text with pieces put in or cut out."""
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(("put", "put", "line", "cut", "end", "twice", "swap", "utf-16", "nothing")))
        if how == "put":
            data = data[:where] + draw(st.sampled_from(PIECES)) + data[where:]
        elif how == "line":
            start = data.rfind(b"\n", 0, where) + 1
            data = data[:start] + draw(st.sampled_from(PIECES)) + data[start:]
        elif how == "cut":
            data = data[:where] + data[where + draw(st.integers(1, 40)) :]
        elif how == "end":
            data = data[:where]
        elif how == "twice":
            data += data
        elif how == "swap":
            data = data[where:] + data[:where]
        elif how == "utf-16":
            data = data.decode("utf-8", "replace").encode("utf-16")
        else:
            data = b""
    return data[: 1 << 21]


class Input(NamedTuple):
    """What is given to the gate."""

    base: dict[str, bytes]
    """Files of the trusted branch that are not as the fixtures have them."""
    head: dict[str, bytes]
    """Files of the change."""
    handed_in: dict[str, bytes]
    """Of `APPROVALS` and `EVENT`, those that are not as they should be."""
    everything: bool
    """Whether `--all` is asked for."""
    gone: frozenset[str] = frozenset()
    """Files that the change deletes."""

    @property
    def count(self) -> int:
        """How many documents are faulty."""
        return len(self.base) + len(self.head) + len(self.handed_in)


@st.composite
def inputs(draw: st.DrawFn, most: int = 8) -> Input:
    """Something for the gate, with so many faulty files at most."""
    head: dict[str, bytes] = {}
    for _ in range(draw(st.integers(1, most))):
        path = draw(st.sampled_from(PATHS))
        head[path] = draw(written(path, draw(st.sampled_from(_contents(path)))))
    base: dict[str, bytes] = {}
    if draw(st.integers(0, 5)) == 0:
        path = draw(st.sampled_from((*CONTROL, *MANIFESTS)))
        base[path] = draw(written(path, BASE[path]))
    if draw(st.integers(0, 7)) == 0:
        base[POLICY] = _POLICY.encode()
    gone = (
        draw(st.sets(st.sampled_from(sorted(BASE.keys() - {NEW})), max_size=2))
        if draw(st.integers(0, 5)) == 0
        else set()
    )
    handed_in: dict[str, bytes] = {}
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from((APPROVALS, APPROVALS, EVENT)))
        handed_in[name] = draw(written(name, json.dumps(as_handed_in(name, "0" * 40)).encode()))
    head = _with_digests(head)
    return Input(base, head, handed_in, draw(st.integers(0, 7)) == 0, frozenset(gone - head.keys()))


def _contents(path: str) -> list[bytes]:
    """What a file may be before it is changed."""
    return [BASE[path], *(text.encode() for end, text in OTHERS if path.endswith(end))]


def _with_digests(head: dict[str, bytes]) -> dict[str, bytes]:
    """Let every manifest name the digests of what is beside it now."""
    changed = {_digest(BASE[path]): _digest(data) for path, data in head.items() if path not in MANIFESTS}
    more = dict(head)
    for path in MANIFESTS:
        text = more.get(path, BASE[path])
        for old, new in changed.items():
            text = text.replace(old, new)
        if path in head or text != BASE[path]:
            more[path] = text
    return more


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def as_handed_in(name: str, head: str) -> dict[str, Any]:
    if name == APPROVALS:
        reviews = [
            {"user": one, "state": "APPROVED", "commit": head, "submittedAt": fixtures.NOW}
            for one in fixtures.APPROVERS
        ]
        return {**fixtures.approvals(head, reviews), "addresses": {"mira@acme.example": fixtures.AUTHOR}}
    return {
        "pull_request": {
            "number": fixtures.PULL_REQUEST,
            "user": {"login": fixtures.AUTHOR, "type": "User"},
            "base": {"ref": "base", "sha": "0" * 40, "repo": {"full_name": fixtures.REPOSITORY}},
            "head": {"ref": "topic", "sha": head},
            "merge_commit_sha": None,
        }
    }
