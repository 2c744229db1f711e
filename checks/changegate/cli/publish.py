"""`changegate publish`: puts a verdict on a pull request, as a status that merging can hang on, and as one comment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.publish import HOSTS

if TYPE_CHECKING:
    from changegate.publish.host import Publication
    from changegate.report.json_reader import Recorded

_LARGEST_REPORT = 512 * 1024 * 1024


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate publish ../verdict.json --summary ../summary.md --host github\n"
    "  changegate publish ../verdict.json --host github --repository acme/models --number 42\n"
    "  changegate publish ../verdict.json --summary ../summary.md --host gitlab\n\n"
    "The token is in the environment: CHANGEGATE_GITHUB_TOKEN, else GH_TOKEN, else GITHUB_TOKEN; it needs "
    "`statuses: write`, and for the comment `pull-requests: write`. For GitLab CHANGEGATE_GITLAB_TOKEN, else "
    "GITLAB_TOKEN, with the scope api.\n\n"
    "`changegate check -o json=../verdict.json -o markdown=../summary.md` writes both. "
    "Publish from the job that ran the gate, and from no artifact: whoever writes the report says what may merge.\n\n"
    "\b\nExit codes: 0 it is published, or the run is of nothing that could merge; 2 it is not published. Without a "
    "report the status says `error`, and the code is 2.",
    help="Put a verdict on its pull request: the status `changegate`, and one comment that is kept up to date.\n\n"
    "VERDICT is the JSON report of `changegate check`.",
)
@click.argument("verdict", type=click.Path(path_type=Path))
@click.option("--host", type=click.Choice(list(HOSTS)), required=True, help="Where.")
@click.option(
    "--summary", metavar="FILE", type=click.Path(path_type=Path), help="The Markdown report, for the comment."
)
@click.option("--repository", metavar="NAME", default="", help="`owner/name`. [default: what the report says]")
@click.option("--number", type=click.IntRange(1), help="Of the pull request. [default: what the report says]")
@click.option("--login", metavar="LOGIN", default="", help="Who comments. [default: whom the token is of]")
@click.option("--api", metavar="URL", default="", help="The API's address. [default: the environment's]")
def command(*, verdict: Path, host: str, summary: Path | None, **named: Any) -> int:
    """Read the report, and publish it; a report that cannot be read is published as an error."""
    from changegate.errors import ReportError
    from changegate.escape import terminal
    from changegate.publish import publisher

    try:
        publication, fault = _of_report(_read(verdict), summary, named), None
    except ReportError as error:
        click.echo(f"changegate: {terminal(str(error))}", err=True)  # whatever becomes of the status
        why = _why_nothing_is_judged(host)
        if why:
            click.echo(terminal(f"nothing is published: {why}"))
            return 0
        publication, fault = _of_nothing(named), error
    for line in publisher(host)(publication).said:
        click.echo(terminal(line))
    if fault is not None:
        raise fault
    return 0


def _read(file: Path) -> Recorded:
    """Read a report.

    Raises:
        ReportError: There is none, or it is not as it was written.
    """
    import json

    from changegate.errors import ReportError
    from changegate.report.json_reader import read_report

    hint = "it has to be what `changegate check -o json=FILE` wrote"
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST_REPORT + 1)
        if len(data) > _LARGEST_REPORT:
            raise ReportError(f"{file} is larger than {_LARGEST_REPORT >> 20} MiB", hint=hint)
        return read_report(json.loads(data))
    except OSError as error:
        raise ReportError(f"{file} cannot be read: {error.strerror}", hint=hint) from None
    except (ValueError, RecursionError):
        raise ReportError(f"{file} is no JSON", hint=hint) from None


def _of_report(recorded: Recorded, summary: Path | None, named: dict[str, Any]) -> Publication:
    from changegate.errors import ReportError, UsageError
    from changegate.publish.host import Publication, commit_of, sentence_of

    context = recorded.context
    commit = commit_of(context)
    if not commit:
        raise ReportError(
            "the verdict names no commit that was judged", hint="publish what was judged in CI, not in a working tree"
        )
    _check_run(commit, str(context.get("repository") or ""))
    try:
        text = summary.read_text("utf-8") if summary is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{summary} cannot be read: {error}", hint="`-o markdown=FILE` writes it") from None
    return Publication(
        recorded.gate,
        sentence_of(recorded),
        named["repository"] or str(context.get("repository") or ""),
        commit,
        named["number"] or context.get("pullRequest"),
        text,
        os.environ,
        named["api"],
        named["login"],
    )


def _check_run(commit: str, repository: str) -> None:
    """Refuse a report that is not of the change that the run is about: somebody else has written it.

    Raises:
        ReportError: The event names another commit or repository.
    """
    from changegate.errors import ReportError
    from changegate.workspace import ci

    claims = ci.read_claims(os.environ)
    if claims.kind is ci.Kind.NONE:
        return
    known = {claims.reviewed, claims.merge, claims.commit} - {""}
    if commit not in known or repository != claims.repository:
        hint = "publish the report that the gate wrote in this very job"
        raise ReportError(f"the verdict is of {repository} at {commit[:12]}, and the run is not", hint=hint)


def _why_nothing_is_judged(host: str) -> str:
    """Why there is nothing to tell, as after a review of what has been merged; empty where there is something."""
    from changegate.approvals.pull_requests import why_nothing_is_judged
    from changegate.errors import HostError
    from changegate.workspace import ci

    try:
        return why_nothing_is_judged(ci.read_claims(os.environ), os.environ) if host == "github" else ""
    except HostError:
        return ""  # nobody knows: an error is published, so that no earlier answer stands


def _of_nothing(named: dict[str, Any]) -> Publication:
    """What is published where there is no verdict: an error, so that no earlier answer stands for this one."""
    from changegate.publish.host import Publication
    from changegate.verdict import Gate
    from changegate.workspace import ci

    claims = ci.read_claims(os.environ)
    commit = claims.reviewed or claims.merge or claims.commit
    sentence = "undecided: the gate wrote no verdict; see the job"
    repository = named["repository"] or claims.repository
    return Publication(Gate.UNDECIDED, sentence, repository, commit, None, "", os.environ, named["api"], named["login"])
