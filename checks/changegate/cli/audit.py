"""`changegate audit`: which changes of models have a record, over the history of the trusted branch."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import click

from changegate.approvals import MERGE_HOSTS, ask_merges
from changegate.approvals.merges import HostedBranch, Merges
from changegate.cli.repository import DIRECTORY
from changegate.errors import UsageError


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate audit --records ../records                     everything that leads to HEAD\n"
    "  changegate audit v1.0..origin/main --records ../records   a part of it\n"
    "  changegate audit --records ../records --key record.pub    only what this key has signed counts\n"
    "  changegate audit --records refs/changegate/records        records that are kept in git\n"
    "  changegate audit --records ../records -o csv              a line for each model of a commit\n"
    "  changegate audit v1.0..origin/main --from github          how its commits were merged, as the host tells\n\n"
    "The token for --from is in the environment, as `changegate approvals --help` says.\n\n"
    "\b\nExit codes: 0 every change is covered, 1 one is not or an expired waiver is in use, 2 it cannot be told.",
    help="Show which changes of models have a record.\n\n"
    "REVISIONS is a part of the trusted branch's history, REV..REV, of which the first parents are walked. The records "
    "are what `changegate check --record` keeps. A change is covered by the record that names its tree: exactly "
    "what was judged is what landed.",
)
@click.argument("revisions", default="HEAD")
@click.option(
    "--records",
    "place",
    metavar="DIR|refs/changegate/records",
    type=click.Path(path_type=Path),
    help="Where records are kept: a folder, or a ref of the repository. Left out, the host alone is asked.",
)
@click.option(
    "--from",
    "host",
    type=click.Choice(list(MERGE_HOSTS)),
    help="Ask the host how each commit was merged: direct pushes, and merges past the gate.",
)
@click.option("--repository", metavar="NAME", default="", help="`owner/name`. [default: what the configuration says]")
@click.option("--branch", metavar="NAME", default="", help="The trusted branch there. [default: the host's default]")
@click.option("--status", metavar="NAME", default="changegate", show_default=True, help="The gate's status there.")
@click.option("--api", metavar="URL", default="", help="The API's address. [default: the environment's]")
@click.option(
    "--key",
    "keys",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A public key, PEM; then only statements that such a key has signed count. May be given several times.",
)
@click.option("--now", metavar="TIME", help="The day by which waivers have expired, RFC 3339. [default: today]")
@click.option("-o", "--output", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@DIRECTORY
def command(revisions: str, place: Path | None, directory: Path, now: str | None, **options: Any) -> int:
    """Walk the history, hold it against the records, and answer the exit code."""
    keys, form = options["keys"], options["form"]
    if place is None and (options["host"] is None or keys):
        raise UsageError(
            "nobody says where records are", hint="add --records DIR, or ask the host alone: --from github"
        )
    from changegate.audit import figures
    from changegate.audit.audit import TrustedHistory, audit, load_statements
    from changegate.audit.history import landed, trunk
    from changegate.escape import json_text, log_line
    from changegate.policy.settings import Config
    from changegate.request import given_moment
    from changegate.workspace.git import Git
    from changegate.workspace.trees import GitTree

    git = Git.open(directory, os.environ)
    commit = git.objects.commit(git.commit_id(revisions.rpartition("..")[2] or "HEAD"))
    config = Config.load(GitTree(git, commit.tree, commit.oid) if commit is not None else None)
    statements = None if place is None else load_statements(place, git, _public_keys(keys))
    at = given_moment(now)
    day = int(time.time()) if at is None else at
    branch = TrustedHistory(trunk(git, revisions), config.repository)
    history = landed(git, revisions, config)
    merges = _merges(options, config.repository, [one.commit for one in history])
    found = audit(history, statements, day, branch, must_be_signed=bool(keys), merges=merges)
    write = {"json": lambda made: json_text(figures.as_json(made)), "csv": figures.as_csv}
    click.echo(write[form](found) if form in write else figures.as_table(found, log_line), nl=False)
    return 1 if found.findings or found.expired else 0


def _merges(options: dict[str, Any], repository: str, commits: list[str]) -> Merges | None:
    """What the host tells of commits, where it is asked."""
    if options["host"] is None:
        return None
    named = options["repository"] or repository or os.environ.get(_NAMED[options["host"]], "")
    wanted = HostedBranch(named, options["status"], os.environ, options["api"], options["branch"])
    return ask_merges(options["host"], wanted, commits)


_NAMED = {"github": "GITHUB_REPOSITORY", "gitlab": "CI_PROJECT_PATH"}
"""Where a CI says which repository it is."""


def _public_keys(keys: tuple[Path, ...]) -> list[object]:
    if not keys:
        return []
    from changegate.signing.dsse import load_public_key

    return [load_public_key(key) for key in keys]
