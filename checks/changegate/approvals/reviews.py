"""Reviews that CI hands in: a file that names the repository, the pull request and the reviewed head it is about.

An approval counts when it is the person's latest opinion, is of the reviewed head or of an earlier one since which
nothing has changed that is decided from, and comes from a person who neither opened the change nor committed to it.
Where nobody can say who committed, nobody can say who may approve. Source of the states: GitHub's REST API, "List
reviews for a pull request".
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from changegate.approvals.accounts import by_account
from changegate.manifest.moments import moment
from changegate.names import same_login
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from changegate.approvals.signed import Counted, SignedApproval

MAXIMUM_BYTES = 1024 * 1024
CLOCKS_DIFFER_SECONDS = 300
_NAMED = 5
_DAY = 24 * 3600
_OPINIONS = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


SIGNED_ONLY = b""
"""Instead of a file: there are signed approvals, and no reviews beside them."""


class Compared(NamedTuple):
    """Whether what is decided from is, at the reviewed head, what it was at an earlier commit."""

    state: str
    """`same`, `changed` or `unknown`."""
    reason: str = ""
    """What has changed, or why nobody can tell; empty where it is the same."""


def not_compared(_commit: str) -> Compared:
    """Take every earlier commit for another state of things."""
    return Compared("changed", "it is of another commit")


class Reviews(NamedTuple):
    """What people said of the change, or why nobody knows."""

    status: str
    """`present`, `invalid` or `unavailable`."""
    reason: str = ""
    approved: tuple[str, ...] = ()
    """Logins, in lower case, whose approval counts."""
    ages: tuple[tuple[str, int | None], ...] = ()
    """How many seconds ago each of them approved; None where the time is not known."""
    carried: tuple[tuple[str, str], ...] = ()
    """Those of them who approved an earlier commit, each with it: nothing that is decided from has changed since."""
    stale: tuple[str, ...] = ()
    """Logins whose latest opinion is an approval of another commit, which does not count."""
    stale_reasons: tuple[str, ...] = ()
    """What has changed since those approvals, each once."""
    unclear: tuple[str, ...] = ()
    """Logins of whose approval of an earlier commit nobody can tell whether it still counts."""
    unclear_reason: str = ""
    """Why, and what to do."""
    changes_requested: tuple[str, ...] = ()
    """Logins whose latest opinion is a request for changes, of whichever commit."""
    excluded: tuple[str, ...] = ()
    """Logins that cannot approve: the author, committers, bots."""
    merges: tuple[str, ...] = ()
    """Commits that merge the trusted branch as git does by itself: they make nobody an author."""
    signed: tuple[SignedApproval, ...] = ()
    """Signed approvals that hold, by people who may approve; each counts for its role and its release alone."""
    told: tuple[str, ...] = ()
    """What whoever fetched them has to say."""

    @classmethod
    def load(
        cls,
        given: Path | bytes | None,
        *,
        repository: str,
        pull_request: int | None,
        head: str,
        now: int,
        author: str = "",
        committers: Iterable[str] = (),
        addresses: Mapping[str, str] = MappingProxyType({}),
        co_addresses: Iterable[str] = (),
        merges: Iterable[str] = (),
        since: Callable[[str], Compared] = not_compared,
        host_resets: bool = False,
        maximum_age: int = _DAY,
        ids: Mapping[int, str] = MappingProxyType({}),
    ) -> Reviews:
        """Read the reviews of a change.

        Args:
            given: The file, outside the checkout, or what a host's answers came to; None where there is neither.
            repository: The repository that is judged, `owner/name`; empty where nobody says.
            pull_request: Its number; None where nobody says.
            head: The reviewed head's object id.
            now: Seconds since the epoch, UTC.
            author: The login of who opened the change, as the event knows it; the file may name another one, too.
            committers: Logins of who committed to it, as git knows them; the file may name more.
            addresses: E-mail addresses of who else committed to it, each with a commit.
            co_addresses: E-mail addresses that commits name as those of co-authors: where the file says whose they are,
                these are left out, too. They are claims, and many are nobody's.
            merges: Commits that merge the trusted branch as git does by itself.
            since: Compares an earlier commit with the reviewed head.
            host_resets: Whether the host takes approvals back when commits are added: those without a commit are of the
                reviewed head.
            maximum_age: How many seconds after it was retrieved a file is believed.
            ids: Numbers of accounts, each with whose it is: a login that is listed there is that account's alone.

        Returns:
            The reviews. A file that is wrong in any way is `invalid`, never partly believed. Where somebody committed
            whom nobody can name they are `unavailable`: it may be whoever approves.
        """
        if given is None:
            return cls("unavailable", "no approvals were handed in (--approvals FILE)")
        value = _read(given) if given != SIGNED_ONLY else _without_reviews(author)
        if isinstance(value, str):
            return cls("invalid", value)
        problem = _mismatch(value, repository, pull_request, head) or _out_of_time(value, now, maximum_age)
        if problem and given != SIGNED_ONLY:
            return cls("invalid", problem)
        called = by_account(value, ids)
        value = called.file
        if nobody := _unattributed(value, committers, addresses):
            return cls("unavailable", nobody)
        whose = {same_login(address): login for address, login in value.get("addresses", {}).items()}
        beside = (whose[same_login(one)] for one in co_addresses if same_login(one) in whose)
        if host_resets:
            value = {**value, "reviews": [{**one, "commit": one["commit"] or head} for one in value["reviews"]]}
        counted = _count(value, head, (author, called.author, *committers, *addresses, *beside), since)
        latest = _latest(value["reviews"])
        ages = tuple((user, _age(latest[user], now)) for user in counted.approved)
        return counted._replace(merges=tuple(merges), ages=ages, told=called.told)

    def with_signed(self, counted: Counted) -> Reviews:
        """These, and signed approvals beside them: of nobody who wrote the change, and none where that is unknown."""
        mine = {one.approver for one in counted.approvals if one.approver in self.excluded}
        notes = [
            f"the signed approval of {login} does not count: they took part in the change" for login in sorted(mine)
        ]
        held = tuple(one for one in counted.approvals if one.approver not in mine and self.status == "present")
        return self._replace(signed=held, told=(*self.told, *counted.notes, *notes))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of who counts."""
        merges = ", ".join(commit[:12] for commit in self.merges[:_NAMED]) + (", …" if self.merges[_NAMED:] else "")
        made = (f"merges of the trusted branch that git makes by itself make nobody an author: {merges}",)
        carried = (
            f"{login} approved {commit[:12]}, and nothing that is decided from has changed since: it counts"
            for login, commit in self.carried
        )
        return (*self.told, *(made if self.merges else ()), *carried)


def _read(given: Path | bytes) -> dict[str, Any] | str:
    """Read and validate the file, or say what is wrong with it."""
    from changegate.manifest import parse
    from changegate.manifest.schema import compiled, validate

    data = given if isinstance(given, bytes) else _bytes(given)
    if isinstance(data, str):
        return data
    if len(data) > MAXIMUM_BYTES:
        return "the approvals file is too large"
    parsed = parse(data, "approvals.json")
    if parsed.faults:
        return f"the approvals file, line {parsed.faults[0].line}: {parsed.faults[0].message}"
    value = parsed.documents[0].value
    if not compiled("approvals").is_valid(value):
        return f"the approvals file: {validate(value, 'approvals')[0].message}"
    found: dict[str, Any] = value
    return found


def _without_reviews(author: str) -> dict[str, Any]:
    """What is known where nobody hands in reviews: who opened the change, if the CI says it."""
    someone = {"login": author, "kind": "human"}
    nothing = {"repository": "", "pullRequest": 0, "reviewedHead": "", "retrievedAt": ""}
    return {**nothing, "author": someone, "committers": [], "addresses": {}, "reviews": []}


def _bytes(path: Path) -> bytes | str:
    try:
        with path.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        return f"the approvals file cannot be read: {error.strerror}"


def _mismatch(value: Mapping[str, Any], repository: str, pull_request: int | None, head: str) -> str:
    wanted = (("repository", repository), ("pullRequest", pull_request), ("reviewedHead", head))
    for key, ours in wanted:
        theirs = value[key]
        same = same_login(str(theirs)) == same_login(str(ours))
        if ours not in {None, ""} and not same:
            return f"the approvals are of another {key}: {json.dumps(theirs)}, not {json.dumps(ours)}"
    return "" if head else "there is no reviewed head that approvals could be of"


def _out_of_time(value: Mapping[str, Any], now: int, maximum_age: int) -> str:
    """Say which time of the file cannot be, or is too long ago: what was dismissed since then still counts in it."""
    retrieved = value["retrievedAt"]
    times = [retrieved, *(one["submittedAt"] for one in value["reviews"] if one["submittedAt"] is not None)]
    moments = {text: moment(text) for text in times}
    fetched = moments[retrieved]
    for text, at in moments.items():
        if at is None or fetched is None:
            return f"the approvals file has a time that is none: {text[:40]!r}"
        if at > now + CLOCKS_DIFFER_SECONDS:
            return f"the approvals file is from the future: {text}"
        if at > fetched + CLOCKS_DIFFER_SECONDS:
            return f"the approvals file was retrieved ({retrieved}) before a review in it was given ({text})"
    if fetched is not None and now - fetched > maximum_age:
        return f"the approvals file was retrieved more than {maximum_age / 3600:g} hours ago: {retrieved}"
    return ""


def _unattributed(value: Mapping[str, Any], committers: Iterable[str], addresses: Mapping[str, str]) -> str:
    """Say which commit nobody can tell the login of.

    A file that says whose the addresses are has to name each. One that lists logins only cannot be matched with them
    one by one; there have to be as many as there are addresses, beside those that git itself knows.
    """
    whose = value.get("addresses")
    unnamed = {same_login(address): address for address in addresses}
    if whose is not None:
        unnamed = {key: unnamed[key] for key in sorted(unnamed.keys() - {same_login(one) for one in whose})}
    elif len(_folded(value["committers"]) - _folded(committers)) >= len(unnamed):
        return ""
    for address in unnamed.values():
        return (
            f"nobody can say whose login {json.dumps(address[:100])} is, which made commit {addresses[address][:12]}: "
            "whoever approves may have written it (name the login of that address under `addresses` in the approvals "
            "file, or make the commit again with the no-reply address of the host)"
        )
    return ""


def _folded(logins: Iterable[str]) -> set[str]:
    return {same_login(login) for login in logins if login}


def _count(value: Mapping[str, Any], head: str, takes_part: Iterable[str], since: Callable[[str], Compared]) -> Reviews:
    latest = _latest(value["reviews"])
    bots = {
        one["user"] for one in value["reviews"] if one.get("kind") == "bot" or same_login(one["user"]).endswith("[bot]")
    }
    whose = value.get("addresses", {}).values()
    excluded = _folded((value["author"]["login"], *value["committers"], *whose, *bots, *takes_part))
    approved = {user for user, one in latest.items() if one["state"].upper() == "APPROVED"} - excluded
    at = {user: same_login(latest[user]["commit"] or "") for user in sorted(approved)}
    fresh = {user for user, commit in at.items() if commit == same_login(head)}
    against = {user for user, one in latest.items() if one["state"].upper() == "CHANGES_REQUESTED"}
    nameless = Compared("unknown", value.get("withoutCommit", "the file does not say which commit was approved"))
    others = {user: commit for user, commit in at.items() if user not in fresh}
    earlier = _earlier(others, lambda commit: since(commit) if commit else nameless)
    return Reviews(
        "present",
        approved=tuple(sorted({*fresh, *(user for user, _ in earlier.carried)})),
        changes_requested=tuple(sorted(against)),
        excluded=tuple(sorted(excluded)),
        **earlier._asdict(),
    )


class _Earlier(NamedTuple):
    """What becomes of approvals of earlier commits."""

    carried: tuple[tuple[str, str], ...]
    stale: tuple[str, ...]
    stale_reasons: tuple[str, ...]
    unclear: tuple[str, ...]
    unclear_reason: str


def _earlier(commits: Mapping[str, str], since: Callable[[str], Compared]) -> _Earlier:
    """Compare each commit that was approved with the reviewed head, once."""
    found = {commit: since(commit) for commit in dict.fromkeys(commits.values())}
    users = {state: [user for user, at in commits.items() if found[at].state == state] for state in _STATES}
    reasons = {state: dict.fromkeys(one.reason for one in found.values() if one.state == state) for state in _STATES}
    return _Earlier(
        carried=tuple((user, commits[user]) for user in users["same"]),
        stale=tuple(users["changed"]),
        stale_reasons=tuple(reasons["changed"]),
        unclear=tuple(users["unknown"]),
        unclear_reason=next(iter(reasons["unknown"]), ""),
    )


_STATES = ("same", "changed", "unknown")


def _latest(reviews: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Each person's latest opinion. Comments are none; where times are missing the order of the file decides."""
    latest: dict[str, Mapping[str, Any]] = {}
    for one in reviews:
        if one["state"].upper() in _OPINIONS:
            user = same_login(one["user"])
            before = latest.get(user)
            if before is None or _is_later(one, before):
                latest[user] = one
    return latest


def _age(opinion: Mapping[str, Any], now: int) -> int | None:
    """How long ago a person gave an opinion; None where nobody says when."""
    given = opinion["submittedAt"]
    at = moment(given) if given is not None else None
    return None if at is None else max(0, now - at)


def _is_later(one: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    first, second = before["submittedAt"], one["submittedAt"]
    if first is None or second is None:
        return True
    return (moment(second) or 0) >= (moment(first) or 0)
