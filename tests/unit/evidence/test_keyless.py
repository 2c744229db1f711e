"""Keyless signatures, on a bundle of sigstore's staging instance: offline, and with the trust root of the base."""

from __future__ import annotations

import base64
import copy
import json
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate.evidence.provenance import read_statement
from changegate.evidence.verification import WhoSigned, verify_statement
from changegate.manifest.moments import moment
from changegate.policy.signers import Cover, Signers, Span, Trusted

if TYPE_CHECKING:
    from collections.abc import Callable

KEYLESS = Path(__file__).parents[1] / "signing/bundles/keyless"
STAGING, PRODUCTION = ((KEYLESS / f"{name}_root.json").read_text() for name in ("staging", "production"))
NOW = moment("2026-11-02T12:00:00Z") or 0
SIGNED = "2026-05-13T19:23:33Z"
REPOSITORY = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon"
WHO = f"{REPOSITORY}/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
ISSUER = "https://token.actions.githubusercontent.com"


def bundle() -> Any:
    return json.loads((KEYLESS / "bundle.sigstore.json").read_text())


def asked(value: Any, root: str = STAGING, *, span: Span | None = None, **said: Any) -> WhoSigned:
    identity = {"identity": WHO, "issuer": ISSUER, **said}
    trusted = Trusted("training", "main", "keyless", identity, span or Span())
    signers = Signers((Cover({"anyOf": ["training"]}),), (trusted,), {}, ".changegate/trusted_root.json", root)
    return verify_statement(read_statement(value), signers, NOW)


def kinds(found: WhoSigned) -> list[str]:
    return [one.kind for one in found.doubts]


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked over a network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_a_bundle_by_a_workflow_is_verified_by_its_identity() -> None:
    found = asked(bundle())
    assert found.told == "verified by identity main of signer training"
    assert (found.job["repository"], found.job["ref"], found.job["runner"]) == (
        REPOSITORY,
        "refs/heads/main",
        "github-hosted",
    )


def test_the_same_in_an_older_form_of_bundle_with_a_chain() -> None:
    value = bundle()
    one = value["verificationMaterial"].pop("certificate")
    value["verificationMaterial"]["x509CertificateChain"] = {"certificates": [one]}
    assert asked(value).by


@pytest.mark.parametrize("said", [{"identity": WHO + "x"}, {"issuer": "https://accounts.acme.example"}])
def test_another_identity_or_issuer_is_not_the_one_that_may_sign(said: dict[str, str]) -> None:
    found = asked(bundle(), **said)
    assert (found.by, kinds(found), found.unknown) == ((), ["wrong-key"], "")


def test_the_root_of_another_instance_vouches_for_nothing() -> None:
    found = asked(bundle(), PRODUCTION)
    assert (found.by, kinds(found)) == ((), ["wrong-key"])
    assert "sigstore does not vouch for it" in found.told


@pytest.mark.parametrize(
    "root", ["", "{}", "[]", '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}']
)
def test_without_a_trust_root_nobody_can_tell(root: str) -> None:
    found = asked(bundle(), root)
    assert (found.by, found.doubts) == ((), found.doubts)
    assert "the trust root cannot be used" in found.unknown


def test_what_the_certificate_says_of_the_job_may_be_asked_for() -> None:
    assert asked(bundle(), claims={"repository": REPOSITORY, "runner": "github-hosted"}).by
    found = asked(bundle(), claims={"repository": "https://github.com/acme/models"})
    assert (found.by, kinds(found)) == ((), ["wrong-key"])
    assert f"says {REPOSITORY} of its repository" in found.told


SPANS = {
    "revoked afterwards": (Span(revoked=moment("2026-06-01T00:00:00Z")), []),
    "revoked before": (Span(revoked=moment("2026-05-13T19:23:33Z")), ["expired"]),
    "ended afterwards": (Span(ends=moment("2026-05-13T19:23:33Z")), []),
    "ended before": (Span(ends=moment("2026-05-13T19:23:32Z")), ["expired"]),
    "not begun": (Span(begins=moment("2026-05-13T19:23:34Z")), ["not-yet-valid"]),
}


@pytest.mark.parametrize("when", SPANS)
def test_it_counts_by_the_moment_that_is_vouched_for(when: str) -> None:
    span, doubts = SPANS[when]
    found = asked(bundle(), span=span)
    assert (bool(found.by), kinds(found)) == (not doubts, doubts)


def _flip(text: str) -> str:
    data = bytearray(base64.b64decode(text))
    data[len(data) // 2] ^= 1
    return base64.b64encode(bytes(data)).decode()


def _entry(value: Any) -> Any:
    return value["verificationMaterial"]["tlogEntries"][0]


def _payload(value: Any) -> None:
    statement = json.loads(base64.b64decode(value["dsseEnvelope"]["payload"]))
    statement["subject"][0]["digest"]["sha256"] = "b" * 64
    value["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()


def _signature(value: Any) -> None:
    one = value["dsseEnvelope"]["signatures"][0]
    one["sig"] = _flip(one["sig"])


def _signed_time(value: Any) -> None:
    times = value["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"]
    times[0]["signedTimestamp"] = _flip(times[0]["signedTimestamp"])


def _certificate(value: Any) -> None:
    one = value["verificationMaterial"]["certificate"]
    one["rawBytes"] = _flip(one["rawBytes"])


ATTACKS: dict[str, Callable[[Any], Any]] = {
    "another payload": _payload,
    "another signature": _signature,
    "another time": _signed_time,
    "no time": lambda value: value["verificationMaterial"].pop("timestampVerificationData"),
    "another certificate": _certificate,
    "no entry of a log": lambda value: value["verificationMaterial"].pop("tlogEntries"),
    "no entries of a log": lambda value: value["verificationMaterial"]["tlogEntries"].clear(),
    "no proof of the log": lambda value: _entry(value).pop("inclusionProof"),
    "another root of the log": lambda value: _entry(value)["inclusionProof"].update(
        rootHash=base64.b64encode(bytes(32)).decode()
    ),
    "another checkpoint": lambda value: _entry(value)["inclusionProof"]["checkpoint"].update(
        envelope="x\n1\nAA==\n\n— x AA==\n"
    ),
    "another entry": lambda value: _entry(value).update(canonicalizedBody=_flip(_entry(value)["canonicalizedBody"])),
    "another log": lambda value: _entry(value)["logId"].update(keyId=base64.b64encode(bytes(32)).decode()),
    "a signature more": lambda value: value["dsseEnvelope"]["signatures"].append(
        dict(value["dsseEnvelope"]["signatures"][0])
    ),
    "material that is none": lambda value: value["verificationMaterial"].update(tlogEntries={"a": [1]}),
    "numbers for texts": lambda value: _entry(value).update(logIndex=[1], integratedTime={}),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_was_altered_counts(attack: str) -> None:
    value = copy.deepcopy(bundle())
    ATTACKS[attack](value)
    found = asked(value)
    assert found.by == (), attack
    assert found.doubts, "it is told why"
    assert found.told.isascii()


def test_without_the_extra_it_is_unknown_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "sigstore"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sigstore", None)
    found = asked(bundle())
    assert found.by == ()
    assert "pip install 'changegate[keyless]'" in found.unknown
