"""The tests of a bundle: every rule whose name begins with `test_`, in any package, as `opa test` finds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.rego.syntax.ast import dotted, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.author.source import SourceFile
    from changegate.rego.syntax.ast import Node

TEST, TODO = "test_", "todo_test_"
_FURTHER = re.compile(r"__definition_(\d+)$")


class RegoTest(NamedTuple):
    """One test."""

    package: str
    """Without `data`: `rollout_test`."""
    name: str
    file: str
    line: int
    """1-based."""
    problem: str = ""
    """Why it cannot be run as a test, or empty."""

    @property
    def reference(self) -> str:
        """The rule by its whole path, as it is shown."""
        return f"data.{self.package}.{self.name}"

    @property
    def rule(self) -> str:
        """The name of the rule in the module."""
        return rule_called(self.name)

    @property
    def query(self) -> str:
        """The rule by its whole path, as the engine is asked for it."""
        return f"data.{self.package}.{self.rule}"

    @property
    def is_skipped(self) -> bool:
        """Whether it is only a promise."""
        return self.name.startswith(TODO)


class Result(NamedTuple):
    """What a test came to."""

    case: RegoTest
    status: str
    """`passed`, `failed`, `error` or `skipped`."""
    message: str = ""
    """What is wrong, in a sentence."""
    file: str = ""
    """Where it went wrong."""
    line: int | None = None
    details: tuple[str, ...] = ()
    """The expression and the values that it met, a line each."""
    prints: tuple[str, ...] = ()
    """What `print` said, each with its place."""


class Covered(NamedTuple):
    """The lines of one file."""

    file: str
    covered: tuple[int, ...]
    not_covered: tuple[int, ...]

    @property
    def percent(self) -> float:
        """Of the lines on which something can be evaluated, rounded to two places."""
        return percent([self])


def percent(files: Iterable[Covered]) -> float:
    """The share of covered lines of several files; without any line it is 100."""
    known = list(files)
    covered = sum(len(one.covered) for one in known)
    lines = covered + sum(len(one.not_covered) for one in known)
    return round(100 * covered / lines, 2) if lines else 100.0


class RunReport(NamedTuple):
    """A whole run."""

    engine: str
    results: tuple[Result, ...]
    coverage: tuple[Covered, ...] | None = None
    """Of the policies, not of the tests; None where it was not asked for or not measured."""
    notes: tuple[str, ...] = ()
    threshold: float | None = None

    def count(self, status: str) -> int:
        """How many tests came to a status."""
        return sum(result.status == status for result in self.results)

    @property
    def is_below(self) -> bool:
        """Whether less is covered than was asked for; what was not measured is below any threshold."""
        return self.threshold is not None and (self.coverage is None or percent(self.coverage) < self.threshold)

    @property
    def exit_code(self) -> int:
        """1 where a test did not pass, or too little is covered."""
        return int(bool(self.count("failed") or self.count("error")) or self.is_below)


def find(sources: Mapping[str, SourceFile], wanted: re.Pattern[str] | None = None) -> tuple[RegoTest, ...]:
    """Find the tests, in the order of files and lines.

    Args:
        sources: The modules.
        wanted: Only tests in whose whole name (`data.package.test_name`) it is found.
    """
    found: dict[tuple[str, str], RegoTest] = {}
    for case in definitions_of(sources):
        before = found.get((case.package, case.name))
        found[case.package, case.name] = case if before is None else before._replace(problem=_twice(case, before))
    return tuple(case for case in found.values() if wanted is None or wanted.search(case.reference))


def definitions_of(sources: Mapping[str, SourceFile]) -> Iterator[RegoTest]:
    """Every definition of a test, in the order of files and lines; two may have one name."""
    for source in sources.values():
        for rule in source.parsed.rules:
            if (name := name_of(rule)).startswith((TEST, TODO)):
                shown = _FURTHER.sub(r"#\1", name)
                yield RegoTest(source.package, shown, source.file, rule.line, _problem(rule))


def rule_called(name: str) -> str:
    """The name that a further definition of one test has in its module: `test_x#01` is no name in Rego."""
    return name.replace("#", "__definition_")


def _twice(case: RegoTest, before: RegoTest) -> str:
    where = f"{case.file}:{case.line}" if case.file != before.file else f"line {case.line}"
    return f"it is defined twice, again at {where}, so one could hide the other's failure: give each its own name"


def _problem(rule: Node) -> str:
    """Why a rule cannot be run as a test."""
    head: dict[str, Any] = rule.body.get("head", {})
    if "Func" in head:
        return "it is a function: a test takes no arguments"
    if "Set" in head or "RefBrack" in (next(iter(head.values()), None) or {}).get("refr", {}):
        return "it has cases in its head, of which one that is undefined would not be missed: write a test for each"
    return ""


def name(package: tuple[str, ...]) -> str:
    """A package as it is shown."""
    return dotted(package)
