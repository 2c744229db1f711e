"""Settings: thresholds, enforcement, globs, the inventory of tiers. Read from `.changegate/config.yaml` at the base.

The thresholds' defaults are `rego/changegate/settings.yaml`, which is their documentation too; a repository's own are
laid over them key by key.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from changegate.errors import ConfigurationError
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.names import Enforcement, Identity, Severity
from changegate.policy.control import digest_of, read_control_file
from changegate.policy.globs import folder_problem, named_folder, problem
from changegate.records import NamedTuple
from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Set

    from changegate.names import KeyPath
    from changegate.workspace.tree import Tree

_TIERS = ("low", "medium", "high", "critical")
FILE = ".changegate/config.yaml"
DEFAULT_COMMITS = 500
DEFAULT_GLOBS = ("**/*.yaml", "**/*.yml", "**/*.json")


class Term(NamedTuple):
    """What the settings say of one rule for one subject."""

    severity: Severity | None
    """An override of the rule's own, or None."""
    enforcement: Enforcement
    note: str = ""
    """The reason of the override that decided."""


class Config:
    """A repository's settings, complete."""

    configured: Final[bool]
    """False where the base has no configuration: then nothing is enforced."""
    settings: Final[Mapping[str, Any]]
    """The thresholds, by check: `input.settings`."""
    raw: Final[Mapping[str, Any]]
    """The configuration as it stands."""
    added: Final[tuple[str, ...]]
    """Globs that the change adds to `include`: what they match is judged in this change already."""

    def __init__(
        self,
        *,
        configured: bool,
        settings: Mapping[str, Any],
        raw: Mapping[str, Any] | None = None,
        added: tuple[str, ...] = (),
    ) -> None:
        """Take what was read; use `Config.load`."""
        self.added = added
        self.configured = configured
        self.settings = settings
        self.raw = {} if raw is None else raw

    @classmethod
    def load(cls, tree: Tree | None) -> Config:
        """Read the settings at the base.

        Raises:
            ConfigurationError: The file is not valid, or asks for what this version does not do.
        """
        samples = {"settings": defaults()}
        raw = read_control_file(
            tree, "config.yaml", "config", lambda raw: _unfit(raw) or _unfit_glob(raw, tree), samples
        )
        if raw is None:
            return cls(configured=False, settings=defaults())
        return cls(configured=True, settings=_over(defaults(), raw.get("settings", {})), raw=raw)

    def seeing_more(self, base: Tree | None, head: Tree) -> Config:
        """The same, with the globs that the head's configuration adds: a change may bring them with their first files.

        Args:
            base: The tree that this is the configuration of.
            head: The tree that would land. Where its configuration does not load, that is a finding by itself.
        """
        if not self.configured or base is None or _text(base) == _text(head):
            return self
        try:
            after = Config.load(head)
        except ConfigurationError:
            return self
        more = tuple(glob for glob in after.include if glob not in self.include)
        return Config(configured=True, settings=self.settings, raw=self.raw, added=more) if more else self

    @property
    def enforcement(self) -> Enforcement:
        """What holds for every rule of which no override says otherwise."""
        return Enforcement(self.raw.get("enforcement", "enforce")) if self.configured else Enforcement.OBSERVE

    @property
    def engine(self) -> str:
        """The engine that evaluates policies; empty where the configuration names none."""
        return str(self.raw.get("engine", ""))

    @property
    def repository(self) -> str:
        """The repository's name on its host, or empty."""
        return str(self.raw.get("repository", ""))

    @property
    def has_overrides(self) -> bool:
        """Whether terms depend on the subject at all."""
        return bool(self.raw.get("overrides"))

    @cached_property
    def has_own_settings(self) -> bool:
        """Whether thresholds depend on the subject."""
        return any("settings" in override for override in self.raw.get("overrides", ()))

    @cached_property
    def has_tier_settings(self) -> bool:
        """Whether thresholds depend on the subject's tier, which is known only after policies were asked."""
        return any("settings" in one and "tiers" in one for one in self.raw.get("overrides", ()))

    def settings_of(self, *, owner: str, identity: Identity | None, tier: str = "") -> Mapping[str, Any]:
        """The thresholds for a subject: those of all, and over them, in their order, those of the overrides that match.

        Args:
            owner: Of the subject.
            identity: Of the subject.
            tier: Of the subject; where it is empty, overrides that are chosen by the tier are left out.
        """
        name = identity.name if identity is not None else ""
        found = self.settings
        for override in self.raw.get("overrides", ()):
            if "settings" in override and _applies(override, rule="", tier=tier, owner=owner, name=name):
                found = _over(found, override["settings"])
        return found

    def stated(self, names: Iterable[str]) -> Mapping[str, Sequence[tuple[str, Any]]]:
        """What overrides say of thresholds: for each dotted name, for which subjects, and what it is there."""
        found: dict[str, list[tuple[str, Any]]] = {}
        for name in names:
            for override in self.raw.get("overrides", ()):
                value: Any = override.get("settings", {})
                for key in name.split("."):
                    value = value.get(key) if isinstance(value, dict) else None
                if value is not None:
                    found.setdefault(name, []).append((_whom(override), value))
        return found

    @property
    def bundles(self) -> Sequence[Mapping[str, Any]]:
        """The bundle files of own policies, each `{path, keyFile, …}`."""
        found: Sequence[Mapping[str, Any]] = self.raw.get("policies", {}).get("bundles", ())
        return found

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The packages of own policies that are asked; none where all are."""
        return tuple(self.raw.get("policies", {}).get("namespaces", ()))

    @property
    def data_files(self) -> Sequence[str]:
        """The data files of own policies that lie elsewhere; each is laid at the root of `data`."""
        found: Sequence[str] = self.raw.get("policies", {}).get("data", ())
        return found

    @property
    def names_policies(self) -> bool:
        """Whether it says something of own policies that has to be there."""
        return bool(self.bundles or self.data_files or self.namespaces)

    @property
    def policy_files(self) -> Sequence[str]:
        """The bundles that it names, the keys that verify them, and the data files."""
        return [*(one[key] for one in self.bundles for key in ("path", "keyFile") if key in one), *self.data_files]

    @property
    def control_files(self) -> Sequence[str]:
        """Globs of files that steer the gate or run it, beside those that changegate knows."""
        found: Sequence[str] = self.raw.get("controlFiles", ())
        return found

    @property
    def own_seconds(self) -> int:
        """How long own policies may take for one release, in seconds."""
        return int(self.raw.get("policies", {}).get("limits", {}).get("seconds", 10))

    @property
    def own_bytes(self) -> int:
        """How much address space they may take, in bytes."""
        return int(self.raw.get("policies", {}).get("limits", {}).get("memoryMiB", 1024)) << 20

    @property
    def test_seconds(self) -> int:
        """How long all tests of own policies that a change brings may take together, in seconds."""
        return int(self.raw.get("policies", {}).get("limits", {}).get("testSeconds", 60))

    @property
    def release_tags(self) -> str:
        """The glob of release tags, or empty."""
        return str(self.raw.get("releaseTags", ""))

    @property
    def history_commits(self) -> int:
        """How many commits of the base's history are looked at for releases that it had."""
        return int(self.raw.get("history", {}).get("maxCommits", DEFAULT_COMMITS))

    @property
    def impact_releases(self) -> int:
        """How many releases are judged by the rules of a change that touches rules; 0 for none."""
        return int(self.raw.get("impact", {}).get("releases", 200))

    @property
    def impact_seconds(self) -> int:
        """How long that may take, in seconds."""
        return int(self.raw.get("impact", {}).get("seconds", 60))

    @cached_property
    def digest(self) -> str:
        """`sha256:<hex>` of the whole configuration, defaults included."""
        return digest_of([self.configured, self.settings, self.raw])

    @cached_property
    def _globs(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        manifests = self.raw.get("manifests", {})
        return any_glob((*self.include, *self.added)), any_glob(manifests.get("exclude", ()))

    def matches(self, path: str) -> bool:
        """Whether a file may be a manifest: it matches an `include` glob and no `exclude` glob.

        `*` and `?` stay within a folder, `**/` spans any number of them. changegate's own files are never manifests.
        """
        include, _ = self._globs
        return bool(include.fullmatch(path)) and not self.excludes(path)

    @property
    def include(self) -> Sequence[str]:
        """The globs of files that may be manifests, before `exclude`."""
        globs: Sequence[str] = self.raw.get("manifests", {}).get("include", DEFAULT_GLOBS)
        return globs

    def excludes(self, path: str) -> bool:
        """Whether the configuration says of a file that it is none of its manifests."""
        return bool(self._globs[1].fullmatch(path)) or path.startswith(".changegate/")

    def leaves_out(self, path: str) -> bool:
        """Whether no glob matches a file of YAML or JSON, and no `exclude` glob says that this is meant."""
        if not self.configured or not path.lower().endswith((".yaml", ".yml", ".json")):
            return False
        return not self.matches(path) and not self.excludes(path)

    def has_room(self, path: str, *, above: bool = True) -> bool:
        """Whether a folder is one that an `include` glob names, is in one, or (`above`) has one in it.

        Globs that begin with a wildcard name none. A path that ends in `/` is asked as a folder.
        """
        folder = path.rstrip("/") + "/"
        _, exclude = self._globs
        if (
            exclude.fullmatch(folder.rstrip("/"))
            or exclude.fullmatch(f"{folder}x")
            or folder.startswith(".changegate/")
        ):
            return False
        named = set(map(named_folder, (*self.include, *self.added))) - {""}
        return any(folder.startswith(f"{one}/") or (above and f"{one}/".startswith(folder)) for one in named)

    def inventory(self, *identities: Identity) -> Mapping[str, Any]:
        """What the base's inventory says of a model, under every identity it has or had: the strictest, or nothing.

        An entry holds for every environment and variant of its name that it does not leave out by naming another. Of
        the entries for an identity those decide that name most of it.
        """
        found = [entry for identity in identities for entry in self._listed(identity)]
        return max(found, key=lambda entry: _TIERS.index(entry["tier"]), default={})

    def decides(self, identity: Identity) -> bool:
        """Whether the base's inventory says something of this environment or variant apart from the model's others."""
        return any({"environment", "variant"} & entry.keys() for entry in self._listed(identity))

    def _listed(self, identity: Identity) -> list[Mapping[str, Any]]:
        named = identity._asdict()
        found = [entry for entry in self._inventory.get(identity.name, ()) if _who(entry) <= named.items()]
        most = max(map(len, map(_who, found)), default=0)
        return [entry for entry in found if len(_who(entry)) == most]

    @cached_property
    def _inventory(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for entry in self.raw.get("inventory", ()):
            found.setdefault(entry["name"], []).append(entry)
        return found

    def terms(self, rule: str, *, tier: str, owner: str, identity: Identity | None) -> Term:
        """How a rule is meant for a subject: the last override that matches decides, for each of the two."""
        severity: Severity | None = None
        enforcement = self.enforcement
        note = "" if self.configured else "the base has no configuration, so nothing is enforced"
        name = identity.name if identity is not None else ""
        for override in self._for(tier, owner, name):
            if _applies(override, rule=rule):
                severity = Severity(override["severity"]) if "severity" in override else severity
                enforcement = Enforcement(override["enforcement"]) if "enforcement" in override else enforcement
                note = override.get("reason", note)
        return Term(severity, enforcement, note)

    def _for(self, tier: str, owner: str, name: str) -> Sequence[Mapping[str, Any]]:
        """The overrides for a subject, whatever the rule: it is asked for all of them, one after another."""
        key = (tier, owner, name)
        if key not in self._chosen:
            every = self.raw.get("overrides", ())
            self._chosen[key] = [one for one in every if _applies(one, tier=tier, owner=owner, name=name)]
        return self._chosen[key]

    @cached_property
    def _chosen(self) -> dict[tuple[str, str, str], Sequence[Mapping[str, Any]]]:
        return {}


def _text(tree: Tree) -> bytes | None:
    return tree.read(FILE, MAXIMUM_BYTES).data


def _who(entry: Mapping[str, Any]) -> Set[tuple[str, Any]]:
    """What an entry of the inventory says of whom it is for."""
    return {(key, value) for key, value in entry.items() if key in Identity._fields}


def _unfit(raw: Mapping[str, Any]) -> tuple[KeyPath, str, str] | None:
    """What this version does not do yet; or an override whose thresholds are chosen by what cannot choose them."""
    above = ((), raw), *((("overrides", index), one) for index, one in enumerate(raw.get("overrides", ())))
    for path, one in above:
        if one.get("enforcement") == "ratchet":
            message = "`enforcement: ratchet` is not available in this version"
            return (*path, "enforcement"), message, "write observe or enforce"
    for index, override in enumerate(raw.get("overrides", ())):
        if "settings" in override and "rules" in override:
            hint = (
                "choose the subjects by `models`, `owners` or `tiers`; a threshold counts in every rule that reads it"
            )
            return ("overrides", index, "rules"), "thresholds are not chosen by rule", hint
        if "tiers" in override and "risk" in override.get("settings", {}):
            hint = "choose the subjects by `models` or `owners`"
            return (
                ("overrides", index, "settings", "risk"),
                "what the tier follows from is not chosen by the tier",
                hint,
            )
    return None


def _unfit_glob(raw: Mapping[str, Any], tree: Tree | None) -> tuple[KeyPath, str, str] | None:
    """The first glob that is none of ours, or that names a folder."""
    for key, globs in raw.get("manifests", {}).items():
        for index, glob in enumerate(globs):
            found = problem(glob)
            if found is None and key == "include" and _names_folder(glob, tree):
                found = folder_problem(glob)
            if found is not None:
                return ("manifests", key, index), *found
    for index, glob in enumerate(raw.get("controlFiles", ())):
        found = problem(glob)
        if found is not None:
            return ("controlFiles", index), *found
    return None


def _names_folder(glob: str, tree: Tree | None) -> bool:
    """Whether a glob ends as a folder does. Files of such a name are let be where one is there."""
    last = glob.rpartition("/")[2]
    if "*" in last or "?" in last:
        return False
    is_path = not re.search(r"[*?]", glob)
    there = tree.read(glob, 0).problem if is_path and tree is not None else "missing"
    return there == "directory" or (there == "missing" and "." not in last)


def _whom(override: Mapping[str, Any]) -> str:
    """For which subjects an override is, and why."""
    parts = [f"{key}: {', '.join(override[key])}" for key in ("models", "owners", "tiers") if key in override]
    return f"{'; '.join(parts) or 'all'} ({override['reason']})"


def _applies(override: Mapping[str, Any], **about: str) -> bool:
    """Whether an override is for what is known: `rule`, `tier`, `owner` and `name`, or some of them."""
    selectors = ((key, about[what]) for what, key in _SELECTORS.items() if what in about and key in override)
    return all(any(_glob(glob)(value) for glob in override[key]) for key, value in selectors)


_SELECTORS = {"rule": "rules", "tier": "tiers", "owner": "owners", "name": "models"}


@cache
def _glob(glob: str) -> Callable[[str], Any]:
    """What matches a glob; `fnmatch` itself keeps a few of them alone."""
    return re.compile(translate(glob)).match


@cache
def defaults() -> Mapping[str, Any]:
    """The thresholds as they ship."""
    from changegate.manifest import parse

    path = REGO / "changegate" / "settings.yaml"
    value: Mapping[str, Any] = parse(path.read_bytes(), path.name).documents[0].value
    return value


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one mapping over another, key by key; lists and numbers are replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def matcher(glob: str) -> re.Pattern[str]:
    """A regular expression for whole paths that a glob matches."""
    return any_glob((glob,))


def any_glob(globs: Sequence[str]) -> re.Pattern[str]:
    """A regular expression for whole paths that any of some globs matches; for none where there are none."""
    return re.compile("|".join(f"(?:{_translate(glob)})" for glob in globs) or r"(?!)", re.DOTALL)


def _translate(glob: str) -> str:
    """Write a glob as a regular expression that matches a whole path."""
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", glob)
    known = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return "".join(known.get(token) or re.escape(token) for token in tokens)
