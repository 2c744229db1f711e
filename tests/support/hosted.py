"""A repository of the fixtures on a host, and pull requests on it as the host presents them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate import fixtures
from changegate.resources import FIXTURES
from support.command import check
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

FRAUD = "models/fraud-detector/manifest.yaml"
RESEARCH = "models/recommender-research/manifest.yaml"


class Hosted:
    """A repository with a protected `main`, and the environment that GitHub gives a pull request's run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo = Repo.init(folder / "checkout")
        self.path = self.repo.path
        files = (path for path in (FIXTURES / "gitops-repo").rglob("*") if path.is_file())
        self.repo.commit(
            {str(path.relative_to(FIXTURES / "gitops-repo")): path.read_bytes() for path in files}, "first"
        )
        self.protect()

    def protect(self) -> str:
        """Let the host's main be what the local one is."""
        return self.repo.tracking("main", "main")

    def edit(self, file: str, find: str, replace: str) -> str:
        """What a file would hold with one text replaced."""
        text = (self.path / file).read_text()
        assert text.count(find) == 1, f"{find!r} stands {text.count(find)} times in {file}"
        return text.replace(find, replace)

    def propose(self, files: dict[str, str | bytes] | None = None, *, remove: tuple[str, ...] = ()) -> str:
        """Commit a change on a branch; answers its commit."""
        self.repo.branch("topic")
        return self.repo.commit(files, "a change", remove=remove)

    def event(self, head: str, *, target: str = "main", merge: str = "", name: str = "pull_request") -> dict[str, str]:
        """The environment of a pull request's run."""
        event = {
            "pull_request": {
                "number": fixtures.PULL_REQUEST,
                "user": {"login": fixtures.AUTHOR, "type": "User"},
                "base": {"ref": target, "sha": "0" * 40, "repo": {"full_name": fixtures.REPOSITORY}},
                "head": {"ref": "topic", "sha": head},
                "merge_commit_sha": merge or None,
            }
        }
        extra = {"GITHUB_SHA": merge} if merge else {}
        return self.environment(name, event, GITHUB_BASE_REF=target, **extra)

    def environment(self, name: str, event: dict[str, Any], **more: str) -> dict[str, str]:
        """The environment of a run for any event."""
        path = self.folder / "event.json"
        path.write_text(json.dumps(event))
        return {
            **{key: value for key, value in self.repo.environ.items() if not key.startswith("GIT_")},
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REPOSITORY": fixtures.REPOSITORY,
            "CHANGEGATE_TRUSTED_REF": "refs/heads/main",
            **more,
        }

    def approvals(self, head: str, by: tuple[str, ...] = fixtures.APPROVERS, **other: Any) -> Path:
        """An approvals file beside the checkout; `other` lies about something."""
        reviews = [{"user": user, "state": "APPROVED", "commit": head, "submittedAt": fixtures.NOW} for user in by]
        path = self.folder / "approvals.json"
        path.write_text(json.dumps({**fixtures.approvals(head, reviews), **other}))
        return path

    def run(self, *more: str | Path, env: dict[str, str], approved: str = "") -> Run:
        """Run the gate as the protected workflow does."""
        given: list[str | Path] = ["--now", fixtures.NOW]
        if approved:
            given += ["--approvals", self.approvals(approved)]
        return check(*given, *more, cwd=self.path, env=env, out=self.folder / "verdict.json")

    def judge(self, head: str, *more: str | Path) -> Run:
        """Run the gate on a pull request that everybody has approved."""
        return self.run(*more, env=self.event(head), approved=head)
