"""What one walk through the history says."""

from __future__ import annotations

from changegate.change.past import State, walked

ZERO, ONE, TWO = "0" * 40, "1" * 40, "2" * 40
FIELDS = [
    "ccc bbb side",
    f"\n:100644 100644 {ONE} {TWO} M",
    "models/a.yaml",
    f":100644 000000 {TWO} {ZERO} D",
    ":odd name",
    "bbb aaa",
    "aaa ",
    f"\n:000000 100644 {ZERO} {ONE} A",
    "models/a.yaml",
    f":120000 100644 {ONE} {TWO} T",
    "models/link.yaml",
]


def test_the_old_side_of_each_change_is_a_state_of_the_branch() -> None:
    walk = walked(FIELDS, is_shallow=False)
    assert walk.states == (State(ONE, "models/a.yaml", "bbb"), State(TWO, ":odd name", "bbb"))
    assert (walk.commits, walk.oldest) == (3, ""), "the last has no parent: that was all"


def test_where_it_stopped_is_known() -> None:
    assert walked(FIELDS[:6], is_shallow=False)[1:] == ("bbb", 2, False)
    assert walked(FIELDS[:6], is_shallow=True)[1:] == ("bbb", 2, False), "the bound came first"
    assert walked(FIELDS, is_shallow=True)[1:] == ("aaa", 3, True)
