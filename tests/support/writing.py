"""Policies and tests as somebody writes them: small files in a folder, with the tools run on them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

from changegate.author.folder import read_policies
from changegate.author.run import Wanted, test
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.author.cases import Result, RunReport


def write(folder: Path, **files: str) -> Path:
    """Write Rego files; a file's name is the keyword's, its indentation is taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.rego").write_text(dedent(text).lstrip("\n"))
    return folder


def bundle(**files: str) -> Bundle:
    """The same without a disk."""
    return Bundle(tuple(Module(f"{name}.rego", dedent(text).lstrip("\n")) for name, text in files.items()))


def run(given: Bundle, **wanted: Any) -> RunReport:
    """Run the tests of a bundle on the embedded engine."""
    return test(given, EngineOptions(), Wanted(**wanted))


def ran(folder: Path, **wanted: Any) -> RunReport:
    """Run the tests of a folder."""
    return run(read_policies((folder,), folder), **wanted)


def only(report: RunReport) -> Result:
    """The result of a report's one test."""
    (result,) = report.results
    return result
