"""Whose signatures count: what a file of signers may say, which releases it covers, and what a change of it does."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from changegate.diff.signers import signer_changes
from changegate.errors import ConfigurationError
from changegate.policy.signers import NOBODY, Signers, load_with_keys
from support.signing_attacks import KEYS, private_key, public_pem
from support.trees import DictTree

PEM = public_pem(private_key())
OTHER = public_pem(private_key("other"))
ROOT = (KEYS / "root.crt").read_text()
KEY = {"name": "k", "publicKey": PEM}
BASE = {
    "apiVersion": "changegate.dev/v1",
    "kind": "Signers",
    "signers": {"training": {"keys": [KEY]}},
    "covers": [{"anyOf": ["training"]}],
}


def tree(value: Any, root: str | None = None) -> DictTree:
    text = value if isinstance(value, str) else yaml.safe_dump(value)
    more = {} if root is None else {".changegate/root.json": root.encode()}
    return DictTree({".changegate/signers.yaml": text.encode(), **more})


def with_key(**said: Any) -> dict[str, Any]:
    return {**BASE, "signers": {"training": {"keys": [{**KEY, **said}]}}}


def test_no_file_and_a_template_name_nobody() -> None:
    assert not Signers.load(None).configured
    assert not Signers.load(DictTree({})).configured
    assert not Signers.load(tree("# nothing yet\n")).configured
    assert NOBODY.configured
    assert NOBODY.covers[0].signers == ()


def test_times_are_seconds_since_the_epoch() -> None:
    (one,) = Signers.load(
        tree(with_key(validFrom="2026-01-01T00:00:00Z", revokedAt="2026-02-01T01:00:00+01:00"))
    ).trusted
    assert (one.span.begins, one.span.ends, one.span.revoked) == (1767225600, None, 1769904000)
    assert one.told == "key k of signer training"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (with_key(validFrom="2026-02-30T00:00:00Z"), "no moment that exists"),
        (with_key(validFrom="2026-02-01T00:00:00Z", validUntil="2026-01-01T00:00:00Z"), "ends before it begins"),
        ({**BASE, "signers": {"training": {"keys": [KEY, {**KEY, "publicKey": OTHER}]}}}, "the name is that of"),
        ({**BASE, "signers": {"training": {"keys": [KEY]}, "b": {"keys": [KEY]}}}, "the key or identity is that of"),
        ({**BASE, "covers": [{"anyOf": ["trainig"]}]}, "there is no signer trainig"),
        ({**BASE, "covers": [{"anyOf": ["training"], "allOf": ["training"]}]}, ""),
        ({**BASE, "covers": []}, ""),
        ({**BASE, "signers": {"training": {}}}, ""),
        ({**BASE, "singers": {}}, "singers"),
        (with_key(publicKey="ssh-ed25519 AAAA"), ""),
        ({**BASE, "signers": {"training": {"keyless": [{"name": "a", "identity": "x", "issuer": "y"}]}}}, "trust root"),
        ({**BASE, "trustRoot": "root.json"}, "root.json is not in .changegate/"),
        ({**BASE, "trustRoot": ".changegate/../root.json"}, "is not in .changegate/"),
    ],
)
def test_what_cannot_be_right_is_refused_on_its_line(value: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        Signers.load(tree(value))
    assert words in error.value.message
    assert error.value.file == ".changegate/signers.yaml"
    assert error.value.line


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (with_key(publicKey="-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), "no public key in PEM"),
        (
            {**BASE, "signers": {"training": {"authorities": [
                {"name": "a", "certificates": (KEYS / "leaf.crt").read_text(), "identities": ["x@acme.example"]}
            ]}}},
            "none of an authority",
        ),
        (
            {**BASE, "trustRoot": ".changegate/root.json", "signers": {"training": {"keyless": [
                {"name": "a", "identity": "x", "issuer": "y"}
            ]}}},
            ".changegate/root.json is not in the repository",
        ),
    ],
)  # fmt: skip
def test_keys_are_read_where_a_change_brings_them(value: Any, words: str) -> None:
    assert Signers.load(tree(value)).configured
    with pytest.raises(ConfigurationError) as error:
        load_with_keys(tree(value))
    assert words in error.value.message


def test_good_keys_and_authorities_load() -> None:
    authority = {"name": "a", "certificates": ROOT, "identities": ["ml-signing@acme.example"]}
    assert load_with_keys(tree({**BASE, "signers": {"training": {"authorities": [authority]}}})).configured


@pytest.mark.parametrize(
    ("cover", "name", "owner", "covered"),
    [
        ({}, "fraud", "payments", True),
        ({"models": ["fraud-*"]}, "fraud-detector", "payments", True),
        ({"models": ["fraud-*"]}, "not-fraud-detector", "payments", False),
        ({"models": ["fraud"]}, "fraud\n", "payments", False),
        ({"owners": ["payments"]}, "fraud", "payments", True),
        ({"models": ["fraud"], "owners": ["vision"]}, "fraud", "payments", False),
    ],
)
def test_a_cover_is_for_names_and_owners(cover: Any, name: str, owner: str, covered: bool) -> None:
    signers = Signers.load(tree({**BASE, "covers": [{**cover, "anyOf": ["training"]}]}))
    assert bool(signers.covering([(name, owner)])) is covered


def test_a_cover_is_about_the_types_that_it_names() -> None:
    (cover,) = Signers.load(tree({**BASE, "covers": [{"predicateTypes": ["a"], "anyOf": ["training"]}]})).covers
    assert cover.is_about("a")
    assert not cover.is_about("b")


def turns(before: Any, after: Any) -> dict[str, str]:
    changes = signer_changes(Signers.load(tree(before)), Signers.load(tree(after)))
    return {change.text: change.impact for change in changes}


@pytest.mark.parametrize(
    ("after", "turn", "words"),
    [
        (with_key(revokedAt="2026-06-01T00:00:00Z"), "tightens", "`revokedAt` becomes 2026-06-01T00:00:00Z"),
        (with_key(validUntil="2026-06-01T00:00:00Z"), "tightens", "`validUntil` becomes"),
        (with_key(publicKey=OTHER), "may-loosen", "`publicKey` is another"),
        ({**BASE, "signers": {"training": {"keys": [KEY, {"name": "new", "publicKey": OTHER}]}}}, "loosens",
         "the key new of signer training counts"),
        ({**BASE, "covers": [{"tiers": ["high"], "anyOf": ["training"]}, *BASE["covers"]]}, "tightens",
         "what is of tier `high` has to be signed, by any of `training`"),
        ({**BASE, "signers": {"training": {"keys": [KEY], "builders": ["x"]}}}, "loosens", "builders"),
    ],
)  # fmt: skip
def test_a_change_says_what_it_does(after: Any, turn: str, words: str) -> None:
    ((text, found),) = turns(BASE, after).items()
    assert (words in text, found) == (True, turn), text
    ((_, back),) = turns(after, BASE).items()
    assert back == {"tightens": "loosens", "loosens": "tightens", "may-loosen": "may-loosen"}[turn]


def test_more_of_any_loosens_and_more_of_all_tightens() -> None:
    two = {"training": {"keys": [KEY]}, "b": {"keys": [{"name": "b", "publicKey": OTHER}]}}
    for key, turn in (("anyOf", "loosens"), ("allOf", "tightens")):
        before = {**BASE, "signers": two, "covers": [{key: ["training"]}]}
        after = {**BASE, "signers": two, "covers": [{key: ["training", "b"]}]}
        assert list(turns(before, after).values()) == [turn]


ROOTED = {**BASE, "trustRoot": ".changegate/root.json", "signers": {"training": {"keyless": [
    {"name": "a", "identity": "x", "issuer": "y", "claims": {"repository": "https://github.com/acme/models"}}
]}}}  # fmt: skip


EMPTY = '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'


@pytest.mark.parametrize("text", ["{}", "not JSON", EMPTY])
def test_a_trust_root_that_is_none_is_told_where_a_change_brings_it(text: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load_with_keys(tree(ROOTED, root=text))
    assert ".changegate/root.json is no trust root" in error.value.message


def test_another_trust_root_at_the_same_path_is_another_digest_and_a_change() -> None:
    sides = [Signers.load(tree(ROOTED, root=text)) for text in ("one", "other")]
    assert sides[0].digest != sides[1].digest
    (change,) = signer_changes(*sides)
    assert "the trust root of keyless signatures, .changegate/root.json, is another" in change.text
