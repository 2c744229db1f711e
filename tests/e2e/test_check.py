"""`changegate check` on real repositories: options, reports, exit codes, and what a repository may be like."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lxml import etree

from changegate import fixtures
from support.command import COMMAND, changegate, check, judge, surroundings
from support.hosted import FRAUD, RESEARCH
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run
    from support.hosted import Hosted

NOW = ("--now", fixtures.NOW)
CONFIG = ".changegate/config.yaml"
NOTHING = "open: nothing to check: no manifest, nothing that a manifest names and no control file changed\n"
GOOD_STEP, BAD_STEP = "{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}"


def local(hosted: Hosted, *arguments: str | Path, base: str = "main", cwd: Path | None = None) -> Run:
    """Check the working tree against main, with the reports of a laptop and a JSON report."""
    report = hosted.folder / "verdict.json"
    return check("--base", base, *NOW, *arguments, cwd=cwd or hosted.path, env=hosted.repo.environ, out=report)


def said(hosted: Hosted, *arguments: str | Path, cwd: Path | None = None, **env: str) -> Run:
    """The same, with the outputs that are asked for and no others."""
    given = ("check", "--base", "main", *NOW, *arguments)
    return changegate(*given, cwd=cwd or hosted.path, env=hosted.repo.environ | env)


def bad(hosted: Hosted) -> str:
    """The fraud detector with a step that is too short."""
    return hosted.edit(FRAUD, GOOD_STEP, BAD_STEP)


def other(hosted: Hosted, name: str, owner: str = "research-ml") -> str:
    """One more research model."""
    text = (hosted.path / RESEARCH).read_text()
    return text.replace("recommender-research", name).replace("owner: research-ml", f"owner: {owner}")


def blocking(run: Run) -> set[str]:
    return {finding["rule"] for finding in run.findings if finding["effect"] == "blocks"}


def released(run: Run) -> dict[str, dict[str, Any]]:
    """The subjects of a run that are releases or retirements, by name."""
    found = (subject for subject in run.verdict["subjects"] if subject["subject"]["identity"])
    return {subject["subject"]["identity"]["name"]: subject for subject in found}


# Exit codes


def test_0_is_open(hosted: Hosted) -> None:
    hosted.repo.write({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    run = local(hosted)
    assert (run.code, run.verdict["verdict"], run.verdict["exitCode"]) == (0, "open", 0)
    assert run.out == "open: 1 release: everything that was checked holds\n"


def test_0_is_not_enforced_too(hosted: Hosted) -> None:
    hosted.repo.commit({}, remove=(CONFIG,))
    hosted.repo.write({FRAUD: bad(hosted)})
    run = local(hosted)
    assert (run.code, run.verdict["verdict"], run.verdict["exitCode"]) == (0, "not-enforced", 0)
    assert "rollout/bake-too-short" in run.rules


def test_1_is_closed(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: bad(hosted)})
    run = local(hosted)
    assert (run.code, run.verdict["verdict"], run.verdict["exitCode"]) == (1, "closed", 1)
    assert blocking(run) == {"rollout/bake-too-short"}


def test_2_is_undecided(hosted: Hosted) -> None:
    run = local(hosted, base="nowhere")
    assert (run.code, run.verdict["verdict"], run.verdict["exitCode"]) == (2, "undecided", 2)
    (failure,) = run.verdict["failures"]
    assert failure["hint"] in run.out


def test_3_is_awaiting_approval(hosted: Hosted) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    run = hosted.run("--approvals", hosted.approvals(head, by=()), env=hosted.event(head))
    assert (run.code, run.verdict["verdict"], run.verdict["exitCode"]) == (3, "awaiting-approval", 3)
    assert blocking(run) == {"approvals/missing"}


def test_a_verdict_that_nobody_reads_is_none(hosted: Hosted) -> None:
    """Of a report that could not be printed neither 0 nor 1 is said; the reports in files are written."""
    reading, writing = os.pipe()
    os.close(reading)
    given = ("--base", "main", "-o", "console", "-o", "json=v.json")
    environ = surroundings()
    done = subprocess.run(
        [COMMAND, "check", *given], cwd=hosted.path, env=environ, stdout=writing, stderr=-1, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")
    assert json.loads((hosted.path / "v.json").read_text())["verdict"] == "open"


# What is checked


def test_nothing_to_check_says_so_in_every_report(hosted: Hosted) -> None:
    hosted.repo.write({"README.md": "other words\n", "src/train.py": "import this\n", "values.yaml": "a: 1\n"})
    names = {form: hosted.folder / form for form in ("junit", "json", "markdown", "github")}
    run = said(hosted, "-o", "console", *(f"-o{form}={file}" for form, file in names.items()))
    assert (run.code, run.out) == (0, NOTHING)
    assert json.loads(names["json"].read_text())["subjects"] == []
    assert "nothing to check" in names["markdown"].read_text()
    assert etree.parse(names["junit"]).getroot().get("tests") == "0"
    assert "nothing to check" in names["github"].read_text()


def test_all_checks_every_manifest(hosted: Hosted) -> None:
    assert local(hosted).out == NOTHING
    run = local(hosted, "--all")
    assert (run.code, run.verdict["verdict"]) == (0, "open")
    assert len(released(run)) == 8
    assert {subject["operation"] for subject in released(run).values()} == {"unchanged"}


def test_all_needs_no_upstream_and_a_change_does(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: bad(hosted)})
    run = check("--all", *NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, blocking(run), len(released(run))) == (1, {"rollout/bake-too-short"}, 8)
    run = check(*NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert run.code == 2
    assert "--base origin/main" in run.out


def test_staged_is_the_index_and_not_the_working_tree(hosted: Hosted) -> None:
    good = (hosted.path / FRAUD).read_text()
    hosted.repo.write({FRAUD: bad(hosted)})
    hosted.repo.git("add", FRAUD)
    hosted.repo.write({FRAUD: good})
    assert blocking(local(hosted, "--staged")) == {"rollout/bake-too-short"}
    assert local(hosted).out == NOTHING
    hosted.repo.git("reset", "--quiet")
    hosted.repo.write({FRAUD: bad(hosted), "models/new.yaml": other(hosted, "new", owner="nobody")})
    assert local(hosted, "--staged").out == NOTHING
    assert blocking(local(hosted)) == {"rollout/bake-too-short", "operations/owner-unknown"}


def test_staged_reads_evidence_from_the_index_too(hosted: Hosted) -> None:
    """A report that is edited on disk and not staged is not what would be committed."""
    report = "models/fraud-detector/evidence/evaluation.json"
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    hosted.repo.git("add", FRAUD)
    hosted.repo.write({report: "{}"})
    assert blocking(local(hosted, "--staged")) == set()
    assert blocking(local(hosted)) == {"evaluation/invalid-evidence"}


def test_staged_and_head_exclude_each_other(hosted: Hosted) -> None:
    run = local(hosted, "--staged", "--head", "HEAD")
    assert run.code == 2
    assert "--staged and --head exclude each other" in run.out


@pytest.fixture
def two(hosted: Hosted) -> Hosted:
    """Two manifests with a fault each."""
    hosted.repo.write({FRAUD: bad(hosted), RESEARCH: hosted.edit(RESEARCH, "owner: research-ml", "owner: nobody")})
    return hosted


@pytest.mark.parametrize(
    ("start", "path"),
    [
        ("", FRAUD),
        ("", "models/fraud-detector"),
        ("", "./models/../models/fraud-detector"),
        ("models", "fraud-detector"),
        ("contracts", "../models/fraud-detector/manifest.yaml"),
        ("models/fraud-detector", "."),
    ],
)
def test_a_path_narrows_the_check(two: Hosted, start: str, path: str) -> None:
    run = local(two, path, cwd=two.path / start)
    assert (run.code, blocking(run), set(released(run))) == (1, {"rollout/bake-too-short"}, {"fraud-detector"})


def test_several_paths_and_absolute_ones_and_ones_through_a_link(two: Hosted) -> None:
    assert set(released(local(two, "-C", "checkout/models", "fraud-detector", cwd=two.folder))) == {"fraud-detector"}
    run = local(two, two.path / FRAUD, RESEARCH)
    assert blocking(run) == {"rollout/bake-too-short", "operations/owner-unknown"}
    (two.folder / "link").symlink_to(two.path)
    for path, cwd in ((RESEARCH, two.folder / "link"), (two.folder / "link" / RESEARCH, two.path)):
        assert blocking(local(two, path, cwd=cwd)) == {"operations/owner-unknown"}
    assert len(released(local(two, two.folder / "link"))) == 2


def test_a_path_with_all_is_checked_although_it_did_not_change(hosted: Hosted) -> None:
    assert local(hosted, FRAUD).out == NOTHING
    assert set(released(local(hosted, "--all", FRAUD))) == {"fraud-detector"}


def test_a_path_of_what_is_deleted_is_one(hosted: Hosted) -> None:
    hosted.repo.remove(RESEARCH)
    assert released(local(hosted, RESEARCH))["recommender-research"]["operation"] == "retire"


@pytest.mark.parametrize("path", ["models/fraud-detctor", "models/fraud-detector/manifest.yml", "models/fraud"])
def test_a_path_that_names_nothing_is_no_pass(hosted: Hosted, path: str) -> None:
    run = local(hosted, path)
    assert run.code == 2
    assert f"there is no file {path}" in run.out


def test_a_path_outside_is_an_error(hosted: Hosted) -> None:
    for path in ("..", "/etc/passwd", hosted.folder):
        run = said(hosted, path)
        assert (run.code, run.out) == (2, "")
        assert "outside the repository" in run.err


def test_a_part_of_a_change_decides_nothing_in_ci(hosted: Hosted) -> None:
    head = hosted.propose({FRAUD: bad(hosted)})
    run = hosted.run(RESEARCH, env=hosted.event(head), approved=head)
    assert run.code == 2
    assert "in CI the whole change is judged" in run.out


def test_warnings_close_the_gate_where_that_is_asked(tmp_path: Path) -> None:
    laid_out = fixtures.lay_out(tmp_path / "repository", fixtures.case("operations-escalation-missing"))
    assert judge(laid_out).code == 0
    run = judge(laid_out, "--fail-on", "warning")
    assert (run.code, run.verdict["verdict"]) == (1, "closed")
    assert blocking(run) == {"operations/escalation-missing"}


# What is printed


def test_quiet_is_silent_when_open_and_short_when_not(hosted: Hosted) -> None:
    hosted.repo.write({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    assert said(hosted, "--quiet").out == ""
    hosted.repo.write({FRAUD: bad(hosted)})
    lines = said(hosted, "--quiet").out.splitlines()
    assert lines[-1] == "closed: 2 releases: 1 rule blocks"
    assert any(re.match(rf"{FRAUD}:\d+:\d+: error\[rollout/bake-too-short\]", line) for line in lines)
    assert not any(" | " in line for line in lines)


def test_quiet_still_says_what_to_do_where_nothing_was_decided(hosted: Hosted) -> None:
    run = changegate("check", "-q", *NOW, cwd=hosted.path, env=hosted.repo.environ)
    assert run.code == 2
    assert "--base origin/main" in run.out


def test_verbose_says_what_passed_too(hosted: Hosted) -> None:
    hosted.repo.write({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    shown = said(hosted, "--verbose").out
    assert "recommender-research 0.4.0  (update of 0.3.0, low risk)" in shown
    assert re.search(r"^\d+ rules passed:$", shown, re.MULTILINE)
    assert re.search(r"^  rollout/bake-too-short \(.+\)$", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "environ", "coloured"),
    [
        ([], {}, False),
        ([], {"NO_COLOR": ""}, False),
        ([], {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"NO_COLOR": "", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_only_where_it_is_wanted(
    hosted: Hosted, arguments: list[str], environ: dict[str, str], coloured: bool
) -> None:
    hosted.repo.write({FRAUD: bad(hosted)})
    run = said(hosted, *arguments, "-o", "console", "-o", "console=plain.txt", **environ)
    assert ("\x1b[" in run.out) == coloured
    plain = (hosted.path / "plain.txt").read_text()
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", run.out) == plain


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_has_colours_unless_no_color_is_set(hosted: Hosted, no_color: str, coloured: bool) -> None:
    hosted.repo.write({FRAUD: bad(hosted)})
    reading, writing = pty.openpty()
    environ = hosted.repo.environ | {"NO_COLOR": no_color, "TERM": "xterm", "COLUMNS": "60"}
    given = ("check", "--base", "main", *NOW)
    done = subprocess.run([COMMAND, *given], cwd=hosted.path, env=environ, stdout=writing, check=False)
    shown = os.read(reading, 65_536).decode()
    os.close(writing)
    os.close(reading)
    assert done.returncode == 1
    assert ("\x1b[" in shown) == coloured
    assert "closed" in shown


# Reports


def test_several_reports_in_one_run_say_the_same(hosted: Hosted) -> None:
    hosted.repo.write({FRAUD: bad(hosted)})
    files = {"junit": "out/gate.xml", "json": "out/verdict.json", "markdown": "out/summary.md"}
    run = said(hosted, "-o", "github", "-o", "console", *(f"-o{form}={file}" for form, file in files.items()))
    assert run.code == 1
    commands, console = run.out.partition("fraud-detector 2.4.0  (update")[::2]
    assert f"::error file={FRAUD},line=" in commands
    assert "error[rollout/bake-too-short]" in console
    suites = etree.parse(hosted.path / files["junit"]).getroot()
    assert suites.xpath("//testcase[contains(@name, 'bake-too-short')]/failure")
    verdict = json.loads((hosted.path / files["json"]).read_text())
    assert verdict["verdict"] == "closed"
    assert "rollout/bake-too-short" in (hosted.path / files["markdown"]).read_text()


def test_reports_go_to_stdout_in_the_order_in_which_they_were_asked_for(hosted: Hosted) -> None:
    out = said(hosted, "-o", "markdown", "-o", "json=-", "-o", "console").out
    assert out.startswith("<!-- changegate -->")
    assert '\n{"$schema":' in out
    assert out.endswith(f"}}}}\n{NOTHING}")


def test_a_report_starts_from_the_folder_that_is_named(hosted: Hosted) -> None:
    said(hosted, "-C", "checkout/models", "-o", "json=v.json", cwd=hosted.folder)
    assert (hosted.path / "models" / "v.json").is_file()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("sariff", "there is no report format 'sariff'"),
        ("", "there is no report format ''"),
        ("JSON", "there is no report format 'JSON'"),
        ("junit=", "names no file"),
        ("markdown=./v.json", "two reports would be written to v.json"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_anything_is_done(hosted: Hosted, output: str, message: str) -> None:
    run = said(hosted, "-o", "json=v.json", "-o", output)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert not (hosted.path / "v.json").exists()


@pytest.mark.parametrize("where", ["README.md/v.json", "models", "/proc/changegate/v.json"])
def test_a_report_that_cannot_be_written_costs_the_verdict_and_not_the_others(hosted: Hosted, where: str) -> None:
    run = said(hosted, "-o", f"json={where}", "-o", "console", "-o", "junit=gate.xml")
    assert (run.code, run.out) == (2, NOTHING)
    assert where in run.err
    assert "try: " in run.err
    assert (hosted.path / "gate.xml").is_file()


@pytest.mark.parametrize("start", ["", "models"])
def test_no_report_follows_a_link_of_the_checkout(hosted: Hosted, start: str) -> None:
    """Not one above the folder that the command runs in either: the change put it there."""
    (hosted.folder / "outside").mkdir()
    hosted.repo.link("reports", "../outside")
    up = "../" if start else ""
    run = said(hosted, "-o", f"json={up}reports/v.json", cwd=hosted.path / start)
    assert run.code == 2
    assert "link" in run.err
    assert not list((hosted.folder / "outside").iterdir())


def test_what_is_handed_in_starts_from_the_folder_that_is_named(hosted: Hosted) -> None:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    hosted.approvals(head)
    given = ("-C", "checkout", "--approvals", "../approvals.json", "-o", f"json={hosted.folder}/v.json")
    run = changegate("check", *given, *NOW, cwd=hosted.folder, env=hosted.event(head))
    assert (run.code, run.out) == (0, "")
    assert json.loads((hosted.folder / "v.json").read_text())["verdict"] == "open"


@pytest.mark.parametrize("time", ["yesterday", "2026-11-02", "2026-11-02T12:00:00", ""])
def test_a_time_that_is_none(hosted: Hosted, time: str) -> None:
    run = changegate("check", "--now", time, cwd=hosted.path, env=hosted.repo.environ)
    assert (run.code, run.out) == (2, "")
    assert "is no time" in run.err


# What a repository may be like


def test_not_a_git_repository(tmp_path: Path) -> None:
    run = check(cwd=tmp_path / "..", out=tmp_path / "v.json")
    assert run.code == 2
    assert "is not in a git repository" in run.out
    assert "git init" in run.out


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    run = changegate("check", "-C", "nowhere", cwd=tmp_path)
    assert run.code == 2
    assert "nowhere is not a directory" in run.out


@pytest.mark.parametrize("arguments", [[], ["--all"], ["--staged"]])
def test_a_repository_with_nothing_in_it(tmp_path: Path, arguments: list[str]) -> None:
    run = check(*arguments, cwd=Repo.init(tmp_path / "empty").path)
    assert (run.code, run.out) == (0, f"{NOTHING}  note: nothing was committed yet: every file counts as new\n")


@pytest.mark.parametrize("arguments", [[], ["--all"], ["--staged"]])
def test_before_the_first_commit_everything_is_new(hosted: Hosted, arguments: list[str], tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "unborn")
    repo.write({RESEARCH: (hosted.path / RESEARCH).read_text()})
    repo.git("add", ".")
    run = check(*arguments, *NOW, cwd=repo.path, env=repo.environ)
    assert (run.code, run.verdict["verdict"]) == (0, "not-enforced")
    subject = released(run)["recommender-research"]
    assert (subject["operation"], subject["previous"]["status"]) == ("create", "absent")


def test_a_bare_repository_is_checked_where_it_is_named(hosted: Hosted, tmp_path: Path) -> None:
    hosted.propose({FRAUD: bad(hosted)})
    bare = hosted.repo.clone(tmp_path / "bare.git", "--bare").path
    revisions = ("--base", "main", "--head", "topic")
    for start, given in ((tmp_path, "bare.git"), (bare, "."), (tmp_path, bare)):
        run = check("--git-dir", given, *revisions, *NOW, cwd=start, out=tmp_path / "v.json")
        assert (run.code, blocking(run)) == (1, {"rollout/bake-too-short"})
    run = check("-C", "bare.git", "--git-dir", ".", *revisions, *NOW, cwd=tmp_path, out=tmp_path / "v.json")
    assert run.code == 1
    run = check(*revisions, *NOW, cwd=bare, out=tmp_path / "v.json")
    assert run.code == 2
    assert "--git-dir" in run.out
    run = check("--git-dir", "models", *revisions, *NOW, cwd=hosted.path, out=tmp_path / "v.json")
    assert run.code == 2
    assert "is not a git directory" in run.out


def test_a_linked_worktree_is_its_own(hosted: Hosted) -> None:
    hosted.propose({FRAUD: bad(hosted)})
    hosted.repo.switch("main")
    hosted.repo.git("worktree", "add", "--quiet", str(hosted.folder / "linked"), "topic")
    assert blocking(local(hosted, cwd=hosted.folder / "linked")) == {"rollout/bake-too-short"}
    assert local(hosted).out == NOTHING


def test_a_sparse_checkout_is_complete_all_the_same(hosted: Hosted, tmp_path: Path) -> None:
    """What is left out on disk is neither deleted nor passed over; evidence is found too."""
    hosted.propose({FRAUD: bad(hosted)})
    clone = hosted.repo.clone(tmp_path / "sparse", "--branch=topic")
    clone.git("sparse-checkout", "set", "--no-cone", "/contracts/")
    assert not (clone.path / "models").exists()
    given = ("--base", "origin/main", *NOW)
    run = check(*given, cwd=clone.path, env=clone.environ)
    assert (run.code, blocking(run), set(released(run))) == (1, {"rollout/bake-too-short"}, {"fraud-detector"})
    run = check(*given, "--all", cwd=clone.path, env=clone.environ)
    assert (blocking(run), len(released(run))) == ({"rollout/bake-too-short"}, 8)


def test_a_clone_of_depth_1_says_how_to_fetch(hosted: Hosted, tmp_path: Path) -> None:
    hosted.propose({FRAUD: bad(hosted)})
    clone = hosted.repo.clone(tmp_path / "shallow", "--depth=1", "--branch=topic", "--no-single-branch")
    run = check("--base", "HEAD~1", *NOW, cwd=clone.path, env=clone.environ)
    assert run.code == 2
    assert "'HEAD~1' is not a commit in this clone" in run.out
    assert "git fetch --unshallow" in run.out
    run = check("--trusted-ref", "refs/heads/main", *NOW, cwd=clone.path, env=clone.environ)
    assert run.code == 2
    assert "git fetch --unshallow" in run.out
    clone.git("fetch", "--quiet", "--unshallow")
    run = check("--trusted-ref", "refs/heads/main", *NOW, cwd=clone.path, env=clone.environ)
    assert blocking(run) == {"rollout/bake-too-short"}


def test_a_submodule_is_another_repository(hosted: Hosted, tmp_path: Path) -> None:
    """The manifests in it are its own affair; the commit that it stands at is not read."""
    inner = Repo.init(tmp_path / "inner")
    inner.commit({"models/inner.yaml": other(hosted, "inner", owner="nobody")})
    hosted.repo.git("submodule", "--quiet", "add", f"file://{inner.path}", "models/inner")
    run = local(hosted)
    assert set(released(run)) == set()
    assert {item["operation"] for item in run.verdict["subjects"]} <= {"none"}
    hosted.repo.commit({})
    assert len(released(local(hosted, "--all"))) == 8
    run = check("--all", *NOW, cwd=hosted.path / "models" / "inner", env=hosted.repo.environ, out=tmp_path / "v.json")
    assert (run.verdict["verdict"], set(released(run))) == ("not-enforced", {"inner"})


def test_a_manifest_that_becomes_a_submodule_is_lost(hosted: Hosted, tmp_path: Path) -> None:
    inner = Repo.init(tmp_path / "inner")
    inner.commit({"manifest": "x\n"})
    hosted.repo.git("rm", "--quiet", RESEARCH)
    hosted.repo.git("submodule", "--quiet", "add", f"file://{inner.path}", RESEARCH)
    assert "manifest/no-longer-a-manifest" in blocking(local(hosted, "--staged"))


def test_a_detached_head_is_compared_with_the_default_branch(hosted: Hosted, tmp_path: Path) -> None:
    head = hosted.propose({FRAUD: bad(hosted)})
    hosted.repo.switch("main")
    clone = hosted.repo.clone(tmp_path / "detached")
    clone.detach(head)
    run = check(*NOW, cwd=clone.path, env=clone.environ)
    assert (run.code, blocking(run)) == (1, {"rollout/bake-too-short"})
    assert run.verdict["context"]["base"] == hosted.repo.id("main")


def test_a_merge_in_progress(hosted: Hosted) -> None:
    """Markers of a conflict are no manifest, an unmerged index is no commit; once resolved, it is what will be."""
    hosted.propose({FRAUD: bad(hosted)})
    hosted.repo.switch("main")
    hosted.repo.commit({FRAUD: hosted.edit(FRAUD, GOOD_STEP, "{weight: 50, bake: 2h}")})
    hosted.repo.git("merge", "topic", check=False)
    assert "<<<<<<<" in (hosted.path / FRAUD).read_text()
    run = local(hosted, base="HEAD")
    assert (run.code, blocking(run)) == (1, {"manifest/unreadable"})
    run = local(hosted, "--staged", base="HEAD")
    assert run.code == 2
    assert f"{FRAUD}: unmerged" in run.out
    hosted.repo.git("checkout", "--quiet", "--theirs", FRAUD)
    hosted.repo.git("add", FRAUD)
    assert blocking(local(hosted, "--staged", base="HEAD")) == {"rollout/bake-too-short"}
    assert blocking(local(hosted, base="HEAD")) == {"rollout/bake-too-short"}


def test_what_git_ignores_is_not_in_the_change(hosted: Hosted) -> None:
    hosted.repo.commit({".gitignore": "/models/scratch/\n"})
    hosted.repo.write({"models/scratch/a.yaml": other(hosted, "scratch", owner="nobody")})
    assert local(hosted).out == NOTHING
    hosted.repo.git("add", "--force", "models/scratch/a.yaml")
    assert blocking(local(hosted)) == {"operations/owner-unknown"}


# Why a release is in the change


@pytest.mark.parametrize(
    "file",
    [
        "contracts/transactions.yaml",
        "locks/training-uv.lock",
        "models/fraud-detector/MODEL_CARD.md",
        "models/fraud-detector/RUNBOOK.md",
        "models/fraud-detector/evidence/evaluation.json",
        "models/fraud-detector/evidence/model.sig",
        "models/fraud-detector/evidence/rollback-drill.json",
    ],
)
def test_a_file_that_a_manifest_names_brings_it_into_the_change(hosted: Hosted, file: str) -> None:
    (hosted.path / file).write_bytes((hosted.path / file).read_bytes() + b"\n")
    run = local(hosted, "-o", f"markdown={hosted.folder}/summary.md")
    subject = released(run)["fraud-detector"]
    assert subject["why"] == f"{file} changed"
    assert subject["previous"]["how"] == "identity"
    assert f"checked because {file} changed" in run.out
    assert f"Checked because {file} changed." in (hosted.folder / "summary.md").read_text().replace("\\", "")


def test_a_file_that_two_manifests_name_brings_both(hosted: Hosted) -> None:
    text = (hosted.path / FRAUD).read_text()
    hosted.repo.commit({"models/fraud-batch.yaml": text.replace("name: fraud-detector", "name: fraud-batch")})
    hosted.repo.remove("contracts/transactions.yaml")
    hosted.repo.write({"models/fraud-detector/RUNBOOK.md": "Call somebody.\n"})
    run = local(hosted, base="HEAD")
    why = {name: subject["why"] for name, subject in released(run).items()}
    assert why == dict.fromkeys(("fraud-batch", "fraud-detector"), "contracts/transactions.yaml changed (+1)")
    assert "features/contract-missing" in blocking(run)


def test_a_named_file_that_moved_is_one_that_changed(hosted: Hosted) -> None:
    hosted.repo.git("mv", "models/fraud-detector/RUNBOOK.md", "models/fraud-detector/OPERATIONS.md")
    run = local(hosted)
    assert released(run)["fraud-detector"]["why"] == "models/fraud-detector/RUNBOOK.md changed"
    assert blocking(run) == {"operations/runbook-missing"}


def test_a_manifest_says_what_became_of_it(hosted: Hosted) -> None:
    hosted.repo.write({"models/new.yaml": other(hosted, "new")})
    hosted.repo.git("mv", RESEARCH, "models/moved.yaml")
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})
    why = {name: subject["why"] for name, subject in released(local(hosted)).items()}
    assert why == {
        "fraud-detector": "the manifest was modified",
        "new": "the manifest was added",
        "recommender-research": "the manifest was renamed",
    }


# Renames, moves, deletions, duplicates, several in a file, JSON


def test_a_model_that_is_renamed_keeps_its_past_where_it_says_so(hosted: Hosted) -> None:
    renamed = hosted.edit(RESEARCH, "name: recommender-research", "name: ranker\n  replaces: recommender-research")
    hosted.repo.write({RESEARCH: renamed})
    (subject,) = released(local(hosted)).values()
    assert (subject["subject"]["label"], subject["operation"]) == ("ranker", "rename")
    assert subject["previous"]["how"] == "replaces"
    hosted.repo.write({RESEARCH: renamed.replace("  replaces: recommender-research\n", "")})
    found = released(local(hosted))
    assert {name: subject["operation"] for name, subject in found.items()} == {
        "ranker": "create",
        "recommender-research": "retire",
    }


def test_a_deleted_manifest_is_a_decision(hosted: Hosted) -> None:
    head = hosted.propose(remove=(FRAUD,))
    run = hosted.run("--approvals", hosted.approvals(head, by=()), env=hosted.event(head))
    subject = released(run)["fraud-detector"]
    assert (subject["subject"]["kind"], subject["operation"], subject["why"]) == (
        "retirement",
        "retire",
        "the manifest was deleted",
    )
    assert (run.code, run.rules) == (3, {"retirement/not-approved"})


def test_an_identity_that_two_files_have_is_found_at_both(hosted: Hosted) -> None:
    copy = "models/copy.yaml"
    hosted.repo.commit({copy: (hosted.path / RESEARCH).read_text()})
    assert local(hosted).out == NOTHING
    run = local(hosted, "--all")
    assert (run.code, blocking(run)) == (1, {"manifest/duplicate-identity"})
    assert {(one["location"]["file"], one["location"]["line"]) for one in run.findings} == {(copy, 4), (RESEARCH, 4)}
    hosted.repo.git("reset", "--quiet", "--soft", "HEAD~1")
    assert blocking(local(hosted, base="HEAD")) == {"manifest/duplicate-identity"}


def test_an_identity_that_two_documents_of_a_file_have(hosted: Hosted) -> None:
    hosted.repo.write(
        {RESEARCH: (hosted.path / RESEARCH).read_text() + "---\n" + other(hosted, "recommender-research")}
    )
    for arguments in ((), ("--all",)):
        run = local(hosted, *arguments)
        assert blocking(run) == {"manifest/duplicate-identity"}
        assert len({one["location"]["line"] for one in run.findings}) == 2


def test_several_documents_of_a_file_are_releases_of_their_own(hosted: Hosted) -> None:
    first, second = other(hosted, "first"), other(hosted, "second", owner="nobody")
    chart = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
    hosted.repo.write({"models/all.yaml": "---\n".join((first, chart, second))})
    run = local(hosted)
    assert set(released(run)) == {"first", "second"}
    (finding,) = run.findings
    lines = (hosted.path / "models/all.yaml").read_text().splitlines()
    assert (finding["rule"], finding["location"]["source"]) == ("operations/owner-unknown", "  owner: nobody")
    assert lines[finding["location"]["line"] - 1] == "  owner: nobody"


def test_taking_one_of_several_documents_out_retires_that_one(hosted: Hosted) -> None:
    both = other(hosted, "first") + "---\n" + other(hosted, "second")
    hosted.repo.commit({"models/all.yaml": both})
    hosted.repo.write({"models/all.yaml": both.partition("---\n")[0]})
    run = local(hosted, base="HEAD")
    assert {name: one["operation"] for name, one in released(run).items()} == {"first": "update", "second": "retire"}


def test_a_manifest_in_json_is_one_like_any_other(hosted: Hosted) -> None:
    value = yaml.safe_load(other(hosted, "written-as-json", owner="nobody"))
    hosted.repo.write({"models/a.json": json.dumps(value, indent=2), "models/b.json": '{"apiVersion": "v1"}'})
    run = local(hosted)
    (finding,) = run.findings
    assert set(released(run)) == {"written-as-json"}
    assert (finding["rule"], finding["location"]["file"]) == ("operations/owner-unknown", "models/a.json")
    assert finding["location"]["source"].strip() == '"owner": "nobody"'


def test_a_manifest_that_goes_from_yaml_to_json_is_the_same_release(hosted: Hosted) -> None:
    value = yaml.safe_load((hosted.path / RESEARCH).read_text())
    hosted.repo.remove(RESEARCH)
    hosted.repo.write({RESEARCH.replace(".yaml", ".json"): json.dumps(value)})
    (subject,) = released(local(hosted)).values()
    assert (subject["operation"], subject["changes"]) == ("update", [])
    assert subject["previous"]["file"] == RESEARCH


# The previous release


def test_the_previous_release_is_found_by_identity_after_a_move(hosted: Hosted) -> None:
    moved = "models/elsewhere/ranker.yaml"
    hosted.repo.write({moved: hosted.edit(RESEARCH, "version: 0.3.0", "version: 1.0.0")})
    hosted.repo.remove(RESEARCH)
    (subject,) = released(local(hosted)).values()
    base = hosted.repo.id("main")
    previous = {"status": "present", "how": "identity", "revision": base, "file": RESEARCH}
    assert subject["previous"].items() >= previous.items()
    assert (subject["operation"], subject["version"]) == ("update", "1.0.0")
    assert [change["path"] for change in subject["changes"]] == [["spec", "version"]]


def test_a_variant_is_an_identity_of_its_own(hosted: Hosted) -> None:
    challenger = hosted.edit(RESEARCH, "  owner:", "  variant: challenger\n  owner:")
    hosted.repo.write({"models/challenger.yaml": challenger})
    (subject,) = released(local(hosted)).values()
    assert (subject["operation"], subject["previous"]["status"]) == ("create", "absent")


def test_the_previous_release_is_found_at_a_release_tag(hosted: Hosted) -> None:
    """A model that was taken out and comes back; a tag of another name, or beside the history, is none."""
    text = (hosted.path / RESEARCH).read_text()
    config = ".changegate/config.yaml"
    hosted.repo.commit({config: (hosted.path / config).read_text() + "history: {maxCommits: 0}\n"}, "tags alone")
    tagged = hosted.repo.id("HEAD")
    hosted.repo.tag("release/1", annotated=True)
    hosted.repo.commit({RESEARCH: text.replace("0.3.0", "0.9.0")})
    hosted.repo.tag("nightly/1")
    hosted.repo.branch("aside")
    hosted.repo.commit({RESEARCH: text.replace("0.3.0", "0.8.0")})
    hosted.repo.tag("release/2")
    hosted.repo.switch("main")
    hosted.repo.commit(remove=(RESEARCH,))
    hosted.repo.write({RESEARCH: text.replace("0.3.0", "1.0.0")})
    (subject,) = released(local(hosted)).values()
    previous = {"status": "present", "how": "tag", "revision": tagged, "file": RESEARCH}
    assert subject["previous"].items() >= previous.items()
    assert subject["operation"] == "update"


@pytest.mark.parametrize(
    ("pattern", "reason"), [("release/*", "nor at a tag that matches release/*"), ("", "no pattern")]
)
def test_where_there_was_no_release_it_says_where_it_looked(hosted: Hosted, pattern: str, reason: str) -> None:
    if not pattern:
        hosted.repo.commit({CONFIG: hosted.edit(CONFIG, "releaseTags: release/*\n", "")})
    hosted.repo.write({"models/new.yaml": other(hosted, "new")})
    (subject,) = released(local(hosted)).values()
    assert (subject["operation"], subject["previous"]["status"]) == ("create", "absent")
    assert reason in subject["previous"]["reason"]


def test_a_previous_release_that_cannot_be_read_is_not_passed_over(hosted: Hosted) -> None:
    text = (hosted.path / FRAUD).read_text()
    hosted.repo.commit({FRAUD: hosted.edit(FRAUD, "  task: classification", "  tsk: classification")})
    hosted.repo.write({FRAUD: text})
    run = local(hosted)
    (subject,) = released(run).values()
    assert subject["previous"]["status"] == "invalid"
    assert "risk/previous-unreadable" in run.rules


def test_nothing_is_left_behind(hosted: Hosted) -> None:
    """Neither in the checkout nor in its git directory: a check only reads."""
    hosted.propose({FRAUD: bad(hosted)})
    before = _listing(hosted.path)
    assert said(hosted, "--all").code == 1
    assert said(hosted, "--head", "topic").code == 1
    assert said(hosted, "--staged").code == 1
    assert _listing(hosted.path) == before


def _listing(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.lstat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
