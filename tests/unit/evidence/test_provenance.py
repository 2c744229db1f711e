"""Facts of provenance, and what vouches for it: every way in which a file can fail to be what the manifest says."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from changegate.evidence.provenance import collect, read_statement
from changegate.evidence.statements import LONGEST, decode
from changegate.evidence.unsound import Unsound
from changegate.manifest import parse
from changegate.policy.signers import Cover, Signers, Trusted
from changegate.resources import FIXTURES, SCHEMAS
from support.rollouts import fraud
from support.signing_attacks import private_key, public_pem, sign
from support.trees import request

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((SCHEMAS / "input" / "provenance.json").read_text())
SLSA = "https://slsa.dev/provenance/v1"
DIGEST = "sha256:" + "a" * 64
LOCK, SIGNATURE, ATTESTATION = "locks/uv.lock", "evidence/model.sig", "evidence/provenance.dsse.json"
AT = ["spec", "provenance", "attestations", 0]
NAMED = {"message": "where the manifest names it", "path": AT}


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def statement(**over: Any) -> dict[str, Any]:
    subject = [{"name": "model.safetensors", "digest": {"sha256": "A" * 64}}]
    whole = {"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicateType": SLSA, "predicate": {}}
    return {key: value for key, value in {**whole, **over}.items() if value is not None}


def built(started: Any = None, finished: Any = None) -> dict[str, Any]:
    said = {"startedOn": started, "finishedOn": finished}
    return statement(predicate={"runDetails": {"metadata": {key: at for key, at in said.items() if at is not None}}})


def envelope(payload: Any = None, **over: Any) -> dict[str, Any]:
    data = payload if isinstance(payload, bytes) else json.dumps(payload or statement()).encode()
    whole = {
        "payload": base64.b64encode(data).decode(),
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"sig": "MEUC", "keyid": ""}],
    }
    return {key: value for key, value in {**whole, **over}.items() if value is not None}


def written(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def files(**over: bytes) -> dict[str, bytes]:
    whole = {
        "lock": b"version = 1\n",
        "signature": written({"dsseEnvelope": envelope()}),
        "attestation": written(envelope()),
    }
    names = {"lock": LOCK, "signature": SIGNATURE, "attestation": ATTESTATION}
    return {names[key]: value for key, value in {**whole, **over}.items()}


def release(data: dict[str, bytes]) -> dict[str, Any]:
    """The fraud detector with a provenance that is right for these files."""
    made = fraud()
    made["spec"]["artifacts"][0]["digest"] = DIGEST
    made["spec"]["provenance"] = {
        "source": {"repository": "https://github.com/acme/fraud", "commit": "0" * 40},
        "trainingRun": {"uri": "https://mlflow.acme.example", "runId": "7f3a"},
        "trainingData": [{"name": "transactions", "digest": DIGEST}],
        "environment": {
            "image": f"registry.acme.example/training@{DIGEST}",
            "lockfile": {"path": LOCK, "digest": sha256(data[LOCK])},
            "seed": 0,
        },
        "signature": {"path": SIGNATURE, "digest": sha256(data[SIGNATURE])},
        "attestations": [{"predicateType": SLSA, "path": ATTESTATION, "digest": sha256(data[ATTESTATION])}],
    }
    return made


def checked(made: dict[str, Any], data: dict[str, bytes], handed_in: Path | None = None) -> tuple[Any, Any]:
    section = collect(request(made, data, handed_in=handed_in))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        whole = {**SCHEMA, "$ref": f"#/$defs/{name}"}
        jsonschema.Draft202012Validator(whole).validate(value)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return section.evidence, section.facts


def attested(data: bytes, name: str = ATTESTATION) -> tuple[Any, Any]:
    """The entry of an attestation with these bytes, and the facts."""
    whole = {**files(), name: data}
    made = release({**whole, ATTESTATION: data})
    made["spec"]["provenance"]["attestations"][0]["path"] = name
    evidence, facts = checked(made, whole)
    return evidence["attestations"]["files"][0], facts


def test_everything_stated_and_there() -> None:
    evidence, facts = checked(release(files()), files())
    assert evidence["status"] == "present"
    entries = [evidence["lockfile"], evidence["signature"], *evidence["attestations"]["files"]]
    assert [entry["status"] for entry in entries] == ["present"] * 3
    assert facts == {
        "block": "present",
        "trained": True,
        "source": {"repositoryStated": True, "commitStated": True, "commitHexDigitsCount": 40},
        "trainingRun": {"stated": True},
        "trainingData": [{"name": "transactions", "algorithm": "sha256"}],
        "environment": {"imagePinned": True, "seedStated": True},
        "attestations": [
            {
                "predicateType": SLSA,
                "boundTo": [{"artifact": "model", "algorithm": "sha256"}],
                "place": {"at": {"file": ATTESTATION, "revision": "head", "path": ["payload"]}},
            }
        ],
        "signed": [
            unverified("signature", SIGNATURE, ["dsseEnvelope", "payload"], ["spec", "provenance", "signature"]),
            unverified("attestation", ATTESTATION, ["payload"], AT),
        ],
        "covers": [],
        "signedEvidence": [],
        "moments": [],
        "order": [],
    }


def unverified(what: str, file: str, path: list[str], named: list[Any]) -> dict[str, Any]:
    """What is said of a statement where nobody is named who may sign."""
    beside = {"message": "where the manifest names it", "path": named}
    place = {"at": {"file": file, "revision": "head", "path": path}, "related": [beside]}
    told = "read, not verified: nobody is named who may sign"
    nobody = {"verified": False, "told": told, "signers": [], "covers": [], "doubts": []}
    bound: dict[str, Any] = {"method": "files", "bound": ["model"], "algorithms": ["sha256"]}
    empty = {key: [] for key in ("unsigned", "altered", "extra", "missing", "duplicates", "ignored")}
    model = {"model": {**bound, **empty}} if what == "signature" else {}
    attested = {
        "about": ["model"],
        "speaker": {"role": "builder", "id": "nobody", "listed": False},
        "unknownParameters": [],
        "source": {"repository": "unsaid", "commit": "unsaid"},
        "buildLevel": 1,
    }
    return {"what": what, "predicateType": SLSA, **nobody, **model, "attested": attested, "place": place}


def test_no_signature_is_called_verified_where_nobody_is_named() -> None:
    for made, data in ((release(files()), files()), (fraud(), {}), (release(files()), {})):
        evidence, _ = checked(made, data)
        assert evidence["signature"]["verified"] is False
        assert {entry["verified"] for entry in evidence["attestations"]["files"]} <= {False}
        assert evidence["signature"]["told"].startswith("read, not verified: ")


def test_nothing_stated() -> None:
    evidence, facts = checked(fraud(), {})
    assert (evidence["status"], evidence["reason"]) == ("absent", "the manifest has no `provenance`")
    assert [evidence[key]["status"] for key in ("lockfile", "signature", "attestations")] == ["absent"] * 3
    assert facts["source"] == {"repositoryStated": False, "commitStated": False}
    assert (facts["trainingRun"], facts["trainingData"], facts["attestations"]) == ({"stated": False}, [], [])
    assert facts["environment"] == {
        "imagePinned": False,
        "imageReason": "the manifest names none",
        "seedStated": False,
    }


@pytest.mark.parametrize(
    ("artifact", "trained"),
    [
        ({"role": "model", "hosted": {"provider": "acme", "model": "large"}}, False),
        ({"role": "adapter", "hosted": {"provider": "acme", "model": "tuned"}}, True),
        ({"role": "prompt", "uri": "s3://prompts/1"}, False),
        ({"role": "prompt", "uri": "s3://prompts/system.v2.txt"}, False),
        ({"role": "prompt", "uri": "s3://models/1/model.safetensors"}, True),
        ({"role": "prompt", "uri": "s3://models/1", "path": "models/a/weights.BIN"}, True),
        ({"role": "prompt", "uri": "s3://models/1", "format": "saved-model"}, True),
        ({"role": "tokenizer", "uri": "s3://tokenizers/1"}, True),
    ],
)
def test_what_does_not_apply_says_whether_anything_was_trained(artifact: dict[str, Any], trained: bool) -> None:
    made = fraud()
    made["spec"]["artifacts"] = [{"name": "one", **artifact}]
    made["spec"]["provenance"] = {"notApplicable": "the provider trained it"}
    evidence, facts = checked(made, {})
    assert (evidence["status"], evidence["reason"]) == ("absent", "the provider trained it")
    assert (facts["block"], facts["trained"]) == ("not-applicable", trained)


@pytest.mark.parametrize(("commit", "count"), [("0" * 64, 64), ("9fceb02", 7), ("g" * 40, 0), ("0" * 40 + "\n", 0)])
def test_hex_digits_of_a_commit(commit: str, count: int) -> None:
    made = release(files())
    made["spec"]["provenance"]["source"]["commit"] = commit
    assert checked(made, files())[1]["source"]["commitHexDigitsCount"] == count


@pytest.mark.parametrize(
    "image",
    [
        "training:latest",
        f"training@{DIGEST}\n",
        f"training@{DIGEST}0",
        "training@sha256:abc",
        f"@{DIGEST}",
        f"a@b@{DIGEST}",
        f"training@{DIGEST.upper()}",
        f"Training@{DIGEST}",
        "training@sha256:" + "A" * 64,
        "training@sha256:" + "0" * 64,
        f"training@{sha256(b'')}",
    ],
)
def test_an_image_that_is_not_named_by_its_digest(image: str) -> None:
    made = release(files())
    made["spec"]["provenance"]["environment"]["image"] = image
    assert checked(made, files())[1]["environment"]["imagePinned"] is False


def test_training_data_by_algorithm() -> None:
    made = release(files())
    made["spec"]["provenance"]["trainingData"] = [
        {"name": "a", "digest": "md5:" + "1" * 32},
        {"name": "b"},
        {"name": "empty", "digest": sha256(b"")},
        {"name": "zeros", "digest": "sha256:" + "0" * 64},
    ]
    known, *others = checked(made, files())[1]["trainingData"]
    assert known == {"name": "a", "algorithm": "md5"}
    assert others == [{"name": "b"}, {"name": "empty"}, {"name": "zeros"}]


@pytest.mark.parametrize(
    ("part", "path"),
    [("environment", ["environment", "lockfile"]), ("signature", ["signature"])],
    ids=["lock", "signature"],
)
@pytest.mark.parametrize(
    ("reference", "key", "reason"),
    [
        ({"digest": DIGEST}, "digest", "has the digest"),
        ({"digest": "md5:" + "0" * 32}, "digest", "which is not checked"),
        ({"digest": None}, "digest", "no digest is given for"),
        ({"path": "gone"}, "path", "gone is not in the repository"),
    ],
)
def test_a_file_that_is_not_the_one_named(
    part: str, path: list[str], reference: dict[str, Any], key: str, reason: str
) -> None:
    made = release(files())
    block = made["spec"]["provenance"]
    stated = block["environment"]["lockfile"] if part == "environment" else block["signature"]
    stated |= reference
    if stated["digest"] is None:
        del stated["digest"]
    entry = checked(made, files())[0][path[-1]]
    assert entry["status"] in {"absent", "invalid"}
    assert reason in entry["reason"]
    assert entry["place"].pop("related", []) == there_is(entry)
    assert entry["place"] == {"path": ["spec", "provenance", *path, key]}


def there_is(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands beside a file that is not the one named: the file, where one was read."""
    found = entry["status"] == "invalid" and "file" in entry
    return [{"message": "the file itself", "at": {"file": entry["file"], "revision": "head"}}] if found else []


@pytest.mark.parametrize(
    ("lock", "why"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"<!DOCTYPE html><title>Sign in</title>", "begins like a page of HTML")],
)
def test_a_lockfile_that_pins_nothing(lock: bytes, why: str) -> None:
    data = files(lock=lock)
    evidence, _ = checked(release(data), data)
    assert evidence["lockfile"]["status"] == "invalid"
    assert why in evidence["lockfile"]["reason"]


def test_what_ci_hands_in_counts_for_signatures_and_not_for_lockfiles(tmp_path: Path) -> None:
    for name, data in files().items():
        (tmp_path / name.rpartition("/")[2]).write_bytes(data)
    evidence, facts = checked(release(files()), {}, handed_in=tmp_path)
    assert evidence["lockfile"]["status"] == "absent"
    assert (evidence["signature"]["status"], evidence["signature"]["source"]) == ("present", "handed-in")
    assert evidence["attestations"]["status"] == "present"
    assert facts["attestations"][0]["place"] == {"path": AT}


def test_a_fault_in_what_was_handed_in_stands_at_the_reference(tmp_path: Path) -> None:
    broken = written(envelope(signatures=[]))
    (tmp_path / "attestation").write_bytes(broken)
    evidence, _ = checked(release(files(attestation=broken)), {}, handed_in=tmp_path)
    assert evidence["attestations"]["files"][0]["place"] == {"path": AT}  # no file of the repository is at fault


@pytest.mark.parametrize(
    ("reference", "status", "key", "reason"),
    [
        ({"path": ATTESTATION, "digest": DIGEST}, "invalid", "digest", "has the digest"),
        ({"path": ATTESTATION}, "invalid", "digest", "no digest is given"),
        ({"path": "gone.json", "digest": DIGEST}, "absent", "path", "is not in the repository"),
        ({"uri": "https://a.example/b", "digest": DIGEST}, "unavailable", "uri", "was not handed in"),
        ({"uri": "https://a.example/b"}, "invalid", "digest", "no digest is given"),
        ({"digest": DIGEST}, "invalid", "path", "it names no file"),
        ({}, "invalid", "path", "it names no file"),
    ],
)
def test_an_attestation_that_is_not_found(reference: dict[str, Any], status: str, key: str, reason: str) -> None:
    made = release(files())
    made["spec"]["provenance"]["attestations"] = [{"predicateType": SLSA, **reference}]
    evidence, facts = checked(made, files())
    entry = evidence["attestations"]["files"][0]
    assert entry["place"].pop("related", []) == there_is(entry)
    assert (entry["status"], entry["place"]) == (status, {"path": [*AT, key]})
    assert reason in entry["reason"]
    assert facts["attestations"] == []


def test_one_that_cannot_be_seen_makes_the_whole_unavailable_and_the_others_count() -> None:
    made = release(files())
    made["spec"]["provenance"]["attestations"].append(
        {"predicateType": SLSA, "uri": "https://a.example/b", "digest": DIGEST}
    )
    evidence, facts = checked(made, files())
    assert evidence["attestations"]["status"] == "unavailable"
    assert len(facts["attestations"]) == 1


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        ([], [], "no DSSE envelope"),
        (statement(), [], "no DSSE envelope"),
        ({"payload": "e30="}, [], "no DSSE envelope"),
        ({"dsseEnvelope": 1}, ["dsseEnvelope"], "no DSSE envelope"),
        (envelope(payloadType="application/json"), ["payloadType"], "`payloadType` is not"),
        (envelope(payloadType=7), ["payloadType"], "`payloadType` is not"),
        (envelope(signatures=[]), ["signatures"], "carries no signature"),
        (envelope(signatures={"sig": "MEUC"}), ["signatures"], "carries no signature"),
        (envelope(signatures=["MEUC"]), ["signatures", 0], "has no `sig`"),
        (envelope(signatures=[{"sig": ""}]), ["signatures", 0, "sig"], "`sig` is empty"),
        (envelope(signatures=[{"sig": "ME UC"}]), ["signatures", 0, "sig"], "`sig` is no base64"),
        (envelope(b"{"), ["payload"], "the payload cannot be read"),
        (envelope(b'{"a": 1, "a": 2}'), ["payload"], "stands here a second time"),
        (envelope(b"\xff"), ["payload"], "the payload cannot be read"),
        (envelope(b"[" * 100_000), ["payload"], "the payload cannot be read"),
        (envelope(b"[1]"), ["payload"], "no in-toto statement"),
        (envelope(statement(_type="https://in-toto.io/Link/v1")), ["payload"], "no in-toto statement"),
        (envelope(statement(_type=[])), ["payload"], "no in-toto statement"),
        (envelope(statement(predicateType=None)), ["payload"], "no `predicateType`"),
        (envelope(statement(predicateType={})), ["payload"], "no `predicateType`"),
        (envelope(statement(subject=[])), ["payload"], "no `subject`"),
        (envelope(statement(subject={"digest": {}})), ["payload"], "no `subject`"),
        (envelope(statement(subject=[{"name": "a"}])), ["payload"], "has no `digest`"),
        (envelope(statement(subject=[{"digest": {"sha256": 7}}])), ["payload"], "has no `digest`"),
        (envelope(statement(subject=["a"])), ["payload"], "has no `digest`"),
        (envelope(statement(predicateType="https://slsa.dev/provenance/v0.2")), ["payload"], "its predicateType is"),
        (envelope(statement(predicateType="\u202e" * 200)), ["payload"], "its predicateType is `\\u202e"),
        (envelope(statement(predicateType="\ud800")), ["payload"], "the payload cannot be read"),
        (envelope(built("2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z")), ["payload"], "finished before it started"),
        (envelope(built("2026-02-30T00:00:00Z")), ["payload"], "`startedOn` of its build is no moment"),
        (envelope(built(7)), ["payload"], "`startedOn` of its build is no moment"),
        (envelope(built("2027-01-01T00:00:00Z")), ["payload"], "its build lies in the future"),
    ],
)
def test_an_attestation_that_is_none(value: Any, path: list[str | int], reason: str) -> None:
    entry, facts = attested(written(value))
    assert entry["status"] == "invalid"
    assert reason in entry["reason"]
    assert entry["place"] == {"at": {"file": ATTESTATION, "revision": "head", "path": path}, "related": [NAMED]}
    assert facts["attestations"] == []


@pytest.mark.parametrize(
    ("data", "line"), [(b'{"payload": 1,\n"payload": 2}', 2), (b'{\n"payload": \n}', 3), (b"\xff", 1), (b"", 1)]
)
def test_a_file_that_cannot_be_read_is_placed_on_its_line(data: bytes, line: int) -> None:
    entry, _ = attested(data)
    assert entry["status"] == "invalid"
    assert entry["place"]["at"]["line"] == line


def test_a_file_that_is_too_large_has_no_line() -> None:
    entry, _ = attested(b" " * (1024 * 1024 + 1))
    assert entry["place"] == {"at": {"file": ATTESTATION, "revision": "head", "path": []}, "related": [NAMED]}


def test_a_name_that_does_not_end_in_json_is_read_as_json_all_the_same() -> None:
    entry, facts = attested(b'{\t"dsseEnvelope":\t' + written(envelope()) + b"}", "evidence/build.sigstore")
    assert entry["status"] == "present"
    assert facts["attestations"][0]["place"]["at"]["path"] == ["dsseEnvelope", "payload"]
    entry, _ = attested(b"payload: e30=\npayloadType: x\nsignatures: []\n", "evidence/build.yaml")
    assert entry["status"] == "invalid"


def test_subjects_are_matched_by_digest_alone() -> None:
    other = [{"name": "model", "digest": {"sha256": "b" * 64}}, {"name": "a", "digest": {"sha512": "a" * 64}}]
    assert attested(written(envelope(statement(subject=other))))[1]["attestations"][0]["boundTo"] == []


def test_a_release_without_digests_is_bound_to_nothing() -> None:
    made = release(files())
    del made["spec"]["artifacts"][0]["digest"]
    assert checked(made, files())[1]["attestations"][0]["boundTo"] == []


@pytest.mark.parametrize(
    ("text", "data"), [("-_-_", b"\xfb\xff\xbf"), ("+/+/", b"\xfb\xff\xbf"), ("YQ", b"a"), ("YQ==", b"a")]
)
def test_base64_in_both_alphabets(text: str, data: bytes) -> None:
    assert decode(text, ("payload",)) == data


@pytest.mark.parametrize(
    "text", ["", "====", "Y", "+-+-", "YQ==\n", "YQ==YQ==", "é", "\ud800", 7, None, ["YQ=="], "A" * (LONGEST + 1)]
)
def test_what_is_no_base64_is_refused(text: Any) -> None:
    with pytest.raises(Unsound):
        decode(text, ("payload",))


@pytest.mark.parametrize(
    "name", sorted(path.parent.parent.name for path in FIXTURES.glob("gitops-repo/models/*/evidence/model.sig"))
)
def test_the_releases_of_the_fixtures(name: str) -> None:
    root = FIXTURES / "gitops-repo"
    data = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    path = f"models/{name}/manifest.yaml"
    evidence, facts = checked(parse(data[path], path).documents[0].value, data)
    entries = [evidence["lockfile"], evidence["signature"], *evidence["attestations"]["files"]]
    assert {entry["status"] for entry in entries} == {"present"}
    assert all(one["boundTo"] for one in facts["attestations"])


def test_a_statement_of_the_older_version_is_read() -> None:
    assert read_statement(envelope(statement(_type="https://in-toto.io/Statement/v0.1"))).predicate_type == SLSA


# Moments, and their order

REPORT = "evidence/evaluation.json"
REPORT_VALUE = {
    "schemaVersion": 1,
    "evaluatedAt": "2026-10-25T00:00:00Z",
    "dataset": {"name": "d", "sampleCount": 9},
    "metrics": [{"name": "auc", "value": 0.9, "higherIsBetter": True}],
}


def timed(snapshot: str, data: dict[str, bytes]) -> tuple[Any, Any]:
    """The facts of a release whose data was taken at a moment, beside a report of the 25th of October."""
    data = {**data, REPORT: written(REPORT_VALUE)}
    made = release(data)
    made["spec"]["provenance"]["trainingData"][0]["snapshotAt"] = snapshot
    made["spec"]["evaluation"] = {"evidence": [{"path": REPORT, "digest": sha256(data[REPORT])}]}
    facts = checked(made, data)[1]
    return facts["moments"], facts["order"]


@pytest.mark.parametrize(
    ("snapshot", "status"),
    [
        ("2026-10-01T00:00:00Z", "past"),
        ("2026-11-02T12:00:00Z", "past"),
        ("2026-11-02T12:00:01Z", "future"),
        ("2026-11-02T12:00:01+00:01", "past"),
        ("2026-02-30T00:00:00Z", "none"),
        ("2026-10-01T24:00:01Z", "none"),
        ("2026-10-01T00:00:00+25:00", "none"),
    ],
)
def test_a_moment_exists_and_is_past(snapshot: str, status: str) -> None:
    (fact,), _ = timed(snapshot, files())
    path = ["spec", "provenance", "trainingData", 0, "snapshotAt"]
    assert fact == {"name": "snapshotAt of transactions", "status": status, "place": {"path": path}}


def test_data_is_taken_before_the_build_ends_and_before_a_report_is_made() -> None:
    run = built("2026-10-19T00:00:00Z", "2026-10-20T00:00:00Z")
    _, order = timed("2026-10-22T00:00:00Z", files(attestation=written(envelope(run))))
    assert [(one["earlier"], one["later"], one["gapSeconds"], one["behindSeconds"]) for one in order] == [
        ("snapshotAt of transactions", f"the build's end of {ATTESTATION}", -172_800, 172_800),
        ("snapshotAt of transactions", f"evaluatedAt of {REPORT}", 259_200, 0),
    ]


def test_a_build_of_slsa_0_2_says_when_it_was() -> None:
    metadata = {"buildStartedOn": "2026-10-26T00:00:00Z", "buildFinishedOn": "2026-10-27T00:00:00Z"}
    old = statement(predicate={"metadata": metadata})
    _, order = timed("2026-10-01T00:00:00Z", files(attestation=written(envelope(old))))
    assert [(one["earlier"], one["behindSeconds"]) for one in order] == [
        ("snapshotAt of transactions", 0),
        (f"the build's beginning of {ATTESTATION}", 86_400),
    ]
    assert order[-1]["place"] == {"at": {"file": REPORT, "revision": "head", "path": ["evaluatedAt"]}}


def test_what_is_not_stated_has_no_order() -> None:
    assert timed("2026-02-30T00:00:00Z", files())[1] == []


OTHER = "https://in-toto.io/attestation/release/v0.1"
BUNDLE = "evidence/provenance.intoto.jsonl"


def bundle(*values: Any) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in values)


def foreign() -> dict[str, Any]:
    return statement(subject=[{"name": "other", "digest": {"sha256": "b" * 64}}])


def at_line(number: int) -> dict[str, Any]:
    return {"at": {"file": BUNDLE, "revision": "head", "line": number, "column": 1}}


@pytest.mark.parametrize("name", [BUNDLE, "evidence/attestations.json", "evidence/bundle"])
def test_of_a_bundle_the_lines_of_the_named_type_count(name: str) -> None:
    data = bundle(envelope(statement(predicateType=OTHER)), b"", {"dsseEnvelope": envelope()}, b" \r", b"")
    entry, facts = attested(data, name)
    assert (entry["status"], entry["verified"]) == ("present", False)
    (one,) = facts["attestations"]
    assert (one["predicateType"], len(one["boundTo"])) == (SLSA, 1)
    assert one["place"] == {"at": {"file": name, "revision": "head", "line": 3, "column": 1}}


@pytest.mark.parametrize("name", [BUNDLE, ATTESTATION])
def test_a_bundle_of_one_line_is_the_file(name: str) -> None:
    _, facts = attested(bundle(b"", envelope(), b""), name)
    assert len(facts["attestations"][0]["boundTo"]) == 1


def test_of_several_of_a_type_those_on_this_release_count() -> None:
    _, facts = attested(bundle(envelope(foreign()), envelope(), envelope(foreign()), envelope()), BUNDLE)
    assert [(one["place"], len(one["boundTo"])) for one in facts["attestations"]] == [(at_line(2), 1), (at_line(4), 1)]


def test_where_none_of_the_type_is_on_this_release_one_is_told_as_about_another() -> None:
    ours = envelope(statement(predicateType=OTHER))
    _, facts = attested(bundle(ours, envelope(foreign()), envelope(foreign())), BUNDLE)
    (one,) = facts["attestations"]
    assert one["boundTo"] == []
    assert one["place"].pop("related")
    assert one["place"] == at_line(2)


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (bundle(envelope(), b"{"), "on line 2, this is not valid JSON", 2),
        (bundle(b"{", envelope()), "on line 1, this is not valid JSON", 1),
        (bundle(envelope(), b"", b'{"a": 1, "a": 2}'), "on line 3, the key 'a' stands here a second time", 3),
        (bundle(envelope(), b'{"a": NaN}'), "on line 2, NaN is no finite number", 2),
        (bundle(envelope(), envelope(signatures=[])), "on line 2, the envelope carries no signature", 2),
        (bundle(envelope(), [1]), "on line 2, it is no DSSE envelope", 2),
        (bundle(envelope(), {"dsseEnvelope": 1}), "on line 2, it is no DSSE envelope", 2),
        (bundle(envelope(), envelope(b"[]")), "on line 2, the payload is no in-toto statement", 2),
        (bundle(envelope(), envelope(built(finished="2027-01-01T00:00:00Z"))), "its build lies in the future", 2),
        (bundle(*[envelope(statement(predicateType=OTHER))] * 5), f"its predicateType is `{OTHER}` and others", 1),
        (bundle(*[envelope()] * 257), "more than 256 lines", 257),
    ],
)
def test_a_line_that_is_wrong_makes_the_bundle_invalid_at_that_line(data: bytes, reason: str, line: int) -> None:
    entry, facts = attested(data, BUNDLE)
    assert (entry["status"], facts["attestations"]) == ("invalid", [])
    assert reason in entry["reason"]
    assert (entry["place"]["at"]["file"], entry["place"]["at"]["line"]) == (BUNDLE, line)


@pytest.mark.parametrize("data", [b"", b"\n\n", bundle(envelope(), b"\xff"), bundle(envelope(), b'"\xe2\x80\x8b"')])
def test_a_bundle_that_is_no_text_or_empty_is_invalid(data: bytes) -> None:
    assert attested(data, BUNDLE)[0]["status"] == "invalid"


def test_a_signature_may_be_a_bundle_too() -> None:
    good, broken = (files(signature=bundle(envelope(), one)) for one in (envelope(foreign()), envelope(signatures=[])))
    assert checked(release(good), good)[0]["signature"]["status"] == "present"
    assert checked(release(broken), broken)[0]["signature"]["status"] == "invalid"


def test_a_fault_in_a_bundle_that_was_handed_in_stands_at_the_reference(tmp_path: Path) -> None:
    for broken in (bundle(envelope(), b"{"), bundle(envelope(), envelope(signatures=[]))):
        (tmp_path / "attestation").write_bytes(broken)
        evidence, _ = checked(release(files(attestation=broken)), {}, handed_in=tmp_path)
        entry = evidence["attestations"]["files"][0]
        assert (entry["place"], entry["reason"].partition("on ")[2][:6]) == ({"path": AT}, "line 2")


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_report_is_bound_by_the_signature_of_a_statement_on_it(is_signed: bool) -> None:
    report = "sha256:" + "d" * 64
    subject = [{"name": "evaluation.json", "digest": {"sha256": ("d" if is_signed else "e") * 64}}]
    data = files(attestation=written(sign(statement(subject=subject))))
    made = release(data)
    made["spec"]["evaluation"] = {"evidence": [{"path": "evidence/evaluation.json", "digest": report}]}
    key = {"publicKey": public_pem(private_key())}
    signers = Signers((Cover({"anyOf": ["ci"]}),), (Trusted("ci", "k", "keys", key),))
    facts = collect(request(made, data, signers=signers)).facts
    place = {"path": ["spec", "evaluation", "evidence", 0]}
    expected = {"section": "evaluation", "digest": report, "signers": ["ci"] if is_signed else [], "place": place}
    assert facts["signedEvidence"] == [expected]
