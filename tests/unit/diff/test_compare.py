"""Releases are paired by identity, and what cannot be read is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from changegate.diff.compare import compare
from changegate.names import Identity
from support.rollouts import fraud

FRAUD = Identity("production", "fraud-detector", "main")
OTHER = Identity("production", "other", "main")


@dataclass
class Manifest:
    file: str
    value: dict[str, Any]
    identity: Identity = FRAUD
    replaced: Identity | None = None


@dataclass
class Fault:
    file: str
    line: int
    message: str


@dataclass
class Loaded:
    """What the loader answers, in the parts that a comparison looks at."""

    file: str
    manifests: tuple[Manifest, ...] = ()
    broken: tuple[Any, ...] = ()
    faults: tuple[Fault, ...] = ()
    is_manifest: bool = True
    problem_reason: str = field(default="")


def one(file: str, release: dict[str, Any], identity: Identity = FRAUD, replaced: Identity | None = None) -> Any:
    return Loaded(file, (Manifest(file, release, identity, replaced),))


def newer() -> dict[str, Any]:
    release = fraud()
    release["spec"]["version"] = "2.5.0"
    return release


def test_a_manifest_that_moved_and_changed_is_one_update() -> None:
    (entry,), problems = compare([one("a.yaml", fraud())], [one("b.yaml", newer())])
    assert (entry.operation, entry.file, entry.versions) == ("update", "b.yaml", {"before": "2.4.0", "after": "2.5.0"})
    assert problems == []


def test_a_manifest_that_only_moved_is_no_change() -> None:
    assert compare([one("a.yaml", fraud())], [one("b.yaml", fraud())]) == ([], [])


def test_create_retire_and_rename() -> None:
    (created,), _ = compare([], [one("a.yaml", fraud())])
    (retired,), _ = compare([one("a.yaml", fraud())], [])
    (renamed,), _ = compare([one("a.yaml", fraud())], [one("a.yaml", newer(), OTHER, FRAUD)])
    assert [entry.operation for entry in (created, retired, renamed)] == ["create", "retire", "rename"]


def test_a_broken_manifest_is_not_compared_and_says_where() -> None:
    broken: Any = Loaded("a.yaml", broken=(object(),), faults=(Fault("a.yaml", 3, "a tab"),))
    _, problems = compare([one("a.yaml", fraud())], [broken])
    assert problems == ["a.yaml:3: a tab"]


def test_a_file_that_became_unreadable_is_told_and_one_that_never_was_a_manifest_is_not() -> None:
    link: Any = Loaded("a.yaml", is_manifest=False, problem_reason="it is a link")
    other: Any = Loaded("values.yaml", is_manifest=False, problem_reason="it is too large")
    _, problems = compare([one("a.yaml", fraud())], [link, other])
    assert problems == ["a.yaml: it is a link"]
