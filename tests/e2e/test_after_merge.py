"""What configures the gate is tried as it would stand after the merge; a base that does not load has a way back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from support.bundles import bundle, manifest
from support.command import check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
TEAMS = ".changegate/teams.yaml"
WAIVERS = ".changegate/waivers.yaml"
FOLDER = ".changegate/policies"
POLICY = f"{FOLDER}/a.rego"
RULE = "control/invalid"
QUIET = 'package quiet\n\ndeny contains "never" if input.kind == "Other"\n'
STRICT = 'package strict\n\ndeny contains "never again" if input.metadata.name\n'
EMPTY_WAIVERS: dict[str, Any] = {"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": []}
BROKEN = "package strict\n\ndeny contains {\n"


def invalid(run: Run) -> list[tuple[str, int | None, int | None, str]]:
    """What would not load: file, line, column, message."""
    found = [one for one in run.findings if one["rule"] == RULE]
    places = [one["location"] for one in found]
    return [
        (at["file"], at.get("line"), at.get("column"), one["message"]) for one, at in zip(found, places, strict=True)
    ]


def with_config(hosted: Hosted, **keys: Any) -> str:
    return yaml.safe_dump({**yaml.safe_load((hosted.path / CONFIG).read_text()), **keys})


def adopt(hosted: Hosted, files: dict[str, str | bytes], **keys: Any) -> None:
    """Put files on main past the gate, as an administrator may."""
    more = {CONFIG: with_config(hosted, **keys)} if keys else {}
    hosted.repo.commit({**more, **files}, "adopted")
    hosted.protect()


def judge(hosted: Hosted, head: str, *by: str) -> Run:
    """Run the gate on a pull request that certain people have approved."""
    given: list[str] = ["--now", fixtures.NOW, "--approvals", str(hosted.approvals(head, by))]
    return check(*given, cwd=hosted.path, env=hosted.event(head), out=hosted.folder / "verdict.json")


# What would not load after the merge is a finding, and what it says is what exit code 2 would say afterwards


@pytest.mark.parametrize(
    ("file", "text", "line", "column", "says"),
    [
        (POLICY, 'package a\n\ndeny contains "no" if {\n', 3, 23, "expect"),
        (POLICY, 'package a\n\ndeny contains "no" if http.send({})\n', 3, 1, "http.send"),
        (POLICY, "package a\n\ndeny contains x if y == 1\n", 3, 1, "`y` is unsafe"),
        (POLICY, 'package a\n\nDeny contains "no"\n', 3, 1, "Deny is not the name"),
        (POLICY, "package a\n\nhelper := 1\n", None, None, "there is no rule in .changegate/policies"),
        (POLICY, 'package changegate.a\n\ndeny contains "no"\n', None, None, "changegate"),
        (POLICY, 'package a\n\ndeny contains "no" if data.a.helpr\n', 3, 1, "data.a.helpr"),
        (POLICY, "package a\n\ndeny contains 1\n\xff".encode("latin-1"), 4, 1, "it is not UTF-8"),
        (WAIVERS, "waivers: [\n", 1, 10, ""),
    ],
)
def test_a_file_that_would_not_load_is_a_finding(
    hosted: Hosted, file: str, text: str | bytes, line: int | None, column: int | None, says: str
) -> None:
    head = hosted.propose({file: text})
    run = hosted.judge(head)
    assert run.code == 1, run.out
    (found,) = invalid(run)
    assert found[:2] == (file if line else found[0], line)
    assert column is None or found[2] == column
    assert says in found[3]
    hosted.repo.git("branch", "--force", "main", "topic")
    hosted.protect()
    hosted.repo.git("branch", "--move", "topic", "merged")
    after = hosted.judge(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}))
    assert after.code == 2
    (failure,) = after.verdict["failures"]
    assert failure["message"] in found[3]
    assert failure["place"] == found[0] + (f":{line}" if line else "")


_WAIVER = {"rule": "rollout/bake-too-short", "model": "fraud-detector", "reason": "it was agreed to", "approvedBy": "m"}
_REASON = {"reason": "it was agreed to"}
KEPT_FROM_DECIDING: dict[str, tuple[str, dict[str, Any], str]] = {
    "an unknown key": (CONFIG, {"enforcment": "enforce"}, "enforcment"),
    "an unknown engine": (CONFIG, {"engine": "opaa"}, "opaa"),
    "an unknown threshold": (CONFIG, {"settings": {"rollout": {"minimumBake": 1}}}, "minimumBake"),
    "a threshold of a wrong type": (CONFIG, {"settings": {"rollout": {"power": "high"}}}, "power"),
    "a glob that is none": (CONFIG, {"manifests": {"include": ["models/[a-z]/*.yaml"]}}, "glob"),
    "a folder for a glob": (CONFIG, {"manifests": {"include": ["models"]}}, "models"),
    "thresholds by rule": (
        CONFIG, {"overrides": [{"rules": ["rollout/*"], "settings": {"rollout": {"power": 0.5}}, **_REASON}]}, "rule",
    ),
    "a bundle that is not there": (CONFIG, {"policies": {"bundles": [{"path": "no.tar.gz"}]}}, "no.tar.gz"),
    "a key that is not there": (
        CONFIG, {"policies": {"bundles": [{"path": "bundles/rules.tar.gz", "keyFile": "no.pem"}]}}, "no.pem",
    ),
    "data that is not there": (CONFIG, {"policies": {"data": ["no.yaml"]}}, "no.yaml"),
    "a package that is not there": (CONFIG, {"policies": {"namespaces": ["nobody"]}}, "nobody"),
    "a team without a list": (TEAMS, {"teams": {"desk": {"members": "mira"}}}, "members"),
    "an address of two people": (
        TEAMS, {"people": {"a": {"addresses": ["x@y.example"]}, "b": {"addresses": ["x@y.example"]}}}, "x@y.example",
    ),
    "a waiver without an end": (WAIVERS, {"waivers": [_WAIVER]}, "expires"),
    "a day that there is not": (WAIVERS, {"waivers": [{**_WAIVER, "expires": "2026-02-30"}]}, "2026-02-30"),
    "a file of something else": (WAIVERS, {"kind": "Teams"}, "kind"),
}  # fmt: skip


@pytest.mark.parametrize("what", KEPT_FROM_DECIDING)
def test_what_would_be_exit_2_for_everybody_is_a_finding_of_the_change(hosted: Hosted, what: str) -> None:
    file, keys, says = KEPT_FROM_DECIDING[what]
    rules = bundle({".manifest": manifest(), "acme/p.rego": 'package acme\n\ndeny contains "no" if input.zz\n'})
    adopt(hosted, {"bundles/rules.tar.gz": rules})
    known = yaml.safe_load((hosted.path / file).read_text()) if (hosted.path / file).exists() else EMPTY_WAIVERS
    head = hosted.propose({file: yaml.safe_dump({**known, **keys})})
    run = hosted.judge(head)
    assert run.code == 1, run.out
    places = [(at, line) for at, line, *_ in invalid(run)]
    assert any(at == file and line for at, line in places), places
    assert any(says in message for *_, message in invalid(run))
    hosted.repo.git("branch", "--force", "main", "topic")
    hosted.protect()
    hosted.repo.git("branch", "--move", "topic", "merged")
    after = hosted.judge(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}))
    assert after.code == 2, after.out


def test_a_collision_of_rules_is_a_finding(hosted: Hosted) -> None:
    adopt(hosted, {f"{FOLDER}/one.rego": 'package a\n\ndeny contains "x" if input.zz\n'})
    ours = "# METADATA\n# title: t\n# custom: {severity: error, message: m, remediation: r}\n"
    two = f'package a\n\n{ours}outcome["deny"] := {{"outcome": "passed"}}\n'
    run = hosted.judge(hosted.propose({f"{FOLDER}/two.rego": two}))
    assert run.code == 1
    ((file, line, _, message),) = invalid(run)
    assert (file, line) == (f"{FOLDER}/two.rego", 6)
    assert f"the rule own/a/deny exists already, at {FOLDER}/one.rego:3" in message


def test_each_file_tells_its_fault(hosted: Hosted) -> None:
    files = {
        TEAMS: "apiVersion: changegate.dev/v1\nkind: Teams\nteams: []\n",
        WAIVERS: "a: &a [*a]\n",
        f"{FOLDER}/a.rego": BROKEN,
        f"{FOLDER}/b c.rego": "package b\n\nDeny contains 1\n",
        f"{FOLDER}/c.rego": QUIET,
    }
    run = hosted.judge(hosted.propose(dict(files)))
    assert run.code == 1
    assert {file for file, *_ in invalid(run)} == set(files) - {f"{FOLDER}/c.rego"}


def test_what_is_refused_is_told_of_each_file(hosted: Hosted) -> None:
    bad = 'deny contains "x" if http.send({})\n'
    run = hosted.judge(hosted.propose({f"{FOLDER}/{name}.rego": f"package {name}\n\n{bad}" for name in "ab"}))
    assert [(file, line) for file, line, *_ in invalid(run)] == [(f"{FOLDER}/a.rego", 3), (f"{FOLDER}/b.rego", 3)]


def test_settings_are_tried_whole_with_line_and_column(hosted: Hosted) -> None:
    text = with_config(hosted, enforcement="ratchet")
    run = hosted.judge(hosted.propose({CONFIG: text}))
    line = text.split("\n").index("enforcement: ratchet") + 1
    assert run.code == 1
    ((file, at, column, message),) = invalid(run)
    assert (file, at, column) == (CONFIG, line, 14)
    assert "ratchet" in message


def test_a_bundle_that_is_not_there_is_a_finding_where_it_is_named(hosted: Hosted) -> None:
    text = with_config(hosted, policies={"bundles": [{"path": "shared/rules.tar.gz"}]})
    run = hosted.judge(hosted.propose({CONFIG: text}))
    assert run.code == 1
    ((file, line, _, message),) = invalid(run)
    assert file == CONFIG
    assert line is not None
    assert "shared/rules.tar.gz" in text.split("\n")[line - 1]
    assert "shared/rules.tar.gz is not in the repository" in message


def test_a_bundle_that_is_deleted_damaged_or_not_signed_any_more_is_a_finding(hosted: Hosted) -> None:
    pytest.importorskip("cryptography", reason="signatures are an extra")
    good = bundle({".manifest": manifest(), "acme/p.rego": 'package acme\n\ndeny contains "no" if input.zz\n'})
    adopt(hosted, {"rules.tar.gz": good, "k.pem": "x"}, policies={"bundles": [{"path": "rules.tar.gz"}]})
    bad = bundle({".manifest": manifest(), "acme/p.rego": "package acme\n\ndeny contains\n"})
    for files, gone, says in (
        ({}, ("rules.tar.gz",), "rules.tar.gz is not in the repository"),
        ({"rules.tar.gz": b"nothing"}, (), "gzip"),
        ({"rules.tar.gz": bad}, (), "acme/p.rego, line"),
        ({CONFIG: with_config(hosted, policies={"bundles": [{"path": "rules.tar.gz", "keyFile": "k.pem"}]})}, (), "k"),
    ):
        head = hosted.propose(files, remove=gone)  # type: ignore[arg-type]
        run = hosted.judge(head)
        assert run.code == 1, run.out
        ((_, _, _, message),) = invalid(run)
        assert says in message
        hosted.repo.switch("main")
        hosted.repo.git("branch", "-D", "topic")


@pytest.mark.parametrize(
    ("find", "replace", "line"),
    [
        ("platform: [platform-team]", "platform: [nobody-team]", "platform: [nobody-team]"),
        ("members: [eve, hana, joao]", "members: []", "platform: [platform-team]"),
    ],
)
def test_a_role_that_nobody_would_have_is_a_finding(hosted: Hosted, find: str, replace: str, line: str) -> None:
    text = hosted.edit(TEAMS, find, replace)
    run = hosted.judge(hosted.propose({TEAMS: text}))
    assert run.code == 1
    found = invalid(run)
    (number,) = (at for at, row in enumerate(text.split("\n"), 1) if line in row)
    assert {(file, at) for file, at, *_ in found} == {(TEAMS, number)}
    assert any("have to approve control files, and nobody could" in message for *_, message in found)


def test_more_approvals_than_people_and_no_teams_at_all_are_findings(hosted: Hosted) -> None:
    text = with_config(hosted, settings={"control": {"required": [{"role": "platform", "count": 4}]}})
    head = hosted.propose({CONFIG: text})
    ((file, _, _, message),) = invalid(hosted.judge(head))
    assert (file, "and only 3 could" in message) == (CONFIG, True)
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    run = hosted.judge(hosted.propose(remove=(TEAMS,)))
    assert run.code == 1
    assert TEAMS in {file for file, *_ in invalid(run)}


def test_what_loads_is_no_finding(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({POLICY: QUIET, CONFIG: with_config(hosted, releaseTags="v*")}))
    assert run.code == 0
    assert RULE not in run.rules


def test_what_loads_at_the_base_and_clashes_is_a_finding_though_only_one_file_changed(hosted: Hosted) -> None:
    adopt(
        hosted,
        {POLICY: 'package a\n\ndeny contains "x" if data.limits.most\n', f"{FOLDER}/data.yaml": "limits: {most: 1}\n"},
    )
    run = hosted.judge(hosted.propose(remove=(f"{FOLDER}/data.yaml",)))
    assert run.code == 1
    ((file, line, _, message),) = invalid(run)
    assert (file, line) == (POLICY, 3)
    assert "there is no data.limits.most" in message


# Attacks on whoever reads it


WIDE = '{"big": {' + ",".join(f'"k{n}": {n}' for n in range(45_000)) + "}}"


def long_or() -> str:
    """A policy that reads very much data: whether it is all there is not quickly told."""
    rows = "\n".join(f"\tinput.a{n} == data.big.k{44_999 - n}" for n in range(2_000))
    return f'package a\n\ndeny contains "x" if {{\n{rows}\n}}\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rego", f'package a\n\ndeny contains "x" if input == {"[" * 100_000}{"]" * 100_000}\n'),
        ("a.rego", f'package a\n\ndeny contains "x" if {"(" * 20_000}1{")" * 20_000}\n'),
        ("a.rego", f'package a\n\ndeny contains "x" if input.{".".join(["a"] * 200_000)}\n'),
        ("a.rego", long_or()),
        ("data.json", "[" * 500_000),
        ("data.json", WIDE),
    ],
    ids=["deep", "parentheses", "long-reference", "many-references", "deep-data", "wide-data"],
)
def test_a_hostile_policy_neither_hangs_nor_crashes_the_gate(hosted: Hosted, name: str, text: str) -> None:
    adopt(hosted, {}, policies={"limits": {"seconds": 2, "memoryMiB": 256}})
    more = {f"{FOLDER}/big.rego": long_or().replace("package a", "package z")} if text == WIDE else {}
    began = time.monotonic()
    run = hosted.judge(hosted.propose({f"{FOLDER}/{name}": text, **more}))
    assert time.monotonic() - began < 40
    assert run.code == 1, run.out
    assert invalid(run)
    assert "Traceback" not in run.out


def test_a_change_does_not_set_the_bounds_that_it_is_tried_within(hosted: Hosted) -> None:
    adopt(hosted, {}, policies={"limits": {"seconds": 1, "memoryMiB": 256}})
    slow = {POLICY: long_or(), f"{FOLDER}/data.json": WIDE}
    lax = with_config(hosted, policies={"limits": {"seconds": 600, "memoryMiB": 16384}})
    began = time.monotonic()
    run = hosted.judge(hosted.propose({**slow, CONFIG: lax}))
    assert time.monotonic() - began < 40
    assert run.code == 1, run.out
    found = invalid(run)
    assert any("could not be loaded within the bounds of policies" in message for *_, message in found), found


# The way back


def broken(hosted: Hosted, files: dict[str, str | bytes] | None = None, **keys: Any) -> None:
    """Let main hold what does not load."""
    adopt(hosted, {POLICY: BROKEN} if files is None else files, **keys)


def test_a_change_that_mends_the_base_is_judged_by_our_rules_alone(hosted: Hosted) -> None:
    broken(hosted)
    head = hosted.propose({POLICY: STRICT})
    waiting = judge(hosted, head, "ana")
    assert (waiting.code, waiting.rules) == (3, {"control/changed-without-approval"})
    run = hosted.judge(head)
    assert (run.code, run.verdict["verdict"]) == (0, "open"), run.out
    assert "the base does not load, and this change mends it" in run.verdict["summary"]
    (note,) = (one for one in run.verdict["notes"] if "does not load" in one)
    assert f"{POLICY}:3" in note
    assert "every release as critical" in note


def test_releases_beside_the_repair_are_judged_at_the_strictest(hosted: Hosted) -> None:
    lax = {"enforcement": "observe", "overrides": [{"severity": "off", "reason": "Nothing counts here."}]}
    waiver = {
        "rule": "rollout/plan-missing",
        "model": "recommender-research",
        "reason": "It is being taken down.",
        "approvedBy": "ana",
        "expires": "2027-12-01",
    }
    text = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [waiver]})
    broken(hosted, {POLICY: BROKEN, WAIVERS: text}, **lax)
    release = hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")
    run = hosted.judge(hosted.propose({POLICY: STRICT, RESEARCH: release}))
    assert run.code == 1
    (subject,) = (one for one in run.verdict["subjects"] if one["subject"]["file"] == RESEARCH)
    assert subject["risk"]["tier"] == "critical"
    assert "the base does not load, so every release counts as critical" in str(subject)
    assert {one["effect"] for one in run.findings if one["rule"] == "rollout/plan-missing"} == {"blocks"}
    assert not any(one["rule"].startswith("own/") for one in run.findings)


def test_a_change_that_does_not_mend_it_is_told_how_to(hosted: Hosted) -> None:
    broken(hosted)
    run = hosted.judge(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}))
    assert run.code == 2
    (failure,) = run.verdict["failures"]
    assert failure["place"] == f"{POLICY}:3"
    assert "a pull request after which .changegate/ loads can still be judged" in failure["hint"]


def test_a_change_that_mends_half_of_it_is_told_what_is_left(hosted: Hosted) -> None:
    broken(hosted, {POLICY: BROKEN, WAIVERS: "waivers: [\n"})
    run = hosted.judge(hosted.propose({POLICY: "package a\n\nDeny contains 1\n"}))
    assert run.code == 2
    (failure,) = run.verdict["failures"]
    assert f"this change would not mend it: {POLICY}:3: Deny is not the name" in failure["hint"]


@pytest.mark.parametrize("what", ["refused", "config"])
def test_the_way_back_is_there_for_whatever_does_not_load(hosted: Hosted, what: str) -> None:
    good = (hosted.path / CONFIG).read_text()
    bad, mended = {
        "refused": ({POLICY: 'package a\n\ndeny contains "x" if http.send({})\n'}, {POLICY: QUIET}),
        "config": ({CONFIG: f"{good}enforcment: enforce\n"}, {CONFIG: good}),
    }[what]
    broken(hosted, dict(bad))
    head = hosted.propose(dict(mended))
    assert judge(hosted, head).code == 3
    assert hosted.judge(head).code == 0


def test_where_the_teams_are_broken_nobody_can_say_who_approves(hosted: Hosted) -> None:
    good = (hosted.path / TEAMS).read_text()
    broken(hosted, {TEAMS: good.replace("teams:", "teamz:", 1)})
    run = hosted.judge(hosted.propose({TEAMS: good}))
    assert (run.code, run.verdict["verdict"]) == (1, "closed")
    (found,) = (one for one in run.findings if one["rule"] == "control/changed-without-approval")
    assert found["status"] == "unknown"
    assert "an administrator of the branch has to put the mended file there" in found["message"]


def test_the_people_whom_the_base_asks_for_approve_the_repair(hosted: Hosted) -> None:
    asked = {"control": {"required": [{"role": "model-risk", "count": 2}]}}
    broken(hosted, {POLICY: BROKEN}, settings=asked)
    mine = with_config(hosted, settings={"control": {"required": [{"role": "platform", "count": 1}]}})
    head = hosted.propose({POLICY: QUIET, CONFIG: mine})
    assert judge(hosted, head, "eve").code == 3
    assert judge(hosted, head, "femi").code == 3
    assert judge(hosted, head, "femi", "gus").code == 0


def test_a_bundle_that_is_put_back_has_to_be_approved(hosted: Hosted) -> None:
    broken(hosted, {}, policies={"bundles": [{"path": "rules.tar.gz"}]})
    good = bundle({".manifest": manifest(), "acme/p.rego": 'package acme\n\ndeny contains "no" if input.zz\n'})
    head = hosted.propose({"rules.tar.gz": good})
    assert judge(hosted, head).code == 3
    assert hosted.judge(head).code == 0


def test_the_way_back_is_closed_where_the_base_loads(hosted: Hosted) -> None:
    adopt(hosted, {POLICY: STRICT})
    release = hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")
    run = hosted.judge(hosted.propose({POLICY: QUIET, RESEARCH: release}))
    assert run.code == 1
    assert "own/strict/deny" in run.rules
    named = hosted.folder / "named"
    named.mkdir()
    (named / "p.rego").write_text(BROKEN)
    other = hosted.judge(hosted.repo.id("topic"), "--policy", named)
    assert other.code == 2
    assert "this change mends it" not in other.verdict["summary"]


def test_policies_that_the_command_line_names_judge_the_repair_too(hosted: Hosted) -> None:
    broken(hosted, {f"{FOLDER}/b.rego": BROKEN.replace("strict", "b")})
    named = hosted.folder / "named"
    named.mkdir()
    (named / "p.rego").write_text(STRICT)
    release = hosted.edit(FRAUD, "  labels:", "  labels: ")
    run = hosted.judge(hosted.propose({f"{FOLDER}/b.rego": QUIET, FRAUD: release}), "--policy", named)
    assert run.code == 1
    assert "own/strict/deny" in run.rules


def test_a_missing_configuration_is_no_base_that_does_not_load(hosted: Hosted) -> None:
    good = (hosted.path / CONFIG).read_text()
    hosted.repo.commit({POLICY: BROKEN}, remove=(CONFIG,))
    hosted.protect()
    run = hosted.judge(hosted.propose({CONFIG: good, POLICY: QUIET}), "--require-config")
    assert run.code == 2
    assert "a configuration is required" in run.out
