"""Values of a wrong type at every key of a manifest: each is a finding on its file, and hides no other finding."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate.manifest import load_manifests, parse
from changegate.resources import FIXTURES
from support.hosted import FRAUD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.hosted import Hosted

WRONG: tuple[Any, ...] = ([], ["x"], [["x"]], {}, {"a": {"b": []}}, 7, -1.5, True, None, "")
HEADER = ("apiVersion", "kind", "metadata", "spec")
WHOLE = parse((FIXTURES / "gitops-repo" / FRAUD).read_bytes(), FRAUD).documents[0].value


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*above, key)
        yield from paths(below, (*above, key))


def with_value(path: tuple[Any, ...], make: Any) -> dict[str, Any]:
    """The manifest with one value replaced by what `make` makes of it."""
    whole: dict[str, Any] = copy.deepcopy(WHOLE)
    node: Any = whole
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = make(node[path[-1]])
    return whole


def wrong(path: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    yield with_value(path, lambda old: [old])
    yield with_value(path, lambda old: {"a": old})
    for value in WRONG:
        yield with_value(path, lambda _, new=value: new)


@pytest.mark.parametrize("path", list(paths(WHOLE)), ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_any_type_is_read(path: tuple[Any, ...]) -> None:
    for document in wrong(path):
        found = load_manifests(json.dumps(document).encode(), "manifest.json")
        assert found.is_manifest or path in {("apiVersion",), ("kind",)} or not found.faults
        assert len(found.entries) == (1 if found.is_manifest else 0)
        assert bool(found.faults) == bool(found.broken)


@pytest.mark.parametrize(
    ("edit", "line", "said"),
    [
        (("kind: ModelRelease", "kind: [ModelRelease]"), 3, "`kind` is a list, and has to be text"),
        (("kind: ModelRelease", "kind: {ModelRelease: {}}"), 3, "`kind` is a mapping, and has to be text"),
        (("kind: ModelRelease", "kind: 7"), 3, "`kind` is a number (7), and has to be text"),
        (("kind: ModelRelease", "kind: true"), 3, "`kind` is true or false (true), and has to be text"),
        (("kind: ModelRelease", "kind:"), 3, "`kind` is empty, and has to be text"),
        (("kind: ModelRelease", "kind: [Config]"), 3, "`kind` is a list, and has to be text"),
        (("apiVersion: changegate.dev/v1", "apiVersion: [changegate.dev/v1]"), 2, "`apiVersion` cannot be"),
        (("apiVersion: changegate.dev/v1", "apiVersion: 7"), 2, "`apiVersion` cannot be"),
        (
            ("apiVersion: changegate.dev/v1\nkind: ModelRelease", "apiVersion: [changegate.dev/v1]\nkind: []"),
            3,
            "`kind`",
        ),
        (("apiVersion: changegate.dev/v1\nkind: ModelRelease", "apiVersion: 1\nkind: [[ModelRelease]]"), 3, "`kind`"),
    ],
)
def test_a_header_of_a_wrong_type_is_a_finding_on_its_line(
    hosted: Hosted, edit: tuple[str, str], line: int, said: str
) -> None:
    other = "models/sepsis-triage/manifest.yaml"
    broken = (hosted.path / other).read_text().replace("kind: ModelRelease", "kind: ModelRelaese")
    run = hosted.judge(hosted.propose({FRAUD: hosted.edit(FRAUD, *edit), other: broken}))
    found = {one["location"]["file"]: one for one in run.findings if one["rule"] == "manifest/schema"}
    assert (run.code, set(found)) == (1, {FRAUD, other})
    assert found[FRAUD]["location"]["line"] == line
    assert said in found[FRAUD]["message"]


def test_no_value_of_a_wrong_type_keeps_the_gate_from_deciding(hosted: Hosted) -> None:
    """At the head, then at the base of the change that mends each or deletes it."""
    keys = [path for path in paths(WHOLE) if len(path) == 1 or path[0] == "metadata"]
    documents = [document for path in keys for document in wrong(path)]
    files = {f"models/wrong/{at}.json": json.dumps(document) for at, document in enumerate(documents)}
    at_head = hosted.judge(hosted.propose(dict(files)))
    assert at_head.code == 1
    assert at_head.verdict["failures"] == []
    seen = {one["location"]["file"] for one in at_head.findings if one["rule"].startswith("manifest/")}
    assert set(files) <= seen | {file for file in files if not load_manifests(files[file].encode(), file).broken}
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    hosted.repo.commit(dict(files), "landed")
    hosted.protect()
    mended = {file: json.dumps(_named(at)) for at, file in enumerate(files) if at % 2}
    gone = tuple(file for file in files if file not in mended)
    at_base = hosted.judge(hosted.propose(mended, remove=gone))
    assert at_base.code == 1
    assert at_base.verdict["failures"] == []


def _named(at: int) -> dict[str, Any]:
    return with_value(("metadata", "name"), lambda name: f"{name}-{at}")
