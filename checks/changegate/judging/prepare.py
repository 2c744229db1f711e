"""What judging begins with: the rules, what the change touches, and a judge with everything that was handed in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from changegate.change.queued import NOTHING_BELOW, QueuedBelow, look_below
from changegate.change.survey import survey
from changegate.errors import ConfigurationError, PolicyError
from changegate.evidence.files import MAXIMUM_BYTES, EvidenceFiles
from changegate.evidence.large import KeptDigests
from changegate.judging.judge import Judge
from changegate.judging.reviewed import reviews_of, what_is_handed_in
from changegate.judging.rules import Rules
from changegate.names import Stage
from changegate.records import NamedTuple
from changegate.workspace.file_states import FileStates, states_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.approvals.reviews import Reviews
    from changegate.change.changeset import ChangeSet
    from changegate.policy.settings import Config
    from changegate.rego.engines import Engine, Host
    from changegate.rego.engines.chosen import ChosenHost
    from changegate.request import Request
    from changegate.workspace.scope import Scope


class Prepared(NamedTuple):
    """What judging begins with."""

    rules: Rules
    change: ChangeSet
    judge: Judge | None
    """None where there is nothing to check."""


def prepare(request: Request, scope: Scope, host: ChosenHost, *, now: int, environ: Mapping[str, str]) -> Prepared:
    """Load what judges a change, and find what the change touches.

    Raises:
        ChangegateError: The base does not load, and the change does not mend it; or nothing could be decided otherwise.
    """
    try:
        rules = Rules.of_base(
            scope, require_config=request.require_config, policies=request.policies, engine=request.engine
        )
        return _prepared(request, scope, rules, host, now=now, environ=environ)
    except (ConfigurationError, PolicyError) as error:
        from changegate.judging.repair import way_back

        stand_in = way_back(scope, request, error)
        prepared = _prepared(request, scope, stand_in, host, now=now, environ=environ)
        if not prepared.change.control:
            raise
        return prepared


def _prepared(
    request: Request, scope: Scope, rules: Rules, host: ChosenHost, *, now: int, environ: Mapping[str, str]
) -> Prepared:
    host.choose(rules.engine.engine)
    change = survey(scope, rules.config, request.paths)
    if change.is_empty:
        return Prepared(rules, change, None)
    reviews = reviews_of(request, scope, rules, change, now=now, environ=environ)
    return Prepared(rules, change, judge_of(request, scope, rules, reviews, host=host, now=now))


def judge_of(request: Request, scope: Scope, rules: Rules, reviews: Reviews, *, host: Host, now: int) -> Judge:
    """The judge of one run: what is handed in is read, and the policies are loaded."""
    handed_in = what_is_handed_in(request.evidence, scope)
    if scope.all and scope.base is not None:
        scope.base.entries()  # one listing, where every release asks for what it had at the base
    known = scope.base.known_blob if scope.base is not None else (lambda _path: "")
    files = EvidenceFiles(scope.head, scope.base, handed_in, known, _past(scope, rules.config))
    if scope.stage is Stage.LOCAL:
        files.digests = KeptDigests(scope.git.place.git_dir)
    return Judge(
        scope=scope,
        rules=rules,
        files=files,
        reviews=reviews,
        engine=host.load(rules.bundle),
        own_engine=_own_engine(rules, host, now),
        now=now,
        fail_on_warning=request.fail_on_warning,
        keep_input=request.keep_input,
        below=_below(scope, rules) if reviews.status == "present" else NOTHING_BELOW,
    )


def _past(scope: Scope, config: Config) -> Callable[[str], FileStates]:
    """What a file was on the trusted branch, as far back as the configuration looks; asked once for each file."""

    @cache
    def past(path: str) -> FileStates:
        if not config.history_commits:
            return FileStates(cut="the configuration looks at no commits (`historyCommits: 0`)")
        return states_of_file(scope.git, scope.base_id, path, most=config.history_commits, limit=MAXIMUM_BYTES)

    return past


def _below(scope: Scope, rules: Rules) -> QueuedBelow:
    """What a queue holds below the change."""
    return look_below(scope, rules.config) if scope.others else NOTHING_BELOW


def _own_engine(rules: Rules, host: Host, now: int) -> Engine | None:
    """An engine for the repository's own policies, apart from the one for ours."""
    if rules.own is None:
        return None
    from changegate.own_policies.isolated import Apart

    return Apart(host, rules.own.bundle._replace(now=now * 10**9), rules.own.places)
