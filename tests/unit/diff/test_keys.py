"""Where a node of one release is in another: by name where lists have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate.diff.keys import counterpart, indexed

if TYPE_CHECKING:
    from changegate.names import KeyPath


def release(*names: str, steps: int = 2) -> dict[str, Any]:
    return {"spec": {"artifacts": [{"name": one, "digest": "x"} for one in names], "rollout": {"steps": [{}] * steps}}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("spec", "artifacts", 0, "digest"), ("spec", "artifacts", 1, "digest")),
        (("spec", "artifacts", 1, "digest"), ("spec", "artifacts", 0, "digest")),
        (("spec", "artifacts", 2, "digest"), ("spec", "artifacts")),
        (("spec", "artifacts", 9, "digest"), ("spec", "artifacts")),
        (("spec", "artifacts", "gone", "digest"), ("spec", "artifacts", 2, "digest")),
        (("spec", "artifacts", "nowhere", "digest"), ("spec", "artifacts")),
        (("spec", "rollout", "steps", 1, "bake"), ("spec", "rollout", "steps", 1, "bake")),
        (("spec", "slos", 0, "name"), ("spec", "slos", 0, "name")),
        (("spec", "version"), ("spec", "version")),
        ((), ()),
    ],
)
def test_a_node_in_the_previous_release(path: KeyPath, expected: KeyPath) -> None:
    assert counterpart(path, release("a", "b", "new"), release("b", "a", "gone")) == expected


def test_a_step_that_was_not_there_stands_at_the_steps() -> None:
    assert counterpart(("spec", "rollout", "steps", 1), release(steps=2), release(steps=1)) == (
        "spec",
        "rollout",
        "steps",
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("spec", "artifacts", "b", "digest"), ("spec", "artifacts", 1, "digest")),
        (("spec", "artifacts", "c", "digest"), ("spec", "artifacts", "c", "digest")),
        (("spec", "artifacts", 7, "digest"), ("spec", "artifacts", 7, "digest")),
        (("spec", "nothing", "b"), ("spec", "nothing", "b")),
    ],
)
def test_an_item_of_a_list_by_its_name(path: KeyPath, expected: KeyPath) -> None:
    assert indexed(path, release("a", "b")) == expected
