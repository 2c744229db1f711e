"""Control files: what steers the gate or runs it, of every CI host, and what their files take in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hosted import RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
RULE = "control/changed-without-approval"

STEERS = """
    Jenkinsfile ci/Jenkinsfile Jenkinsfile.release deploy/gate.jenkinsfile azure-pipelines.yml
    ci/azure-pipelines-gate.yaml .azure-pipelines/gate.yml .azuredevops/steps.yml .circleci/config.yml .drone.yml
    .drone.jsonnet .drone.star .woodpecker.yml .woodpecker.yaml .woodpecker/gate.yml .tekton/run.yaml
    tekton/pipeline.yaml .buildkite/pipeline.yml bitbucket-pipelines.yml .forgejo/workflows/gate.yml
    .gitea/workflows/gate.yaml .policy.yml .mergify.yml .mergify/config.yml renovate.json renovate.json5 .renovaterc
    .renovaterc.json .github/renovate.json5 .github/dependabot.yml .github/workflows/gate.yml
    .github/actions/gate/action.yml .github/CODEOWNERS .github/settings.yml .gitlab-ci.yml .gitlab/ci.yml
    .gitlab-ci/gate.yml ci/gate.gitlab-ci.yml .lfsconfig .gitattributes models/.gitattributes .gitmodules
    .dvc/config .pre-commit-config.yaml .travis.yml appveyor.yml .appveyor.yml cloudbuild.yaml cloudbuild.gate.json
    buildspec.yml buildspec-gate.yaml .teamcity/settings.kts .semaphore/semaphore.yml .cirrus.yml .cirrus.star
    codefresh.yml .codefresh/gate.yml .build.yml .builds/gate.yml .zuul.yaml zuul.d/gate.yaml .taskcluster.yml
    .harness/gate.yaml .bulldozer.yml .kodiak.toml OWNERS OWNERS_ALIASES .vela.yml screwdriver.yaml .space.kts
    gate.gocd.yaml JENKINSFILE .GitHub/Workflows/gate.yml .CIRCLECI/config.yml .GITATTRIBUTES Renovate.JSON
    .changegate/POLICIES/mine.rego
"""

QUIET = """
    README.md docs/ci.md docs/runbook.md .github/ISSUE_TEMPLATE/bug.yml .github/pull_request_template.md
    scripts/gate.sh Makefile models/jenkins/notes.md models/renovate/notes.json docs/azure-pipelines.md
    .dvc/.gitignore data.dvc .gitignore .editorconfig docs/cloudbuild.md tektonic/x.yaml OWNERS.md models/OWNERS
    helm/values.yaml
"""


def asks(run: Run) -> set[str]:
    return {finding["location"]["file"] for finding in run.findings if finding["rule"] == RULE}


def unapproved(hosted: Hosted, files: dict[str, str | bytes], *, remove: tuple[str, ...] = ()) -> Run:
    """The run of a change that nobody has approved, which matters to nothing but control files."""
    head = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0"), **files}, remove=remove)
    return hosted.run("--approvals", hosted.approvals(head, ()), env=hosted.event(head))


def test_what_steers_the_gate_needs_its_approvers(hosted: Hosted) -> None:
    """All at once: each is named, with its own finding."""
    told = asks(unapproved(hosted, dict.fromkeys(STEERS.split(), "x: 1\n")))
    assert sorted(set(STEERS.split()) - told) == []


def test_what_does_not_is_not_asked_about(hosted: Hosted) -> None:
    run = unapproved(hosted, dict.fromkeys(QUIET.split(), "{}\n"))
    assert (run.code, run.rules) == (0, set())


@pytest.mark.parametrize("file", ["Jenkinsfile", "renovate.json", ".lfsconfig"])
def test_one_that_is_removed_or_moved_away_is_one(hosted: Hosted, file: str) -> None:
    hosted.repo.commit({file: "x: 1\n" * 20})
    hosted.protect()
    run = unapproved(hosted, {"elsewhere.txt": "x: 1\n" * 20}, remove=(file,))
    assert run.code == 3
    assert len(asks(run)) == 1


GITLAB = """
include:
  - local: /ci/gate.yml
  - 'ci/other.yml'
  - local: ci/many/*.yml
  - remote: https://example.com/x.yml
  - {project: acme/ci, file: /theirs.yml}
gate:
  script: [./scripts/gate.sh]
  rules: [!reference [.rules, default]]
child:
  trigger: {include: [{local: ci/child.yml}]}
"""
WORKFLOW = """
on: pull_request
jobs:
  gate:
    steps:
      - uses: actions/checkout@v4
      - uses: ./ci/action
      - uses: ./ci/docker
  again:
    uses: ./.github/workflows/again.yml
"""
ACTION = "runs: {using: composite, steps: [{uses: ./ci/inner}]}\n"
AZURE = "steps:\n  - template: ci/steps.yml\n  - template: theirs.yml@templates\n"


@pytest.mark.parametrize(
    ("ci", "included", "not_included"),
    [
        (
            {".gitlab-ci.yml": GITLAB, "ci/gate.yml": "include: ci/nested.yml\n"},
            ("ci/gate.yml", "ci/other.yml", "ci/many/a.yml", "ci/child.yml", "ci/nested.yml", "CI/Gate.yml"),
            ("theirs.yml", "x.yml", "scripts/gate.sh", "ci/many.yml", "ci/unused.yml"),
        ),
        (
            {".github/workflows/gate.yml": WORKFLOW, "ci/action/action.yml": ACTION},
            ("ci/action/action.yml", "ci/action/gate.py", "ci/docker/Dockerfile", "ci/inner/action.yaml"),
            ("actions/checkout/action.yml", "ci/actions.yml", "ci/other/action.yml"),
        ),
        (
            {"azure-pipelines.yml": AZURE, "ci/steps.yml": "steps:\n  - template: more/steps.yml\n"},
            ("ci/steps.yml", "ci/more/steps.yml"),
            ("theirs.yml", "more/steps.yml"),
        ),
    ],
)
def test_what_a_ci_file_takes_in_is_a_control_file(
    hosted: Hosted, ci: dict[str, str | bytes], included: tuple[str, ...], not_included: tuple[str, ...]
) -> None:
    hosted.repo.commit(ci)
    hosted.protect()
    run = unapproved(hosted, dict.fromkeys((*included, *not_included), "changed: 1\n"))
    assert asks(run) == set(included)


@pytest.mark.parametrize(
    "broken", ["include: [", "include: &a [*a]\n", "\0\1", "include: " + "[" * 5000, "include: ../../x\n"]
)
def test_a_ci_file_that_cannot_be_read_takes_in_nothing(hosted: Hosted, broken: str) -> None:
    hosted.repo.commit({".gitlab-ci.yml": broken})
    hosted.protect()
    assert unapproved(hosted, {"x": "1"}).code == 0


def test_a_configuration_adds_and_takes_nothing_away(hosted: Hosted) -> None:
    config = hosted.edit(
        CONFIG, "enforcement: enforce", 'controlFiles: ["scripts/**", "**/*.mk"]\nenforcement: enforce'
    )
    hosted.repo.commit({CONFIG: config})
    hosted.protect()
    files = ("scripts/a/gate.sh", "ci/gate.mk", "Scripts/B.sh", "Jenkinsfile", "other/gate.sh")
    assert asks(unapproved(hosted, dict.fromkeys(files, "x"))) == set(files[:4])


def test_a_change_that_takes_a_pattern_away_is_judged_by_the_base(hosted: Hosted) -> None:
    plain = (hosted.path / CONFIG).read_text()
    hosted.repo.commit({CONFIG: plain + 'controlFiles: ["scripts/**"]\n'})
    hosted.protect()
    assert asks(unapproved(hosted, {CONFIG: plain, "scripts/gate.sh": "x"})) == {CONFIG, "scripts/gate.sh"}


@pytest.mark.parametrize("glob", ["!Jenkinsfile", "scripts/", "./x", "{a,b}.sh"])
def test_what_is_no_glob_is_refused(hosted: Hosted, glob: str) -> None:
    added = (hosted.path / CONFIG).read_text() + f'controlFiles: ["{glob}"]\n'
    run = unapproved(hosted, {CONFIG: added})
    assert {"control/invalid"} <= run.rules
    hosted.repo.switch("main")
    hosted.repo.commit({CONFIG: added})
    hosted.protect()
    hosted.repo.git("branch", "-D", "topic")
    assert unapproved(hosted, {"x": "1"}).code == 2
