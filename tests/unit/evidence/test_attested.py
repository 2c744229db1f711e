"""What attestations say of builds, verifications and tests, in the forms that tools write."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.evidence.attested import SLSA_V02, SLSA_V1, TEST_RESULT, VSA, attested_facts, repository_of
from changegate.evidence.provenance import read_statement
from changegate.evidence.verification import WhoSigned
from changegate.policy.signers import Signers, Trusted
from support.signing_attacks import sign

COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8"
SOURCE = {"repository": "https://github.com/acme/fraud", "commit": COMMIT}
SIGNERS = Signers(said={"ci": {"builders": ["https://b"], "parameters": ["workflow"], "verifiers": ["https://v"]}})
BY_CI = WhoSigned((Trusted("ci", "k", "keys", {}),))


def facts(kind: str, predicate: Any, signed: WhoSigned = BY_CI, source: Any = None) -> dict[str, Any]:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "m", "digest": {"sha256": "a" * 64}}],
        "predicateType": kind,
        "predicate": predicate,
    }
    return attested_facts(read_statement(sign(statement)), signed, SIGNERS, SOURCE if source is None else source)


def github(commit: str = COMMIT, **parameters: Any) -> dict[str, Any]:
    """As GitHub's `attest-build-provenance` writes it."""
    workflow = {
        "ref": "refs/heads/main",
        "repository": "https://github.com/acme/fraud",
        "path": ".github/workflows/t.yml",
    }
    dependency = {"uri": "git+https://github.com/acme/fraud@refs/heads/main", "digest": {"gitCommit": commit}}
    return {
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": {"workflow": workflow, **parameters},
            "resolvedDependencies": [dependency],
        },
        "runDetails": {"builder": {"id": "https://b"}},
    }


def test_a_build_of_github_by_somebody_who_may_vouch_for_it() -> None:
    assert facts(SLSA_V1, github()) == {
        "speaker": {"role": "builder", "id": "https://b", "listed": True},
        "unknownParameters": [],
        "source": {"repository": "same", "said": "github.com/acme/fraud", "commit": "same", "saidCommit": COMMIT},
        "buildLevel": 2,
    }


def test_who_signed_nothing_vouches_for_nothing() -> None:
    found = facts(SLSA_V1, github(inputs={}), WhoSigned())
    assert (found["speaker"]["listed"], found["buildLevel"]) == (False, 1)
    assert found["unknownParameters"] == ["inputs", "workflow"]


def test_an_older_build_of_slsa() -> None:
    predicate = {
        "builder": {"id": "https://b"},
        "invocation": {
            "parameters": {"entry": 1},
            "configSource": {
                "uri": "git+https://github.com/acme/fraud@refs/tags/v1",
                "digest": {"sha1": COMMIT.upper()},
            },
        },
        "materials": [{"uri": "pkg:docker/x", "digest": {"sha256": "a" * 64}}],
    }
    found = facts(SLSA_V02, predicate)
    assert found["unknownParameters"] == ["entry"]
    assert (found["source"]["repository"], found["source"]["commit"]) == ("same", "same")


@pytest.mark.parametrize(
    ("predicate", "source", "expected"),
    [
        (github("0" * 40), SOURCE, ("same", "other")),
        (github(), {"repository": "https://github.com/eve/fraud", "commit": COMMIT}, ("other", "unsaid")),
        (github(), {}, ("unsaid", "unsaid")),
        (github(), {"repository": "git@github.com:Acme/Fraud.git", "commit": COMMIT}, ("same", "same")),
        ({}, SOURCE, ("unsaid", "unsaid")),
        ({"buildDefinition": 7, "runDetails": []}, SOURCE, ("unsaid", "unsaid")),
        ({"buildDefinition": {"resolvedDependencies": [7, {"uri": 8}]}}, SOURCE, ("unsaid", "unsaid")),
    ],
)
def test_the_source_is_compared_with_the_manifests(predicate: Any, source: Any, expected: tuple[str, str]) -> None:
    found = facts(SLSA_V1, predicate, source=source)["source"]
    assert (found["repository"], found["commit"]) == expected


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        (["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_1"], 3),
        (["SLSA_BUILD_LEVEL_9"], 0),
        (["SLSA_SOURCE_LEVEL_3", "ACME_LEVEL_3", "slsa_build_level_3"], 0),
        ("SLSA_BUILD_LEVEL_3", 0),
        ([{"a": 1}], 0),
    ],
)
def test_levels_are_those_of_the_specification(levels: Any, level: int) -> None:
    said = {"verifier": {"id": "https://v"}, "verificationResult": "PASSED", "verifiedLevels": levels}
    assert facts(VSA, said)["buildLevel"] == level


@pytest.mark.parametrize(
    ("change", "level", "result"),
    [
        ({}, 3, "PASSED"),
        ({"verificationResult": "FAILED"}, 0, "FAILED"),
        ({"verificationResult": "passed"}, 0, "FAILED"),
        ({"verificationResult": None}, 0, "FAILED"),
        ({"verifier": {"id": "https://eve"}}, 0, "PASSED"),
    ],
)
def test_a_summary_counts_where_its_verifier_is_listed_and_it_passed(change: Any, level: int, result: str) -> None:
    whole = {"verifier": {"id": "https://v"}, "verificationResult": "PASSED", "verifiedLevels": ["SLSA_BUILD_LEVEL_3"]}
    found = facts(VSA, {**whole, **change})
    assert (found["buildLevel"], found["result"]) == (level, result)
    assert facts(VSA, whole, WhoSigned())["buildLevel"] == 0


@pytest.mark.parametrize(
    ("said", "result"), [("PASSED", "PASSED"), ("WARNED", "WARNED"), ("FAILED", "FAILED"), ("ok", "FAILED")]
)
def test_results_of_tests(said: str, result: str) -> None:
    assert facts(TEST_RESULT, {"result": said}) == {"result": result}


def test_other_kinds_say_nothing_of_that() -> None:
    assert facts("https://in-toto.io/attestation/release/v0.1", {"purl": "pkg:x"}) == {}
    assert facts("https://cyclonedx.org/bom", {"components": []}) == {}


@pytest.mark.parametrize(
    "uri",
    [
        "git+https://github.com/acme/fraud.git@refs/heads/main", "ssh://git@github.com/acme/fraud",
        "git@github.com:acme/fraud.git", "HTTPS://GitHub.com/acme/fraud/",
    ],
)  # fmt: skip
def test_one_repository_has_many_addresses(uri: str) -> None:
    assert repository_of(uri) == "github.com/acme/fraud"


def test_the_source_of_a_job_is_that_of_its_certificate() -> None:
    by_job = BY_CI._replace(job={"repository": "https://gitlab.com/acme/fraud", "commit": "A" * 40})
    source = {"repository": "https://gitlab.com/acme/fraud", "commit": "b" * 40}
    found = facts(SLSA_V1, {"runDetails": {"builder": {"id": "https://b"}}}, by_job, source)["source"]
    assert (found["repository"], found["commit"]) == ("same", "other")
