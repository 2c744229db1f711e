"""What an attestation says beside its subjects: who built or verified, from which source, with what, how it ended.

Sources: SLSA provenance v1 and v0.2, the SLSA verification summary (VSA) v1, in-toto's test-result v0.1. Nothing of it
is believed because it is said: `signed` says whose word it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.statements import InTotoStatement
    from changegate.evidence.verification import WhoSigned
    from changegate.policy.signers import Signers

SLSA_V1, SLSA_V02 = "https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"
VSA = "https://slsa.dev/verification_summary/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
_LONGEST = 200
_MOST = 20


class Source(NamedTuple):
    """A repository that went into a build, and its commit."""

    repository: str
    """Without its scheme, `.git` and what follows an `@`; empty where it is none of git."""
    commit: str
    """Empty where it is not said."""


def attested_facts(
    statement: InTotoStatement, signed: WhoSigned, signers: Signers, source: Mapping[str, Any]
) -> dict[str, Any]:
    """What a statement says, held against the signers' lists and the manifest's source.

    Args:
        statement: The statement.
        signed: Who signed it.
        signers: Whom the base names.
        source: `spec.provenance.source` of the manifest.

    Returns:
        The facts; none where its kind says nothing of all that.
    """
    said = statement.predicate if isinstance(statement.predicate, dict) else {}
    if statement.predicate_type in (SLSA_V1, SLSA_V02):
        return _of_build(statement.predicate_type, said, signed, signers, source)
    if statement.predicate_type == VSA:
        return _of_summary(said, signed, signers)
    if statement.predicate_type == TEST_RESULT:
        return {"result": _result(said.get("result"))}
    return {}


def _of_build(
    kind: str, said: Mapping[str, Any], signed: WhoSigned, signers: Signers, source: Mapping[str, Any]
) -> dict[str, Any]:
    run = _at(said, "runDetails") if kind == SLSA_V1 else said
    sources = [*_sources(kind, said), *_source_of_job(signed)]
    builder = _text(_at(run, "builder").get("id"))
    is_listed = builder in _listed(signed, signers, "builders")
    unknown = set(_parameters(kind, said)) - _listed(signed, signers, "parameters")
    return {
        "speaker": {"role": "builder", "id": builder or "nobody", "listed": is_listed},
        "unknownParameters": sorted(unknown)[:_MOST],
        "source": _compared(sources, source),
        "buildLevel": 2 if signed.by and is_listed else 1,
    }


def _of_summary(said: Mapping[str, Any], signed: WhoSigned, signers: Signers) -> dict[str, Any]:
    verifier = _text(_at(said, "verifier").get("id"))
    is_listed = verifier in _listed(signed, signers, "verifiers")
    result = _result(said.get("verificationResult"))
    counts = bool(signed.by) and is_listed and result == "PASSED"
    return {
        "speaker": {"role": "verifier", "id": verifier or "nobody", "listed": is_listed},
        "result": result,
        "buildLevel": _level(said.get("verifiedLevels")) if counts else 0,
    }


def _level(levels: Any) -> int:
    """The highest level of the build track that a summary states; levels of other tracks and names are none."""
    found = (re.fullmatch(r"SLSA_BUILD_LEVEL_([0-3])", str(one)) for one in levels) if isinstance(levels, list) else ()
    return max((int(one[1]) for one in found if one), default=0)


def _result(value: Any) -> str:
    """How it ended; what is none of the words of the specification is a failure."""
    return value if value in ("PASSED", "WARNED") else "FAILED"


def _listed(signed: WhoSigned, signers: Signers, key: str) -> set[str]:
    """What those who signed may vouch for."""
    return {one for signer in signed.signers for one in signers.list_of(signer, key) or ()}


def _parameters(kind: str, said: Mapping[str, Any]) -> list[str]:
    above, key = ("buildDefinition", "externalParameters") if kind == SLSA_V1 else ("invocation", "parameters")
    return [_text(one) for one in _at(_at(said, above), key)]


def _source_of_job(signed: WhoSigned) -> Iterator[Source]:
    """The source that the certificate of the job says: of GitHub and GitLab, by an authority that is trusted."""
    if "repository" in signed.job:
        yield Source(repository_of(signed.job["repository"]), signed.job.get("commit", "").lower())


def _sources(kind: str, said: Mapping[str, Any]) -> Iterator[Source]:
    """The repositories of git that a build says it was made from."""
    definition = _at(said, "buildDefinition")
    used = definition.get("resolvedDependencies") if kind == SLSA_V1 else said.get("materials")
    for one in used if isinstance(used, list) else ():
        if isinstance(one, dict):
            yield from _source(one)
    if kind == SLSA_V02:
        yield from _source(_at(_at(said, "invocation"), "configSource"))
    workflow = _at(_at(definition, "externalParameters"), "workflow")
    if workflow:
        yield Source(repository_of(_text(workflow.get("repository"))), "")


def _source(one: Mapping[str, Any]) -> Iterator[Source]:
    digests, uri = _at(one, "digest"), _text(one.get("uri"))
    commit = _text(digests.get("gitCommit") or digests.get("sha1"))
    if uri.startswith("git+") or "gitCommit" in digests:
        yield Source(repository_of(uri), commit.lower())


def repository_of(uri: str) -> str:
    """A repository's address in one form: without scheme, user, `.git`, reference and letters' case."""
    plain = re.sub(r"^(git\+)?[a-z]+://", "", uri.strip().casefold())
    plain = re.sub(r"^[^/@]*@", "", plain).replace(":", "/", 1) if re.match(r"^[^/]*@", plain) else plain
    return re.split(r"[@#?]", plain)[0].rstrip("/").removesuffix(".git")


def _compared(found: list[Source], stated: Mapping[str, Any]) -> dict[str, str]:
    """Whether a build says the source that the manifest says: `same`, `other`, or `unsaid` by one of the two."""
    repository, commit = repository_of(str(stated.get("repository", ""))), str(stated.get("commit", "")).lower()
    said = [one for one in found if one.repository]
    mine = [one for one in said if one.repository == repository]
    commits = sorted({one.commit for one in mine if one.commit})
    facts = {"repository": "unsaid", "commit": "unsaid"}
    if said and repository:
        facts = {"repository": "same" if mine else "other", "commit": "unsaid"}
        facts["said"] = (mine or said)[0].repository[:_LONGEST]
    if commits and commit:
        facts |= {"commit": "same" if commit in commits else "other", "saidCommit": commits[0][:_LONGEST]}
    return facts


def _at(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
