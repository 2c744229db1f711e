"""What releases depend on: whether it is there, in the version that is named, and not in a circle.

Looked at for every release of the change, and for the others that depend on one that the change renames. What others
name of a release whose version merely rises is looked at with `--all`: it takes a search through everything.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from changegate.change.answers import not_depended_on, unlike, with_other_outputs
from changegate.change.changeset import related
from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.change.search import Sought, search
from changegate.change.traits import risk_of
from changegate.evidence.collector import Section, present
from changegate.manifest import Broken, Manifest
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.names import Identity
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.change.changeset import ChangeSet, Item
    from changegate.change.collector import ChangeRequest
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Tree


_MOST_REACHED = 64
"""So many releases that one leads to are compared with it, the nearest first: a long circle would cost its square."""


class Need(NamedTuple):
    """One entry of a release's `dependsOn`."""

    manifest: Manifest
    position: int
    """Its index in the list."""
    wanted: Identity
    version: str | None
    """The version that is named, if one is."""
    use: str | None
    """What it is used as, if that is said."""

    def told(self, **more: Any) -> dict[str, Any]:
        """The entry as a fact, with its place."""
        return {"dependant": str(self.manifest.identity), "wanted": str(self.wanted), "at": self.at, **more}

    @property
    def at(self) -> dict[str, Any]:
        """Where it stands."""
        line, column, _, _ = self.manifest.locate(("spec", "dependsOn", self.position, "name"))
        return {"file": self.manifest.file, "revision": "head", "line": line, "column": column}


def needs(manifest: Manifest) -> Iterator[Need]:
    """Every entry of a release's `dependsOn`."""
    for index, entry in enumerate(manifest.value["spec"].get("dependsOn", ())):
        yield Need(manifest, index, Identity.of(entry), entry.get("version"), entry.get("as"))


def dependants(head: Tree, config: Config, retired: Identity) -> Iterator[dict[str, Any]]:
    """The manifests that still depend on a release that is deleted, each with its place."""
    for manifests in Releases(head, config).depending((retired.name,)):
        for need in (need for manifest in manifests for need in needs(manifest) if need.wanted == retired):
            yield {"identity": str(need.manifest.identity), "at": need.at}


def collect(request: ChangeRequest) -> Section:
    """Tell what is wrong with the dependencies of a change: each entry with its place, in the order of the files."""
    change, others = request.change, frozenset(request.others.dependants)
    own = [item.manifest for item in change.items if isinstance(item.manifest, Manifest)]
    answering = with_other_outputs(change, own)
    alone = [one for manifest in own for one in not_depended_on(manifest)]
    if not (others or change.renames or answering or any(map(_depends, change.items))):
        nothing: dict[str, Any] = {"missing": [], "versions": [], "cycles": [], "risks": [], "answers": alone}
        return Section(present(), {"checked": True, **nothing})
    releases = Releases(request.scope.head, request.config)
    asked = _asked(change, others, releases)
    found = _judge(asked, releases, change)
    facts = {**found, "risks": list(_risks(asked, releases, request))}
    answers = [*alone, *_answers([*asked, *_reading(answering, releases)], releases)]
    return Section(present(), {"checked": True, **facts, "answers": answers})


def _reading(answering: set[Identity], releases: Releases) -> Iterator[Need]:
    """The entries of whatever depends on releases whose outputs are others now."""
    for manifests in releases.depending({one.name for one in answering}) if answering else ():
        yield from (need for manifest in manifests for need in needs(manifest) if need.wanted in answering)


def _answers(asked: Iterable[Need], releases: Releases) -> Iterator[dict[str, Any]]:
    """What of each entry is not answered as it is read, once."""
    once = {(need.manifest.file, need.manifest.document.index, need.position): need for need in asked}
    for need in sorted(once.values(), key=_order):
        yield from unlike(need, releases.manifests.get(need.wanted, ()))


def _depends(item: Item) -> bool:
    return isinstance(item.manifest, Manifest) and "dependsOn" in item.manifest.value["spec"]


def _asked(change: ChangeSet, others: frozenset[str], releases: Releases) -> list[Need]:
    """The entries to look at: of the change, of what depends on what it renames, and with `--all` of all the others."""
    own = [item.manifest for item in change.items if isinstance(item.manifest, Manifest)]
    for manifest in own:
        releases.add(manifest)
    renamed = [identity for identity in change.renames if identity in change.before.manifests]
    found = chain(releases.depending({one.name for one in renamed}), map(releases.open, sorted(others)))
    asked = [need for manifest in own for need in needs(manifest)]
    asked += [
        need
        for manifests in found
        for manifest in manifests
        if manifest.file not in change.touched
        for need in needs(manifest)
        if need.wanted in renamed or manifest.file in others
    ]
    # NOTE: one may be met as a part of the change, as a dependant and among all that were asked for.
    once = {(need.manifest.file, need.manifest.document.index, need.position): need for need in asked}
    return sorted(once.values(), key=_order)


def _order(need: Need) -> tuple[str, Identity, int]:
    return need.manifest.file, need.manifest.identity, need.position


def _judge(asked: list[Need], releases: Releases, change: ChangeSet) -> Mapping[str, list[Any]]:
    releases.complete(need.wanted for need in asked)
    retired = {manifest.identity for manifest in change.retired}
    broken = {item.manifest.identity for item in change.items}
    missing, versions = [], []
    for need in asked:
        found = releases.known.get(need.wanted)
        if found is None:
            if need.wanted not in retired | broken:  # else retirement/still-depended-on or the fault itself says so
                missing.append(need.told())
        elif need.version is not None and need.version not in found:
            others = [related("its version", one, ("spec", "version")) for one in releases.manifests[need.wanted]]
            versions.append(need.told(stated=need.version, found=sorted(found), related=others))
    return {"missing": missing, "versions": versions, "cycles": list(_cycles(asked, releases))}


def _risks(asked: Iterable[Need], releases: Releases, request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """What each entry leads to, and what both claim about risk. What the change touches says so on its own line."""
    for need in asked:
        mine = risk_of(request.config, need.manifest)
        for way in _ways_from(need.wanted, releases):
            found = releases.manifests.get(way[-1], ()) if way[-1] != need.manifest.identity else ()
            for one in found:
                theirs = risk_of(request.config, one)
                if one.file not in request.change.touched and theirs != mine:
                    through = {"through": str(way[-2])} if way[1:] else {}
                    beside = [related("the release that it depends on", one, ("spec", "risk", "tier"))]
                    told = need.told(needs=mine, needed=theirs, related=beside)
                    yield {**told, "wanted": str(one.identity), **through}


def _ways_from(start: Identity, releases: Releases) -> Iterator[tuple[Identity, ...]]:
    """The shortest way to each release that one leads to, itself first; each once, however the circles run."""
    ways: list[tuple[Identity, ...]] = [(start,)]
    met = {start}
    for way in ways:
        yield way
        for need in releases.edges.get(way[-1], ()):
            if need.wanted not in met and len(ways) < _MOST_REACHED:
                met.add(need.wanted)
                ways.append((*way, need.wanted))


class Releases:
    """The releases of the head, as far as they were looked for: a text search narrows, the loader decides."""

    def __init__(self, head: Tree, config: Config) -> None:
        """Begin with none."""
        self._head, self._config = head, config
        self._opened: dict[str, tuple[Manifest, ...]] = {}
        self.known: dict[Identity, set[str]] = {}
        """Every release that was met, with its versions: several where it is a duplicate."""
        self.edges: dict[Identity, list[Need]] = {}
        self.manifests: dict[Identity, list[Manifest]] = {}

    def add(self, manifest: Manifest) -> None:
        """Take a release that is known already."""
        if manifest.value["spec"]["version"] not in self.known.setdefault(manifest.identity, set()):
            self.known[manifest.identity].add(manifest.value["spec"]["version"])
            self.manifests.setdefault(manifest.identity, []).append(manifest)
            self.edges.setdefault(manifest.identity, []).extend(needs(manifest))

    def open(self, path: str) -> tuple[Manifest, ...]:
        """The releases of one file."""
        if path not in self._opened:
            self._opened[path] = open_manifest(self._head, path).manifests
            for manifest in self._opened[path]:
                self.add(manifest)
        return self._opened[path]

    def depending(self, names: Iterable[str]) -> Iterator[tuple[Manifest, ...]]:
        """The releases of every file that holds one of some names, where any of them depends on something."""
        wanted = sorted(names)
        found = self._head.grep((*wanted, NEEDLE_ESCAPE)) if wanted else ()
        paths = sorted(filter(self._config.matches, found))
        # NOTE: what is larger holds no manifest that the loader takes.
        for path, content in self._head.read_many(paths, MAXIMUM_BYTES):
            if content.data and (b"dependsOn" in content.data or NEEDLE_ESCAPE.encode() in content.data):
                yield self.open(path)

    def complete(self, wanted: Iterable[Identity]) -> None:
        """Look for releases, for what these depend on, and so on; one search for each step of the way."""
        frontier, met = set(wanted), set()
        while frontier:
            met |= frontier
            self._look_for(frozenset(identity for identity in frontier if identity not in self.known))
            found = {need.wanted for identity in frontier for need in self.edges.get(identity, ())}
            frontier = found - met

    def _look_for(self, identities: frozenset[Identity]) -> None:
        wanted = Sought(identities)
        paths = sorted(filter(self._config.matches, self._head.grep(wanted.needles))) if identities else ()
        for found in search(self._head, wanted, paths):
            if isinstance(found, Broken) and found.accident is not None:
                raise found.accident
            if isinstance(found, Manifest):
                self.add(found)


def _cycles(asked: list[Need], releases: Releases) -> Iterator[dict[str, Any]]:
    """Every circle that an entry closes, once."""
    edges = {identity: {need.wanted for need in found} for identity, found in releases.edges.items()}
    while ends := {identity for identity, wanted in edges.items() if not wanted & edges.keys()}:
        edges = {identity: wanted for identity, wanted in edges.items() if identity not in ends}
    seen: set[frozenset[Identity]] = set()
    for need in asked:
        way = _way(edges, need.wanted, need.manifest.identity) if need.manifest.identity in edges else []
        if way and frozenset(way) not in seen:
            seen.add(frozenset(way))
            members = (need.manifest.identity, *way)
            yield need.told(members=list(map(str, members)), related=list(_entries(releases, members[1:])))


def _entries(releases: Releases, members: tuple[Identity, ...]) -> Iterator[dict[str, Any]]:
    """The other entries of a circle: of every member the one that names the next."""
    for one, wanted in pairwise(members):
        need = next(need for need in releases.edges[one] if need.wanted == wanted)
        yield related(f"what {one} depends on", need.manifest, ("spec", "dependsOn", need.position, "name"))


def _way(edges: Mapping[Identity, set[Identity]], start: Identity, end: Identity) -> list[Identity]:
    """The shortest way from one release to another, both included; empty where there is none."""
    before: dict[Identity, Identity | None] = {start: None}
    queue = [start]
    for one in queue:
        if one == end:
            way = [one]
            while (step := before[way[-1]]) is not None:
                way.append(step)
            return way[::-1]
        for other in sorted(edges.get(one, ())):
            if other not in before:
                before[other] = one
                queue.append(other)
    return []
