"""Which parts of a release are others than before, and at which place that is seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate.change.changeset import ChangeSet
from changegate.change.content import Files, parts
from changegate.manifest import load_manifests

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.manifest import Manifest
    from changegate.workspace import Git
    from changegate.workspace.trees import GitTree
    from support.repos import Repo

Release = list[dict[str, Any]]

A, B = ({"digest": f"sha256:{letter * 64}"} for letter in "ab")
OF_ANOTHER_ALGORITHM = {"digest": f"sha512:{'b' * 128}"}
PINNED = {"uri": f"hf://acme/example@{'c' * 40}/model.safetensors"}
ELSEWHERE = {"uri": "s3://elsewhere/model.safetensors"}
KEPT = {"path": "models/fraud.yaml"}
TOUCHED = {"path": "models/touched.yaml"}
GONE = {"path": "models/was.yaml"}
LINK = {"path": "models/link"}
NOWHERE = {"path": "models/nowhere"}


def one(*stated: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An artifact that is a file."""
    whole = {"name": "model", "role": "model", "uri": "s3://models/model.safetensors"}
    for keys in stated:
        whole |= keys
    return {**whole, **more}


def hosted(name: str = "model", model: str = "large", **more: Any) -> dict[str, Any]:
    return {"name": name, "role": "model", "hosted": {"provider": "acme", "model": model, **more}}


def manifest(artifacts: Release, needs: Release | None = None) -> Manifest:
    spec: dict[str, Any] = {"version": "0.1.0", "artifacts": artifacts}
    if needs is not None:
        spec["dependsOn"] = needs
    head = {"apiVersion": "changegate.dev/v1", "kind": "ModelRelease", "metadata": {"name": "example", "owner": "team"}}
    found = load_manifests(json.dumps({**head, "spec": spec}).encode(), "models/example.json")
    assert not found.faults
    return found.manifests[0]


@pytest.fixture
def files(repo: Repo, opened: Git, tree_at: Callable[[Git, str], GitTree]) -> Files:
    """The files of a repository in which one has changed, and one has moved, since the previous release."""
    repo.link("models/link", "fraud.yaml")
    repo.commit({"models/touched.yaml": "x", "models/now.yaml": "x"})
    touched = frozenset({"models/touched.yaml", "models/now.yaml"})
    change = ChangeSet(touched, moved={"models/now.yaml": "models/was.yaml"})
    return Files(tree_at(opened, "HEAD"), change)


def others(before: Manifest, after: Manifest, files: Files) -> list[tuple[str, str, str, list[str | int]]]:
    found = parts(before, after, files)
    assert found
    return [
        (part["kind"], part["name"], part["state"], part["place"]["path"]) for part in found if part["state"] != "same"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (one(), one()),
        (one(A), one(A)),
        (one(A), one(A, ELSEWHERE)),
        (one(A), one(A, sizeBytes=5, format="onnx", license="MIT", parameters=7)),
        (one(A, sizeBytes=5), one(A, sizeBytes=6)),
        (one(A, KEPT), one(A, TOUCHED)),
        (one(), one(A, KEPT, sizeBytes=5)),
        (one(A, PINNED), one(PINNED)),
        (one(A, PINNED), one(OF_ANOTHER_ALGORITHM, PINNED)),
        (one(PINNED, sizeBytes=5), one(PINNED, sizeBytes=6)),
        (one(A, KEPT), one(OF_ANOTHER_ALGORITHM, KEPT)),
        (one(A, KEPT), one(KEPT)),
        (one(A), one(A, name="weights")),
        (hosted(), hosted(snapshot="large-1")),
        (hosted(snapshot="large-1"), hosted("weights", snapshot="large-1")),
    ],
)
def test_an_artifact_is_the_same_where_what_it_stated_still_holds(
    before: dict[str, Any], after: dict[str, Any], files: Files
) -> None:
    assert others(manifest([before]), manifest([after]), files) == []


@pytest.mark.parametrize(
    ("before", "after", "state", "key"),
    [
        (one(A), one(B), "digest", ["digest"]),
        (one(A, PINNED), one(B, PINNED), "digest", ["digest"]),
        (one(A, KEPT), one(B, KEPT), "digest", ["digest"]),
        (one(A), one(OF_ANOTHER_ALGORITHM), "algorithm", ["digest"]),
        (one(A, PINNED), one(OF_ANOTHER_ALGORITHM, ELSEWHERE), "algorithm", ["digest"]),
        (one(A, KEPT), one(OF_ANOTHER_ALGORITHM, KEPT, ELSEWHERE), "algorithm", ["digest"]),
        *((one(A, file), one(OF_ANOTHER_ALGORITHM, file), "algorithm", ["digest"]) for file in (TOUCHED, GONE, LINK)),
        (one(A, NOWHERE), one(OF_ANOTHER_ALGORITHM, NOWHERE), "algorithm", ["digest"]),
        (one(A), one(), "unbound", ["digest"]),
        (one(A, KEPT), one(KEPT, ELSEWHERE), "unbound", ["digest"]),
        (one(A, KEPT), one(), "unbound", ["digest"]),
        (one(A), one(A, role="adapter"), "role", ["role"]),
        (one(), one(ELSEWHERE), "moved", ["uri"]),
        (one(), one(A, ELSEWHERE), "moved", ["uri"]),
        (one(KEPT), one(TOUCHED), "moved", ["path"]),
        (one(KEPT), one(A), "moved", ["path"]),
        (one(sizeBytes=5), one(sizeBytes=6), "resized", ["sizeBytes"]),
        (one(sizeBytes=5), one(A), "resized", ["sizeBytes"]),
        (one(TOUCHED), one(TOUCHED), "rewritten", ["path"]),
        (one(GONE), one(GONE, A), "rewritten", ["path"]),
        (one(A), hosted(), "form", ["hosted"]),
        (hosted(), one(A), "form", ["uri"]),
        (hosted(), hosted(model="small"), "hosted", ["hosted", "model"]),
        (hosted(snapshot="large-1"), hosted(snapshot="large-2"), "hosted", ["hosted", "snapshot"]),
        (hosted(snapshot="large-1"), hosted(), "hosted", ["hosted", "snapshot"]),
        ({**hosted(), **A}, {**hosted(), **B}, "digest", ["digest"]),
        ({**hosted(), **A}, hosted(), "unbound", ["digest"]),
    ],
)
def test_an_artifact_is_another_where_it_does_not(
    before: dict[str, Any], after: dict[str, Any], state: str, key: list[str], files: Files
) -> None:
    found = others(manifest([before]), manifest([after]), files)
    assert found == [("artifact", "model", state, ["spec", "artifacts", 0, *key])]


LIST = ["spec", "artifacts"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([one(A), one(B, name="b")], [one(B, name="b"), one(A)], []),
        ([one(A)], [one(A), one(B, name="b")], [("artifact", "b", "added", [*LIST, 1])]),
        ([one(A), one(B, name="b")], [one(A)], [("artifact", "b", "removed", LIST)]),
        (
            [one(A)],
            [one(B, name="b")],
            [("artifact", "b", "added", [*LIST, 0]), ("artifact", "model", "removed", LIST)],
        ),
        (
            [one(A)],
            [one(A, name="b", role="adapter")],
            [("artifact", "b", "added", [*LIST, 0]), ("artifact", "model", "removed", LIST)],
        ),
        ([one(A)], [one(A, name="b"), one(A, name="c")], [("artifact", "c", "added", [*LIST, 1])]),
        ([one(A)], [one(A), one(B)], [("artifact", "model#2", "added", [*LIST, 1])]),
        (
            [hosted(snapshot="latest")],
            [hosted("b", snapshot="latest")],
            [("artifact", "b", "added", [*LIST, 0]), ("artifact", "model", "removed", LIST)],
        ),
    ],
)
def test_artifacts_are_told_apart_by_name_and_known_again_by_digest(
    before: Release, after: Release, expected: list[Any], files: Files
) -> None:
    assert others(manifest(before), manifest(after), files) == expected


NEED = "embedder"
PLACE = ["spec", "dependsOn"]


def need(**more: str) -> dict[str, str]:
    return {"name": "embedder", **more}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([need()], [need(version="1.0.0", **{"as": "member"})], []),
        ([need(), {"name": "b"}], [{"name": "b"}, need(environment="production", variant="main")], []),
        (None, [need()], [("dependency", NEED, "added", [*PLACE, 0])]),
        ([need()], None, [("dependency", NEED, "removed", PLACE)]),
        ([need(version="1.0.0")], [need(version="1.1.0")], [("dependency", NEED, "repinned", [*PLACE, 0])]),
        ([need(version="1.0.0")], [need()], [("dependency", NEED, "repinned", [*PLACE, 0])]),
        ([need(**{"as": "judge"})], [need(**{"as": "member"})], [("dependency", NEED, "repinned", [*PLACE, 0])]),
        (
            [need(**{"as": "judge"}), need(**{"as": "member"})],
            [need(**{"as": "judge"})],
            [("dependency", NEED, "removed", PLACE)],
        ),
        (
            [need()],
            [need(variant="small")],
            [("dependency", "embedder (small)", "added", [*PLACE, 0]), ("dependency", NEED, "removed", PLACE)],
        ),
    ],
)
def test_dependencies_keep_what_they_said(
    before: Release | None, after: Release | None, expected: list[Any], files: Files
) -> None:
    assert others(manifest([one(A)], before), manifest([one(A)], after), files) == expected


def test_of_a_release_at_a_tag_no_file_is_known_to_be_the_same_or_another(files: Files) -> None:
    nobody_looked = files._replace(change=None)
    for path in ("models/fraud.yaml", "models/touched.yaml", "models/was.yaml"):
        assert not nobody_looked.kept(path)
        assert not nobody_looked.replaced(path)
