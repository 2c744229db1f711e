"""What judging begins with: the rules, what the change touches, and a judge with everything that was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.approvals.reviews import Reviews
from changegate.change.queued import NOTHING_BELOW, QueuedBelow, look_below
from changegate.change.since import Since
from changegate.change.survey import survey
from changegate.errors import ConfigurationError, PolicyError
from changegate.evidence.files import EvidenceFiles
from changegate.judging.judge import Judge
from changegate.judging.rules import Rules
from changegate.records import NamedTuple
from changegate.workspace.committers import Committers, committers

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.change.changeset import ChangeSet
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


def prepare(request: Request, scope: Scope, host: ChosenHost, now: int) -> Prepared:
    """Load what judges a change, and find what the change touches.

    Raises:
        ChangegateError: The base does not load, and the change does not mend it; or nothing could be decided otherwise.
    """
    try:
        rules = Rules.of_base(
            scope, require_config=request.require_config, policies=request.policies, engine=request.engine.engine
        )
        return _prepared(request, scope, rules, host, now)
    except (ConfigurationError, PolicyError) as error:
        from changegate.judging.repair import way_back

        prepared = _prepared(request, scope, way_back(scope, request, error), host, now)
        if not prepared.change.control:
            raise
        return prepared


def _prepared(request: Request, scope: Scope, rules: Rules, host: ChosenHost, now: int) -> Prepared:
    host.choose(rules.engine.engine)
    change = survey(scope, rules.config, request.paths)
    judge = None if change.is_empty else judge_of(request, scope, rules, change, host=host, now=now)
    return Prepared(rules, change, judge)


def judge_of(request: Request, scope: Scope, rules: Rules, change: ChangeSet, *, host: Host, now: int) -> Judge:
    """The judge of one run: what is handed in is read, and the policies are loaded."""
    approvals, handed_in = (_handed_in(path, scope) for path in (request.approvals, request.evidence))
    reviews = _reviews(approvals, scope, rules, change, now)
    if scope.all and scope.base is not None:
        scope.base.entries()  # one listing, where every release asks for what it had at the base
    known = scope.base.known_blob if scope.base is not None else (lambda _path: "")
    return Judge(
        scope=scope,
        rules=rules,
        files=EvidenceFiles(scope.head, scope.base, handed_in, known),
        reviews=reviews,
        engine=host.load(rules.bundle),
        own_engine=_own_engine(rules, host, now),
        now=now,
        fail_on_warning=request.fail_on_warning,
        keep_input=request.keep_input,
        below=_below(scope, rules) if reviews.status == "present" else NOTHING_BELOW,
    )


def _below(scope: Scope, rules: Rules) -> QueuedBelow:
    """What a queue holds below the change."""
    return look_below(scope, rules.config) if scope.others else NOTHING_BELOW


def _reviews(approvals: Path | None, scope: Scope, rules: Rules, change: ChangeSet, now: int) -> Reviews:
    """What people said of the change; nothing that could be counted where nobody knows who may approve."""
    if rules.stands_in is not None and rules.stands_in.unknown_people:
        return Reviews("unavailable", rules.stands_in.unknown_people)
    made = committers(scope) if approvals is not None else Committers()
    whose = rules.teams.addresses
    addresses = {address: commit for address, commit in made.addresses.items() if address.casefold() not in whose}
    known = {whose[one.casefold()] for one in (*made.addresses, *made.co_addresses) if one.casefold() in whose}
    return Reviews.load(
        approvals,
        author=scope.author.login,
        committers=(*made.logins, *sorted(known)),
        addresses=addresses,
        co_addresses=made.co_addresses.keys(),
        merges=made.merges,
        repository=scope.repository or rules.config.repository,
        pull_request=scope.pull_request,
        head=scope.reviewed_head,
        now=now,
        since=Since(scope, rules.config, change).compare,
    )


def _handed_in(path: Path | None, scope: Scope) -> Path | None:
    """What CI hands in, outside the checkout; None where it is nothing."""
    if path is None:
        return None
    from changegate.files import outside

    return outside(path, scope.root)


def _own_engine(rules: Rules, host: Host, now: int) -> Engine | None:
    """An engine for the repository's own policies, apart from the one for ours."""
    if rules.own is None:
        return None
    from changegate.own_policies.isolated import Apart

    return Apart(host, rules.own.bundle._replace(now=now * 10**9))
