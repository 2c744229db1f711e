"""Releases that are alike in all that is compared of them, found by what another one has of it.

Each of thousands asks whom it shares something with. Of those that are alike the first answers for all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from changegate.change.traits import Traits

_SPARE = 3
"""So many of one name are kept of those that are alike: a release is not compared with itself, nor with what it was."""

But = Callable[["Traits"], bool]
"""Whether one is left out."""


class Alike:
    """Releases that are alike in all that is compared but their names."""

    def __init__(self, first: Traits) -> None:
        """Begin with one; `add` takes it in."""
        self.first = first
        self._by_name: dict[str, list[Traits]] = {}

    def add(self, one: Traits) -> None:
        """Take one in, as long as there are few of its name."""
        some = self._by_name.setdefault(one.identity.name, [])
        some.append(one)
        some.sort(key=lambda traits: traits.identity)
        del some[_SPARE:]

    @cached_property
    def names(self) -> list[str]:
        """Theirs, in order; everybody is in by then."""
        return sorted(self._by_name)

    def of_name(self, name: str, but: But) -> Traits | None:
        """The first of a name, leaving out some."""
        return next((one for one in self._by_name[name] if not but(one)), None)

    def of_other_names(self, names: set[str], but: But) -> Traits | None:
        """The first that has none of some names, leaving out some."""
        others = (name for name in self.names if name not in names)
        return next((found for name in others if (found := self.of_name(name, but)) is not None), None)


class Groups:
    """Releases by what is compared of them."""

    def __init__(self, every: Iterable[Traits], profile: Callable[[Traits], Hashable]) -> None:
        """Sort them.

        Args:
            every: The releases; of equal ones the first counts.
            profile: All that is compared or told of one, beside its name.
        """
        found: dict[Hashable, Alike] = {}
        for one in every:
            found.setdefault(profile(one), Alike(one)).add(one)
        some = list(found.values())
        self._by_name = sorted_into((name, alike) for alike in some for name in alike.names)
        pairs = [(key, alike) for alike in some for key in _keys(alike.first, alike.first.models)]
        routes = [(("route", name), alike) for alike in some for name in alike.first.routes]
        self._by_key = sorted_into((*pairs, *routes))

    def akin(self, me: Traits, but: But) -> list[Traits]:
        """Find the releases that may share something with one; of those that are alike the first.

        Args:
            me: The release.
            but: Who is left out.
        """
        names = {me.identity.name, *me.routes}
        found = [alike.of_name(name, but) for name in sorted(names) for alike in self._by_name.get(name, ())]
        keys = (*_keys(me, me.mentioned), ("route", me.identity.name))
        shared = {id(alike): alike for key in keys for alike in self._by_key.get(key, ())}
        found += [alike.of_other_names(names, but) for alike in shared.values()]
        return [one for one in found if one is not None]


def _keys(one: Traits, artifacts: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """What two releases may have in common, beside their names."""
    yield from (("artifact", reference) for reference in artifacts)
    yield from (("size", size) for size, _ in one.sizes)
    yield from (("door", door) for door in one.doors)


def sorted_into(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    """Sort what has several keys into a list for each of them."""
    found: dict[Any, list[Any]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found
