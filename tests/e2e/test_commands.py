"""Every command but `check`: its help, what it prints and writes, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from lxml import etree

from changegate import __version__, fixtures
from changegate.cli.group import COMMANDS, group
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from changegate.resources import FIXTURES, SCHEMAS
from support import crds
from support.command import COMMAND, changegate, check, surroundings, whole
from support.hosted import FRAUD, RESEARCH
from support.repos import Repo
from support.tools import actionlint, pre_commit

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

ROOT = Path(__file__).parents[2]
RULES = list(Catalogue.of(shipped()))
MODELS = sorted(path.parent.name for path in (FIXTURES / "gitops-repo").glob("models/*/manifest.yaml"))


def parses(line: str) -> click.Context:
    """Parse a command line as the command itself would; an option that it does not have is an error."""
    name, *words = shlex.split(line.partition(" | ")[0].removeprefix("changegate").strip())
    command = group.get_command(click.Context(group), name)
    assert command is not None, line
    return command.make_context(name, words)


def examples(shown: str) -> list[str]:
    """The command lines that a help page shows, without what is said beside them."""
    joined = re.sub(r" \\\n +", " ", shown)
    lines = (line.strip() for line in joined.splitlines() if line.startswith("  "))
    return [re.split(r" {2,}", line)[0] for line in lines if line.startswith("changegate ")]


# help, version, usage


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_that_parse(name: str, tmp_path: Path) -> None:
    run = changegate(name, "--help", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert "Examples:" in run.out
    found = examples(run.out)
    assert found
    for line in found:
        assert shlex.split(line)[1] == name
        parses(line)


def test_the_help_of_all_names_each_command_and_where_to_start(tmp_path: Path) -> None:
    run = changegate("--help", cwd=tmp_path)
    assert run.code == 0
    assert changegate("-h", cwd=tmp_path).out == run.out
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z]", run.out, re.MULTILINE)
    assert [shlex.split(line)[1] for line in examples(run.out)] == ["demo", "init", "check"]


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    run = changegate("--version", cwd=tmp_path)
    assert (run.code, run.out, run.err) == (0, f"changegate {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage: changegate"),
        (["chek"], "No such command 'chek'"),
        (["check", "--al"], "--all"),
        (["check", "--fail-on", "info"], "'error', 'warning'"),
        (["diff"], "Missing argument 'BASE'"),
        (["explain"], "Missing argument 'RULE'"),
        (["init", "--ci", "jenkins"], "'github', 'github-read-only', 'gitlab', 'pre-commit'"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_is_right(arguments: list[str], said: str, tmp_path: Path) -> None:
    run = changegate(*arguments, cwd=tmp_path)
    assert run.code == 2
    assert said in run.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["rules", "--format", "json"], ["demo", "--list"], ["check", "-o", "json"]])
def test_a_reader_that_goes_away_makes_no_verdict(arguments: list[str], tmp_path: Path) -> None:
    """Not 0 and not 1: what was not printed says nothing."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([COMMAND, *arguments], cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


# rules


def test_rules_lists_every_rule_with_its_severity_and_title(tmp_path: Path) -> None:
    run = changegate("rules", cwd=tmp_path)
    assert run.code == 0
    *rows, _, count = run.out.splitlines()
    assert [row.split()[0] for row in rows] == RULES
    assert {row.split()[1] for row in rows} == {"error", "warning"}
    assert count.startswith(f"{len(RULES)} rules.")


def test_rules_as_json_says_everything_of_each(tmp_path: Path) -> None:
    rules = json.loads(changegate("rules", "--format", "json", cwd=tmp_path).out)
    assert [rule["id"] for rule in rules] == RULES
    for rule in rules:
        assert all(rule[key] for key in ("title", "message", "remediation", "severity", "subject", "policy")), rule


def test_rules_as_markdown_has_a_row_and_a_section_for_each(tmp_path: Path) -> None:
    page = changegate("rules", "--format", "markdown", cwd=tmp_path).out
    assert re.findall(r"^### (\S+)$", page, re.MULTILINE) == RULES
    assert re.findall(r"^\| \[(\S+)\]", page, re.MULTILINE) == RULES


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_rules_of_some_checks(form: str, tmp_path: Path) -> None:
    shown = changegate("rules", "--check", "rollout", "--check", "slos", "--format", form, cwd=tmp_path).out
    named = set(re.findall(r"(?<![\w/])([a-z]+/[a-z-]+)(?![\w./])", shown)) & set(RULES)
    assert named == {rule for rule in RULES if rule.startswith(("rollout/", "slos/"))}


def test_rules_of_a_check_that_is_not_there(tmp_path: Path) -> None:
    run = changegate("rules", "--check", "rollouts", cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "there is no check 'rollouts'" in run.err
    assert "retirement, risk, rollout, " in run.err


# explain


def test_explain_says_of_every_rule_why_how_to_mend_it_and_what_sets_it() -> None:
    for rule in RULES:
        shown = CliRunner().invoke(group, ["explain", rule], standalone_mode=False, catch_exceptions=False)
        assert shown.return_value == 0, rule
        assert shown.output.startswith(f"{rule}  (")
        assert all(f"\n{part}\n" in shown.output for part in ("It says", "What to do", "References")), rule
        assert "not set" not in shown.output, rule


def test_explain_outside_of_any_repository_shows_the_defaults(tmp_path: Path) -> None:
    run = changegate("explain", "rollout/bake-too-short", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert "Set by (the default)" in run.out
    assert '"high": 1800' in run.out
    assert re.search(r"^Policy: rego/\S+\.rego, line \d+$", run.out, re.MULTILINE)


@pytest.mark.parametrize("upstream", [True, False])
def test_explain_in_a_repository_shows_its_thresholds(hosted: Hosted, upstream: bool) -> None:
    """Those that a change is judged by: not what the working tree, or where there is an upstream the branch, says."""
    config = ".changegate/config.yaml"
    set_to = "settings:\n  rollout: {{minimumBakeSeconds: {{high: {}}}}}\n"
    base = hosted.repo.commit({config: hosted.edit(config, "settings:\n", set_to.format(7200))})
    if upstream:
        hosted.protect()
        hosted.repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
        hosted.repo.branch("topic")
        hosted.repo.commit({config: hosted.edit(config, "high: 7200", "high: 60")})
    hosted.repo.write({config: (hosted.path / config).read_text().replace("high: ", "high: 9")})
    run = changegate("explain", "rollout/bake-too-short", cwd=hosted.path / "models", env=hosted.repo.environ)
    assert run.code == 0
    assert f"Set by (.changegate/config.yaml at {base[:12]}, over the default)" in run.out
    assert '"high": 7200' in run.out
    assert '"critical": 3600' in run.out
    there = changegate("explain", "rollout/bake-too-short", "-C", "checkout", cwd=hosted.folder)
    assert there.out == run.out


def test_explain_where_nothing_is_committed_or_configured_shows_the_defaults(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "new")
    for _ in range(2):
        assert "Set by (the default)" in changegate("explain", "rollout/bake-too-short", cwd=repo.path).out
        repo.commit({"README.md": "new\n"})


def test_explain_where_the_configuration_is_broken_says_where(hosted: Hosted) -> None:
    hosted.repo.commit({".changegate/config.yaml": "apiVersion: changegate.dev/v1\nkind: Config\nsetings: {}\n"})
    run = changegate("explain", "rollout/bake-too-short", cwd=hosted.path)
    assert (run.code, run.out) == (2, "")
    assert ".changegate/config.yaml:3" in run.err


def test_explain_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    run = changegate("explain", "rollout/bake-too-short", "-C", "nowhere", cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "nowhere is not a directory" in run.err


@pytest.mark.parametrize("typed", ["rollout/bake-to-short", "bake-too-short", "rollout/bake_too_short"])
def test_explain_of_a_rule_that_is_not_there_names_the_nearest(typed: str, tmp_path: Path) -> None:
    run = changegate("explain", typed, cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert f"there is no rule '{typed}'" in run.err
    assert "did you mean rollout/bake-too-short" in run.err


# init

SCAFFOLDED = {
    ".changegate/config.yaml",
    ".changegate/teams.yaml",
    ".changegate/signers.yaml",
    "models/example-model/manifest.yaml",
}
HOSTS = {
    "github": ".github/workflows/changegate.yml",
    "gitlab": ".gitlab/changegate.yml",
    "pre-commit": ".pre-commit-config.yaml",
}
BESIDE = {"github": {".github/workflows/changegate-review.yml", ".github/zizmor.yml"}}
"""What else is written for a host."""


def scaffold(folder: Path, *hosts: str) -> Repo:
    """A repository as `init` makes it, committed."""
    repo = Repo.init(folder)
    run = changegate("init", *(f"--ci={host}" for host in hosts), cwd=folder)
    assert run.code == 0
    repo.commit()
    return repo


def files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if path.parts[0] != ".git"}


@pytest.mark.parametrize(
    ("hosts", "written"),
    [
        ((), ("github", "pre-commit")),
        (("github",), ("github",)),
        (("gitlab",), ("gitlab",)),
        (("pre-commit",), ("pre-commit",)),
        (("gitlab", "pre-commit"), ("gitlab", "pre-commit")),
    ],
)
def test_a_freshly_initialised_repository_passes(
    hosts: tuple[str, ...], written: tuple[str, ...], tmp_path: Path
) -> None:
    repo = scaffold(tmp_path / "models", *hosts)
    beside = (BESIDE.get(host, set()) for host in written)
    assert files(repo.path) == SCAFFOLDED | {HOSTS[host] for host in written}.union(*beside)
    run = check("--all", cwd=repo.path, env=repo.environ)
    assert (run.code, run.verdict["verdict"], run.findings) == (0, "open", [])
    assert [subject["subject"]["label"] for subject in run.verdict["subjects"]] == ["example-model", "change set"]


def test_a_freshly_initialised_repository_passes_before_the_first_commit_too(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "models")
    changegate("init", cwd=repo.path)
    run = check("--all", cwd=repo.path, env=repo.environ)
    assert (run.code, run.verdict["verdict"]) == (0, "not-enforced")


def test_a_freshly_initialised_repository_can_be_enforced(tmp_path: Path) -> None:
    repo = scaffold(tmp_path / "models")
    config = (repo.path / ".changegate/config.yaml").read_text()
    repo.commit({".changegate/config.yaml": config.replace("enforcement: observe", "enforcement: enforce")})
    assert check("--all", cwd=repo.path, env=repo.environ).verdict["verdict"] == "open"
    manifest = "models/example-model/manifest.yaml"
    repo.write({manifest: (repo.path / manifest).read_text().replace("tier: low", "tier: high")})
    run = check("--base", "HEAD", cwd=repo.path, env=repo.environ)
    assert (run.code, run.verdict["verdict"]) == (1, "closed")


@pytest.mark.parametrize(("file", "schema"), [("config", "config"), ("teams", "teams"), ("manifest", "manifest")])
def test_scaffolded_files_are_valid_against_their_schemas(file: str, schema: str, tmp_path: Path) -> None:
    changegate("init", cwd=tmp_path)
    (path,) = tmp_path.rglob(f"{file}.yaml")
    described = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())
    assert f"$schema={described['$id']}" in path.read_text()
    jsonschema.Draft202012Validator(described, registry=_registry()).validate(yaml.safe_load(path.read_text()))


def _registry() -> Any:
    from referencing import Registry, Resource

    every = (json.loads(path.read_text()) for path in SCHEMAS.rglob("*.json"))
    return Registry().with_resources([(one["$id"], Resource.from_contents(one)) for one in every])


@pytest.mark.parametrize(
    ("form", "events"),
    [
        ("github", {"pull_request_target", "workflow_run", "merge_group"}),
        ("github-read-only", {"pull_request", "pull_request_review", "merge_group"}),
    ],
)
def test_the_scaffolded_workflow_is_what_the_action_takes(tmp_path: Path, form: str, events: set[str]) -> None:
    changegate("init", "--ci", form, cwd=tmp_path)
    workflow = yaml.load((tmp_path / HOSTS["github"]).read_text(), yaml.BaseLoader)
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    checkout, gate = workflow["jobs"]["gate"]["steps"]
    assert {"fetch-depth": "0", "persist-credentials": "false"}.items() <= checkout["with"].items()
    assert set(gate["with"]) <= set(inputs)
    assert {name for name, given in inputs.items() if given.get("required")} <= set(gate["with"])
    assert gate["with"]["trusted-ref"] == "refs/heads/main"
    assert set(workflow["on"]) == events


def test_a_repository_has_one_workflow_of_the_gate(tmp_path: Path) -> None:
    run = changegate("init", "--ci", "github", "--ci", "github-read-only", cwd=tmp_path)
    assert run.code == 2
    assert "choose one" in run.err
    assert files(tmp_path) == set()


@pytest.mark.parametrize("form", ["github", "github-read-only"])
def test_the_scaffolded_workflow_passes_actionlint(tmp_path: Path, form: str) -> None:
    repo = Repo.init(tmp_path / "models")
    changegate("init", "--ci", form, cwd=repo.path)
    done = subprocess.run([actionlint(), "-no-color"], cwd=repo.path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_scaffolded_job_for_gitlab_runs_what_there_is(tmp_path: Path) -> None:
    changegate("init", "--ci", "gitlab", cwd=tmp_path)
    job = yaml.safe_load((tmp_path / HOSTS["gitlab"]).read_text())["changegate"]
    trusted = {"CHANGEGATE_TRUSTED_REF": "refs/heads/$CI_DEFAULT_BRANCH"}
    assert job["variables"] == {"GIT_DEPTH": 0, **trusted, "CHANGEGATE_PUBLISH": "false"}
    check, publish = (
        re.split(r" \|\||;", line.partition("python -I -m ")[2])[0]
        for line in job["script"] if " -m changegate " in line
    )  # fmt: skip
    given = parses(check).params["outputs"]
    written = {Path(one.partition("=")[2]) for one in given if one.startswith(("json=", "markdown="))}
    published = parses(publish).params
    assert {published["verdict"], published["summary"]} == written
    assert f"junit={job['artifacts']['reports']['junit']}" in given
    assert job["artifacts"]["when"] == "always"


def test_the_scaffolded_hook_is_the_one_that_is_offered(tmp_path: Path) -> None:
    changegate("init", "--ci", "pre-commit", cwd=tmp_path)
    (repo,) = yaml.safe_load((tmp_path / HOSTS["pre-commit"]).read_text())["repos"]
    offered = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert repo["rev"] == f"v{__version__}"
    assert {hook["id"] for hook in repo["hooks"]} <= offered


def test_the_scaffolded_hook_is_valid_for_pre_commit(tmp_path: Path) -> None:
    changegate("init", "--ci", "pre-commit", cwd=tmp_path)
    for command, file in (
        ("validate-config", tmp_path / HOSTS["pre-commit"]),
        ("validate-manifest", ROOT / ".pre-commit-hooks.yaml"),
    ):
        done = subprocess.run([pre_commit(), command, file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_init_makes_the_folder_and_says_what_comes_next(tmp_path: Path) -> None:
    run = changegate("init", "a b/models", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    folder = tmp_path / "a b" / "models"
    made = SCAFFOLDED | {HOSTS["github"], HOSTS["pre-commit"]} | BESIDE["github"]
    assert files(tmp_path) == {f"a b/models/{name}" for name in made}
    assert f"Next, in {folder}:" in run.out
    Repo.init(folder)
    (line,) = (line for line in run.out.splitlines() if "changegate check" in line)
    arguments = shlex.split(line.partition("changegate ")[2].partition("  ")[0])
    assert changegate(*arguments, cwd=folder).code == 0


def test_init_changes_nothing_that_is_there(tmp_path: Path) -> None:
    (tmp_path / ".changegate").mkdir()
    (tmp_path / ".changegate" / "teams.yaml").write_text("ours\n")
    run = changegate("init", "--ci", "gitlab", cwd=tmp_path)
    assert run.code == 0
    assert re.search(r"^kept +\.changegate/teams\.yaml$", run.out, re.MULTILINE)
    assert (tmp_path / ".changegate" / "teams.yaml").read_text() == "ours\n"
    assert files(tmp_path) == SCAFFOLDED | {HOSTS["gitlab"]}
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}
    run = changegate("init", "--ci", "gitlab", cwd=tmp_path)
    assert (run.code, run.out.count("kept "), run.out.count("written ")) == (0, len(SCAFFOLDED) + 1, 0)
    assert before == {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}


@pytest.mark.parametrize("name", [".changegate", ".changegate/config.yaml", "models", ".github/workflows"])
def test_init_follows_no_link(name: str, tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    (inside / name).parent.mkdir(parents=True)
    (inside / name).symlink_to(outside / "target")
    run = changegate("init", cwd=inside)
    assert run.code == 2
    assert f"{name} is a link" in run.err
    assert not list(outside.iterdir())


def test_init_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file\n")
    run = changegate("init", cwd=tmp_path)
    assert run.code == 2
    assert "models/example-model/manifest.yaml cannot be written" in run.err


# demo

_FOLDERS = os.environ["PATH"].split(os.pathsep)
WITHOUT = {"PATH": os.pathsep.join(folder for folder in _FOLDERS if not Path(folder, "changegate").exists())}
"""A shell that does not find the command: its environment is not active."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """The demo as a new user runs it, in a folder whose name a shell would split."""
    folder = tmp_path_factory.mktemp("demo") / "my demo"
    return folder, changegate("demo", "my demo", cwd=folder.parent, env=WITHOUT)


def test_the_demo_shows_a_verdict_and_names_files_that_exist(demo: tuple[Path, Run]) -> None:
    folder, run = demo
    assert (run.code, run.err) == (0, "")
    assert "closed: 1 release" in run.out
    assert "error[rollout/bake-too-short]" in run.out
    named = [shlex.split(line)[0] for line in run.out.partition("Look at\n")[2].partition("\n\n")[0].splitlines()]
    assert [Path(name).name for name in named] == ["summary.md", "junit.xml", "verdict.json", "plans"]
    assert all((folder.parent / name).exists() for name in named)


def test_the_reports_of_the_demo_say_the_same(demo: tuple[Path, Run]) -> None:
    folder, run = demo
    verdict = json.loads((folder / "reports" / "verdict.json").read_text())
    described = json.loads((SCHEMAS / "verdict.schema.json").read_text())
    jsonschema.Draft202012Validator(described, registry=_registry()).validate(verdict)
    (release,) = (subject for subject in whole(verdict) if subject["subject"]["kind"] == "release")
    rules = {finding["rule"] for finding in release["findings"]}
    suites = etree.parse(folder / "reports" / "junit.xml").getroot()
    assert verdict["verdict"] == "closed"
    assert verdict["context"]["engine"]
    assert release["input"]["release"]["metadata"]["name"] == "fraud-detector"
    assert suites.xpath("count(//failure)") > 0
    summary = (folder / "reports" / "summary.md").read_text()
    for rule in rules:
        assert rule in run.out
        assert rule in summary


def test_the_plan_of_the_demo_is_neutral_and_rendered(demo: tuple[Path, Run]) -> None:
    folder = demo[0] / "plans" / "fraud-detector"
    assert files(folder) == {"plan.json", "rendering.json", "rollout.yaml", "analysis-templates.yaml"}
    plan = json.loads((folder / "plan.json").read_text())
    described = json.loads((SCHEMAS / "plan.schema.json").read_text())
    jsonschema.Draft202012Validator(described, registry=_registry()).validate(plan)
    assert [step["weightPercent"] for step in plan["steps"]] == [5, 25, 50, 100]


def test_the_repository_of_the_demo_is_a_real_one(demo: tuple[Path, Run]) -> None:
    root = demo[0] / "repository"
    assert fixtures.git(root, "status", "--porcelain") == ""
    assert fixtures.git(root, "branch", "--list", "--format=%(refname:short)").split() == [
        "fraud-overnight-update",
        "main",
    ]
    assert FRAUD in fixtures.git(root, "diff", "--name-only", "main").split()


def test_what_the_demo_says_to_try_really_runs(demo: tuple[Path, Run]) -> None:
    folder, run = demo
    tried = run.out.partition("Try next\n")[2]
    lines = [re.split(r" {2,}", line.strip())[0] for line in tried.splitlines() if re.match(r"  \S", line)]
    where, *lines = lines
    assert where == f"export PATH={COMMAND.parent}:$PATH"
    assert [line.split()[0] for line in lines] == ["cd", "git", *["changegate"] * 6]
    script = "\n".join([lines[0], *(f"{line} >&2; echo $?" for line in lines[1:])])
    environ = {**surroundings(), **WITHOUT, "GIT_PAGER": "cat"}
    done = subprocess.run(
        ["bash", "-u"],
        input=f"{where}\n{script}",
        cwd=folder.parent,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["0", "0", "1", "1", "0", "1", "0"], done.stderr
    assert "trace of rollout/bake-too-short for fraud-detector: failed" in done.stderr
    assert "warning[own/team.contact/deny]" in done.stderr
    assert "+      - {weight: 5, bake: 5m}" in done.stderr
    assert "error[rollout/bake-too-short]" in done.stderr


def test_where_the_shell_finds_the_command_the_demo_sets_no_path(tmp_path: Path) -> None:
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    run = changegate("demo", cwd=tmp_path, env={"PATH": path})
    assert "Try next\n  cd changegate-demo/repository\n" in run.out


def test_a_finding_of_the_demo_is_mended_until_nothing_is_left(tmp_path: Path) -> None:
    changegate("demo", "gate", "--case", "rollout-first-step-too-large", cwd=tmp_path)
    root = tmp_path / "gate" / "repository"
    again = ("--base", "main", "--now", fixtures.NOW)
    run = check(*again, cwd=root)
    (finding,) = (one for one in run.findings if one["effect"] == "blocks")
    place = finding["location"]
    fixtures.git(root, "checkout", "main", "--", place["file"])
    run = check(*again, cwd=root)
    assert (run.code, run.verdict["verdict"]) == (0, "open")


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        ("recommender-update", "open"),
        ("approvals-missing", "awaiting approval"),
        ("retirement-not-approved", "awaiting approval"),
        ("manifest-unreadable", "closed"),
        ("rollout-strategy-unsuitable", "closed"),
        ("control-configuration-removed", "closed"),
    ],
)
def test_the_demo_shows_any_case(case: str, verdict: str, tmp_path: Path) -> None:
    run = changegate("demo", "gate", "--case", case, cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert re.search(rf"^{verdict}\b", run.out, re.MULTILINE)
    assert fixtures.case(case).data["title"] in run.out
    for line in run.out.partition("Look at\n")[2].partition("\n\n")[0].splitlines():
        assert (tmp_path / line.split()[0]).exists(), line


def test_the_demo_lists_every_case_and_the_one_of_the_example(tmp_path: Path) -> None:
    run = changegate("demo", "--list", cwd=tmp_path)
    assert run.code == 0
    assert [line.split()[0] for line in run.out.splitlines()] == [case.name for case in fixtures.cases()]
    assert not list(tmp_path.iterdir())
    lines = examples(changegate("demo", "--help", cwd=tmp_path).out)
    assert all(fixtures.case(parses(line).params["name"]) for line in lines)


@pytest.mark.parametrize("name", ["full", "file"])
def test_the_demo_writes_into_nothing_that_is_there(name: str, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").write_text("kept\n")
    (tmp_path / "file").write_text("kept\n")
    run = changegate("demo", name, cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert f"{name} is there and not empty" in run.err
    assert files(tmp_path) == {"full/precious", "file"}


def test_the_demo_takes_an_empty_folder_and_no_unknown_case(tmp_path: Path) -> None:
    run = changegate("demo", ".", "--case", "recommender-updat", cwd=tmp_path)
    assert run.code == 2
    assert "did you mean recommender-update" in run.err
    assert not list(tmp_path.iterdir())
    assert changegate("demo", ".", "--case", "recommender-update", cwd=tmp_path).code == 0


# diff


def diff(hosted: Hosted, *arguments: str) -> Run:
    return changegate("diff", *arguments, cwd=hosted.path, env=hosted.repo.environ)


def releases(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run.out)["releases"]
    return found


def test_diff_says_the_same_as_a_table_and_as_json(hosted: Hosted) -> None:
    hosted.propose({FRAUD: hosted.edit(FRAUD, "{weight: 50, bake: 1h}", "{weight: 50, bake: 2h}")})
    run = diff(hosted, "main", "topic")
    assert (run.code, run.err) == (0, "")
    assert f"fraud-detector: update 2.4.0 → 2.4.0 ({FRAUD})" in run.out
    assert re.search(r"^  compatible +rollout +Steps: .*50 % for 1h.* → .*50 % for 2h.*\.$", run.out, re.MULTILINE)
    (release,) = releases(diff(hosted, "main", "topic", "-o", "json"))
    (change,) = release["changes"]
    assert (release["operation"], release["file"]) == ("update", FRAUD)
    assert (change["path"], change["before"], change["after"]) == (["spec", "rollout", "steps", 2, "bake"], "1h", "2h")


def test_diff_of_the_working_tree_needs_no_commit(hosted: Hosted) -> None:
    hosted.repo.write({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    assert "recommender-research: update 0.3.0 → 0.4.0" in diff(hosted, "main").out
    assert "recommender-research: rollback" not in diff(hosted, "main").out
    assert diff(hosted, "main", "HEAD").out == "no release changed\n"


def test_diff_of_a_manifest_that_moved(hosted: Hosted) -> None:
    text = (hosted.path / RESEARCH).read_text()
    hosted.propose({"models/moved/here.yaml": text}, remove=(RESEARCH,))
    assert diff(hosted, "main", "topic").out == "no release changed\n"
    hosted.repo.commit({"models/moved/here.yaml": text.replace("0.3.0", "1.0.0")})
    (release,) = releases(diff(hosted, "main", "topic", "-o", "json"))
    assert (release["operation"], release["file"]) == ("update", "models/moved/here.yaml")
    assert release["versions"] == {"before": "0.3.0", "after": "1.0.0"}


def test_diff_of_a_model_that_is_renamed_and_of_one_that_only_has_another_name(hosted: Hosted) -> None:
    renamed = hosted.edit(RESEARCH, "name: recommender-research", "name: ranker\n  replaces: recommender-research")
    hosted.propose({RESEARCH: renamed})
    (release,) = releases(diff(hosted, "main", "topic", "-o", "json"))
    assert (release["operation"], release["identity"]["name"]) == ("rename", "ranker")
    hosted.repo.commit({RESEARCH: renamed.replace("  replaces: recommender-research\n", "")})
    found = releases(diff(hosted, "main", "topic", "-o", "json"))
    assert {(one["operation"], one["identity"]["name"]) for one in found} == {
        ("create", "ranker"),
        ("retire", "recommender-research"),
    }


def test_diff_of_a_manifest_that_is_written_as_json(hosted: Hosted) -> None:
    """The same release in other words is no change."""
    value = yaml.safe_load((hosted.path / RESEARCH).read_text())
    hosted.propose({"models/recommender-research/manifest.json": json.dumps(value)}, remove=(RESEARCH,))
    assert diff(hosted, "main", "topic").out == "no release changed\n"


@pytest.mark.parametrize("form", ["text", "json"])
def test_diff_that_cannot_compare_says_so_and_is_exit_2(hosted: Hosted, form: str) -> None:
    hosted.propose({RESEARCH: "apiVersion: changegate.dev/v1\nkind: ModelRelease\nmetadata: {name: [}\n"})
    run = diff(hosted, "main", "topic", "-o", form)
    assert run.code == 2
    assert RESEARCH in run.out
    assert "no release changed" not in run.out


def test_diff_of_what_is_no_revision(hosted: Hosted, tmp_path: Path) -> None:
    run = diff(hosted, "nowhere")
    assert (run.code, run.out) == (2, "")
    assert "'nowhere' is not a commit in this clone" in run.err
    hosted.repo.commit({"README.md": "new\n"})
    clone = hosted.repo.clone(tmp_path / "shallow", "--depth=1")
    run = changegate("diff", "HEAD~1", cwd=clone.path)
    assert run.code == 2
    assert "git fetch --unshallow" in run.err
    run = changegate("diff", "HEAD", cwd=tmp_path)
    assert run.code == 2
    assert "not in a git repository" in run.err


# plan


def plan(name: str, *arguments: str | Path, cwd: Path) -> Run:
    return changegate("plan", FIXTURES / "gitops-repo" / "models" / name / "manifest.yaml", *arguments, cwd=cwd)


def rendered_by_argo(name: str) -> bool:
    text = (FIXTURES / "gitops-repo" / "models" / name / "manifest.yaml").read_text()
    return "target: argo-rollouts\n" in text


@pytest.mark.parametrize("name", MODELS)
def test_the_plan_of_every_fixture(name: str, tmp_path: Path) -> None:
    run = plan(name, cwd=tmp_path)
    if name == "recommender-research":
        assert (run.code, run.out) == (2, "")
        assert "recommender-research has no rollout plan" in run.err
        return
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{name} ")
    assert re.search(r"^ +1 +(\d+%) +\1 +\d+[mhd] ", run.out, re.MULTILINE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [name for name in MODELS if rendered_by_argo(name)])
def test_a_rendered_plan_is_strictly_valid_for_argo_rollouts(name: str, tmp_path: Path) -> None:
    run = plan(name, "-o", "deep/plans", cwd=tmp_path)
    assert run.code == 0
    written = run.out.partition("\nwritten: ")[2].strip().split(", ")
    assert {Path(file).name for file in written} == files(tmp_path / "deep" / "plans")
    manifests = [
        one for file in written if file.endswith(".yaml") for one in yaml.safe_load_all((tmp_path / file).read_text())
    ]
    assert {one["kind"] for one in manifests} == {"Rollout", "AnalysisTemplate"}
    for manifest in manifests:
        crds.validate(manifest)


def test_a_plan_is_rendered_for_another_controller_that_is_named(tmp_path: Path) -> None:
    assert plan("product-vision", cwd=tmp_path).out.startswith("product-vision 1.4.0: canary for lambda\n")
    run = plan("product-vision", "--target", "argo-rollouts", "-o", "plans", cwd=tmp_path)
    assert run.code == 0
    assert json.loads((tmp_path / "plans" / "rendering.json").read_text())["target"] == "argo-rollouts"
    assert "rollout.yaml" in files(tmp_path / "plans")


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("fraud-detector", ["--target", "argo"], "there is no renderer for argo"),
        ("product-vision", ["-o", "plans"], "there is no renderer for lambda"),
        ("voice-command", ["--target", "argo-rollouts"], "devices are not pods"),
    ],
)
def test_a_plan_that_cannot_be_rendered_writes_nothing(
    name: str, arguments: list[str], said: str, tmp_path: Path
) -> None:
    run = plan(name, *arguments, cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert "try: " in run.err
    assert not list(tmp_path.iterdir())


def test_a_plan_without_a_router_shows_what_the_pods_come_to(hosted: Hosted) -> None:
    config = ".changegate/config.yaml"
    edits = {
        config: hosted.edit(config, "settings:\n", "settings:\n  rollout: {trafficRouter: none}\n"),
        FRAUD: hosted.edit(FRAUD, "replicas: 6", "replicas: 1"),
    }
    hosted.repo.write(edits)
    run = changegate("plan", FRAUD, "-o", hosted.folder / "plans", cwd=hosted.path)
    assert run.code == 0
    assert re.search(r"^ +1 +5% +50% +30m +198,000 +3,426 ", run.out, re.MULTILINE)
    written = json.loads((hosted.folder / "plans" / "plan.json").read_text())
    assert [step["sharePercent"] for step in written["steps"]] == [50, 50, 50, 100]
    assert any(
        "comes to 50%" in loss
        for loss in json.loads((hosted.folder / "plans" / "rendering.json").read_text())["losses"]
    )


def test_a_plan_follows_the_settings_of_its_repository(hosted: Hosted) -> None:
    assert "istio" in _routers(hosted)
    config = ".changegate/config.yaml"
    hosted.repo.write({config: hosted.edit(config, "settings:\n", "settings:\n  rollout: {trafficRouter: nginx}\n")})
    assert _routers(hosted) == {"nginx"}


def _routers(hosted: Hosted) -> set[str]:
    shutil.rmtree(hosted.folder / "plans", ignore_errors=True)
    assert changegate("plan", FRAUD, "-o", hosted.folder / "plans", cwd=hosted.path).code == 0
    rollout = yaml.safe_load((hosted.folder / "plans" / "rollout.yaml").read_text().partition("\n---\n")[0])
    return set(rollout["spec"]["strategy"]["canary"]["trafficRouting"]) - {"managedRoutes"}


def test_a_plan_of_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    run = changegate("plan", "nowhere.yaml", cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "nowhere.yaml cannot be read" in run.err
    (tmp_path / "file").write_text("kept\n")
    run = plan("fraud-detector", "-o", "file", cwd=tmp_path)
    assert run.code == 2
    assert files(tmp_path) == {"file"}
