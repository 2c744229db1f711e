"""The rules of the game: settings, teams, waivers, signers, policies; read at the base and never from the change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from changegate.errors import ConfigurationError
from changegate.names import Enforcement, Severity, Stage
from changegate.own_policies.look_up import own_policies
from changegate.own_policies.where import PolicyPlace
from changegate.policy.catalogue import Catalogue
from changegate.policy.engine import EngineChoice, choose_engine
from changegate.policy.settings import Config
from changegate.policy.signers import Signers
from changegate.policy.teams import Teams
from changegate.policy.waivers import Waivers, WaiverTerms
from changegate.records import NamedTuple
from changegate.rego.bundle import Bundle, shipped
from changegate.rego.engines import EngineOptions
from changegate.verdict import DecidingPolicies, Ruling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from changegate.own_policies.policies import OwnPolicies
    from changegate.verdict import Holder, Subject, SubjectKind
    from changegate.workspace.scope import Scope

_STRICTNESS = (Severity.OFF, Severity.WARNING, Severity.ERROR, Enforcement.OBSERVE, Enforcement.ENFORCE)


class StandsIn(NamedTuple):
    """What is to be said where other rules stand in for those of the base."""

    note: str
    """Why, and which."""
    unknown_people: str = ""
    """Why nobody can say who approves; empty where that is known."""


class Rules:
    """What judges a change."""

    bundle: Final[Bundle]
    """The policies' texts."""
    catalogue: Final[Catalogue]
    """What the policies say of themselves."""
    config: Final[Config]
    teams: Final[Teams]
    waivers: Final[Waivers]
    signers: Final[Signers]
    """Whose signatures count."""
    own: Final[OwnPolicies | None]
    """Policies of the repository's own, where there are some."""
    named: Final[tuple[Path, ...]]
    """The sources of own policies that the command line names."""
    stands_in: Final[StandsIn | None]
    """Set where these rules stand in for a base that does not load."""
    engine: Final[EngineChoice]
    """What evaluates the policies."""

    def __init__(
        self,
        bundle: Bundle,
        catalogue: Catalogue,
        config: Config,
        *,
        teams: Teams,
        waivers: Waivers,
        signers: Signers = Signers(),  # noqa: B008  (immutable)
        own: OwnPolicies | None = None,
        named: tuple[Path, ...] = (),
        stands_in: StandsIn | None = None,
        engine: EngineChoice = EngineChoice(),  # noqa: B008  (immutable)
    ) -> None:
        """Put together what was read; use `Rules.of_base`."""
        self.engine = engine
        self.named = named
        self.stands_in = stands_in
        self.bundle = bundle
        self.catalogue = catalogue
        self.config = config
        self.teams = teams
        self.waivers = waivers
        self.signers = signers
        self.own = own
        self._rulings: dict[object, Mapping[str, Ruling]] = {}

    @classmethod
    def of_base(
        cls,
        scope: Scope,
        *,
        require_config: bool = False,
        policies: tuple[Path, ...] = (),
        engine: EngineOptions = EngineOptions(),  # noqa: B008  (immutable)
    ) -> Rules:
        """Load everything at the base.

        Args:
            scope: The base and the head.
            require_config: Refuse a base without a configuration.
            policies: Own policies that the command line names, beside the base's.
            engine: What the command line says of the engine.

        Raises:
            UsageError: The command line names another engine than the base does, in CI.
            ConfigurationError: A control file is not valid, or there is none and one is required.
            PolicyError: A policy does not load.
        """
        config = Config.load(scope.base)
        if require_config and not config.configured:
            raise ConfigurationError(
                "the base has no .changegate/config.yaml, and a configuration is required",
                hint="run `changegate init` and merge what it writes",
            )
        choice = choose_engine(engine.engine, config, is_local=scope.stage is Stage.LOCAL)
        choice = choice._replace(has_server=bool(engine.opa_url))
        own = own_policies(PolicyPlace.of(scope), config, policies, engine._replace(engine=choice.engine))
        bundle = shipped()
        catalogue = Catalogue.of(bundle)
        if own is not None:
            catalogue = catalogue.joined(own.catalogue())
        seen = config.seeing_more(scope.base, scope.head)
        return cls(
            bundle,
            catalogue,
            seen,
            teams=Teams.load(scope.base),
            waivers=Waivers.load(scope.base),
            signers=Signers.load(scope.base),
            own=own,
            named=policies,
            engine=choice,
        )

    def without_own(self) -> Rules:
        """The same, of our policies alone."""
        return Rules(
            self.bundle,
            self.catalogue,
            self.config,
            teams=self.teams,
            waivers=self.waivers,
            signers=self.signers,
            engine=self.engine,
        )

    @property
    def deciding(self) -> DecidingPolicies:
        """The texts of all policies that decide."""
        return DecidingPolicies(self.bundle, None if self.own is None else self.own.bundle)

    def rulings(self, kind: SubjectKind, tier: str, holders: tuple[Holder, ...]) -> Mapping[str, Ruling]:
        """How each rule is meant and whether it is enforced, for one subject.

        Args:
            kind: What it is.
            tier: The subject's.
            holders: Who owns the subject and what it is called, and the same of the previous release: the stricter
                ruling counts, or a change could choose under which overrides it is judged.
        """
        key = (kind, tier, holders) if self.config.has_overrides else kind
        known = self._rulings.get(key)
        if known is None:
            rules = self.catalogue.rules_of(kind)
            known = self._rulings[key] = {rule: self._strictest(rule, tier, holders) for rule in rules}
        return known

    def _strictest(self, rule: str, tier: str, holders: tuple[Holder, ...]) -> Ruling:
        every = [self._ruling(rule, tier, one) for one in dict.fromkeys(holders)]
        severity = max((one.severity for one in every), key=_STRICTNESS.index)
        enforcement = max((one.enforcement for one in every), key=_STRICTNESS.index)
        fits = (one for one in every if (one.severity, one.enforcement) == (severity, enforcement))
        return next(fits, Ruling(severity, enforcement, "", every[0].awaits_approval))

    def _ruling(self, rule: str, tier: str, holder: Holder) -> Ruling:
        severity, awaits = self.catalogue.meant(rule)
        terms = self.config.terms(rule, tier=tier, owner=holder.owner, identity=holder.identity)
        stated = terms.severity or severity
        lowered = "lowered from error: " if (severity, stated) == (Severity.ERROR, Severity.WARNING) else ""
        return Ruling(stated, terms.enforcement, f"{lowered}{terms.note}", awaits)

    def waiver(
        self, rule: str, subject: Subject, tier: str, now: int, holders: tuple[Holder, ...] = (), *, version: str = ""
    ) -> str:
        """The text of the waiver in force for a rule and a subject; empty where there is none, or it does not count.

        Args:
            rule: Its id.
            subject: What is judged.
            tier: The subject's.
            now: Seconds since the epoch.
            holders: As for `rulings`: a release that had another name needs a waiver under both, or a change could take
                a name for its waivers.
            version: Of the release: that of an incident is for one.
        """
        if subject.identity is None or not self.waivers.waivers:
            return ""
        identities = dict.fromkeys((subject.identity, *(one.identity for one in holders if one.identity is not None)))
        found = [self.waivers.find(rule, identity, now, version) for identity in identities]
        terms = WaiverTerms.of(self.config.settings)
        counts = all(one is not None and not terms.refusal(one, tier, now) for one in found)
        return found[0].text if counts and found[0] is not None else ""
