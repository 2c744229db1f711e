"""Who has approved the change that is judged: by a file that CI hands in, or by a host that is asked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from changegate.approvals.reviews import SIGNED_ONLY, Reviews
from changegate.change.since import Since
from changegate.names import same_login
from changegate.workspace.committers import Committers, committers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from changegate.approvals.fetching import ApprovalsFile
    from changegate.approvals.signed import Counted
    from changegate.change.changeset import ChangeSet
    from changegate.judging.rules import Rules
    from changegate.request import Request
    from changegate.workspace.scope import Scope


def reviews_of(
    request: Request, scope: Scope, rules: Rules, change: ChangeSet, *, now: int, environ: Mapping[str, str]
) -> Reviews:
    """What people said of the change; nothing that could be counted where nobody knows who may approve.

    Raises:
        UsageError: The file lies inside the checkout, or there is no token to ask a host with.
        HostError: The host that is asked does not give them.
    """
    handed_in = what_is_handed_in(request.approvals, scope)
    signed = tuple(one for path in request.signed_approvals if (one := what_is_handed_in(path, scope)))
    if rules.stands_in is not None and rules.stands_in.unknown_people:
        return Reviews("unavailable", rules.stands_in.unknown_people)
    fetched = _fetched(request, scope, environ)
    given = fetched.data if fetched is not None else handed_in
    if given is None and signed:
        given = SIGNED_ONLY
    reviews = _load(given, scope, rules, now, since=Since(scope, rules.config, change))
    reviews = reviews if fetched is None else reviews._replace(told=(*fetched.notes, *reviews.told))
    return reviews.with_signed(_signed(signed, scope, rules, change, now)) if signed else reviews


def _signed(paths: tuple[Path, ...], scope: Scope, rules: Rules, change: ChangeSet, now: int) -> Counted:
    """The signed approvals that hold for this change."""
    from changegate.approvals.signed import Expected, load_signed
    from changegate.change.approved_content import content_digest

    expected = Expected(
        repository=scope.repository or rules.config.repository,
        pull_request=scope.pull_request,
        content=cache(lambda: content_digest(scope, rules.config, change)),
        keys=rules.teams.keys,
        now=now,
        any_request=bool(rules.config.settings["approvals"]["signedForAnyRequest"]),
    )
    return load_signed(paths, expected)


def _fetched(request: Request, scope: Scope, environ: Mapping[str, str]) -> ApprovalsFile | None:
    """The reviews as a host has them, where one is to be asked."""
    if not request.approvals_from:
        return None
    from changegate.approvals.fetching import HostQuery, fetch_approvals

    return fetch_approvals(HostQuery(request.approvals_from), scope.claims, environ, git=scope.git, now=request.now)


def _load(given: Path | bytes | None, scope: Scope, rules: Rules, now: int, *, since: Since) -> Reviews:
    """Count the reviews, with what git and the base know of who made the change."""
    made = committers(scope) if given is not None else Committers()
    whose, settings = rules.teams.addresses, rules.config.settings["approvals"]
    addresses = {address: commit for address, commit in made.addresses.items() if same_login(address) not in whose}
    known = {whose[same_login(one)] for one in (*made.addresses, *made.co_addresses) if same_login(one) in whose}
    return Reviews.load(
        given,
        author=scope.author.login,
        committers=(*made.logins, *sorted(known)),
        addresses=addresses,
        co_addresses=made.co_addresses.keys(),
        merges=made.merges,
        repository=scope.repository or rules.config.repository,
        pull_request=scope.pull_request,
        head=scope.reviewed_head,
        now=now,
        since=since.compare,
        host_resets=bool(settings["hostResetsApprovals"]),
        maximum_age=int(settings["maximumFileAgeSeconds"]),
        ids=rules.teams.ids,
    )


def numbered(request: Request, scope: Scope, environ: Mapping[str, str]) -> Scope:
    """The scope with the number of its pull request, where the event does not say it and the host can.

    Raises:
        UsageError: There is no such pull request.
        HostError: The host does not say.
    """
    claims = scope.claims
    if not (request.approvals_from and claims.source[0] and claims.pull_request is None):
        return scope
    from changegate.approvals.pull_requests import number_of

    claims = claims._replace(target=scope.trusted_ref)
    return scope._replace(claims=claims._replace(pull_request=number_of(claims, environ)))


def what_is_handed_in(path: Path | None, scope: Scope) -> Path | None:
    """What CI hands in, outside the checkout; None where it is nothing.

    Raises:
        UsageError: It lies inside.
    """
    if path is None:
        return None
    from changegate.files import outside

    return outside(path, scope.root)
