"""The GitHub action, and the workflow that `changegate init` writes for it: their steps, run by bash as a runner does.

Only the installation has a stand-in, which makes an environment with what is installed here: pip would use the network.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from lxml import etree

from changegate import fixtures
from changegate.cli.init import SCAFFOLD
from support.hosted import FRAUD, RESEARCH
from support.opa import AUTHZ, TOKEN, Running
from support.review_hosts import PlayedGitHub, Writable, github_commit, github_review, served

if TYPE_CHECKING:
    from support.hosted import Hosted

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
WORKFLOW = yaml.safe_load((SCAFFOLD / "github.yaml").read_text())
REVIEW = yaml.safe_load((SCAFFOLD / "github-review.yaml").read_text())
READ_ONLY = yaml.safe_load((SCAFFOLD / "github-read-only.yaml").read_text())

PYTHON = """#!{python} -I
import pathlib, subprocess, sys
subprocess.run([{python!r}, *sys.argv[1:], "--without-pip"], check=True)
site = next(pathlib.Path(sys.argv[-1]).glob("lib/python*/site-packages"))
(site / "here.pth").write_text("import site; site.addsitedir({site!r})\\n")
(site / "pip").mkdir(exist_ok=True)
(site / "pip" / "__init__.py").touch()
(site / "pip" / "__main__.py").write_text("import sys; open({asked!r}, 'w').write('\\\\n'.join(sys.argv[1:]))\\n")
"""

TOKEN_OF_RUN = "a-token-of-this-run"


class Done(NamedTuple):
    """What the runner has after the steps."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """A runner that has checked out a pull request."""

    def __init__(self, hosted: Hosted) -> None:
        self.hosted = hosted
        self.temp = hosted.folder / "runner temp"
        self.temp.mkdir()
        self.asked = hosted.folder / "asked"
        self.python = self._program("python3", PYTHON)
        self.output, self.summary = hosted.folder / "output", hosted.folder / "summary"
        for file in (self.output, self.summary):
            file.write_text("before=it\n")

    def _program(self, name: str, text: str) -> Path:
        path = self.hosted.folder / "programs" / name
        path.parent.mkdir(exist_ok=True)
        site = sysconfig.get_path("purelib")
        values = {"python": sys.executable, "site": site, "asked": str(self.asked)}
        path.write_text(text.format(**values) if text is PYTHON else text)
        path.chmod(0o755)
        return path

    def action(self, environ: dict[str, str], **inputs: str) -> Done:
        """Run the steps of the action until one fails; inputs are written with `_` for `-`."""
        given = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
        given |= {"python": str(self.python), "trusted-ref": "refs/heads/main", "token": TOKEN_OF_RUN}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        known = {f"inputs.{name}": value for name, value in given.items()}
        known["github.event"] = environ.get("GITHUB_EVENT_PATH", "")
        environ = {name: value for name, value in environ.items() if name != "CHANGEGATE_TRUSTED_REF"}
        code, log = 0, ""
        for step in STEPS:
            if "uses" in step:
                continue
            values = {key: _evaluate(value, known) for key, value in step["env"].items()}
            done = self.step(step["run"], environ | values, "--noprofile", "--norc", "-eo", "pipefail")
            code, log = done.returncode, log + done.stdout + done.stderr
            if code:
                break
        outputs = dict(line.split("=", 1) for line in self.output.read_text().splitlines())
        return Done(code, log, outputs, self.summary.read_text())

    def step(self, script: str, environ: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
        """Run one script as a runner does: from a file, in the checkout."""
        file = self.hosted.folder / "script.sh"
        file.write_text(script)
        files = {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary)}
        files["GITHUB_ACTION_PATH"] = str(ROOT)
        more = {"RUNNER_TEMP": str(self.temp), "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run(
            ["bash", *options, file],
            cwd=self.hosted.path,
            env=environ | files | more,
            capture_output=True,
            text=True,
            check=False,
        )


def _evaluate(text: str, known: dict[str, str]) -> str:
    """Evaluate an expression of a step: one name, or several of the event of which the first that is there counts."""
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: _first(found[1].split(" || "), known), text)


def _first(names: list[str], known: dict[str, str]) -> str:
    if not names[0].startswith("github.event."):
        return known[names[0]]
    event: Any = json.loads(Path(known["github.event"]).read_text()) if known["github.event"] else {}
    for name in names:
        value = event
        for key in name.split(".")[2:]:
            value = value.get(key) if isinstance(value, dict) else None
        if value:
            return str(value)
    return ""


@pytest.fixture
def runner(hosted: Hosted) -> Runner:
    return Runner(hosted)


def bad(hosted: Hosted) -> dict[str, str | bytes]:
    return {RESEARCH: hosted.edit(RESEARCH, "owner: research-ml", "owner: nobody")}


def good(hosted: Hosted) -> dict[str, str | bytes]:
    return {RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}


# What is written in action.yml


def test_no_script_has_an_expression_in_it() -> None:
    """What a runner puts into a script before bash reads it is run; what comes by the environment is not."""
    assert ACTION["runs"]["using"] == "composite"
    assert not re.search(
        r"runner\.temp|github\.(action_path|workspace)", json.dumps(STEPS)
    )  # in a container they differ
    for step in (*STEPS, *WORKFLOW["jobs"]["gate"]["steps"]):
        assert "${{" not in step.get("run", "")
    for step in STEPS:
        assert step.get("shell") == "bash" or re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])


def test_every_input_is_used_and_every_output_is_given(hosted: Hosted, runner: Runner) -> None:
    used = re.findall(r"inputs\.([a-z-]+)", json.dumps(STEPS))
    assert set(used) == set(ACTION["inputs"])
    assert all(about["description"] for about in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
    done = runner.action(hosted.event(hosted.propose(good(hosted))))
    promised = {f"${{{{ steps.gate.outputs.{name} }}}}" for name in done.outputs if name != "before"}
    assert {about["value"] for about in ACTION["outputs"].values()} == promised


# Pull requests


def test_a_pull_request_that_is_stopped(hosted: Hosted, runner: Runner) -> None:
    done = runner.action(hosted.event(hosted.propose(bad(hosted))))
    assert done.code == 1
    assert f"\n::error file={RESEARCH},line=5,col=10," in done.log
    assert "error[operations/owner-unknown]" in done.log
    assert done.outputs["verdict"] == "closed"
    verdict = json.loads(Path(done.outputs["report"]).read_text())
    assert (verdict["verdict"], verdict["context"]["pullRequest"]) == ("closed", fixtures.PULL_REQUEST)
    assert etree.parse(done.outputs["junit"]).getroot().xpath("//failure")
    assert done.summary.startswith("before=it\n")
    assert "operations/owner-unknown" in done.summary
    assert done.outputs["before"] == "it"
    assert runner.asked.read_text().splitlines() == [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        f"{ROOT}[opa,signatures]",
    ]


def test_a_pull_request_that_is_not(hosted: Hosted, runner: Runner) -> None:
    done = runner.action(hosted.event(hosted.propose(good(hosted))))
    assert (done.code, done.outputs["verdict"]) == (0, "open")
    assert "::error" not in done.log
    assert "\n::notice title=changegate::open: 1 release" in done.log
    assert "open: 1 release" in done.summary


def test_the_reports_link_to_where_they_are_from(hosted: Hosted, runner: Runner) -> None:
    server = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ID": "7"}
    head = hosted.propose(bad(hosted))
    done = runner.action(hosted.event(head) | server | {"GITHUB_SHA": head})
    assert f"https://github.example/acme/models/blob/{head}/{RESEARCH}#L5" in done.summary


def test_a_base_without_configuration(hosted: Hosted, runner: Runner) -> None:
    hosted.repo.commit(remove=(".changegate/config.yaml",))
    hosted.protect()
    event = hosted.event(hosted.propose(bad(hosted)))
    done = runner.action(event)
    assert (done.code, done.outputs["verdict"]) == (0, "not-enforced")
    for required in ("true", "yes"):
        done = runner.action(event, require_config=required)
        assert (done.code, done.outputs["verdict"]) == (2, "undecided")


def test_warnings_and_an_evidence_folder_are_handed_on(hosted: Hosted, runner: Runner) -> None:
    labels = "labels: {adultContent: no}\n  owner: research-ml"
    event = hosted.event(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "owner: research-ml", labels)}))
    assert runner.action(event).outputs["verdict"] == "open"
    done = runner.action(event, fail_on="warning", evidence=str(runner.temp))
    assert (done.code, done.outputs["verdict"]) == (1, "closed")
    done = runner.action(event, evidence="models")
    assert (done.code, done.outputs["verdict"]) == (2, "undecided")


NO_OWNERS = 'package {package}\n\ndeny contains "nobody owns {package}" if input.metadata.owner\n'


def test_own_policies_are_handed_on_and_never_those_of_the_change(hosted: Hosted, runner: Runner) -> None:
    for package in ("one", "two"):
        folder = hosted.folder / f"policies of {package}"
        folder.mkdir()
        (folder / "owners.rego").write_text(NO_OWNERS.format(package=package))
    brought = {"brought/owners.rego": NO_OWNERS.format(package="three")}
    event = hosted.event(hosted.propose(good(hosted) | brought))
    done = runner.action(event, policy="../policies of one\n" + str(hosted.folder / "policies of two") + "\n")
    assert (done.code, done.outputs["verdict"]) == (1, "closed")
    assert _blocking(done) == {"own/one/deny", "own/two/deny"}
    done = runner.action(event, policy="brought")
    assert (done.code, done.outputs["verdict"]) == (2, "undecided")
    assert "outside the checkout" in done.log


def test_a_server_decides_that_knows_the_token_of_the_environment(hosted: Hosted, runner: Runner) -> None:
    authz = hosted.folder / "authz.rego"
    authz.write_text(AUTHZ)
    event = hosted.event(hosted.propose(bad(hosted)))
    secured = ("--authentication", "token", "--authorization", "basic", str(authz))
    server = Running(hosted.folder, *secured)
    try:
        refused = runner.action(event, engine="opa", opa_url=server.url)
        assert (refused.code, refused.outputs["verdict"]) == (2, "undecided")
        done = runner.action(event | {"CHANGEGATE_OPA_TOKEN": TOKEN}, engine="opa", opa_url=server.url)
    finally:
        server.stop()
    assert (done.code, _blocking(done)) == (1, {"operations/owner-unknown"})
    assert json.loads(Path(done.outputs["report"]).read_text())["context"]["engine"].startswith("opa ")
    assert TOKEN not in done.log + done.summary + Path(done.outputs["report"]).read_text()
    assert runner.asked.read_text().splitlines()[-1] == f"{ROOT}[opa,signatures]"


def test_a_checkout_in_a_folder_of_the_workspace(hosted: Hosted, runner: Runner) -> None:
    """Relative paths start from the working directory, as those of a step do."""
    head = hosted.propose(good(hosted))
    hosted.approvals(head)
    hosted.path.rename(hosted.folder / "elsewhere")
    (hosted.folder / "checkout").mkdir()
    (hosted.folder / "elsewhere").rename(hosted.folder / "checkout" / "a b")
    done = runner.action(hosted.event(head), working_directory="a b", approvals="../../approvals.json")
    assert (done.code, done.outputs["verdict"]) == (0, "open")


def test_an_earlier_answer_is_no_answer(hosted: Hosted, runner: Runner) -> None:
    event = hosted.event(hosted.propose(good(hosted)))
    assert runner.action(event).outputs["verdict"] == "open"
    done = runner.action(event, fail_on="nothing")
    assert (done.code, done.outputs["verdict"]) == (2, "undecided")
    assert not Path(done.outputs["report"]).exists()
    assert "Traceback" not in done.log


# Hostile ones


@pytest.mark.parametrize("name", ACTION["inputs"])
@pytest.mark.parametrize(
    "payload",
    [
        """$(touch MARK)"; touch MARK; "'`touch MARK`
touch MARK
""",
        "-rf --help",
    ],
)
def test_an_input_is_a_text_and_never_a_script(hosted: Hosted, runner: Runner, name: str, payload: str) -> None:
    marker = hosted.folder / "marker"
    text = payload.replace("MARK", str(marker))
    more = {"approvals_from": "github"} if name == "token" else {}  # nobody else needs one
    done = runner.action(hosted.event(hosted.propose(good(hosted))), **more, **{name.replace("-", "_"): text})
    assert not marker.exists()
    if name in {"require-config", "plan-artifact", "all"}:
        assert (done.code, done.outputs["verdict"]) == (0, "open")
    else:
        assert done.code not in {0, 1, 3}
        assert done.outputs.get("verdict", "undecided") == "undecided"
    assert set(done.outputs) <= {"before", "verdict", "report", "junit", "plan"}


def test_nothing_of_the_checkout_is_run(hosted: Hosted, runner: Runner) -> None:
    marker = hosted.folder / "marker"
    code = f"open({str(marker)!r}, 'w')\n"
    names = ("json.py", "pip.py", "venv.py", "site.py", "sitecustomize.py", "yaml.py", "changegate/__init__.py")
    head = hosted.propose({**bad(hosted), **dict.fromkeys(names, code), "pyvenv.cfg": "home = .\n"})
    poisoned = {"PYTHONPATH": str(hosted.path), "PYTHONSTARTUP": str(hosted.path / "yaml.py")}
    done = runner.action(hosted.event(head) | poisoned)
    assert (done.code, done.outputs["verdict"]) == (1, "closed")
    assert not marker.exists()


def test_a_name_is_no_workflow_command(hosted: Hosted, runner: Runner) -> None:
    text = (hosted.path / RESEARCH).read_text().replace("recommender-research", "other")
    names = (
        "models/::error::x.yaml",
        "models/a\n::set-output name=verdict::open.yaml",
        "models/%0A::stop-commands::x.yaml",
    )
    files: dict[str, str | bytes] = {
        name: text.replace("name: other", f"name: other-{index}").replace("owner: research-ml", "owner: nobody")
        for index, name in enumerate(names)
    }
    done = runner.action(hosted.event(hosted.propose(files)))
    assert (done.code, done.outputs["verdict"]) == (1, "closed")
    commands = [line for line in done.log.splitlines() if line.lstrip().startswith("::")]
    assert {re.split(r"[ :]", line[2:])[0] for line in commands} == {"notice", "error"}
    assert len(commands) == 1 + len(names)


# The reviews, for which the workflow that `init` writes has GitHub asked


(GATE,) = (step["with"] for step in READ_ONLY["jobs"]["gate"]["steps"] if step["uses"].startswith("changegate/"))
(TRUSTED,) = (step["with"] for step in WORKFLOW["jobs"]["gate"]["steps"] if step["uses"].startswith("changegate/"))


def change(hosted: Hosted) -> str:
    """A change that people have to approve."""
    return hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")})


def gate(runner: Runner, environ: dict[str, str], host: PlayedGitHub) -> Done:
    """Run the workflow's own step, against a GitHub on loopback."""
    inputs = {name.replace("-", "_"): value for name, value in GATE.items()}
    with served(host) as server:
        done = runner.action({**environ, "GITHUB_API_URL": server.url, "GITHUB_SERVER_URL": server.url}, **inputs)
    assert {headers["Authorization"] for _, _, headers, _ in server.asked} <= {f"Bearer {TOKEN_OF_RUN}"}
    reports = (path.read_text() for path in (runner.temp / "changegate").rglob("*") if path.is_file())
    assert not any(TOKEN_OF_RUN in text for text in (done.log, done.summary, *reports))
    return done


def played(hosted: Hosted, head: str, *logins: str) -> PlayedGitHub:
    host = PlayedGitHub(head, base=hosted.repo.id("main"))
    host.reviews(*(github_review(login, head) for login in logins))
    return host


def test_the_workflows_need_no_tool_and_no_shell_and_few_rights() -> None:
    """All that they do is the checkout, of the base where they may write, and the action."""
    for file, workflow, rights in (
        ("github.yaml", WORKFLOW, {"pull-requests": "write", "statuses": "write", "actions": "read"}),
        ("github-read-only.yaml", READ_ONLY, {"pull-requests": "read"}),
    ):
        job = workflow["jobs"]["gate"]
        assert not any("run" in step for step in job["steps"])
        assert not re.search(r"\b(gh|jq)\b|download-artifact", (SCAFFOLD / file).read_text())
        assert (workflow["permissions"], job["permissions"]) == ({}, {"contents": "read", **rights})
        assert job["steps"][0]["with"]["persist-credentials"] is False
    assert WORKFLOW["jobs"]["gate"]["steps"][0]["with"]["ref"] == "main"
    assert WORKFLOW[True]["workflow_run"]["workflows"] == [REVIEW["name"]]
    assert (REVIEW["permissions"], set(REVIEW[True])) == ({}, {"pull_request_review"})


@pytest.mark.parametrize(("approvers", "verdict"), [(fixtures.APPROVERS, "open"), ((), "awaiting-approval")])
def test_the_reviews_decide(hosted: Hosted, runner: Runner, approvers: tuple[str, ...], verdict: str) -> None:
    head = change(hosted)
    done = gate(runner, hosted.event(head, name="pull_request_review"), played(hosted, head, *approvers))
    rules = _blocking(done)
    assert ("approvals/missing" in rules) == (verdict != "open"), done.log
    assert not {"approvals/invalid", "approvals/stale"} & rules


def test_whom_the_host_does_not_know_may_be_whoever_approves(hosted: Hosted, runner: Runner) -> None:
    change(hosted)
    hosted.repo.git("commit", "--quiet", "--amend", "--no-edit", "--author=who <who@acme.example>")
    head = hosted.repo.id("HEAD")
    done = gate(runner, hosted.event(head), played(hosted, head, *fixtures.APPROVERS))
    assert done.outputs["verdict"] == "closed"
    assert "approvals/missing" in _blocking(done)
    assert f'"who@acme.example" is, which made commit {head[:12]}' in done.log


def test_in_a_merge_queue_the_reviews_are_those_of_its_pull_request(hosted: Hosted, runner: Runner) -> None:
    base = hosted.repo.id("main")
    head = change(hosted)
    hosted.repo.detach(base)
    queued = hosted.repo.merge("topic")
    ref = f"refs/heads/gh-readonly-queue/main/pr-{fixtures.PULL_REQUEST}-{base}"
    group = {"base_ref": "refs/heads/main", "base_sha": base, "head_sha": queued, "head_ref": ref}
    event = {"merge_group": group, "repository": {"full_name": fixtures.REPOSITORY}}
    done = gate(runner, hosted.environment("merge_group", event), played(hosted, head, *fixtures.APPROVERS))
    assert not {rule for rule in _blocking(done) if rule.startswith("approvals/")}, done.log


def test_reviews_that_cannot_be_read_leave_the_change_undecided(hosted: Hosted, runner: Runner) -> None:
    head = change(hosted)
    host = played(hosted, head)
    host.things.clear()
    done = gate(runner, hosted.event(head), host)
    assert (done.code, done.outputs["verdict"]) == (2, "undecided")
    assert "knows no such repository" in done.log


def test_what_was_approved_and_left_behind_is_fetched(hosted: Hosted, runner: Runner) -> None:
    """After a rebase the approved commit is on the host alone."""
    far = hosted.repo.clone(hosted.folder / "far.git", "--mirror")
    far.git("config", "uploadpack.allowAnySHA1InWant", "true")
    hosted.repo.git("remote", "add", "origin", f"file://{far.path}")
    old = change(hosted)
    hosted.repo.git("push", "--quiet", "origin", "topic:refs/kept/old")
    hosted.repo.git("commit", "--quiet", "--amend", "-m", "said better")
    head = hosted.repo.id("HEAD")
    hosted.repo.git("reflog", "expire", "--expire=now", "--all")
    hosted.repo.git("gc", "--quiet", "--prune=now")
    host = PlayedGitHub(head, base=hosted.repo.id("main"))
    host.reviews(*(github_review(login, old) for login in fixtures.APPROVERS))
    host.commits(github_commit(head, ("ana@acme.example", fixtures.AUTHOR)))
    done = gate(runner, hosted.event(head), host)
    assert not {rule for rule in _blocking(done) if rule.startswith("approvals/")}, done.log
    assert f"ana approved {old[:12]}" in done.log


def _blocking(done: Done) -> set[str]:
    verdict = json.loads(Path(done.outputs["report"]).read_text())
    assert not verdict["failures"]
    findings = (finding for subject in verdict["subjects"] for finding in subject["findings"])
    return {finding["rule"] for finding in findings if finding["effect"] == "blocks"}


def test_a_published_verdict_is_the_answer_and_the_step_is_green(hosted: Hosted, runner: Runner) -> None:
    head = change(hosted)
    host = Writable(head)
    environ = hosted.event(head)
    with served(host) as server:
        more = {"GITHUB_API_URL": server.url, "GITHUB_SERVER_URL": server.url, "GITHUB_RUN_ID": "7"}
        done = runner.action({**environ, **more}, publish="github")
        assert (done.code, [one["state"] for one in host.statuses]) == (0, ["failure"])
        assert done.outputs["verdict"] == "closed"
        kept = runner.action({**environ, **more}, publish="github", exit_code="verdict")
        assert kept.code == 1
    assert len(host.comments) == 1


def test_what_could_not_be_published_leaves_the_verdicts_code(hosted: Hosted, runner: Runner) -> None:
    head = change(hosted)
    host = Writable(head)
    host.fails["POST", f"/statuses/{head}"] = 403
    with served(host) as server:
        more = {"GITHUB_API_URL": server.url, "GITHUB_SERVER_URL": server.url}
        done = runner.action({**hosted.event(head), **more}, publish="github")
    assert done.code == 1
    assert "does not let the token do this" in done.log


# The workflow of the default branch: a clone of the base, and a change that is fetched as objects

NAME = "topic$(touch${IFS}marker)`id`"


class Trusted(NamedTuple):
    """A fresh clone of the base beside a host that has a change of a fork."""

    runner: Runner
    head: str
    host: Writable

    def run(self, name: str, event: dict[str, Any], folder: str = ".", **more: str) -> Done:
        hosted, inputs = self.runner.hosted, {key.replace("-", "_"): value for key, value in TRUSTED.items()}
        event |= {"repository": {"full_name": fixtures.REPOSITORY}}
        with served(self.host) as server:
            environ = hosted.environment(name, event, GITHUB_REF="refs/heads/main", GITHUB_RUN_ID="7")
            environ |= {"GITHUB_API_URL": server.url, "GITHUB_SERVER_URL": server.url, "GITHUB_SHA": self.base} | more
            done = self.runner.action(environ, **inputs, working_directory=folder)
        assert not list(hosted.folder.rglob("marker"))
        assert hosted.repo.git("status", "--porcelain") == ""
        assert hosted.repo.id("HEAD") == self.base
        return done

    @property
    def base(self) -> str:
        return self.runner.hosted.repo.id("origin/main")

    def requested(self, head: str) -> dict[str, Any]:
        title = "x\n::error::$(touch marker)"
        source = {"ref": NAME, "sha": head, "repo": {"full_name": "fork/models"}}
        base = {"ref": "main", "sha": self.base, "repo": {"full_name": fixtures.REPOSITORY}}
        one = {"number": fixtures.PULL_REQUEST, "title": title, "base": base, "head": source, "state": "open"}
        return one | {"user": {"login": fixtures.AUTHOR, "type": "User"}, "merge_commit_sha": None}

    def reviewed(self, head: str) -> dict[str, Any]:
        fork = {"full_name": "fork/models"}
        return {"event": "pull_request_review", "head_sha": head, "head_branch": NAME, "head_repository": fork}


@pytest.fixture
def trusted(hosted: Hosted, tmp_path: Path) -> Trusted:
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901"), "setup.py": "x"})
    hosted.repo.ref(f"refs/pull/{fixtures.PULL_REQUEST}/head", head)
    hosted.repo.switch("main")
    hosted.repo.git("branch", "--quiet", "-D", "topic")
    far = hosted.repo.clone(hosted.folder / "far.git", "--mirror")
    far.git("config", "uploadpack.allowAnySHA1InWant", "true")
    hosted.path.rename(tmp_path / "made")
    hosted.repo = far.clone(hosted.path, "--branch", "main")
    assert hosted.repo.git("cat-file", "-e", head, check=False) == ""
    assert not (hosted.path / "setup.py").exists()
    host = Writable(head)
    host.reviews(*(github_review(login, head) for login in fixtures.APPROVERS))
    made = Trusted(Runner(hosted), head, host)
    host.things[f"/repos/{fixtures.REPOSITORY}/pulls"] = [made.requested(head)]
    return made


def test_a_workflow_of_the_default_branch_judges_a_forks_change_by_its_objects(trusted: Trusted) -> None:
    """After a push, and after a review; the event of a review does not say which pull request of a fork it is of."""
    events = (
        ("pull_request_target", {"pull_request": trusted.requested(trusted.head)}),
        (
            "workflow_run",
            {"action": "completed", "workflow_run": {**trusted.reviewed(trusted.head), "pull_requests": []}},
        ),
    )
    for folder, (name, event) in zip((".", "models"), events, strict=True):
        done = trusted.run(name, event, folder)
        assert done.code == 0, done.log
        context = json.loads(Path(done.outputs["report"]).read_text())["context"]
        assert (context["reviewedHead"], context["pullRequest"]) == (trusted.head, fixtures.PULL_REQUEST), done.log
        assert "approvals/missing" not in _blocking(done)
    assert len(trusted.host.statuses) == 2
    assert len(trusted.host.comments) == 1


def test_a_forged_head_of_a_run_opens_nothing(trusted: Trusted) -> None:
    """The event names a commit that nobody has, or one of the base; a report that lies about is not published."""
    (trusted.runner.temp / "changegate").mkdir()
    (trusted.runner.temp / "changegate" / "verdict.json").write_text('{"verdict": "open"}')
    for head in ("a" * 40, trusted.base):
        trusted.host.head = head
        for event in (
            ("pull_request_target", {"pull_request": trusted.requested(head)}),
            ("workflow_run", {"workflow_run": {**trusted.reviewed(head), "pull_requests": []}}),
        ):
            done = trusted.run(*event)
            assert done.code == 2, done.log
            assert done.outputs["verdict"] == "undecided"
    assert {one["state"] for one in trusted.host.statuses} == {"error"}


def test_a_review_of_what_was_merged_or_is_of_another_branch_publishes_nothing(trusted: Trusted) -> None:
    trusted.host.things[f"/repos/{fixtures.REPOSITORY}/pulls"] = [
        {**trusted.requested(trusted.head), **other}
        for other in ({"state": "closed"}, {"base": {"ref": "next"}}, {"head": {"ref": "other", "repo": None}})
    ]
    listed = [{"number": 8, "head": {"sha": trusted.head}, "base": {"ref": "next"}}]
    for requests in ([], listed):
        done = trusted.run(
            "workflow_run", {"workflow_run": {**trusted.reviewed(trusted.head), "pull_requests": requests}}
        )
        assert (done.code, done.outputs["verdict"]) == (0, "undecided"), done.log
        assert "nothing is published: " in done.log
    assert trusted.host.statuses == []
    trusted.host.fails["GET", "/pulls"] = 403
    done = trusted.run("workflow_run", {"workflow_run": {**trusted.reviewed(trusted.head), "pull_requests": []}})
    assert (done.code, [one["state"] for one in trusted.host.statuses]) == (2, ["error"]), done.log


def test_a_queue_a_push_and_a_schedule_are_judged_from_a_fresh_clone_of_the_base(trusted: Trusted) -> None:
    """In the queue the status is on its commit. Of what has landed, and by night, nobody is asked who approved."""
    repo, base = trusted.runner.hosted.repo, trusted.base
    repo.git("fetch", "--quiet", "origin", trusted.head)
    repo.detach("main")
    queued = repo.merge(trusted.head)
    ref = f"refs/heads/gh-readonly-queue/main/pr-{fixtures.PULL_REQUEST}-{base}"
    repo.switch("main")
    group = {"base_ref": "refs/heads/main", "base_sha": base, "head_sha": queued, "head_ref": ref}
    trusted.host.head = queued
    done = trusted.run("merge_group", {"merge_group": group}, GITHUB_SHA=queued, GITHUB_REF=ref)
    assert done.code == 0, done.log
    assert "approvals/missing" not in _blocking(done), done.log
    assert len(trusted.host.statuses) == 1
    repo.git("reset", "--quiet", "--hard", queued)
    repo.tracking("main", queued)
    runner, hosted = trusted.runner, trusted.runner.hosted
    pushed = {
        "ref": "refs/heads/main",
        "before": base,
        "after": queued,
        "repository": {"full_name": fixtures.REPOSITORY},
    }
    for name, event, inputs in (
        ("push", pushed, {}),
        ("schedule", {}, {"all": "true"}),
        ("workflow_dispatch", {}, {"all": "true"}),
    ):
        run = hosted.environment(name, event, GITHUB_SHA=queued, GITHUB_REF="refs/heads/main")
        done = runner.action(run, **inputs)
        assert done.outputs["verdict"] == "closed", done.log
        judged = {one["subject"]["label"] for one in json.loads(Path(done.outputs["report"]).read_text())["subjects"]}
        assert (len(judged) > 2) == bool(inputs)


def test_a_bare_repository_that_the_change_brings_configures_nothing(hosted: Hosted, runner: Runner) -> None:
    marker = hosted.folder / "marker"
    trap = f'[core]\n\tbare = true\n[remote "origin"]\n\turl = .\n\tuploadpack = touch {marker};\n'
    files = {"sub/HEAD": "ref: refs/heads/main\n", "sub/config": trap, "sub/objects/x": "", "sub/refs/x": ""}
    head = hosted.propose({**good(hosted), **files})
    event = hosted.event(head)
    path = Path(event["GITHUB_EVENT_PATH"])
    path.write_text(path.read_text().replace(head, "b" * 40))
    done = runner.action(event, working_directory="sub")
    assert done.code == 2, done.log
    assert not marker.exists()
