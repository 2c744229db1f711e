"""Who is akin is found by what is shared, and it comes to the same as looking through all."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from changegate.change.changeset import Before, ChangeSet, Item
from changegate.change.kin import _tie
from changegate.change.kindred import Kindred
from changegate.change.traits import Traits
from changegate.manifest import load_manifests
from changegate.policy.settings import Config

CONFIG = Config.load(None)
FEW = st.sampled_from("abc")


@st.composite
def releases(draw: st.DrawFn) -> str:
    """A small release that shares something with others."""
    name, environment, variant = draw(FEW), draw(st.sampled_from(("production", "staging"))), draw(FEW)
    endpoint = draw(st.sampled_from(("", "serving: {endpoint: x}", "serving: {endpoint: y}")))
    need = draw(st.sampled_from(("", f"dependsOn: [{{name: {draw(FEW)}, version: 1.0.0, as: member}}]")))
    tier = draw(st.sampled_from(("low", "medium", "high")))
    return f"""
apiVersion: changegate.dev/v1
kind: ModelRelease
metadata: {{name: {name}, environment: {environment}, variant: {variant}, owner: a}}
spec:
  version: 1.0.0
  task: classification
  intendedUse: It is for trying this out.
  risk: {{tier: {tier}}}
  artifacts: [{{name: model, role: model, uri: "s3://{draw(FEW)}/m", sizeBytes: {draw(st.sampled_from((5000, 6000)))}}}]
  {endpoint}
  {need}
"""


def change_of(head: list[str], before: list[str]) -> ChangeSet:
    loaded = [load_manifests(text.encode(), f"h{number}.yaml").manifests for number, text in enumerate(head)]
    old = [load_manifests(text.encode(), f"b{number}.yaml").manifests for number, text in enumerate(before)]
    assert all(loaded)
    assert all(old)
    items = tuple(Item(one.file, one, "") for some in loaded for one in some)
    base = Before({one.identity: one for some in old for one in some})
    return ChangeSet(frozenset(item.file for item in items), items=items, before=base)


class Asked:
    """What `_tie` asks of a request."""

    def __init__(self, kindred: Kindred) -> None:
        self.config = CONFIG
        self.kindred = lambda: kindred


def told(asked: Any, me: Traits, was: Traits | None, others: list[Traits]) -> dict[Any, Any]:
    """What `kin_of` tells of others: of those that claim the same, the first."""
    found = [(one, tie) for one in others if (tie := _tie(asked, me, was, one))]
    first: dict[Any, Any] = {}
    for one, tie in sorted(found, key=lambda pair: (pair[0].identity, pair[1])):
        first.setdefault((tie, *sorted(map(str, one.claims.items()))), one.identity)
    return first


@settings(max_examples=150)
@given(st.lists(releases(), min_size=1, max_size=8), st.lists(releases(), max_size=6))
def test_it_comes_to_the_same_as_looking_through_all(head: list[str], before: list[str]) -> None:
    change = change_of(head, before)
    kindred = Kindred(change, CONFIG)
    mine = [Traits.of(item.manifest) for item in change.items]  # type: ignore[arg-type]
    old = [Traits.of(one, "base") for one in change.before.manifests.values()]
    for me in mine:
        was = next((one for one in old if one.identity == me.identity), None)
        others = [one for one in (*mine, *old) if one.identity != me.identity]
        asked = Asked(kindred)
        assert told(asked, me, was, kindred.akin(me, was)) == told(asked, me, was, others)


@given(st.lists(releases(), min_size=1, max_size=8))
def test_dependants_are_those_that_name_it(head: list[str]) -> None:
    change = change_of(head, [])
    at_head = {item.manifest.identity: Traits.of(item.manifest) for item in change.items}  # type: ignore[arg-type]
    kindred = Kindred(change, CONFIG)
    for identity in at_head:
        found = {one.identity for one in kindred.dependants([identity]) if identity is not None}
        assert found == {one.identity for one in at_head.values() if identity in one.needs}
