"""What `changegate check` does, and the options that it takes; `check.py` gives them to click."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.approvals import HOSTS
from changegate.cli.fast_parser import Option
from changegate.report.output import listed
from changegate.report.registry import OUTPUTS
from changegate.request import request_of

if TYPE_CHECKING:
    from changegate.request import Request
    from changegate.verdict import Verdict
    from changegate.workspace.git import Git

OPTIONS = (
    Option(("-C",), "directory", "Run as if started in this folder.", kind="path", default=Path()),
    Option(("--git-dir",), "git_dir", "The git directory; the only way to check a bare repository.", kind="path"),
    Option(("--base",), "base", "What it lands on. [default: upstream, or what CI says]", metavar="REF", default=""),
    Option(("--head",), "head", "The change. [default: the working tree, or what CI says]", metavar="REF", default=""),
    Option(("--staged",), "staged", "Judge the index instead of the working tree (pre-commit).", kind="flag"),
    Option(("--all",), "everything", "Judge every manifest, not only what the change touches.", kind="flag"),
    Option(
        ("--stage",),
        "stage",
        "Where the gate stands. [default: from the CI environment, else local]",
        choices=("local", "pull-request", "merge"),
    ),
    Option(
        ("--trusted-ref",),
        "trusted_ref",
        "The one full ref that changes land on and policy is read from. [env: CHANGEGATE_TRUSTED_REF]",
        metavar="REF",
        default="",
    ),
    Option(
        ("--approvals",), "approvals", "Reviews that CI hands in; outside the checkout.", kind="path", metavar="FILE"
    ),
    Option(
        ("--approvals-from",),
        "approvals_from",
        "The host that is asked for the reviews; the token is in the environment.",
        choices=tuple(HOSTS),
    ),
    Option(
        ("--signed-approvals",),
        "signed_approvals",
        "Approvals that people signed (`changegate approve`); outside the checkout. May be given several times.",
        kind="path",
        metavar="FILE|DIR",
        multiple=True,
    ),
    Option(("--evidence",), "evidence", "Evidence that CI hands in; outside the checkout.", kind="path", metavar="DIR"),
    Option(
        ("--policy",),
        "policies",
        "Own policies beside the base's .changegate/policies; in CI outside the checkout. May be given several times.",
        kind="path",
        metavar="DIR|FILE.tar.gz",
        multiple=True,
    ),
    Option(("--require-config",), "require_config", "Exit 2 where the base has no configuration.", kind="flag"),
    Option(("--fail-on",), "fail_on", "What closes the gate.", choices=("error", "warning"), default="error"),
    Option(("--now",), "now", "The time to judge at, RFC 3339. [default: the clock's]", metavar="TIME"),
    Option(
        ("-o", "--output"),
        "outputs",
        f"{listed(OUTPUTS)} (a folder); may be given several times. [default: console]",
        metavar="FORMAT[=FILE]",
        multiple=True,
    ),
    Option(
        ("--record",),
        "record",
        "Keep the record of the decision in this folder or ref of the repository, with a statement on it. [key: "
        "CHANGEGATE_RECORD_KEY]",
        kind="path",
        metavar="DIR|refs/changegate/records",
    ),
    Option(
        ("--record-parts",),
        "record_parts",
        "What --record keeps: the statement alone names nobody who approved, and cannot be replayed.",
        choices=("all", "statement"),
        default="all",
    ),
    Option(("--trace",), "traced", "Show on stderr why a rule fired or did not.", metavar="RULE", multiple=True),
    Option(("--color",), "color", "Colour the console.", choices=("auto", "always", "never"), default="auto"),
)
"""The options of the command itself, in the order of its help."""

SHOWN = (
    Option(("-v", "--verbose"), "verbose", "Show what passed, too.", kind="flag"),
    Option(("-q", "--quiet"), "quiet", "Show as little as can be, and nothing when the gate is open.", kind="flag"),
)
"""Those that the help has after the engine's."""


def check(*, directory: Path, outputs: tuple[str, ...], color: str, verbose: bool, quiet: bool, **options: Any) -> int:
    """Run the gate, write the reports, and answer the exit code."""
    traced: tuple[str, ...] = options.pop("traced")
    record: Path | None = options.pop("record")
    record_parts: str = options.pop("record_parts")
    if record is not None:
        from changegate.audit.records_ref import ref_named

        ref_named(record)  # refuses a ref of another kind before anything is judged
    from changegate import gate, progress
    from changegate.report import WHOLE, ReportOptions, emit_reports, parse_outputs
    from changegate.workspace.place import checkout_of

    wanted = parse_outputs(outputs, directory=directory)
    options["all"] = options.pop("everything")
    request = request_of(
        directory, keep_input=record is not None or any(one.format in WHOLE for one in wanted), **options
    )
    if traced:
        request = _at_one_time(request)
    with progress.shown(sys.stderr, wanted=bool(options["all"]) and not quiet):
        verdict = gate.check(request, os.environ)
    if any(one.is_folder for one in wanted):
        from changegate.rollout.write import with_rollouts

        verdict = with_rollouts(verdict)
    shown = ReportOptions.of_terminal(sys.stdout, color=color, verbose=verbose, quiet=quiet).linked(os.environ)
    here = Path(os.path.realpath(directory))
    root = checkout_of(here)
    try:
        emit_reports(verdict, [one._replace(file=one.file and here / one.file) for one in wanted], shown, root=root)
    finally:
        if record is not None:
            _keep(verdict, request, record, record_parts, here=here, root=root)
    return max(verdict.exit_code, _trace(request, traced, verdict)) if traced else verdict.exit_code


def _keep(verdict: Verdict, request: Request, record: Path, parts: str, *, here: Path, root: Path | None) -> None:
    """Keep the record, in a folder or in the repository that was judged."""
    from changegate.audit.keep import Keeping, keep_record
    from changegate.audit.records_ref import ref_named

    def git() -> Git:
        from changegate.workspace.git import Git

        return Git.open(request.scope.start, os.environ, request.scope.git_dir)

    place = record if ref_named(record) else here / record
    keep_record(verdict, Keeping(place, root, parts, git), os.environ)


def _at_one_time(request: Request) -> Request:
    """Fix the time, so that what is traced is what was judged."""
    import time

    now = int(time.time()) if request.now is None else request.now
    return request._replace(now=now, scope=request.scope._replace(now=now))


def _trace(request: Request, rules: tuple[str, ...], verdict: Verdict) -> int:
    """Say on stderr why rules fired or did not; answers 2 where one cannot be traced."""
    from changegate.errors import ChangegateError
    from changegate.escape import terminal
    from changegate.judging.tracing import traces

    code = 0
    for rule in rules:
        try:
            sys.stderr.write(traces(request, os.environ, rule, verdict))
        except ChangegateError as error:
            sys.stderr.write(f"no trace of {terminal(rule)}: {terminal(error.message)}\n")
            sys.stderr.write(f"  try: {terminal(error.hint)}\n")
            code = 2
    return code
