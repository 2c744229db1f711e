"""The hooks that are offered to pre-commit, run by pre-commit itself on real commits.

They are taken from a repository with `.pre-commit-hooks.yaml` as it stands, by the configuration that `changegate init`
writes. Only the language is another one, `system`: `python` would install the package from the network. The gate judges
by the clock, so what must pass here is a research model, of which nothing grows old.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from changegate import __version__
from support.command import COMMAND, changegate
from support.hosted import RESEARCH
from support.repos import Repo
from support.tools import pre_commit

if TYPE_CHECKING:
    from support.hosted import Hosted

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
CONFIG = ".pre-commit-config.yaml"
OTHER = "models/example-model/manifest.yaml"
POLICY = ".changegate/policies/team.rego"
STOPPED = "error[operations/owner-unknown]"


class Hooked:
    """A repository whose commits go through the hook."""

    def __init__(self, repo: Repo, folder: Path) -> None:
        self.repo = repo
        path = os.pathsep.join([str(COMMAND.parent), str(Path(pre_commit()).parent), os.environ["PATH"]])
        self.environ = {**repo.environ, "PATH": path, "PRE_COMMIT_HOME": str(folder / "cache")}
        offered = Repo.init(folder / "offered")
        offered.commit({HOOKS.name: HOOKS.read_text().replace("language: python", "language: system")})
        offered.tag(f"v{__version__}")
        changegate("init", "--ci", "pre-commit", cwd=repo.path)
        text = (repo.path / CONFIG).read_text()
        assert "https://github.com/changegate/changegate" in text
        repo.write({CONFIG: text.replace("https://github.com/changegate/changegate", f"file://{offered.path}")})
        assert self.run(pre_commit(), "install").returncode == 0

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments, cwd=self.repo.path, env=self.environ | env, capture_output=True, text=True, check=False
        )

    def commit(self, *arguments: str, **env: str) -> str:
        """Commit; answers what was said, and asserts nothing of whether it went through."""
        done = self.run("git", "commit", "-m", "a change", *arguments, **env)
        return done.stdout + done.stderr

    @property
    def head(self) -> str:
        return self.repo.id("HEAD")


@pytest.fixture
def hooked(hosted: Hosted) -> Hooked:
    made = Hooked(hosted.repo, hosted.folder)
    text = (hosted.path / RESEARCH).read_text()
    hosted.repo.commit({OTHER: text.replace("recommender-research", "example-model")})
    return made


def bad(hosted: Hosted) -> dict[str, str | bytes]:
    return {RESEARCH: hosted.edit(RESEARCH, "owner: research-ml", "owner: nobody")}


def good(hosted: Hosted) -> dict[str, str | bytes]:
    return {OTHER: hosted.edit(OTHER, "version: 0.3.0", "version: 0.4.0")}


def test_a_bad_commit_is_stopped_and_a_good_one_is_not(hosted: Hosted, hooked: Hooked) -> None:
    before = hooked.head
    hosted.repo.write(bad(hosted))
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head == before
    assert f"{RESEARCH}:5:10: {STOPPED}" in said
    assert "closed: 1 release: 1 rule blocks" in said
    hosted.repo.write({RESEARCH: hosted.edit(RESEARCH, "owner: nobody", "owner: platform-team")})
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head != before, said
    assert "Passed" in said


def test_the_index_decides_and_not_the_working_tree(hosted: Hosted, hooked: Hooked) -> None:
    before = hooked.head
    hosted.repo.write(good(hosted))
    hosted.repo.git("add", OTHER)
    hosted.repo.write(bad(hosted))
    said = hooked.commit()
    assert hooked.head != before, said
    assert "owner: nobody" in (hosted.path / RESEARCH).read_text()
    before = hooked.head
    assert STOPPED in hooked.commit("-a")
    assert hooked.head == before


def test_a_commit_of_named_files_is_judged_by_those(hosted: Hosted, hooked: Hooked) -> None:
    before = hooked.head
    hosted.repo.write(good(hosted) | bad(hosted))
    hosted.repo.git("add", ".")
    assert STOPPED in hooked.commit("--", RESEARCH)
    assert hooked.head == before
    said = hooked.commit("--", OTHER)
    assert hooked.head != before, said


@pytest.mark.parametrize("file", ["models/fraud-detector/evidence/provenance.dsse.json", "locks/training-uv.lock"])
def test_a_deletion_alone_is_checked_whatever_the_file(hosted: Hosted, hooked: Hooked, file: str) -> None:
    before = hooked.head
    hosted.repo.git("rm", "--quiet", file)
    said = hooked.commit()
    assert hooked.head == before
    assert f"error[provenance/{'attestation' if 'dsse' in file else 'lockfile'}" in said


def test_a_file_of_any_kind_that_a_manifest_names_is_checked(hosted: Hosted, hooked: Hooked) -> None:
    before = hooked.head
    hosted.repo.write({"models/fraud-detector/evidence/model.sig": "another signature\n"})
    hosted.repo.git("add", ".")
    assert "error[provenance/" in hooked.commit()
    assert hooked.head == before


def test_in_a_ci_the_hook_is_advice_all_the_same(hosted: Hosted, hooked: Hooked) -> None:
    before = hooked.head
    hosted.repo.write(good(hosted))
    hosted.repo.git("add", ".")
    said = hooked.commit(CI="true", GITHUB_ACTIONS="true", GITHUB_EVENT_NAME="pull_request")
    assert hooked.head != before, said


def test_a_merge_commit_and_a_run_over_all_files(hosted: Hosted, hooked: Hooked) -> None:
    hosted.repo.branch("topic")
    hosted.repo.commit({"README.md": "other words\n"})
    hosted.repo.switch("main")
    hosted.repo.commit(good(hosted))
    hosted.repo.git("merge", "--quiet", "--no-commit", "--no-ff", "topic")
    before = hooked.head
    said = hooked.commit()
    assert hooked.head != before, said
    done = hooked.run(pre_commit(), "run", "--all-files", "--hook-stage", "manual")
    assert done.returncode == 0, done.stdout


def test_what_cannot_be_decided_stops_the_commit_and_says_what_to_do(hosted: Hosted, hooked: Hooked) -> None:
    hosted.repo.commit({".changegate/config.yaml": "apiVersion: changegate.dev/v1\nkind: Config\nsetings: {}\n"})
    before = hooked.head
    hosted.repo.write(good(hosted))
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head == before
    assert "undecided: changegate could not decide" in said
    assert "  try: " in said


def test_own_policies_are_checked_when_they_are_committed(hosted: Hosted, hooked: Hooked) -> None:
    before = hooked.head
    policy = 'package team\n\ndeny contains "no domain" if {reads}input.metadata.labels.domain\n'
    asks = 'http.send({"method": "get", "url": "https://example.com"}).body == '
    hosted.repo.write({POLICY: policy.format(reads=asks)})
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head == before
    assert re.search(rf"^{re.escape(POLICY)}:3: error: .*http\.send", said, re.MULTILINE), said
    hosted.repo.write({POLICY: policy.format(reads="not ")})
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head != before, said
    assert "changegate policy" in said
    assert said.count("Passed") == 2


def test_without_a_change_of_own_policies_they_are_not_checked(hosted: Hosted, hooked: Hooked) -> None:
    hosted.repo.write(good(hosted))
    hosted.repo.git("add", ".")
    assert re.search(r"^changegate policy\.+.*Skipped$", hooked.commit(), re.MULTILINE)


def test_the_first_commit_of_a_repository(tmp_path: Path) -> None:
    """As `changegate init` leaves it: nothing is enforced before the configuration has been merged."""
    repo = Repo.init(tmp_path / "new")
    hooked = Hooked(repo, tmp_path)
    repo.git("add", ".")
    said = hooked.commit()
    assert repo.git("log", "--format=%s") == "a change", said


# Where nothing is staged

OVER = (
    ("--all-files",),
    ("--all-files", "--hook-stage", "manual"),
    ("--hook-stage", "manual"),
    ("--from-ref", "HEAD~1", "--to-ref", "HEAD"),
    ("--from-ref", "HEAD~1", "--to-ref", "HEAD", "--hook-stage", "manual"),
)


def reads(hooked: Hooked) -> None:
    """Give the repository a host: main has an upstream, origin has a default branch, and both have all there is."""
    host = hooked.repo.clone(hooked.repo.path.parent / "host.git", "--bare").path
    for command in (("remote", "add", "origin", f"file://{host}"), ("fetch", "--quiet", "origin")):
        hooked.repo.git(*command)
    hooked.repo.git("branch", "--quiet", "--set-upstream-to", "origin/main", "main")
    hooked.repo.git("remote", "set-head", "origin", "main")


def before_push(hooked: Hooked) -> None:
    """Let the hook run before a push, and only there."""
    text = (hooked.repo.path / CONFIG).read_text()
    hooked.repo.write({CONFIG: text.replace("- id: changegate\n", "- id: changegate\n        stages: [pre-push]\n")})
    hooked.repo.commit()
    assert hooked.run(pre_commit(), "install", "--hook-type", "pre-push").returncode == 0


@pytest.mark.parametrize("ci", [{}, {"CI": "true"}], ids=["laptop", "ci"])
@pytest.mark.parametrize("over", OVER, ids=" ".join)
def test_a_bad_commit_is_found_where_nothing_is_staged(
    hosted: Hosted, hooked: Hooked, over: tuple[str, ...], ci: dict[str, str]
) -> None:
    reads(hooked)
    hosted.repo.commit(bad(hosted))
    done = hooked.run(pre_commit(), "run", *over, **ci)
    assert done.returncode == 1, done.stdout
    assert f"{RESEARCH}:5:10: {STOPPED}" in done.stdout
    assert "\n  fix: " in done.stdout
    assert re.search("^note: (nothing is staged: judged is what HEAD has|pre-commit asks about)", done.stdout, re.M)
    hosted.repo.git("reset", "--quiet", "--hard", "HEAD~1")
    hosted.repo.commit(good(hosted))
    done = hooked.run(pre_commit(), "run", *over, **ci)
    assert done.returncode == 0, done.stdout
    assert "changegate" in done.stdout
    assert "Passed" in done.stdout


def test_without_a_host_the_last_commit_is_judged(hosted: Hosted, hooked: Hooked) -> None:
    hosted.repo.commit(bad(hosted))
    done = hooked.run(pre_commit(), "run", "--all-files")
    assert done.returncode == 1
    assert STOPPED in done.stdout
    done = hooked.run(pre_commit(), "run", "--all-files", CI="true")
    assert done.returncode == 1
    assert "there is no branch to compare HEAD with: nothing would be judged" in done.stdout
    done = hooked.run(pre_commit(), "run", "--all-files", CI="true", CHANGEGATE_TRUSTED_REF="refs/heads/main")
    assert STOPPED in done.stdout


def test_nothing_to_judge_passes_in_words_and_not_in_a_ci(hosted: Hosted, hooked: Hooked) -> None:
    reads(hooked)
    done = hooked.run(pre_commit(), "run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout
    assert "open: nothing was judged: nothing is staged, and HEAD has nothing that is not in" in done.stdout
    for over in (("--all-files",), ("--from-ref", "HEAD", "--to-ref", "HEAD")):
        done = hooked.run(pre_commit(), "run", *over, CI="true")
        assert done.returncode == 1
        assert "- exit code: 2" in done.stdout
        assert "nothing would be judged" in done.stdout
        assert "args: [--all]" in done.stdout
    assert hooked.run(pre_commit(), "run", "--all-files", CI="true", SKIP="changegate").returncode == 0
    text = (hosted.path / CONFIG).read_text()
    hosted.repo.commit({CONFIG: text.replace("- id: changegate\n", "- id: changegate\n        args: [--all]\n")})
    done = hooked.run(pre_commit(), "run", "--all-files", CI="true")
    assert "nothing would be judged" not in done.stdout
    assert "error[" in done.stdout  # what the fixtures' models have grown too old for


def test_a_range_is_judged_whatever_is_staged(hosted: Hosted, hooked: Hooked) -> None:
    hosted.repo.commit(bad(hosted))
    hosted.repo.commit({RESEARCH: hosted.edit(RESEARCH, "owner: nobody", "owner: platform-team")})
    hosted.repo.write(good(hosted))
    hosted.repo.git("add", ".")
    done = hooked.run(pre_commit(), "run", "--from-ref", "HEAD~2", "--to-ref", "HEAD~1")
    assert done.returncode == 1
    assert STOPPED in done.stdout
    assert hooked.run(pre_commit(), "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD").returncode == 0


def test_a_merge_that_brings_what_is_bad_is_stopped(hosted: Hosted, hooked: Hooked) -> None:
    hosted.repo.branch("topic")
    hosted.repo.commit(bad(hosted))
    hosted.repo.switch("main")
    hosted.repo.commit(good(hosted))
    hosted.repo.git("merge", "--quiet", "--no-commit", "--no-ff", "topic")
    before = hooked.head
    assert STOPPED in hooked.commit()
    assert hooked.head == before


def test_a_bad_commit_is_stopped_before_it_is_pushed(hosted: Hosted, hooked: Hooked) -> None:
    reads(hooked)
    before_push(hooked)
    hosted.repo.branch("topic")
    hosted.repo.commit(bad(hosted))
    hosted.repo.switch("main")
    done = hooked.run("git", "push", "origin", "topic")
    assert done.returncode != 0
    assert STOPPED in done.stdout + done.stderr
    assert not hosted.repo.git("ls-remote", "origin", "refs/heads/topic")
    hosted.repo.switch("topic")
    hosted.repo.git("reset", "--quiet", "--hard", "main")
    hosted.repo.commit(good(hosted))
    assert hooked.run("git", "push", "origin", "topic").returncode == 0
    hosted.repo.git("commit", "--quiet", "--amend", "--no-verify", "-m", "in other words")
    done = hooked.run("git", "push", "--force", "origin", "topic")
    assert done.returncode == 0, done.stderr


def test_a_first_push_of_everything_is_judged(hosted: Hosted, hooked: Hooked) -> None:
    before_push(hooked)
    host = Repo.init(hosted.folder / "empty.git", bare=True)
    hosted.repo.commit(bad(hosted))
    done = hooked.run("git", "push", f"file://{host.path}", "main")
    assert done.returncode != 0
    assert STOPPED in done.stdout + done.stderr


def test_the_hook_that_mends_stops_the_commit_and_the_next_one_goes_through(hosted: Hosted, hooked: Hooked) -> None:
    config = (hosted.path / CONFIG).read_text()
    hosted.repo.write(
        {CONFIG: config.replace("- id: changegate\n", "- id: changegate-fix\n      - id: changegate\n", 1)}
    )
    hosted.repo.commit({CONFIG: (hosted.path / CONFIG).read_text()})
    before = hooked.head
    right = hosted.edit(OTHER, "version: 0.3.0", "version: 0.4.0")
    hosted.repo.write({OTHER: right.replace("exposure: research", "exposure: Research")})
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head == before
    assert "mended 1 value" in said
    assert (hosted.path / OTHER).read_text() == right
    hosted.repo.git("add", ".")
    said = hooked.commit()
    assert hooked.head != before, said
