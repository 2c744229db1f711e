"""Format `junit`: tests of a model, as JUnit XML: `test_pass_rate` over all of them, and over each class.

Held to files of pytest 9.2. Tests that were skipped are not counted, and are told by `skipped_rate`. The counts are
made again from the cases; a suite that states others contradicts itself. It names no artifact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", False

_STATED = {
    "tests": {"passed", "failure", "error", "skipped"},
    "failures": {"failure"},
    "errors": {"error"},
    "skipped": {"skipped"},
}


def recognises(value: Any) -> bool:
    """Whether it is XML of test suites."""
    root = value.get("root") if isinstance(value, dict) else None
    return isinstance(root, dict) and root.get("tag") in ("testsuites", "testsuite")


def read(value: Mapping[str, Any]) -> Measures:
    """Read the cases.

    Raises:
        Unsound: There is none that ran, or a suite states other counts than its cases have.
    """
    cases = list(_cases(value["root"], ("root",)))
    ran = [one for one in cases if one[1] != "skipped"]
    if not ran:
        raise Unsound("no test of it ran", ("root",))
    evaluated, path = _time(value["root"], ("root",))
    paths = {"samples": ("root",), **({"evaluated": path} if evaluated else {})}
    about = About(evaluated, samples=len(cases), paths=paths)
    return Measures(about, tuple(_metrics(cases, ran)), kind="tests")


def _metrics(cases: list[tuple[str, str]], ran: list[tuple[str, str]]) -> Iterator[StatedMetric]:
    root: Path = ("root",)
    yield _passed(ran, "", root)._replace(samples=len(ran))
    skipped = (len(cases) - len(ran)) / len(cases)
    yield StatedMetric("skipped_rate", skipped, False, "", None, None, root)
    names = sorted({name for name, _ in ran if name})
    for name in names if len(names) > 1 else ():
        yield _passed([one for one in ran if one[0] == name], f"class={name}", root)


def _passed(cases: list[tuple[str, str]], part: str, path: Path) -> StatedMetric:
    rate = sum(status == "passed" for _, status in cases) / len(cases)
    return StatedMetric("test_pass_rate", rate, True, part, len(cases), None, path)


def _cases(element: Mapping[str, Any], path: Path) -> Iterator[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for index, one in enumerate(element["within"]):
        here = (*path, "within", index)
        if one["tag"] == "testcase":
            found.append((one["attributes"].get("classname", ""), _status(one)))
        elif one["tag"] in ("testsuite", "testsuites"):
            found += _cases(one, here)
    if element["tag"] == "testsuite":
        _check_counts(element, [status for _, status in found], path)
    yield from found


def _status(case: Mapping[str, Any]) -> str:
    tags = [one["tag"] for one in case["within"]]
    return next((tag for tag in ("error", "failure", "skipped") if tag in tags), "passed")


def _check_counts(suite: Mapping[str, Any], found: list[str], path: Path) -> None:
    for name, statuses in _STATED.items():
        if name in suite["attributes"]:
            said = count(suite["attributes"][name], (*path, name), text=True)
            counted = sum(status in statuses for status in found)
            if said != counted and not (name == "tests" and said == counted + _twice(suite)):
                raise Unsound(f"the suite says {said} {name}, and its cases have {counted}", path)


def _twice(suite: Mapping[str, Any]) -> int:
    """Cases that failed and erred when they were taken down: pytest counts those twice."""
    cases = [{one["tag"] for one in case["within"]} for case in suite["within"] if case["tag"] == "testcase"]
    return sum({"error", "failure"} <= tags for tags in cases)


def _time(root: Mapping[str, Any], path: Path) -> tuple[str | None, Path]:
    for one, here in ((root, path), *((one, (*path, "within", index)) for index, one in enumerate(root["within"]))):
        text = one["attributes"].get("timestamp", "")
        if moment(text) is not None:
            return text, here
    return None, path
