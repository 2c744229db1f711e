"""Trust, sentence by sentence: every test is an attack, or a repository that is not as it should be, on the command."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from support.command import check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from pathlib import Path

    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"


def short_bake(hosted: Hosted) -> dict[str, str | bytes]:
    """A change that the base's settings stop."""
    return {FRAUD: hosted.edit(FRAUD, "{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")}


# The trusted ref, the base, the reviewed head, the head


def test_a_change_that_is_stopped_and_one_that_is_not(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose(short_bake(hosted)))
    assert (run.code, run.verdict["verdict"], run.rules) == (1, "closed", {"rollout/bake-too-short"})
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    run = hosted.judge(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}))
    assert (run.code, run.verdict["verdict"], run.rules) == (0, "open", set())


def test_a_change_to_another_target_is_not_judged_by_its_policy(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted))
    hosted.repo.tracking("lax", "main")
    run = hosted.run(env=hosted.event(head, target="lax"), approved=head)
    assert run.code == 2
    assert "only refs/heads/main is trusted" in run.out


def test_without_a_trusted_ref_nothing_is_decided(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted))
    run = hosted.run(env=hosted.event(head) | {"CHANGEGATE_TRUSTED_REF": ""}, approved=head)
    assert run.code == 2
    assert "no trusted ref" in run.out


@pytest.mark.parametrize("tag", ["main", "refs/heads/main", "origin/main"])
def test_a_tag_that_shadows_the_branch_selects_no_policy(hosted: Hosted, tag: str) -> None:
    head = hosted.propose(
        {**short_bake(hosted), CONFIG: hosted.edit(CONFIG, "enforcement: enforce", "enforcement: observe")}
    )
    hosted.repo.ref(f"refs/tags/{tag}", head)
    run = hosted.judge(head)
    assert run.code == 1
    assert "rollout/bake-too-short" in run.rules
    assert run.verdict["context"]["base"] == hosted.repo.id("refs/heads/main")


def test_neither_the_events_base_nor_the_first_parent_selects_policy(hosted: Hosted) -> None:
    lax = hosted.propose({CONFIG: hosted.edit(CONFIG, "enforcement: enforce", "enforcement: observe")})
    head = hosted.repo.commit(short_bake(hosted))
    assert hosted.repo.id("HEAD^1") == lax
    run = hosted.judge(head)
    assert run.code == 1
    assert {"rollout/bake-too-short"} <= run.rules


def test_a_base_on_the_command_line_chooses_nothing_in_ci(hosted: Hosted) -> None:
    lax = hosted.propose({CONFIG: hosted.edit(CONFIG, "enforcement: enforce", "enforcement: observe")})
    head = hosted.repo.commit(short_bake(hosted))
    run = hosted.judge(head, "--base", lax)
    assert run.code == 2


def test_a_push_is_judged_from_what_was_before_it(hosted: Hosted) -> None:
    before = hosted.repo.id("main")
    after = hosted.repo.commit(short_bake(hosted))
    hosted.protect()
    event = {
        "ref": "refs/heads/main",
        "before": before,
        "after": after,
        "repository": {"full_name": fixtures.REPOSITORY},
    }
    run = hosted.run(env=hosted.environment("push", event), approved=after)
    assert (run.code, run.verdict["context"]["base"]) == (1, before)
    hosted.repo.switch("main")
    forged = hosted.repo.commit_tree("main", message="no ancestor")
    run = hosted.run(env=hosted.environment("push", event | {"before": forged}), approved=after)
    assert run.code == 2


def test_a_merge_queue_is_judged_from_its_base(hosted: Hosted) -> None:
    base = hosted.repo.id("main")
    hosted.propose(short_bake(hosted))
    hosted.repo.detach(base)
    queued = hosted.repo.merge("topic")
    group = {
        "base_ref": "refs/heads/main",
        "base_sha": base,
        "head_sha": queued,
        "head_ref": f"refs/heads/gh-readonly-queue/main/pr-{fixtures.PULL_REQUEST}-{base}",
    }
    event = {"merge_group": group, "repository": {"full_name": fixtures.REPOSITORY}}
    run = hosted.run(env=hosted.environment("merge_group", event), approved=queued)
    assert (run.code, run.verdict["context"]["stage"]) == (1, "merge")
    assert "rollout/bake-too-short" in run.rules


def test_an_evil_merge_is_not_judged_at_all(hosted: Hosted) -> None:
    base = hosted.repo.id("main")
    head = hosted.propose(short_bake(hosted))
    evil = hosted.repo.commit_tree(base, base, head)
    run = hosted.run(env=hosted.event(head, merge=evil), approved=head)
    assert run.code == 2
    assert "holds other files than merging its parents gives" in run.out


def test_what_would_land_is_judged_not_what_was_pushed(hosted: Hosted) -> None:
    """Each side is good by itself; the merge has one identity twice."""
    manifest = (hosted.path / RESEARCH).read_text().replace("recommender-research", "embedder")
    head = hosted.propose({"models/a/one.yaml": manifest})
    hosted.repo.switch("main")
    hosted.repo.commit({"models/b/two.yaml": manifest})
    hosted.protect()
    run = hosted.judge(head)
    assert run.code == 1
    assert "manifest/duplicate-identity" in run.rules


def test_approvals_bind_to_the_reviewed_head(hosted: Hosted) -> None:
    old = hosted.propose({FRAUD: hosted.edit(FRAUD, "retentionDays: 30", "retentionDays: 31")})
    head = hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    run = hosted.run("--approvals", hosted.approvals(old), env=hosted.event(head))
    assert run.code == 1
    assert "approvals/invalid" in run.rules
    stale = hosted.approvals(old, reviewedHead=head)
    run = hosted.run("--approvals", stale, env=hosted.event(head))
    assert (run.code, run.verdict["verdict"]) == (3, "awaiting-approval")
    assert "approvals/missing" in run.rules


@pytest.mark.parametrize(
    "lie", [{"repository": "acme/other"}, {"pullRequest": 43}, {"reviewedHead": "0" * 40}, {"reviews": "all"}]
)
def test_approvals_of_something_else_are_not_believed(hosted: Hosted, lie: dict[str, object]) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    run = hosted.run("--approvals", hosted.approvals(head, **lie), env=hosted.event(head))
    assert run.code == 1
    assert "approvals/invalid" in run.rules


def test_neither_author_nor_committer_approves(hosted: Hosted) -> None:
    """The author may leave a committer out of the file: git knows who committed."""
    env = {"GIT_COMMITTER_EMAIL": "9+ana@users.noreply.github.com", "GIT_AUTHOR_EMAIL": "8+bo@users.noreply.github.com"}
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    hosted.repo.git("commit", "--quiet", "-am", "a change", env=env)
    head = hosted.repo.id("HEAD")
    run = hosted.run("--approvals", hosted.approvals(head, by=("ana", "bo", "chidi")), env=hosted.event(head))
    assert run.code == 1
    assert {"approvals/missing", "approvals/nobody-left"} <= run.rules  # all but one of the owner's people wrote it


@pytest.mark.parametrize("times", [{"retrievedAt": "2024-11-02T11:30:00Z"}, {"retrievedAt": "2026-11-01T11:00:00Z"}])
def test_approvals_of_long_ago_are_not_believed(hosted: Hosted, times: dict[str, str]) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    run = hosted.run("--approvals", hosted.approvals(head, **times), env=hosted.event(head))
    assert run.code == 1
    assert "approvals/invalid" in run.rules


WHO = {"GIT_AUTHOR_EMAIL": "who@corp.example", "GIT_COMMITTER_EMAIL": "who@corp.example"}


@pytest.mark.parametrize(
    ("env", "said"),
    [
        (WHO, {"committers": []}),
        (WHO, {"committers": [fixtures.AUTHOR], "addresses": {}}),
        ({**WHO, "GIT_COMMITTER_EMAIL": "1+mira@users.noreply.github.com"}, {}),
        ({**WHO, "GIT_AUTHOR_EMAIL": ""}, {}),
        ({"GIT_AUTHOR_EMAIL": "noreply@github.com", "GIT_COMMITTER_EMAIL": "noreply@github.com"}, {"committers": []}),
    ],
)
def test_an_author_whom_nobody_knows_may_be_whoever_approves(
    hosted: Hosted, env: dict[str, str], said: dict[str, Any]
) -> None:
    head = written_by(hosted, env)
    run = hosted.run("--approvals", hosted.approvals(head, **said), env=hosted.event(head))
    assert run.code == 1
    assert {"approvals/invalid", "approvals/missing"} <= run.rules
    assert f"which made commit {head[:12]}" in run.out


def test_an_author_whom_the_file_knows_is_one(hosted: Hosted) -> None:
    head = written_by(hosted, WHO)
    for said in ({"committers": [fixtures.AUTHOR]}, {"committers": [], "addresses": {"Who@corp.example": "zoe"}}):
        run = hosted.run("--approvals", hosted.approvals(head, **said), env=hosted.event(head))
        assert (run.code, run.rules) == (0, set())
    whose = {"who@corp.example": "ana"}
    run = hosted.run("--approvals", hosted.approvals(head, ("ana", "bo"), addresses=whose), env=hosted.event(head))
    assert (run.code, run.verdict["verdict"]) == (3, "awaiting-approval")


def written_by(hosted: Hosted, env: dict[str, str]) -> str:
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    hosted.repo.git("commit", "--quiet", "-am", "a change", env=env)
    return hosted.repo.id("HEAD")


# Claims, and what is missing


def test_a_shallow_clone_is_an_error_that_says_how_to_fetch(hosted: Hosted, tmp_path: Path) -> None:
    head = hosted.propose(short_bake(hosted))
    hosted.repo.commit({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    clone = hosted.repo.clone(tmp_path / "clone", "--depth=1", "--branch=topic")
    run = check("--now", fixtures.NOW, cwd=clone.path, env=hosted.event(clone.id("HEAD")))
    assert run.code == 2
    assert "git fetch" in run.out
    assert head


def test_base_equal_to_head_in_ci_is_an_error(hosted: Hosted) -> None:
    run = hosted.run(env=hosted.event(hosted.repo.id("main")))
    assert run.code == 2
    assert "--all" in run.out


@pytest.mark.parametrize(
    "system",
    [
        {"TF_BUILD": "True", "BUILD_REASON": "PullRequest"},
        {"JENKINS_URL": "https://ci.acme.example", "CHANGE_ID": "42", "CHANGE_TARGET": "main"},
        {"JENKINS_HOME": "/var/lib/jenkins", "BUILD_ID": "42"},
        {"BITBUCKET_BUILD_NUMBER": "42", "CI": "true"},
        {"GITHUB_ACTIONS": "true", "GITLAB_CI": "true", "CI": "true"},
        {"GITHUB_ACTIONS": "false", "GITHUB_EVENT_NAME": "pull_request"},
    ],
)
def test_a_ci_is_never_taken_for_a_laptop(hosted: Hosted, system: dict[str, str]) -> None:
    """What a laptop shows only, a missing approval, would pass there."""
    hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    env = hosted.repo.environ | system
    run = check("--base", "main", "--now", fixtures.NOW, cwd=hosted.path, env=env)
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    (failure,) = run.verdict["failures"]
    assert any(name in failure["message"] for name in system)
    assert "--stage local" in failure["hint"]
    stated = ("--stage", "pull-request", "--trusted-ref", "refs/heads/main", "--head", "HEAD")
    if "GITHUB_ACTIONS" not in system:
        run = check(*stated, "--now", fixtures.NOW, cwd=hosted.path, env=env)
        assert (run.code, "approvals/missing" in run.rules) == (1, True)


GITLAB = {"CI": "true", "GITLAB_CI": "true", "CI_PROJECT_PATH": fixtures.REPOSITORY}
REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "42",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
}


@pytest.mark.parametrize(
    ("artifact", "said"),
    [
        ({}, ""),
        ({"CI_COMMIT_SHA": "{good}"}, "{bad} is checked out (HEAD)"),
        ({"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "{good}"}, "{bad} is the commit of the run (CI_COMMIT_SHA)"),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}, "CI_PIPELINE_SOURCE is 'push', and CI_MERGE"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}, "several CI systems"),
        ({"CI": "false"}, "CI is 'false'"),
        ({"GITLAB_CI": ""}, "GITLAB_CI is ''"),
    ],
)
def test_what_an_earlier_job_sets_steers_nothing(hosted: Hosted, artifact: dict[str, str], said: str) -> None:
    """In GitLab a change can set any variable of a later job, by an artifact of its own."""
    good = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    hosted.repo.branch("bad", "main")
    bad = hosted.repo.commit(short_bake(hosted))
    trusted = {"CHANGEGATE_TRUSTED_REF": "refs/heads/main"}
    posed = {name: value.format(good=good) for name, value in artifact.items()}
    env = hosted.repo.environ | GITLAB | REQUEST | trusted | {"CI_COMMIT_SHA": bad} | posed
    run = hosted.run(env=env, approved=bad)
    if not artifact:
        assert (run.code, "rollout/bake-too-short" in run.rules) == (1, True)
        return
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    assert said.format(bad=bad) in run.verdict["failures"][0]["message"]
    assert run.verdict["failures"][0]["hint"]


def test_locally_the_verdict_is_advice(hosted: Hosted) -> None:
    hosted.repo.branch("topic")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    run = check("--base", "main", "--now", fixtures.NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, run.verdict["context"]["stage"]) == (0, "local")
    unknown = {finding["rule"] for finding in run.findings if finding["status"] == "unknown"}
    assert "approvals/missing" in unknown


def test_without_a_configuration_nothing_is_enforced_and_it_says_so(hosted: Hosted) -> None:
    hosted.repo.commit({}, remove=(CONFIG,))
    hosted.protect()
    head = hosted.propose(short_bake(hosted))
    run = hosted.judge(head)
    assert (run.code, run.verdict["verdict"]) == (0, "not-enforced")
    assert "changegate init" in run.out
    assert "rollout/bake-too-short" in run.rules
    run = hosted.judge(head, "--require-config")
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")


def test_removing_the_configuration_is_judged_by_it(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted), remove=(CONFIG,))
    run = hosted.judge(head)
    assert run.code == 1
    assert {"control/configuration-removed", "rollout/bake-too-short"} <= run.rules


# Control files of the change decide nothing, and changing them is a finding


@pytest.mark.parametrize(
    ("file", "find", "replace"),
    [
        (CONFIG, "enforcement: enforce", "enforcement: observe"),
        (CONFIG, "settings:\n", "settings:\n  rollout: {minimumBakeSeconds: {high: 0}}\n"),
        (CONFIG, 'include: ["models/**/*.yaml"', 'include: ["nothing/**/*.yaml"'),
        (CONFIG, "manifests:\n", 'manifests:\n  exclude: ["**/fraud-detector/**"]\n'),
        (".changegate/teams.yaml", "roles:\n", "  extra: {members: [mira]}\nroles:\n"),
    ],
)
def test_settings_of_the_change_do_not_judge_it(hosted: Hosted, file: str, find: str, replace: str) -> None:
    head = hosted.propose({**short_bake(hosted), file: hosted.edit(file, find, replace)})
    run = hosted.run("--approvals", hosted.approvals(head, by=("ana", "bo")), env=hosted.event(head))
    assert run.code == 1
    idle = {"control/invalid"} if "nothing/" in replace else set()  # a glob that would match no file
    assert run.rules == {"rollout/bake-too-short", "control/changed-without-approval", *idle}
    control = next(one for one in run.findings if one["rule"] == "control/changed-without-approval")
    assert control["location"]["file"] == file
    assert "platform" in control["message"]
    assert "eve" in control["remediation"]


def test_a_waiver_of_the_change_waives_nothing(hosted: Hosted) -> None:
    waiver = (
        "apiVersion: changegate.dev/v1\nkind: Waivers\nwaivers:\n"
        "  - {rule: rollout/bake-too-short, model: fraud-detector, reason: it is fine,"
        " approvedBy: eve, expires: '2027-01-01'}\n"
    )
    run = hosted.judge(hosted.propose({**short_bake(hosted), ".changegate/waivers.yaml": waiver}))
    assert run.code == 1
    assert "rollout/bake-too-short" in run.rules
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    hosted.repo.commit({".changegate/waivers.yaml": waiver})
    hosted.protect()
    run = hosted.judge(hosted.propose(short_bake(hosted)))
    assert (run.code, run.verdict["verdict"]) == (0, "open")
    (finding,) = run.findings
    assert (finding["rule"], finding["effect"]) == ("rollout/bake-too-short", "waived")
    assert "it is fine" in finding["note"]


def test_a_policy_that_the_change_brings_decides_nothing(hosted: Hosted) -> None:
    policy = "package changegate.checks.rollout\n\noutcome := {}\n"
    head = hosted.propose(
        {**short_bake(hosted), ".changegate/policies/mine.rego": policy, "rego/changegate/main.rego": policy}
    )
    run = hosted.judge(head)
    assert run.code == 1
    assert "rollout/bake-too-short" in run.rules


def test_policies_at_the_base_that_are_not_evaluated_are_not_passed_over(hosted: Hosted) -> None:
    hosted.repo.commit({".changegate/policies/own.rego": "package own\n\ndeny contains 1\n"})
    hosted.protect()
    run = hosted.judge(hosted.propose(short_bake(hosted)))
    assert run.code == 2
    assert ".changegate/policies" in run.out


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".github/workflows/gate.yaml", "on: push\n"),
        ("CODEOWNERS", "* @mira\n"),
        (".gitlab-ci.yml", "x: {}\n"),
        (".changegate/policies/own.rego", 'package own\n\ndeny contains "no" if input.zz\n'),
        (".GitHub/Workflows/gate.yaml", "on: push\n"),
    ],
)
def test_a_changed_control_file_needs_its_approvers(hosted: Hosted, file: str, text: str) -> None:
    head = hosted.propose({file: text})
    run = hosted.run("--approvals", hosted.approvals(head, by=("ana",)), env=hosted.event(head))
    assert (run.code, run.verdict["verdict"]) == (3, "awaiting-approval")
    assert run.rules == {"control/changed-without-approval"}
    assert hosted.judge(head).code == 0


# Never executed, imported or checked out; git is hardened


def test_nothing_of_the_change_is_run(hosted: Hosted, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    shell = f"#!/bin/sh\ntouch {marker}\n"
    python = f"open({str(marker)!r}, 'w')\n"
    files: dict[str, str | bytes] = dict.fromkeys(("yaml.py", "click.py", "sitecustomize.py", "conftest.py"), python)
    files |= {"changegate/__init__.py": python, "changegate/__main__.py": python, "evil.sh": shell}
    files[".gitattributes"] = "*.yaml diff=evil filter=evil merge=evil\n"
    head = hosted.propose({**short_bake(hosted), **files})
    for name in ("pre-commit", "post-checkout", "post-merge", "reference-transaction", "post-index-change"):
        hook = hosted.path / ".git" / "hooks" / name
        hook.write_text(shell)
        hook.chmod(0o755)
    (hosted.path / "evil.sh").chmod(0o755)
    evil = str(hosted.path / "evil.sh")
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge"):
        hosted.repo.git("config", key, evil)
    for key in ("filter.evil.clean", "merge.evil.driver", "core.pager", "core.sshCommand", "gpg.program"):
        hosted.repo.git("config", key, evil)
    marker.unlink(missing_ok=True)
    run = hosted.judge(head)
    assert "rollout/bake-too-short" in run.rules
    assert run.code == 1
    assert not marker.exists()
    before = (hosted.path / FRAUD).read_bytes()
    check("--base", "main", "--now", fixtures.NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert not marker.exists()
    assert (hosted.path / FRAUD).read_bytes() == before


def test_a_replace_ref_replaces_nothing(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted))
    hosted.repo.switch("main")
    lax = hosted.repo.commit({CONFIG: hosted.edit(CONFIG, "enforcement: enforce", "enforcement: observe")})
    base = hosted.repo.id("main^1")
    hosted.repo.git("reset", "--quiet", "--hard", base)
    hosted.repo.git("replace", base, lax)
    run = hosted.judge(head)
    assert (run.code, run.verdict["context"]["base"]) == (1, base)


def test_a_nested_bare_repository_is_not_used(hosted: Hosted) -> None:
    nested = hosted.path / "models" / "nested"
    hosted.repo.git("init", "--quiet", "--bare", str(nested))
    (nested / "config").write_text("[core]\n\tbare = true\n\tfsmonitor = touch marker\n")
    hosted.repo.branch("topic")
    run = check("-C", nested, "--base", "main", "--now", fixtures.NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert not (nested / "marker").exists()
    assert run.verdict["verdict"] in {"open", "undecided"}


def test_variables_of_the_environment_point_git_nowhere_else(hosted: Hosted, tmp_path: Path) -> None:
    head = hosted.propose(short_bake(hosted))
    marker = tmp_path / "marker"
    evil = {
        "GIT_DIR": str(tmp_path),
        "GIT_EXTERNAL_DIFF": f"touch {marker}",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": f"touch {marker}",
        "GIT_OBJECT_DIRECTORY": str(tmp_path),
    }
    run = hosted.run(env=hosted.event(head) | evil, approved=head)
    assert run.code == 1
    assert not marker.exists()


# Names, links and paths


@pytest.mark.parametrize(
    "name",
    ["--upload-pack=x.yaml", "-o.yaml", "a b'\"c.yaml", "new\nline.yaml", "::error::x.yaml", "\udcff.yaml", "*.yaml"],
)
def test_a_file_may_have_any_name(hosted: Hosted, name: str) -> None:
    text = (
        (hosted.path / RESEARCH)
        .read_text()
        .replace("recommender-research", "other")
        .replace("owner: research-ml", "owner: nobody")
    )
    run = hosted.judge(hosted.propose({f"models/{name}": text}))
    assert run.code == 1
    assert run.rules == {"operations/owner-unknown"}
    assert not any(line.startswith("::") for line in run.out.splitlines())


def test_two_names_that_differ_in_case_are_two_manifests(hosted: Hosted) -> None:
    text = (hosted.path / RESEARCH).read_text()
    run = hosted.judge(
        hosted.propose({"models/x/A.yaml": text.replace("recommender-research", "one"), "models/x/a.yaml": text})
    )
    assert run.rules == {"manifest/duplicate-identity"}


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../secret", "../../README.md"])
def test_evidence_behind_a_link_is_not_read(hosted: Hosted, target: str) -> None:
    (hosted.folder / "secret").write_text("{}")
    hosted.repo.branch("topic")
    evidence = "models/fraud-detector/evidence/evaluation.json"
    hosted.repo.remove(evidence)
    hosted.repo.link(evidence, target)
    run = hosted.judge(hosted.repo.commit({}))
    assert run.code == 1
    assert "evaluation/invalid-evidence" in run.rules
    finding = next(one for one in run.findings if one["rule"] == "evaluation/invalid-evidence")
    assert "link" in finding["message"]


@pytest.mark.parametrize("path", ["../outside.json", "/etc/hostname", ".git/config", "models/../../x"])
def test_a_path_that_leaves_the_repository_is_refused(hosted: Hosted, path: str) -> None:
    run = hosted.judge(
        hosted.propose(
            {FRAUD: hosted.edit(FRAUD, "path: models/fraud-detector/evidence/evaluation.json", f"path: {path}")}
        )
    )
    assert run.code == 1
    assert run.rules & {"manifest/schema", "evaluation/invalid-evidence"}


@pytest.mark.parametrize("place", ["inside", "linked"])
def test_no_report_is_written_through_a_link(hosted: Hosted, place: str) -> None:
    victim = hosted.folder / "victim"
    victim.write_text("mine")
    hosted.repo.branch("topic")
    hosted.repo.link("report.xml" if place == "inside" else "reports", "../victim" if place == "inside" else "..")
    hosted.repo.write(short_bake(hosted))
    head = hosted.repo.commit({})
    target = "report.xml" if place == "inside" else "reports/victim"
    run = hosted.judge(head, "-o", f"junit={target}")
    assert run.code == 2
    assert victim.read_text() == "mine"


def test_what_is_handed_in_lies_outside_the_checkout(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted))
    inside = hosted.path / "approvals.json"
    inside.write_bytes(hosted.approvals(head).read_bytes())
    run = hosted.run("--approvals", inside, env=hosted.event(head))
    assert run.code == 2
    assert "outside" in run.out + run.err
    run = hosted.run("--evidence", hosted.path / "models", env=hosted.event(head), approved=head)
    assert run.code == 2


# What was a manifest


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 1\n",
            "manifest/no-longer-a-manifest",
        ),
        (b"", "manifest/no-longer-a-manifest"),
        (b"just: text\n", "manifest/no-longer-a-manifest"),
        ("apiVersion: changegate.dev/v1\nkind: ModelRelease\n".encode("utf-16"), None),
        (b"apiVersion: v1\nkind: List\nitems: []\n", "manifest/no-longer-a-manifest"),
        (b"apiVersion: changegate.dev/v1\nkind: [\n", "manifest/unreadable"),
        (b"\x00\x01\x02", "manifest/no-longer-a-manifest"),
    ],
)
def test_what_is_no_longer_a_manifest_is_a_finding(hosted: Hosted, content: bytes, rule: str | None) -> None:
    run = hosted.judge(hosted.propose({FRAUD: content}))
    assert run.code == 1
    family = {one for one in run.rules if one.startswith("manifest/")}
    assert family == {rule} if rule else family
    assert {one["location"]["file"] for one in run.findings if one["rule"] in family} == {FRAUD}


@pytest.mark.parametrize(
    "content", ["apiVersion: changegate.dev/v1\nkind: [\n", "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"]
)
def test_what_could_not_be_read_is_not_deleted_unseen(hosted: Hosted, content: str) -> None:
    hosted.repo.commit({FRAUD: content})
    hosted.protect()
    run = hosted.judge(hosted.propose(remove=(FRAUD,)))
    assert (run.code, run.rules) == (1, {"manifest/no-longer-a-manifest"})
    assert run.findings[0]["location"]["revision"] == "base"


@pytest.mark.parametrize("kind", ["link", "submodule"])
def test_a_manifest_that_becomes_a_link_or_a_submodule_is_a_finding(hosted: Hosted, kind: str) -> None:
    hosted.repo.branch("topic")
    hosted.repo.remove(FRAUD)
    if kind == "link":
        hosted.repo.link(FRAUD, "../recommender-research/manifest.yaml")
        head = hosted.repo.commit({})
    else:
        hosted.repo.git("update-index", "--force-remove", "--", FRAUD)
        hosted.repo.git("update-index", "--add", "--cacheinfo", f"160000,{hosted.repo.id('main')},{FRAUD}")
        hosted.repo.git("commit", "--quiet", "-m", "a submodule")
        head = hosted.repo.id("HEAD")
    run = hosted.judge(head)
    assert run.code == 1
    assert "manifest/no-longer-a-manifest" in run.rules


def test_a_deletion_is_judged(hosted: Hosted) -> None:
    head = hosted.propose(remove=(FRAUD,))
    run = hosted.run("--approvals", hosted.approvals(head, by=("joao",)), env=hosted.event(head))
    assert (run.code, run.verdict["verdict"]) == (3, "awaiting-approval")
    assert "retirement/not-approved" in run.rules
    assert hosted.judge(head).code == 0


# Time, and what is printed


def test_commit_dates_are_no_clock(hosted: Hosted) -> None:
    hosted.repo.branch("topic")
    hosted.repo.write(short_bake(hosted))
    old = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z"}
    hosted.repo.git("commit", "--quiet", "-am", "long ago", env=old)
    run = hosted.judge(hosted.repo.id("HEAD"))
    assert run.rules == {"rollout/bake-too-short"}


def test_evidence_from_the_future_is_invalid(hosted: Hosted) -> None:
    env = hosted.event(hosted.propose(short_bake(hosted)))
    head = hosted.repo.id("topic")
    run = check("--now", "2026-10-22T00:00:00Z", "--approvals", hosted.approvals(head), cwd=hosted.path, env=env)
    assert run.code == 1
    assert "evaluation/invalid-evidence" in run.rules
    assert "approvals/invalid" in run.rules


def test_no_text_of_a_manifest_becomes_a_command(hosted: Hosted) -> None:
    evil = "x%0A::set-output name=a::b ##[error]x \\e[31m <img src=x> [l](http://e.vil) @acme/all /approve"
    text = hosted.edit(FRAUD, "intendedUse: Scores card transactions in real time.", f'intendedUse: "{evil}"')
    head = hosted.propose({FRAUD: text.replace("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")})
    summary, junit = hosted.folder / "summary.md", hosted.folder / "junit.xml"
    run = hosted.judge(head, "-o", "github=-", "-o", f"markdown={summary}", "-o", f"junit={junit}")
    commands = [line for line in run.out.splitlines() if line.startswith("::")]
    assert all(line.split(" ")[0] in {"::error", "::warning", "::notice"} for line in commands)
    assert "\x1b" not in run.out
    assert "##[" not in run.out
    written = re.sub(r"`[^`]*`", "", summary.read_text())
    assert "<img" not in written
    assert "](http://e.vil)" not in written
    assert "@acme/all" not in written


def test_every_report_is_written_whatever_happens(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted))
    folder = hosted.folder / "reports"
    names = {"console": "c.txt", "junit": "j.xml", "json": "v.json", "github": "g.txt", "markdown": "m.md"}
    outputs = [part for form, name in names.items() for part in ("-o", f"{form}={folder / name}")]
    for code, target in ((1, "main"), (2, "other")):
        run = hosted.run(*outputs, env=hosted.event(head, target=target), approved=head)
        assert run.code == code
        assert {path.name for path in folder.iterdir()} == set(names.values())
        assert json.loads((folder / "v.json").read_text())["exitCode"] == code


def test_two_runs_write_the_same_bytes(hosted: Hosted) -> None:
    head = hosted.propose(short_bake(hosted))
    texts = []
    for _ in range(2):
        hosted.judge(head)
        texts.append((hosted.folder / "verdict.json").read_bytes())
    assert texts[0] == texts[1]
    assert os.fsencode(str(hosted.path)) not in texts[0]
