"""Objectives that their own names deny, and that deny each other."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from changegate.evidence.claims.statement import Contradiction, entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath

_PERCENTILE = re.compile(r"(?:^|(?<=[^a-z0-9]))p(\d{2})[._]?(\d{0,3})(?=$|[^a-z0-9])")
_MILLISECONDS = re.compile(r"(?:^|(?<=[^a-z0-9]))(\d{1,7})(ms|s)(?=$|[^a-z0-9])")
_TIME = re.compile(r"latenc|duration|(?:^|[^a-z])(?:ttft|tpot|rtt)(?:$|[^a-z])|response.?time")
_ERRORS = re.compile(r"error|fail")
_GOOD = re.compile(r"error|fail|availab|success")
_EVEN = 0.5

Entry = tuple["KeyPath", "Mapping[str, Any]"]


def objectives(release: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Find objectives of which the name says one thing and a number another."""
    stated = entries(release, ("spec", "slos"))
    for path, slo in stated:
        yield from (
            Contradiction(kind, (*path, key), (*path, "name"), claim) for kind, key, claim in _denied(slo["name"], slo)
        )
    yield from _out_of_order(stated)


def _denied(name: str, slo: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every kind of contradiction with its key; what is missing is said in words."""
    named, timed = _percentile(name), bool(_TIME.search(name))
    threshold = slo.get("thresholdMs")
    if named is not None and named != round(slo["objective"], 9):
        yield "percentile-denied", "objective", ""
    bare = named is not None and not _PERCENTILE.sub("", name).strip("-._")
    if (timed or bare) and threshold is None and "query" not in slo:
        yield "latency-without-threshold", "name", "no `thresholdMs`"
    if _GOOD.search(name) and not timed and named is None:
        if _ERRORS.search(name) and threshold is not None and _milliseconds(name) is None:
            yield "errors-with-threshold", "thresholdMs", ""
        if slo["objective"] < _EVEN:
            yield "errors-as-objective", "objective", ""
    if threshold is not None and _milliseconds(name) not in {None, threshold}:
        yield "threshold-denied", "thresholdMs", ""


def _percentile(name: str) -> float | None:
    """The quantile in a name: 0.95 of `latency-p95`, 0.999 of `p999` and `p99.9`; None where there is none."""
    match = _PERCENTILE.search(name)
    if match is None:
        return None
    digits = match[1] + match[2]
    if digits == "100":
        return None
    return round(int(digits) / 10 ** len(digits), 9) or None


def _milliseconds(name: str) -> float | None:
    match = _MILLISECONDS.search(name)
    return None if match is None else int(match[1]) * (1000 if match[2] == "s" else 1)


def _out_of_order(stated: list[Entry]) -> Iterator[Contradiction]:
    """Find percentiles of one latency of which the higher one is the faster."""
    timed = [one for one in stated if "thresholdMs" in one[1] and _percentile(one[1]["name"]) is not None]
    for _, ones in groupby(sorted(timed, key=_what), key=_what):
        rising = sorted(ones, key=lambda one: one[1]["objective"])
        for (low, before), (high, after) in pairwise(rising):
            if after["objective"] > before["objective"] and after["thresholdMs"] < before["thresholdMs"]:
                yield Contradiction("higher-percentile-faster", (*high, "thresholdMs"), (*low, "thresholdMs"))


def _what(one: Entry) -> str:
    """What an objective is of: its name without the percentile."""
    return _PERCENTILE.sub("", str(one[1]["name"]))
