"""Impact: which releases of the repository would get another verdict, once a change of the rules has landed.

The same releases are judged twice, by the rules of the base and by those of the head. It is advice for people, and no
verdict on a release is made of it.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Final

from changegate.change.changeset import Item
from changegate.change.manifests import NEEDLE_ESCAPE, try_load
from changegate.errors import EngineError
from changegate.judging.judge import release_in_stages
from changegate.judging.subjects import request_of
from changegate.manifest import Manifest
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.manifest.ours import API
from changegate.names import Effect
from changegate.settle import conclude
from changegate.stages import in_stages
from changegate.verdict import Impact, ReleaseImpact, Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.errors import ChangegateError
    from changegate.judging.judge import Judge
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.verdict import Gate, SubjectVerdict

STEERING = frozenset({"settings", "teams", "waivers", "signers", "policies"})
_TOGETHER = 20
"""So many releases are judged between two looks at the clock; one by one where policies of the change judge them."""
_CHUNK = 100
"""So many files are read at once."""

Key = tuple[str, "Identity | None"]
"""A release by its file and its identity."""


class Comparison:
    """The same releases under two sets of rules."""

    def __init__(self, before: Judge, after: Judge, change: ChangeSet, judged: Sequence[SubjectVerdict]) -> None:
        """Take two judges, what the change touches, and what the first said of it.

        Args:
            before: Has the base's rules.
            after: Has the head's.
            change: What it touches.
            judged: Releases that were judged by the base's rules.
        """
        self._before: Final = before
        self._after: Final = after
        self._change: Final = change
        self._known: Final[Mapping[Key, SubjectVerdict]] = {
            (one.subject.file, one.subject.identity): one for one in judged if one.subject.kind is SubjectKind.RELEASE
        }
        self._bound: Final = before.rules.config.impact_releases
        self._end: Final = time.monotonic() + before.rules.config.impact_seconds
        self.ended: Final[list[tuple[str, ChangegateError]]] = []
        """The releases about which the head's rules give no answer where the base's do, and why."""

    def impact(self, kinds: frozenset[str] | set[str]) -> Impact:
        """Judge as many as may be, and say of how many nobody knows."""
        found: list[ReleaseImpact] = []
        looked = 0
        items = self._items(kinds)
        while some := self._next(items, looked):
            if time.monotonic() >= self._end:
                seconds = self._before.rules.config.impact_seconds
                return Impact(tuple(found), looked, f"looking at the others would take longer than {seconds} seconds")
            try:
                found += self._compared(some)
            except EngineError as error:
                if not error.file or len(some) > 1:
                    raise
                # NOTE: an OPA that a policy keeps busy answers nothing about others either.
                self.ended.append((Subject(SubjectKind.RELEASE, some[0].manifest.identity).label, error))
                return Impact(tuple(found), looked, error.message)
            looked += len(some)
        if looked >= self._bound and next(items, None) is not None:
            return Impact(tuple(found), looked, f"no more than {self._bound} are looked at (`impact.releases`)")
        return Impact(tuple(found), looked)

    def _next(self, items: Iterator[Item], looked: int) -> list[Item]:
        size = _TOGETHER if self._after.own_engine is self._before.own_engine else 1
        return list(islice(items, min(size, self._bound - looked)))

    def _items(self, kinds: frozenset[str] | set[str]) -> Iterator[Item]:
        """The releases that may be judged otherwise: those of the change first, then the others by their files."""
        only = self._waived() if kinds == {"waivers"} else None
        for item in self._change.items:
            if isinstance(item.manifest, Manifest) and (only is None or item.manifest.identity in only):
                yield item
        known = {item.file for item in self._change.items}
        files = [path for path in self._files(only) if path not in known]
        for start in range(0, len(files), _CHUNK):
            yield from self._in_files(files[start : start + _CHUNK], only)

    def _in_files(self, paths: Sequence[str], only: set[Identity] | None) -> Iterator[Item]:
        for path, content in self._before.scope.head.read_many(paths, MAXIMUM_BYTES):
            for manifest in try_load(content.data, path).manifests if content.data is not None else ():
                if only is None or manifest.identity in only:
                    yield Item(path, manifest, "the rules change", in_change=False)

    def _waived(self) -> set[Identity]:
        """Whose waivers differ: no other release is judged otherwise for them."""
        before, after = (set(one.rules.waivers.waivers) for one in (self._before, self._after))
        return {one.identity for one in before ^ after}

    def _files(self, only: set[Identity] | None) -> list[str]:
        """The files that may hold them, by either set of globs; a text search narrows, and the loader decides."""
        head = self._before.scope.head
        needles = (f"{API}/",) if only is None else tuple(sorted({one.name for one in only}))
        if not needles:
            return []
        globs: tuple[Config, ...] = (self._before.rules.config, self._after.rules.config)
        found = head.grep((*needles, NEEDLE_ESCAPE))
        return sorted(path for path in found if any(config.matches(path) for config in globs))

    def _compared(self, items: Sequence[Item]) -> Iterator[ReleaseImpact]:
        before, after = self._verdicts(self._before, items, self._known), self._verdicts(self._after, items, {})
        for item in items:
            was, becomes = before.get(_key(item)), after.get(_key(item))
            if becomes is not None and becomes.accident is not None and not _is_same_end(was, becomes.accident):
                self.ended.append((becomes.subject.label, becomes.accident))
            one = _told(was, becomes, self._before, self._after)
            if one is not None:
                yield one

    def _verdicts(
        self, judge: Judge, items: Sequence[Item], known: Mapping[Key, SubjectVerdict]
    ) -> dict[Key, SubjectVerdict]:
        """What each comes to by the rules of a judge; nothing of one that its globs leave out."""
        asked = request_of(judge, self._change)
        there = [item for item in items if judge.rules.config.matches(item.file)]
        new = [item for item in there if _key(item) not in known]
        made = in_stages(release_in_stages(judge, asked, item) for item in new)
        return {_key(item): known[_key(item)] for item in there if _key(item) in known} | {
            _key(item): one for item, one in zip(new, made, strict=True)
        }


def _key(item: Item) -> Key:
    return item.file, item.manifest.identity


def _is_same_end(was: SubjectVerdict | None, accident: ChangegateError) -> bool:
    return was is not None and was.accident is not None and was.accident.message == accident.message


def _told(
    before: SubjectVerdict | None, after: SubjectVerdict | None, base: Judge, head: Judge
) -> ReleaseImpact | None:
    """A release of which the verdict differs; None where it does not."""
    was, becomes = _gate(before, base), _gate(after, head)
    either = after or before
    if was is becomes or either is None:
        return None
    blocked, blocks = _blocking(before), _blocking(after)
    rules = blocks - blocked if blocks - blocked else blocked - blocks
    reason = after.accident.message if after is not None and after.accident is not None else ""
    return ReleaseImpact(either.subject, was, becomes, tuple(sorted(rules)), reason)


def _gate(one: SubjectVerdict | None, judge: Judge) -> Gate | None:
    return None if one is None else conclude((one,), configured=judge.rules.config.configured)


def _blocking(one: SubjectVerdict | None) -> set[str]:
    """The rules that block; none where none was asked."""
    if one is None or one.accident is not None:
        return set()
    return {item.rule for item in one.settled if item.effect is Effect.BLOCKS}
