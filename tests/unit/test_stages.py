"""Work in stages: what goes together stays in step, and each piece ends as it would by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.stages import MANY, batches, in_stages

if TYPE_CHECKING:
    from changegate.stages import Staged


def work(name: str, stages: int, said: list[str]) -> Staged[str]:
    for stage in range(stages):
        said.append(f"{name}{stage}")
        yield
    said.append(f"{name}.")
    return name


def test_no_piece_begins_a_stage_before_all_have_ended_theirs() -> None:
    said: list[str] = []
    assert in_stages(work(name, 2, said) for name in "abc") == ["a", "b", "c"]
    assert said == ["a0", "b0", "c0", "a1", "b1", "c1", "a.", "b.", "c."]


def test_pieces_of_fewer_stages_end_earlier_and_keep_their_place() -> None:
    said: list[str] = []
    assert in_stages([work("a", 3, said), work("b", 0, said), work("c", 1, said)]) == ["a", "b", "c"]
    assert said == ["a0", "b.", "c0", "a1", "c.", "a2", "a."]


def test_nothing_to_do() -> None:
    assert in_stages([]) == []


def test_what_one_raises_is_raised() -> None:
    def broken() -> Staged[str]:
        yield
        raise ValueError("broken")

    said: list[str] = []
    with pytest.raises(ValueError, match="broken"):
        in_stages([work("a", 3, said), broken(), work("c", 3, said)])
    assert said == ["a0", "c0", "a1"]


@pytest.mark.parametrize("size", [0, 1, MANY, MANY + 1, 3 * MANY + 7])
def test_batches_are_all_items_in_their_order(size: int) -> None:
    items = list(range(size))
    split = list(batches(items))
    assert [one for some in split for one in some] == items
    assert all(0 < len(some) <= MANY for some in split)
