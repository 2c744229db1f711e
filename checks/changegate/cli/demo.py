"""`changegate demo`: a real repository with a release and a pull request, and the gate run on it."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from changegate.cli.completion import cases

if TYPE_CHECKING:
    from changegate.fixtures import Case, LaidOut
    from changegate.verdict import Verdict

FIRST = "fraud-overnight-update"
"""The pull request that a new user sees."""
_ANY = "rollout/bake-too-short"
"""The rule to look at where none blocks."""

_NEXT = """
Look at
  {folder}/reports/summary.md      what a reviewer sees on the pull request
  {folder}/reports/junit.xml       what CI shows as tests
  {folder}/reports/verdict.json    the record: the inputs, and the outcome of every rule
  {folder}/plans/                  the canary plan for its controller; index.json says whether it may be applied

Try next
{path}  cd {folder}/repository
  git diff main                    what the pull request changes
  changegate explain {rule}
  changegate check --base main --now {now}
                                   mend a finding, and run this until nothing is left to mend
  changegate check --base main --now {now} --quiet --trace {traced}
                                   why a rule fired, line by line
  changegate init ../own --policies
                                   settings for a repository of yours, with a rule of your own and its tests
  changegate check --base main --now {now} --policy ../own/.changegate/policies
                                   with that rule: it warns
  changegate demo --list           other pull requests: changegate demo DIR --case NAME
"""


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate demo\n"
    "  changegate demo --list\n"
    "  changegate demo gate --case recommender-update\n",
    help="Lay out a real git repository with a release and a pull request, and run the gate on it.\n\n"
    "DIR is made; by default `changegate-demo`. The demo's clock stands at the day that its evidence is from.",
)
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("changegate-demo"))
@click.option(
    "--case",
    "name",
    metavar="NAME",
    default=FIRST,
    show_default=True,
    shell_complete=cases,
    help="Which pull request to lay out.",
)
@click.option("--list", "listing", is_flag=True, help="List the pull requests that can be laid out.")
def command(directory: Path, name: str, listing: bool) -> int:
    """Lay out, check, report, and say what to look at; the demo succeeds whatever the gate says."""
    from changegate import fixtures

    if listing:
        for case in fixtures.cases():
            click.echo(f"{case.name:40} {case.data.get('title', '')}")
        return 0
    chosen = fixtures.case(name)
    laid_out = _lay_out(directory, chosen)
    click.echo(f"A repository of models in production, and a pull request: {chosen.data['title']}.\n")
    verdict = _check(directory, laid_out)
    folder = shlex.quote(str(directory))
    rules = [finding.rule for finding in verdict.findings if finding.effect == "blocks"] or [_ANY]
    click.echo(_NEXT.format(folder=folder, path=_path(), rule=rules[0], traced=rules[-1], now=fixtures.NOW))
    return 0


def _path() -> str:
    """What to type where the shell does not find this command: it is in an environment that is not active."""
    programs = Path(sys.executable).parent
    if shutil.which("changegate") or not (programs / "changegate").is_file():
        return ""
    return f"  export PATH={shlex.quote(str(programs))}:$PATH\n"


def _lay_out(directory: Path, chosen: Case) -> LaidOut:
    from changegate import fixtures
    from changegate.errors import UsageError

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is there and not empty", hint="name another folder: changegate demo OTHER")
    directory.mkdir(parents=True, exist_ok=True)
    return fixtures.lay_out(directory.resolve() / "repository", chosen)


def _check(directory: Path, laid_out: LaidOut) -> Verdict:
    """Run the gate as CI would, and write what CI would show."""
    from changegate import gate
    from changegate.fixtures import request
    from changegate.report import ReportOptions, emit_reports, parse_output
    from changegate.rollout.write import with_rollouts

    reports = directory / "reports"
    reports.mkdir()
    verdict = with_rollouts(gate.check(request(laid_out, keep_input=True), {}))
    files = {"markdown": "summary.md", "junit": "junit.xml", "json": "verdict.json"}
    outputs = ["console", f"plan={directory / 'plans'}", *(f"{form}={reports / name}" for form, name in files.items())]
    emit_reports(verdict, [parse_output(text) for text in outputs], ReportOptions.of_terminal(sys.stdout))
    return verdict
