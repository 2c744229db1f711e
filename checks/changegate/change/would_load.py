"""Whether what configures the gate would load: the control files and own policies of a tree, with every fault's place.

Asked of the tree that would land: what does not load there would keep the gate from deciding anything once it is
merged. A change may bring any Rego, so that all of it is read in a process with bounds, which has neither the
environment nor a file of ours, and evaluates nothing.
"""

from __future__ import annotations

import json
import mmap
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from changegate.change.snapshot import Snapshot
from changegate.errors import ChangegateError, ConfigurationError
from changegate.names import Stage
from changegate.own_policies.where import OWN, PolicyPlace
from changegate.policy import control
from changegate.policy.settings import Config
from changegate.policy.signers import load_with_keys
from changegate.policy.teams import OWNER, Teams
from changegate.policy.waivers import Waivers
from changegate.records import NamedTuple
from changegate.rego.bundle import Module
from changegate.rego.engines import EngineOptions, is_embedded
from changegate.worker import Limits, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from changegate.change.would_compile import ParsedByOpa
    from changegate.names import KeyPath
    from changegate.own_policies.namespaces import Namespaces
    from changegate.own_policies.origin import PolicySource
    from changegate.own_policies.policies import OwnPolicies
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree

Made = TypeVar("Made")
_CONFIG, _TEAMS = "config.yaml", "teams.yaml"
_FIND, _READ, _COMPILE = b"find", b"read", b"compile"
_MOST = 100
"""So many faults are told."""
_LONGEST_NAME = 4000


class LoadFault(NamedTuple):
    """One reason why a tree would not load."""

    file: str
    message: str
    hint: str
    line: int | None = None
    column: int | None = None
    revision: str = "head"
    end_column: int | None = None
    is_stopped: bool = False
    """Whether it was stopped at a bound, which another machine might not have done."""

    @classmethod
    def of(cls, error: ChangegateError) -> LoadFault:
        """Take over what an error says."""
        return cls(error.file, error.message, error.hint, error.line, error.column, end_column=error.end_column)

    @property
    def place(self) -> str:
        """The place as `file:line`, or `file`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


class Trial(NamedTuple):
    """Under which circumstances a tree is tried."""

    root: Path | None = None
    """The top of the checkout."""
    is_local: bool = False
    """Whether this is a laptop."""
    named: tuple[Path, ...] = ()
    """Own policies that the command line names: they will be beside those of the tree."""
    limits: Limits = Limits(seconds=10, bytes=1 << 30)
    """Of each step; never what the tree that is tried says itself."""
    has_server: bool = False
    """Whether the command line names an OPA server."""

    @classmethod
    def of(
        cls, scope: Scope, named: tuple[Path, ...] = (), config: Config | None = None, *, has_server: bool = False
    ) -> Trial:
        """The circumstances of a run, with the bounds that its base sets, where that is known."""
        limits = Limits(config.own_seconds, config.own_bytes) if config is not None else cls().limits
        return cls(scope.root, scope.stage is Stage.LOCAL, named, limits, has_server)


def faults(tree: Tree | None, trial: Trial) -> tuple[LoadFault, ...]:
    """Find why a tree would not load; empty where it would.

    Args:
        tree: Whose `.changegate/` is tried.
        trial: The circumstances.

    Returns:
        The faults of the control files, then of the own policies: of each file at least its first.
    """
    loaders: tuple[Callable[[Tree | None], object], ...] = (Teams.load, Waivers.load, load_with_keys)
    config, found = _tried(Config.load, tree)
    for load in loaders:
        found += _tried(load, tree)[1]
    if tree is not None:
        found += _engine(tree, config, trial) or _policies(tree, config, trial)
    return tuple(dict.fromkeys(found))[:_MOST]


def nobody(tree: Tree) -> tuple[LoadFault, ...]:
    """Find roles that would have too few people to approve anything: no later change could mend that.

    Args:
        tree: Its settings and teams; where one of them does not load, `faults` says so.
    """
    (config, _), (teams, _) = _tried(Config.load, tree), _tried(Teams.load, tree)
    if config is None or teams is None:
        return ()
    demands = config.settings["control"]
    keys = ("required", *(["requiredForBreakGlass"] if demands["allowedBreakGlassRoles"] else []))
    short = (
        _nobody(tree, config, ("control", key, index, "role"), demand, people)
        for key in keys
        for index, demand in enumerate(demands[key])
        if (people := len(teams.members(demand["role"]))) < demand["count"]
    )
    return (*short, *_empty(tree, config, teams))


def idle(tree: Tree, before: Config) -> tuple[LoadFault, ...]:
    """Find globs that a change brings and that match nothing.

    Args:
        tree: The tree that would land; where its settings do not load, `faults` says so.
        before: The base's configuration.
    """
    from changegate.change.idle_globs import new_globs

    config, _ = _tried(Config.load, tree)
    if config is None:
        return ()
    found = new_globs(tree, before, config)
    return tuple(_at(tree, _CONFIG, ("manifests", "include", index), *said) for index, *said in found)


def _nobody(tree: Tree, config: Config, path: KeyPath, demand: Mapping[str, Any], people: int) -> LoadFault:
    """Who has to approve a control file is not there: told where it is asked for, or where they would stand."""
    are = "nobody" if not people else f"only {people}"
    message = f"{demand['count']} of the role {demand['role']} have to approve control files, and {are} could"
    hint = (
        f"give {demand['role']} that many people in .changegate/teams.yaml, or name another role in control.{path[1]}"
    )
    if "control" in config.raw.get("settings", {}):
        return _at(tree, _CONFIG, ("settings", *path), message, hint)
    return _at(tree, _TEAMS, ("roles", demand["role"]), message, hint)


def _empty(tree: Tree, config: Config, teams: Teams) -> Iterator[LoadFault]:
    """Roles of teams that are not there or have no members, and roles that the settings name and nobody has."""
    hint = "name a team that .changegate/teams.yaml has, and give it members"
    for role in teams.roles:
        if not teams.members(role):
            yield _at(tree, _TEAMS, ("roles", role), f"the role {role} has nobody, so it can never approve", hint)
    for path, role in _named(config.raw.get("settings", {}), ("settings",)):
        if role not in teams.roles and role != OWNER and path[1] != "control" and not teams.members(role):
            yield _at(tree, _CONFIG, path, f"the role {role} has nobody, so it can never approve", hint)


def _named(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """The roles that settings name, each with its path. Their schema bounds how deep they are."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        if isinstance(below, str) and (key == "role" or str(key).endswith("Role")):
            yield (*path, key), below
        yield from _named(below, (*path, key))


def _at(tree: Tree, name: str, path: KeyPath, message: str, hint: str) -> LoadFault:
    """A fault at a path of a control file; where there is none, at the place where it stood."""
    place = control.locate(tree, name, path)
    line, column = place or (None, None)
    return LoadFault(control.FOLDER + name, message, hint, line, column, "head" if place else "base")


def _tried(load: Callable[[Tree | None], Made], tree: Tree | None) -> tuple[Made | None, list[LoadFault]]:
    try:
        return load(tree), []
    except ConfigurationError as error:
        return None, [LoadFault.of(error)]


def _engine(tree: Tree, config: Config | None, trial: Trial) -> list[LoadFault]:
    """Whether the engine that the tree names is not there: nothing could be decided any more."""
    if config is None or is_embedded(EngineOptions(config.engine)):
        return []
    from changegate.change.would_compile import missing_opa

    missing = missing_opa(has_server=trial.has_server)
    if missing is None:
        return []
    message = f"it names the engine {config.engine}, and {missing.message}, where this run is"
    return [_at(tree, _CONFIG, ("engine",), message, missing.hint)._replace(is_stopped=True)]


def _policies(tree: Tree, config: Config | None, trial: Trial) -> list[LoadFault]:
    """The faults of own policies, read in a process of their own."""
    settings = config or Config(configured=False, settings={})
    if not trial.named and not settings.names_policies and tree.read(OWN, 1).problem == "missing":
        return []
    try:
        kept = Snapshot(tree, settings)
    except ChangegateError as error:
        return [LoadFault.of(error)]
    progress = mmap.mmap(-1, _LONGEST_NAME + 4)  # shared with the fork, which says there what it looks at
    where = PolicyPlace(kept, trial.root, trial.is_local)
    loader = _Loader(where, settings, trial, progress, is_whole=config is not None)
    with closing(progress), closing(Worker(loader.ready, trial.limits)) as worker:
        try:
            told = _steps(worker, settings, trial, is_whole=config is not None)
        except ChangegateError as error:
            told = [_stopped(error, progress)]
    return [kept.placed(one, settings) for one in told]


def _steps(worker: Worker, config: Config, trial: Trial, *, is_whole: bool) -> list[LoadFault]:
    """Let policies be read, and then, where nothing is wrong, be compiled by the engine that would evaluate them."""
    modules = [Module(*one) for one in json.loads(worker.call(_FIND))]
    parsed = _parsed(modules, config, trial)
    trees = {module.name: module.tree.decode() for module in parsed.modules}
    request = json.dumps({"trees": trees, "unread": [one.file for one in parsed.unread]})
    told = [LoadFault.of(one) for one in parsed.unread]
    told += [LoadFault(*one) for one in json.loads(worker.call(_READ + request.encode()))]
    if told or not is_whole:
        return told
    told = [LoadFault(*one) for one in json.loads(worker.call(_COMPILE))]
    if told or not parsed.modules:
        return told
    from changegate.change.would_compile import refused_by_opa

    return [LoadFault.of(one) for one in refused_by_opa(parsed.modules, trial.limits)]


def _parsed(modules: Sequence[Module], config: Config, trial: Trial) -> ParsedByOpa:
    """What OPA's parser makes of policies, where an OPA is to evaluate them and a program is there."""
    from changegate.change.would_compile import ParsedByOpa, can_parse, parsed_by_opa

    if is_embedded(EngineOptions(config.engine)) or not modules or not can_parse():
        return ParsedByOpa()
    return parsed_by_opa(modules, trial.limits)


def _stopped(error: ChangegateError, progress: mmap.mmap) -> LoadFault:
    progress.seek(0)
    at = progress.read(int.from_bytes(progress.read(4), "big")).decode("utf-8", "surrogateescape") or OWN
    message = f"it could not be loaded within the bounds of policies: {error.message}"
    hint = "make the policy smaller and flatter; `policies.limits` of the base sets the bounds"
    return LoadFault(at, message, hint, is_stopped=True)


# What runs in the process with bounds


class _Loader:
    """Reads own policies step by step, and answers the faults of each as JSON."""

    def __init__(
        self, where: PolicyPlace, config: Config, trial: Trial, progress: mmap.mmap, *, is_whole: bool = True
    ) -> None:
        self._where = where
        self._config = config
        self._trial = trial
        self._progress = progress
        self._is_whole = is_whole
        """Whether all sources are known; else each file is looked at by itself."""
        self._own: OwnPolicies | None = None
        self._sources: list[PolicySource] = []
        self._found: list[LoadFault] = []

    def ready(self) -> Callable[[bytes], bytes]:
        """What answers in the process with bounds."""
        return lambda request: json.dumps(self._answer(request)).encode()

    def _answer(self, request: bytes) -> list[Any]:
        if request == _FIND:
            return self._find()
        if request == _COMPILE:
            return self._compile()
        return self._read(**json.loads(request.removeprefix(_READ)))

    def _tell(self, file: str) -> None:
        name = file.encode("utf-8", "surrogateescape")[:_LONGEST_NAME]
        self._progress.seek(0)
        self._progress.write(len(name).to_bytes(4, "big") + name)

    def _find(self) -> list[tuple[str, str]]:
        """Read the sources; answers the names and texts of their modules."""
        from changegate.own_policies.source import attempts

        for place, attempt in attempts(self._where, self._config, self._trial.named):
            self._tell(place)
            source = _caught(attempt, self._found)
            self._sources += [source] if source is not None else []
        return [(module.name, module.text) for source in self._sources for module in source.modules]

    def _read(self, trees: Mapping[str, str], unread: Sequence[str]) -> list[LoadFault]:
        """Look at each module, and then at all of them.

        Args:
            trees: OPA's syntax trees, by module, where an OPA is to evaluate them.
            unread: The modules that it does not parse.
        """
        read = [source._replace(modules=_with_trees(source.modules, trees, unread)) for source in self._sources]
        modules = [module for source in read for module in source.modules]
        found = [*self._found, *self._alone(modules)]
        if read and not found and not unread and self._is_whole:
            self._tell(OWN)
            _caught(lambda: self._together(read, modules), found)
        elif not read and not found:
            _caught(lambda: self._namespaces().chosen(()), found)
        return found[:_MOST]

    def _alone(self, modules: Iterable[Module]) -> list[LoadFault]:
        """The first fault of each module that it has whatever is beside it."""
        from changegate.own_policies.discover import discover

        found: list[LoadFault] = []
        for module in modules:
            self._tell(module.name)
            _caught(lambda one=module: discover((one,)), found)  # type: ignore[misc]
        return found

    def _together(self, read: Sequence[PolicySource], modules: Sequence[Module]) -> None:
        from changegate.own_policies.discover import discover
        from changegate.own_policies.policies import OwnPolicies
        from changegate.policy.catalogue import Catalogue
        from changegate.rego.bundle import shipped

        self._own = OwnPolicies.of(tuple(read), lambda: discover(modules), self._trial.limits, self._namespaces())
        Catalogue.of(shipped()).joined(self._own.catalogue())

    def _namespaces(self) -> Namespaces:
        from changegate.own_policies.namespaces import Namespaces

        return Namespaces(self._config.namespaces, self._where.base)

    def _compile(self) -> list[LoadFault]:
        from changegate.rego.syntax.refuse import refusals

        if self._own is None:
            return []
        bundle = self._own.bundle
        self._tell(OWN)
        found: list[LoadFault] = []
        first: dict[str, LoadFault] = {}
        engine = is_embedded(EngineOptions(self._config.engine))
        refused = refusals(bundle if engine else bundle._replace(now=0), embedded=engine)
        _caught(lambda: [first.setdefault(one.file, LoadFault.of(one)) for one in refused], found)
        found += first.values()
        return found[:_MOST]


def _with_trees(modules: Iterable[Module], trees: Mapping[str, str], unread: Sequence[str]) -> tuple[Module, ...]:
    read = (module for module in modules if module.name not in unread)
    return tuple(module._replace(tree=trees.get(module.name, "").encode()) for module in read)


def _caught(make: Callable[[], Made], found: list[LoadFault]) -> Made | None:
    try:
        return make()
    except ChangegateError as error:
        found.append(LoadFault.of(error))
        return None
