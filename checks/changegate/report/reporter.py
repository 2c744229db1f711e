"""The interface of a report: a pure function of the verdict, one module for each format."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from changegate.verdict import Verdict


class ReportOptions(NamedTuple):
    """How a report is wanted. A format ignores what it has no use for."""

    colour: bool = False
    """Colours and emphasis for a terminal (`console`)."""
    width: int | None = None
    """Columns of the terminal; None where lines are not wrapped, as in a log (`console`)."""
    verbose: bool = False
    """Show also what holds, what does not apply and what is switched off, and each rule's references (`console`)."""
    quiet: bool = False
    """A line for a finding and one for its remedy, and nothing where what was judged is open (`console`)."""
    blob_url: str = ""
    """Where files of the head are shown: `https://github.com/acme/models/blob/<commit>`, no path (`markdown`)."""
    base_id: str = ""
    """The commit of the base, for links to its files beside those of the head (`markdown`)."""
    run_url: str = ""
    """Where the run's log is (`markdown`)."""
    max_bytes: int = 65_536
    """The largest report, in bytes of UTF-8; a comment holds 64 KiB, a step summary 1 MiB (`markdown`)."""
    case_files: bool = False
    """Write `file` on test cases, which GitLab links and a strict JUnit schema refuses (`junit`)."""

    @classmethod
    def of_terminal(
        cls, stream: TextIO, *, color: str = "auto", verbose: bool = False, quiet: bool = False
    ) -> ReportOptions:
        """Choose colour and width for where the console report goes.

        Args:
            stream: Usually stdout.
            color: `always`, `never`, or `auto`: a terminal that is not dumb, unless NO_COLOR is set; or FORCE_COLOR.
            verbose: Show also what holds.
            quiet: Show as little as can be.
        """
        live = stream.isatty()
        colour = color == "always" or (color == "auto" and _wants_colour(live=live))
        return cls(colour=colour, width=_width(stream) if live else None, verbose=verbose, quiet=quiet)

    def linked(self, environ: Mapping[str, str]) -> ReportOptions:
        """Add the addresses that the CI host gives to its files and to this run, and what GitLab reads beyond others.

        The environment is a claim: an address is used for links alone, and only where it is of a plain form.
        """
        if environ.get("GITHUB_ACTIONS") == "true":
            project = f"{environ.get('GITHUB_SERVER_URL')}/{environ.get('GITHUB_REPOSITORY')}"
            blob, run = f"{project}/blob/{environ.get('GITHUB_SHA')}", f"actions/runs/{environ.get('GITHUB_RUN_ID')}"
            return self._replace(blob_url=blob, run_url=f"{project}/{run}")
        if environ.get("GITLAB_CI") == "true":
            blob = f"{environ.get('CI_PROJECT_URL')}/-/blob/{environ.get('CI_COMMIT_SHA')}"
            return self._replace(blob_url=blob, run_url=environ.get("CI_JOB_URL", ""), case_files=True)
        return self


def _wants_colour(*, live: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (live and os.environ.get("TERM") != "dumb")


def _width(stream: TextIO) -> int | None:
    """The terminal's columns, or None where it does not say."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isascii() and stated.isdigit() and int(stated[:6]) > 0:
        return int(stated[:6])
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


class Reporter(Protocol):
    """A module that renders one format."""

    def render(self, verdict: Verdict, options: ReportOptions) -> str:
        """Render the verdict, whichever it is, as text that ends with a line feed; the same input, the same text."""
        ...
