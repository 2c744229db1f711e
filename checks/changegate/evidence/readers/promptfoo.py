"""Format `promptfoo`: the JSON that `promptfoo eval --output` writes, versions 2 and 3 of its results.

Built from its published source. `pass_rate` is counted again from the tests; scores by name (`namedScores`) are means
over the tests that have them. A test that erred did not pass. Of several prompts or providers each is a slice. It
names no artifact; that a prompt is the release's, its digest in the manifest says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "format", False


def recognises(value: Any) -> bool:
    """Whether it has results with statistics."""
    results = value.get("results") if isinstance(value, dict) else None
    return (
        isinstance(results, dict)
        and isinstance(results.get("results"), list)
        and isinstance(results.get("stats"), dict)
    )


def read(value: Mapping[str, Any]) -> Measures:
    """Read an evaluation.

    Raises:
        Unsound: It has no test, or its statistics are not those of its tests.
    """
    results = value["results"]
    tests = [(one, ("results", "results", index)) for index, one in enumerate(results["results"])]
    if not tests:
        raise Unsound("it has no test", ("results", "results"))
    for one, path in tests:
        if not isinstance(one, dict) or not isinstance(one.get("success"), bool):
            raise Unsound("a test does not say whether it is a `success`", path)
    _check_statistics(results["stats"], [one["success"] for one, _ in tests])
    text = str(results.get("timestamp", ""))
    evaluated = text if moment(text) is not None else None
    about = About(
        evaluated, samples=len(tests), paths={"evaluated": ("results", "timestamp"), "samples": ("results", "stats")}
    )
    return Measures(about, tuple(_all(tests)))


def _check_statistics(stats: Mapping[str, Any], passed: Sequence[bool]) -> None:
    said = count(stats.get("successes", sum(passed)), ("results", "stats", "successes"))
    if said != sum(passed):
        reason = f"the statistics say {said} successes, and the tests have {sum(passed)}"
        raise Unsound(reason, ("results", "stats", "successes"))


def _all(tests: Sequence[tuple[Mapping[str, Any], Path]]) -> Iterator[StatedMetric]:
    parts: dict[str, list[tuple[Mapping[str, Any], Path]]] = {}
    for one, path in tests:
        parts.setdefault(_part(one), []).append((one, path))
    yield from _metrics(tests, "")
    for part, some in parts.items() if len(parts) > 1 else ():
        yield from _metrics(some, part)


def _part(test: Mapping[str, Any]) -> str:
    provider = test.get("provider")
    name = provider.get("id", "") if isinstance(provider, dict) else provider or ""
    return f"provider={name},prompt={test.get('promptIdx', 0)}"


def _metrics(tests: Sequence[tuple[Mapping[str, Any], Path]], part: str) -> Iterator[StatedMetric]:
    first = tests[0][1]
    passed = sum(one["success"] for one, _ in tests) / len(tests)
    samples = len(tests) if part else None
    yield StatedMetric("pass_rate", passed, True, part, samples, None, first)
    named: dict[str, list[float]] = {}
    for one, path in tests:
        scores = one.get("namedScores")
        for name, score in (scores if isinstance(scores, dict) else {}).items():
            named.setdefault(name, []).append(figure(score, (*path, "namedScores", name)))
    for name, scores in named.items():
        yield StatedMetric(name, sum(scores) / len(scores), None, part, len(scores), None, first)
