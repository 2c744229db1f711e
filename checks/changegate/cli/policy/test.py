"""`changegate policy test`: runs Rego tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.author.output import REPORTS
from changegate.cli.engine_options import engine_options
from changegate.cli.repository import DIRECTORY, engine_here
from changegate.report.output import listed

if TYPE_CHECKING:
    from changegate.rego.engines import EngineOptions

_HELP = """Run the tests of policies: rules whose name begins with `test_`, in any package.

PATHs are files and folders of Rego; without one it is .changegate/policies. Tests see what own policies see
when the gate decides: these modules, their data, and of changegate's own `lib` and `risk` where they import them.
`todo_test_…` is skipped. Where nothing was tested, that is exit code 2. They run on the engine that
.changegate/config.yaml of the working tree names.
"""

_EPILOG = """
\b
Examples:
  changegate policy test                                  .changegate/policies
  changegate policy test policies --run freeze -v         some tests, and what they print
  changegate policy test --coverage --threshold 90        which lines are tested, and whether they are enough
  changegate policy test -o console -o junit=tests.xml    for people, and for a dashboard
  changegate policy test --shipped                        changegate's own
  changegate policy test --engine opa                     on an OPA that is started for it

\b
Exit codes: 0 all pass, 1 a test does not pass or too little is covered, 2 nothing was tested.
"""


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@DIRECTORY
@click.option("--shipped", is_flag=True, help="Test changegate's own policies.")
@click.option(
    "--run", "pattern", metavar="REGEX", help="Only tests in whose name, data.package.test_name, it is found."
)
@click.option("--coverage", is_flag=True, help="Show which lines of the policies were evaluated.")
@click.option("--threshold", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail where less is covered.")
@click.option(
    "--timeout",
    "seconds",
    metavar="SECONDS",
    type=click.FloatRange(0.1),
    default=30,
    show_default=True,
    help="For each test.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FORMAT[=FILE]",
    multiple=True,
    help=f"{listed(REPORTS)}; may be given several times. [default: console]",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every test, and what it prints.")
@engine_options
def command(
    paths: tuple[Path, ...], directory: Path, shipped: bool, engine: EngineOptions, pattern: str | None, **options: Any
) -> int:
    """Run the tests, write the reports, and answer the exit code."""
    from changegate.author import folder
    from changegate.author.output import emit_test_report
    from changegate.author.run import Wanted, test
    from changegate.errors import UsageError
    from changegate.report.output import parse_outputs

    if shipped and paths:
        raise UsageError("--shipped and PATHs exclude each other", hint="leave one out")
    outputs = parse_outputs(options["outputs"], REPORTS, directory=directory)
    bundle = folder.shipped_with_tests() if shipped else folder.read_policies(paths, directory)
    threshold = options["threshold"]
    wanted = Wanted(
        _pattern(pattern), options["coverage"] or threshold is not None, threshold, seconds=options["seconds"]
    )
    report = test(bundle, engine._replace(engine=engine.engine or engine_here(directory)), wanted)
    emit_test_report(report, outputs, directory, verbose=options["verbose"])
    return report.exit_code


def _pattern(text: str | None) -> re.Pattern[str] | None:
    from changegate.errors import UsageError

    try:
        return None if text is None else re.compile(text)
    except re.error as error:
        raise UsageError(f"{text!r} is no regular expression: {error}", hint="quote what is special with \\") from None
