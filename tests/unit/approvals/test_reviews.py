"""Reviews that CI hands in: whose approval counts, and which file is believed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from changegate.approvals.reviews import MAXIMUM_BYTES, Compared, Reviews

if TYPE_CHECKING:
    from pathlib import Path

HEAD, OLD = "a" * 40, "b" * 40
NOW = 1_793_620_800  # 2026-11-02T12:00:00Z
FILE: dict[str, Any] = {
    "schemaVersion": 1,
    "repository": "acme/models",
    "pullRequest": 42,
    "reviewedHead": HEAD,
    "author": {"login": "mira", "kind": "human"},
    "committers": ["kim"],
    "retrievedAt": "2026-11-02T11:30:00Z",
    "reviews": [],
}


def review(
    user: str, state: str = "APPROVED", at: str | None = "10:00", commit: str = HEAD, **more: Any
) -> dict[str, Any]:
    """A review of the fixtures' day, at an hour and minute; None where the host gives no time."""
    time = None if at is None else f"2026-11-02T{at}:00Z"
    return {"user": user, "state": state, "commit": commit, "submittedAt": time, **more}


def load(path: Path, data: Any, **asked: Any) -> Reviews:
    path = path / "approvals.json"
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    given = {"repository": "acme/models", "pull_request": 42, "head": HEAD, "now": NOW, **asked}
    return Reviews.load(path, **given)


def reviewed(path: Path, *reviews: dict[str, Any], asked: Any = None, **keys: Any) -> Reviews:
    found = load(path, {**FILE, "reviews": list(reviews), **keys}, **(asked or {}))
    assert (found.status, found.reason) == ("present", "")
    return found


def refused(path: Path, data: Any, **asked: Any) -> str:
    """Why a file is not believed. Nothing of it is."""
    found = load(path, data, **asked)
    assert found == Reviews("invalid", found.reason)
    assert found.reason
    return found.reason


# Whose latest opinion is what


@pytest.mark.parametrize(
    ("reviews", "approved", "against"),
    [
        ([review("ana")], True, False),
        ([], False, False),
        ([review("ana", "CHANGES_REQUESTED")], False, True),
        ([review("ana", "COMMENTED")], False, False),
        ([review("ana", "PENDING")], False, False),
        ([review("ana", "DISMISSED")], False, False),
        # the latest opinion wins
        ([review("ana", at="10:00"), review("ana", "CHANGES_REQUESTED", "10:01")], False, True),
        ([review("ana", "CHANGES_REQUESTED", "10:00"), review("ana", at="10:01")], True, False),
        ([review("ana", at="10:01"), review("ana", "CHANGES_REQUESTED", "10:00")], True, False),
        ([review("ana", "CHANGES_REQUESTED", "10:01"), review("ana", at="10:00")], False, True),
        # a comment is no opinion, a dismissal is one
        ([review("ana", at="10:00"), review("ana", "COMMENTED", "10:01")], True, False),
        ([review("ana", at="10:00"), review("ana", "PENDING", "10:01")], True, False),
        ([review("ana", at="10:00"), review("ana", "DISMISSED", "10:01")], False, False),
        ([review("ana", "DISMISSED", "10:00"), review("ana", at="10:01")], True, False),
        ([review("ana", "CHANGES_REQUESTED", "10:00"), review("ana", "DISMISSED", "10:01")], False, False),
        ([review("ana", "CHANGES_REQUESTED", "10:00"), review("ana", "COMMENTED", "10:01")], False, True),
        # of one moment, and without times, the order of the file decides
        ([review("ana", at="10:00"), review("ana", "CHANGES_REQUESTED", "10:00")], False, True),
        ([review("ana", "CHANGES_REQUESTED", "10:00"), review("ana", at="10:00")], True, False),
        ([review("ana", at=None), review("ana", "CHANGES_REQUESTED", None)], False, True),
        ([review("ana", "CHANGES_REQUESTED", None), review("ana", at=None)], True, False),
        ([review("ana", at="10:00"), review("ana", "CHANGES_REQUESTED", None)], False, True),
        ([review("ana", "CHANGES_REQUESTED", None), review("ana", at="10:00")], True, False),
        # as webhooks write it
        ([review("ana", "approved")], True, False),
        ([review("ana", "changes_requested")], False, True),
        ([review("ana", at="10:00"), review("ana", "dismissed", "10:01")], False, False),
        ([review("ana", at="10:00"), review("ana", "commented", "10:01")], True, False),
        # a login is the same in either case
        ([review("ana", at="10:00"), review("ANA", "CHANGES_REQUESTED", "10:01")], False, True),
        ([review("Ana")], True, False),
        # one person's opinion is not another's
        ([review("ana", at="10:00"), review("bo", "CHANGES_REQUESTED", "10:01")], True, False),
    ],
)
def test_an_opinion(tmp_path: Path, reviews: list[dict[str, Any]], approved: bool, against: bool) -> None:
    found = reviewed(tmp_path, *reviews)
    assert ("ana" in found.approved, "ana" in found.changes_requested) == (approved, against)
    assert found.stale == ()


ODD = ["\u017fam", "\u212aim", "\u0441am", "Straße", "sam kim", "sam\u200b"]


@pytest.mark.parametrize("other", ODD)
@pytest.mark.parametrize("where", ["review", "author", "committers", "addresses"])
def test_a_login_that_no_host_has_makes_the_file_invalid(other: str, where: str, tmp_path: Path) -> None:
    """It is equal to nobody's: it would neither approve nor be kept from approving, without a word."""
    parts: dict[str, Any] = {
        "review": {"reviews": [review(other)]},
        "author": {"author": {"login": other, "kind": "human"}},
        "committers": {"committers": ["kim", other]},
        "addresses": {"addresses": {"sam@acme.example": other}},
    }
    reason = refused(tmp_path, {**FILE, **parts[where]})
    odd = [one for one in other if not one.isascii()]
    assert "is malformed" in reason
    assert all(f"{one!a} is no letter of ASCII" in reason for one in odd)


def test_times_are_compared_across_zones(tmp_path: Path) -> None:
    earlier = review("ana", submittedAt="2026-11-02T11:00:00+02:00")
    later = review("ana", "CHANGES_REQUESTED", submittedAt="2026-11-02T09:30:00Z")
    assert reviewed(tmp_path, later, earlier).approved == ()


def test_an_approval_of_another_commit_is_stale(tmp_path: Path) -> None:
    found = reviewed(tmp_path, review("ana", commit=OLD), review("bo"))
    assert (found.approved, found.stale) == (("bo",), ("ana",))


def test_an_approval_that_was_given_again_is_not_stale(tmp_path: Path) -> None:
    old, new = review("ana", at="09:00", commit=OLD), review("ana", at="10:00")
    assert reviewed(tmp_path, old, new).approved == ("ana",)
    late, early = review("ana", at="10:00", commit=OLD), review("ana", at="09:00")
    found = reviewed(tmp_path, early, late)
    assert (found.approved, found.stale) == ((), ("ana",))


def test_a_request_for_changes_of_another_commit_stays(tmp_path: Path) -> None:
    assert reviewed(tmp_path, review("ana", "CHANGES_REQUESTED", commit=OLD)).changes_requested == ("ana",)


def test_the_reviewed_head_is_the_same_in_either_case(tmp_path: Path) -> None:
    assert reviewed(tmp_path, review("ana"), asked={"head": HEAD.upper()}).approved == ("ana",)


# An approval of an earlier commit


def test_an_approval_of_what_has_not_changed_counts(tmp_path: Path) -> None:
    asked: list[str] = []

    def since(commit: str) -> Compared:
        asked.append(commit)
        return Compared("same")

    old = [review("ana", commit=OLD), review("bo", commit=OLD), review("cy"), review("mira", commit=OLD)]
    found = reviewed(tmp_path, *old, asked={"since": since})
    assert (found.approved, found.stale) == (("ana", "bo", "cy"), ())
    assert found.carried == (("ana", OLD), ("bo", OLD))
    assert asked == [OLD]
    assert [note for note in found.notes if "ana approved bbbbbbbbbbbb" in note]


def test_an_approval_of_what_has_changed_says_what(tmp_path: Path) -> None:
    found = reviewed(tmp_path, review("ana", commit=OLD), asked={"since": lambda _: Compared("changed", "a.yaml")})
    assert (found.approved, found.stale, found.stale_reasons) == ((), ("ana",), ("a.yaml",))


def test_an_approval_that_cannot_be_compared_is_unclear(tmp_path: Path) -> None:
    other = "c" * 40
    found = reviewed(
        tmp_path,
        review("ana", commit=OLD),
        review("bo", commit=other),
        asked={"since": lambda commit: Compared("unknown", f"fetch {commit}")},
    )
    assert (found.approved, found.stale, found.unclear) == ((), (), ("ana", "bo"))
    assert found.unclear_reason == f"fetch {OLD}"


def test_a_request_for_changes_is_never_compared(tmp_path: Path) -> None:
    given = review("ana", "CHANGES_REQUESTED", commit=OLD)
    found = reviewed(tmp_path, given, asked={"since": lambda _: Compared("same")})
    assert (found.changes_requested, found.carried) == (("ana",), ())


def test_merges_of_the_base_are_told(tmp_path: Path) -> None:
    found = reviewed(tmp_path, asked={"merges": [OLD] * 7})
    assert found.merges == (OLD,) * 7
    assert found.notes == (
        "merges of the trusted branch that git makes by itself make nobody an author: "
        + ", ".join([OLD[:12]] * 5)
        + ", …",
    )


# Who cannot approve


@pytest.mark.parametrize(
    ("one", "keys", "asked"),
    [
        (review("mira"), {}, {}),
        (review("MIRA"), {}, {}),
        (review("mira"), {"author": {"login": "Mira", "kind": "human"}}, {}),
        (review("kim"), {}, {}),
        (review("Kim"), {"committers": ["kim", "KIM"]}, {}),
        (review("lee"), {}, {"author": "Lee"}),
        (review("lee"), {}, {"committers": ("", "LEE")}),
        (review("lee"), {"addresses": {"lee@acme.example": "LEE"}}, {}),
        (review("helper", kind="bot"), {}, {}),
        (review("renovate[bot]"), {}, {}),
        (review("Renovate[BOT]"), {}, {}),
    ],
)
@pytest.mark.parametrize("commit", [HEAD, OLD])
def test_who_takes_part_cannot_approve(tmp_path: Path, one: Any, keys: Any, asked: Any, commit: str) -> None:
    found = reviewed(tmp_path, {**one, "commit": commit}, asked=asked, **keys)
    assert (found.approved, found.stale) == ((), ())
    assert one["user"].casefold() in found.excluded


def test_a_bot_that_was_once_called_human_is_one(tmp_path: Path) -> None:
    found = reviewed(tmp_path, review("helper", kind="bot", at="09:00"), review("Helper", kind="human", at="10:00"))
    assert (found.approved, "helper" in found.excluded) == ((), True)


def test_a_person_may_say_that_they_are_human(tmp_path: Path) -> None:
    found = reviewed(tmp_path, review("ana", kind="human"))
    assert (found.approved, found.excluded) == (("ana",), ("kim", "mira"))


def test_a_committer_may_still_ask_for_changes(tmp_path: Path) -> None:
    assert reviewed(tmp_path, review("kim", "CHANGES_REQUESTED")).changes_requested == ("kim",)


def test_logins_are_sorted_and_named_once(tmp_path: Path) -> None:
    found = reviewed(tmp_path, review("bo"), review("Ana"), review("ANA"), asked={"committers": ["mira", "", "Zoe"]})
    assert found.approved == ("ana", "bo")
    assert found.excluded == ("kim", "mira", "zoe")


def test_a_co_author_cannot_approve_where_the_file_says_who_it_is(tmp_path: Path) -> None:
    asked = {"co_addresses": ["Lee@acme.example", "noreply@assistant.example"]}
    found = reviewed(tmp_path, review("lee"), asked=asked, addresses={"lee@acme.example": "lee"})
    assert (found.approved, "lee" in found.excluded) == ((), True)
    assert reviewed(tmp_path, review("lee"), asked=asked).approved == ("lee",)


# A file about something else, or from another time


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"repository": "acme/other"}, "another repository"),
        ({"repository": "evil/models"}, "another repository"),
        ({"pull_request": 43}, "another pullRequest"),
        ({"pull_request": 4}, "another pullRequest"),
        ({"head": OLD}, "another reviewedHead"),
        ({"head": HEAD[:39]}, "another reviewedHead"),
        ({"head": ""}, "no reviewed head"),
    ],
)
def test_a_file_about_something_else(tmp_path: Path, asked: dict[str, Any], words: str) -> None:
    assert words in refused(tmp_path, {**FILE, "reviews": [review("ana")]}, **asked)


def test_a_repository_is_the_same_in_either_case(tmp_path: Path) -> None:
    assert reviewed(tmp_path, review("ana"), repository="Acme/Models").approved == ("ana",)


@pytest.mark.parametrize("asked", [{"repository": ""}, {"pull_request": None}])
def test_where_nobody_says_what_is_judged_the_head_binds(tmp_path: Path, asked: dict[str, Any]) -> None:
    assert reviewed(tmp_path, review("ana"), asked=asked).approved == ("ana",)
    assert "another reviewedHead" in refused(tmp_path, FILE, **asked, head=OLD)


@pytest.mark.parametrize("time", ["2026-11-02T12:06:00Z", "2026-11-02T12:00:00-00:30", "9999-12-31T23:59:59Z"])
def test_a_file_from_the_future(tmp_path: Path, time: str) -> None:
    assert "from the future" in refused(tmp_path, {**FILE, "retrievedAt": time})
    assert "from the future" in refused(tmp_path, {**FILE, "reviews": [review("ana"), review("bo", submittedAt=time)]})


@pytest.mark.parametrize("time", ["2026-11-02T12:05:00Z", "2026-11-02T12:00:00+01:00"])
def test_clocks_may_differ_by_five_minutes(tmp_path: Path, time: str) -> None:
    assert reviewed(tmp_path, review("ana", submittedAt=time), retrievedAt=time).approved == ("ana",)


def test_a_review_may_be_of_any_time_before_the_file(tmp_path: Path) -> None:
    old = review("ana", submittedAt="0001-01-01T00:00:00+23:59")
    assert reviewed(tmp_path, old, review("bo", at="11:35")).approved == ("ana", "bo")


@pytest.mark.parametrize("state", ["APPROVED", "COMMENTED", "DISMISSED"])
def test_a_file_that_was_retrieved_before_what_is_in_it(tmp_path: Path, state: str) -> None:
    reviews = [review("ana"), review("bo", state, submittedAt="2026-11-02T11:35:01Z")]
    assert "before a review in it" in refused(tmp_path, {**FILE, "reviews": reviews})


@pytest.mark.parametrize("time", ["2026-11-01T11:59:59Z", "2024-11-02T11:30:00Z", "0001-01-01T00:00:00Z"])
def test_a_file_of_long_ago(tmp_path: Path, time: str) -> None:
    """Whoever dismissed a review since then is not in it."""
    assert "24 hours ago" in refused(tmp_path, {**FILE, "retrievedAt": time})


def test_a_file_is_believed_for_a_day(tmp_path: Path) -> None:
    one = review("ana", submittedAt="2026-11-01T10:00:00Z")
    assert reviewed(tmp_path, one, retrievedAt="2026-11-01T12:00:00Z").approved == ("ana",)


# Who committed, where git knows no login


MIRA, ANA = {"mira@acme.example": "1" * 40}, {"ana@acme.example": "2" * 40}


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        # as many logins as addresses
        ({"committers": ["mira"]}, {"addresses": MIRA}),
        ({"committers": ["mira", "kim"]}, {"addresses": MIRA}),
        ({"committers": ["mira", "kim"]}, {"addresses": MIRA, "committers": ["Kim"]}),
        ({"committers": ["mira"]}, {"addresses": {**MIRA, "Mira@ACME.example": "3" * 40}}),
        # the file says whose they are
        ({"addresses": {"MIRA@acme.example": "mira"}}, {"addresses": MIRA}),
        ({"committers": [], "addresses": {"mira@acme.example": "mira"}}, {"addresses": MIRA}),
        ({"addresses": {"mira@acme.example": "mira", "ana@acme.example": "mira"}}, {"addresses": {**MIRA, **ANA}}),
    ],
)
def test_addresses_that_are_somebodys(tmp_path: Path, keys: dict[str, Any], asked: dict[str, Any]) -> None:
    assert reviewed(tmp_path, review("bo"), asked=asked, **keys).approved == ("bo",)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({"committers": []}, {"addresses": ANA}),
        # who opened the change is not thereby who wrote it
        ({"committers": []}, {"addresses": ANA, "author": "mira"}),
        # the only login of the file is of a commit that git knows it for
        ({"committers": ["Kim"]}, {"addresses": ANA, "committers": ["kim"]}),
        ({"committers": ["mira", "MIRA"]}, {"addresses": {**MIRA, **ANA}}),
        ({"committers": ["mira"]}, {"addresses": {**MIRA, "": "2" * 40}}),
        # a file that names addresses names each
        ({"committers": ["mira", "kim"], "addresses": {}}, {"addresses": ANA}),
        ({"committers": ["mira", "kim"], "addresses": {"mira@acme.example": "mira"}}, {"addresses": {**MIRA, **ANA}}),
    ],
)
def test_an_address_that_is_nobodys(tmp_path: Path, keys: dict[str, Any], asked: dict[str, Any]) -> None:
    found = load(tmp_path, {**FILE, "reviews": [review("ana"), review("bo")], **keys}, **asked)
    assert found == Reviews("unavailable", found.reason)
    assert any(commit[:12] in found.reason for commit in asked["addresses"].values())
    assert "`addresses`" in found.reason


def test_the_address_that_is_named_is_the_one_that_is_nobodys(tmp_path: Path) -> None:
    data = {**FILE, "addresses": {"mira@acme.example": "mira"}}
    found = load(tmp_path, data, addresses={**MIRA, **ANA})
    assert '"ana@acme.example"' in found.reason
    assert "commit 222222222222:" in found.reason


@pytest.mark.parametrize("time", ["", "yesterday", "2026-11-02", "2026-11-02T12:00:00", "2026-13-02T12:00:00Z", "1e9"])
def test_a_time_that_is_none(tmp_path: Path, time: str) -> None:
    assert refused(tmp_path, {**FILE, "retrievedAt": time})
    assert refused(tmp_path, {**FILE, "reviews": [review("ana", submittedAt=time)]})


# A file that cannot be read, or is not valid


def test_no_file() -> None:
    found = Reviews.load(None, repository="acme/models", pull_request=42, head=HEAD, now=NOW)
    assert (found.status, found.approved) == ("unavailable", ())
    assert "--approvals" in found.reason


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        found = Reviews.load(path, repository="acme/models", pull_request=42, head=HEAD, now=NOW)
        assert found.status == "invalid"
        assert "cannot be read" in found.reason
        assert str(tmp_path) not in found.reason


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    text = json.dumps({**FILE, "reviews": [review("ana")]}).encode()
    assert load(tmp_path, text + b" " * (MAXIMUM_BYTES - len(text))).approved == ("ana",)
    assert refused(tmp_path, text + b" " * (MAXIMUM_BYTES - len(text) + 1)) == "the approvals file is too large"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"approved"',
        b"{}",
        b"{} {}",
        b"\xff\xfe",
        b"\x00",
        b"schemaVersion: 1\n",
        json.dumps(FILE).encode("utf-16"),
        json.dumps(FILE).encode() + b"]",
        json.dumps(FILE).replace('"reviews": []', '"reviews": NaN').encode(),
        json.dumps(FILE).replace('"reviews": []', '"reviews": [], "reviews": []').encode(),
        json.dumps(FILE).replace('"author":', '"author": {"login": "eve", "kind": "human"}, "author":').encode(),
        b'{"reviews": ' + b"[" * 100_000,
        b'{"schemaVersion": ' + b"1" * 5000 + b"}",
    ],
)
def test_a_file_that_is_malformed(tmp_path: Path, data: bytes) -> None:
    assert "the approvals file" in refused(tmp_path, data)


@pytest.mark.parametrize(
    "keys",
    [
        {"schemaVersion": 2},
        {"schemaVersion": "1"},
        {"schemaVersion": True},
        {"repository": ""},
        {"repository": None},
        {"pullRequest": "42"},
        {"pullRequest": 0},
        {"pullRequest": 42.5},
        {"reviewedHead": HEAD[:7]},
        {"reviewedHead": HEAD.upper()},
        {"reviewedHead": HEAD + "\n"},
        {"author": "mira"},
        {"author": {"login": "mira"}},
        {"author": {"login": "", "kind": "human"}},
        {"author": {"login": "mira", "kind": "cat"}},
        {"committers": None},
        {"committers": "kim"},
        {"committers": [1]},
        {"committers": [""]},
        {"addresses": []},
        {"addresses": {"a@b.example": None}},
        {"addresses": {"a@b.example": ""}},
        {"retrievedAt": None},
        {"reviews": None},
        {"reviews": {}},
        {"reviews": ["ana"]},
        {"reviews": [review("ana"), {"user": "bo"}]},
        {"reviews": [review("ana", "APPROVE")]},
        {"reviews": [review("ana", "Approved")]},
        {"reviews": [review("")]},
        {"reviews": [review("ana", commit="HEAD")]},
        {"reviews": [review("ana", commit=HEAD + "\n")]},
        {"reviews": [review("ana", submittedAt=1)]},
        {"reviews": [review("ana", kind="cat")]},
        {"reviews": [review("ana", body="LGTM")]},
        {"more": 1},
    ],
)
def test_a_file_that_does_not_fit_its_schema(tmp_path: Path, keys: dict[str, Any]) -> None:
    assert "the approvals file" in refused(tmp_path, {**FILE, "reviews": [review("ana")], **keys})


@pytest.mark.parametrize("key", list(FILE))
def test_a_file_needs_everything(tmp_path: Path, key: str) -> None:
    assert key in refused(tmp_path, {name: value for name, value in FILE.items() if name != key})


def test_a_fault_names_its_line(tmp_path: Path) -> None:
    text = json.dumps(FILE, indent=1).replace('"committers"', '"author"')
    assert "line 10" in refused(tmp_path, text.encode())
