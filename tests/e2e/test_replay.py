"""A record is decided again from that file alone, by the policies in it, on either engine; what was changed is told."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate.rego.bundle import Bundle, Module
from changegate.report.parts import by_key, digest_of
from changegate.verdict import DecidingPolicies
from support import tools
from support.again import tampered
from support.command import changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.command import Run

CONFIG = ".changegate/config.yaml"
SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")
RULE = "rollout/bake-too-short"
OWN = """\
package main

deny contains msg if {
	input.metadata.name == "fraud-detector"
	time.now_ns() > 0
	msg := "not today"
}
"""
STRICT = {
    "owners": ["payments-ml"], "tiers": ["high"], "reason": "the desk has agreed to that",
    "settings": {"rollout": {"minimumBakeSeconds": {"high": 36_000}}},
}  # fmt: skip


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def recorded(hosted: Hosted, *edits: tuple[str, str]) -> Path:
    """The record of a pull request that everybody has approved."""
    text = (hosted.path / FRAUD).read_text()
    for find, replace in (("version: 2.4.0", "version: 2.4.1"), ("to: 2.3.1", "to: 2.4.0"), *edits):
        assert text.count(find) == 1
        text = text.replace(find, replace)
    hosted.judge(hosted.propose({FRAUD: text}), "-o", f"record={hosted.folder}/record.json")
    return hosted.folder / "record.json"


def replayed(record: Path, *more: str) -> Run:
    """`replay`, in an empty folder: it may read nothing else."""
    elsewhere = record.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    return changegate("replay", record, *more, cwd=elsewhere)


@pytest.mark.parametrize("engine", ["embedded", "opa"])
def test_a_record_comes_to_the_same_verdict_again(engine: str, hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "opa":
        monkeypatch.setenv("PATH", str(Path(tools.opa()).parent), prepend=":")
    config = yaml.safe_load((hosted.path / CONFIG).read_text())
    files = {CONFIG: yaml.safe_dump({**config, "overrides": [STRICT]}), ".changegate/policies/main.rego": OWN}
    hosted.repo.commit(files, "own policies, and stricter thresholds for one team")
    hosted.protect()
    run = replayed(recorded(hosted, SHORT), "--engine", engine, "-o", "json")
    told = json.loads(run.out)
    assert (run.code, told["same"], told["verdict"], told["differences"]) == (0, True, "closed", [])
    assert (told["questions"], told["subjects"]) == (3, 2)  # twice of the release, for the thresholds of its tier
    assert told["engine"].startswith(engine)


def test_it_says_so_in_a_sentence(hosted: Hosted) -> None:
    run = replayed(recorded(hosted, SHORT))
    assert run.code == 0
    assert run.out.startswith(
        "the same verdict, closed: 2 questions about 2 subjects, asked again on embedded (regorus"
    )


def test_the_record_names_the_tree_that_was_judged(hosted: Hosted) -> None:
    record = json.loads(recorded(hosted).read_text())
    assert record["verdict"]["context"]["headTree"] == hosted.repo.git("rev-parse", "topic^{tree}").strip()


# What was changed afterwards


def mended(record: dict[str, Any]) -> dict[str, Any]:
    """A record after somebody who changed its policies has made all digests fit again."""
    policies = record["policies"]

    def bundle(raw: dict[str, Any]) -> Bundle:
        return Bundle(tuple(Module(**one) for one in raw["modules"]), raw["data"])

    own = policies["own"] and bundle(policies["own"])
    found = DecidingPolicies(bundle(policies["ours"]), own)
    policies["ours"]["digest"] = found.ours.digest
    record["verdict"]["context"]["policyDigest"] = found.digest
    return record


def with_other_policy(record: dict[str, Any]) -> dict[str, Any]:
    """A record in which the policies say that every bake is long enough, and which is consistent with itself."""
    for one in record["policies"]["ours"]["modules"]:
        if one["name"].endswith("bake_too_short.rego"):
            before = one["text"]
            head = f'outcome["{RULE}"] := '
            one["text"] = before.replace(head, f"{head}lib.passed if true\n\nelse := ", 1)
            assert one["text"] != before
    return mended(record)


def test_the_policies_of_the_record_decide_and_not_those_of_today(hosted: Hosted) -> None:
    file = recorded(hosted, SHORT)
    file.write_text(json.dumps(with_other_policy(json.loads(file.read_text()))))
    run = replayed(file)
    assert run.code == 1
    assert f"fraud-detector: {RULE}: recorded failed (blocks), now passed\n" in run.out
    assert "the verdict: verdict: recorded closed, now open\n" in run.out


def _answer(record: dict[str, Any]) -> dict[str, Any]:
    """The answer of the policies, what followed from it, and the verdict are made to say that it passed."""

    def decision(part: dict[str, Any]) -> None:
        if RULE in part["outcomes"]:
            part["outcomes"][RULE] = {"outcome": "passed"}

    def outcome(part: list[dict[str, Any]]) -> None:
        for one in part:
            if one["rule"] == RULE:
                one.update(status="passed", effect="none", violations=[], note="")

    verdict = tampered(tampered(record["verdict"], "decisions", decision), "outcomes", outcome)
    return {**record, "verdict": {**verdict, "verdict": "open", "exitCode": 0}}


def test_an_answer_that_was_changed_is_told(hosted: Hosted) -> None:
    file = recorded(hosted, SHORT)
    file.write_text(json.dumps(_answer(json.loads(file.read_text()))))
    run = replayed(file)
    assert run.code == 1
    assert f"fraud-detector: {RULE}: recorded passed, now failed (blocks)\n" in run.out


def _text(record: dict[str, Any]) -> dict[str, Any]:
    record["policies"]["ours"]["modules"][0]["text"] += "\n# a word"
    return record


def _other_policies(record: dict[str, Any]) -> dict[str, Any]:
    digest = record["verdict"]["context"]["policyDigest"]
    changed = with_other_policy(record)
    changed["verdict"]["context"]["policyDigest"] = digest
    return changed


def _part(record: dict[str, Any]) -> dict[str, Any]:
    next(iter(record["verdict"]["parts"]["documents"].values()), {})["more"] = 1
    for part in record["verdict"]["parts"]["decisions"].values():
        part["risk"]["tier"] = "low"
    return record


def _newer(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "schemaVersion": 2}


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a policy's text": (_text, "the policies in the record were changed"),
    "other policies": (_other_policies, "the policies in the record are not those that its verdict names"),
    "a part": (_part, "of the verdict was changed"),
    "a newer version": (_newer, "this is no record of a version that is known (1)"),
    "a list": (lambda record: [record], "this is no verdict of a version that is known (1 and 2)"),
    "without policies": (lambda record: {key: record[key] for key in record if key != "policies"}, "policies"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_decided_again_is_exit_2(what: str, hosted: Hosted) -> None:
    change, said = REFUSED[what]
    file = recorded(hosted, SHORT)
    file.write_text(json.dumps(change(copy.deepcopy(json.loads(file.read_text())))))
    run = replayed(file)
    assert (run.code, said in run.err, "record.json" in run.err) == (2, True, True), run.err


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": NaN}', "\ud800"])
def test_what_is_no_json_is_exit_2(text: str, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    run = replayed(file)
    assert (run.code, run.out) == (2, "")
    assert "record.json" in run.err


def test_a_file_that_is_not_there_is_exit_2(tmp_path: Path) -> None:
    run = replayed(tmp_path / "none.json")
    assert run.code == 2
    assert "cannot be read" in run.err


# The JSON report alone


def test_the_json_report_does_where_our_policies_alone_decided(hosted: Hosted) -> None:
    recorded(hosted, SHORT)
    assert replayed(hosted.folder / "verdict.json").code == 0


def test_the_json_report_does_not_hold_own_policies(hosted: Hosted) -> None:
    hosted.repo.commit({".changegate/policies/main.rego": OWN}, "own policies")
    hosted.protect()
    recorded(hosted)
    run = replayed(hosted.folder / "verdict.json")
    assert run.code == 2
    assert "keep records instead" in run.err


# Where nothing was decided


def test_an_undecided_verdict_has_a_record_too(hosted: Hosted) -> None:
    hosted.repo.commit({CONFIG: "kind: [\n"}, "broken")
    hosted.protect()
    file = recorded(hosted)
    assert json.loads(file.read_text())["policies"] is None
    run = replayed(file)
    assert run.code == 0
    assert run.out.startswith("undecided: no question is recorded")


RECORDS = sorted((Path(__file__).parent / "records").glob("*.json"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("engine", ["embedded", "opa"])
def test_records_of_earlier_versions_come_to_the_same_again(
    record: Path, engine: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if engine == "opa":
        monkeypatch.setenv("PATH", str(Path(tools.opa()).parent), prepend=":")
    run = changegate("replay", record, "--engine", engine, cwd=tmp_path)
    assert (run.code, "the same verdict" in run.out) == (0, True), run.out + run.err


def test_there_is_a_record_of_each_version() -> None:
    assert [path.stem for path in RECORDS] == ["1-closed"]
    record = json.loads(RECORDS[0].read_text())
    part = next(iter(record["verdict"]["parts"]["decisions"].items()))
    assert digest_of(by_key(part[1])) == part[0]
