"""The releases around those of a change, sorted by what they may share: made once, where each would look through all.

Of three thousand releases that a change touches none is compared with all others. Those that are alike in all that is
compared count as one, by the first of them: who is akin is told once for each way in which one is.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from changegate.change.alike import Groups, sorted_into
from changegate.change.changeset import model_references
from changegate.change.traits import Traits
from changegate.manifest import Manifest
from changegate.policy.answers import MOST_RELATED

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from changegate.change.changeset import ChangeSet
    from changegate.names import Identity
    from changegate.policy.settings import Config

TIERS = ("low", "medium", "high", "critical")


class Kindred:
    """The releases of a change, those beside them and those of before, as far as they may be akin to one another."""

    def __init__(self, change: ChangeSet, config: Config) -> None:
        """Take the change; nothing is sorted before it is asked for."""
        self._change = change
        self._config = config
        self.sought = change.sought
        """The names of releases whose dependants are known."""

    def akin(self, me: Traits, was: Traits | None) -> list[Traits]:
        """Find the releases that may share something with one; of those that are alike the first.

        Args:
            me: The release.
            was: The release that it was before.
        """
        mine = {me.identity, was.identity} if was is not None else {me.identity}
        return self._groups.akin(me, lambda one: one.identity in mine)

    def of(self, identity: Identity) -> list[Traits]:
        """What there is under an identity, at the head and before."""
        return self._by_identity.get(identity, [])

    def stays(self, one: Traits) -> bool:
        """Whether it is what a release was, and that is still there: what it gave up, others may have kept."""
        return one.place["at"]["revision"] != "head" and one.identity in self._alive

    def dependants(self, identities: Iterable[Identity]) -> Iterator[Traits]:
        """The releases that name one of some others as what they depend on, as far as they are known."""
        for identity in identities:
            yield from self._by_need.get(identity, ())

    def learn(self, names: frozenset[str], found: Iterable[Traits]) -> None:
        """Take in what was found to name releases of some names: their dependants are known from here on."""
        self.sought |= names
        for one in found:
            if one.identity not in self._known:
                self._note(one)

    def _note(self, one: Traits) -> None:
        self._known[one.identity] = one
        for need in one.needs:
            self._by_need.setdefault(need, []).append(one)

    def gone(self, new: Manifest) -> list[Manifest]:
        """Find releases that are gone with the change, and may share something with a new one: the most at risk."""
        file = self._change.moved.get(new.file, "")
        return _each(self._gone_by_sign, _signs(new, file))

    def with_models_of(self, new: Manifest) -> list[Traits]:
        """Find the releases of before, and beside the change, that have a model of a new one: the most at risk."""
        environment = new.identity.environment
        return _each(self._by_model, ((environment, reference) for reference in model_references(new)))

    @cached_property
    def _alive(self) -> frozenset[Identity | None]:
        return frozenset(item.manifest.identity for item in self._change.items)

    @cached_property
    def _of_before(self) -> list[Traits]:
        return [Traits.of(one, "base") for one in self._change.before.manifests.values()]

    @cached_property
    def _at_head(self) -> list[Traits]:
        mine = (Traits.of(item.manifest) for item in self._change.items if isinstance(item.manifest, Manifest))
        return [*mine, *self._change.akin]

    @cached_property
    def _by_identity(self) -> Mapping[Identity, list[Traits]]:
        return sorted_into((one.identity, one) for one in (*self._at_head, *self._of_before))

    @cached_property
    def _known(self) -> dict[Identity, Traits]:
        return {one.identity: one for one in self._at_head if one.place["at"]["revision"] == "head"}

    @cached_property
    def _by_need(self) -> dict[Identity, list[Traits]]:
        return sorted_into((need, one) for one in self._known.values() for need in one.needs)

    @cached_property
    def _groups(self) -> Groups:
        return Groups((*self._at_head, *self._of_before), self.profile)

    def profile(self, one: Traits) -> Hashable:
        """All that is compared of a release, or told of it, beside its name."""
        claims = tuple(sorted(map(str, one.claims.items())))
        compared = (one.models, one.sizes, one.doors, one.routes)
        listed = self._config.inventory(one.identity).get("tier")
        return one.identity.environment, self.stays(one), *compared, claims, listed

    @cached_property
    def _gone_by_sign(self) -> Mapping[Any, list[Manifest]]:
        gone = (one for one in self._of_before if one.identity not in self._alive)
        manifests = [self._change.before.manifests[one.identity] for one in sorted(gone, key=_risk)]
        return _first(sorted_into((sign, one) for one in manifests for sign in _signs(one, one.file)))

    @cached_property
    def _by_model(self) -> Mapping[tuple[str, str], list[Traits]]:
        every = sorted((*self._of_before, *self._change.akin), key=_risk)
        pairs = (((one.identity.environment, reference), one) for one in every for reference in one.models)
        return _first(sorted_into(pairs))


def _signs(one: Manifest, file: str) -> Iterator[tuple[str, str]]:
    """What a release that is gone may be known again by; see `likeness`."""
    spec = one.value["spec"]
    yield "name", one.identity.name
    yield "file", file
    yield from (("artifact", reference) for reference in model_references(one))
    for block, key in (("provenance", "trainingRun"), ("serving", "endpoint")):
        if spec.get(block, {}).get(key) is not None:
            yield (
                key,
                repr(sorted(spec[block][key].items()) if isinstance(spec[block][key], dict) else spec[block][key]),
            )


def _risk(one: Traits) -> tuple[int, Identity]:
    """Sorts the releases of the highest tier first."""
    return -TIERS.index(one.tier), one.identity


def _first(found: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
    """Keep of each kind as many as are told, and those that are left out: the release itself, and what it replaces."""
    return {key: some[: MOST_RELATED + 2] for key, some in found.items()}


def _each(known: Mapping[Any, list[Any]], keys: Iterable[Any]) -> list[Any]:
    """Everything under some keys, once."""
    return list({id(one): one for key in keys for one in known.get(key, ())}.values())
