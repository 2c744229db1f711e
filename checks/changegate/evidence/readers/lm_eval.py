"""Format `lm-eval`: the `results_*.json` of the LM Evaluation Harness.

Held to a file of lm-eval 0.4.13. Each task says its metrics with a standard error, which way is better, and on how many
samples; the file says when. The standard error gives no interval here: of a share it follows from the count, and of
others it is a bootstrap's. It names a model by the harness' own words, and no digest. One task is the whole; of
several each is a slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, figure, is_nothing, moment_of_epoch
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True

_NO_METRICS = frozenset({"name", "alias", "sample_len", "sample_count"})


def recognises(value: Any) -> bool:
    """Whether it has results and configurations by task."""
    if not isinstance(value, dict) or not {"results", "configs", "versions"} <= value.keys():
        return False
    return isinstance(value["results"], dict) and isinstance(value["configs"], dict)


def read(value: Mapping[str, Any]) -> Measures:
    """Read the results.

    Raises:
        Unsound: A metric is no number, or was measured on more samples than there are.
    """
    config, date = value.get("config"), value.get("date")
    if isinstance(config, dict) and config.get("limit") is not None:
        raise Unsound(
            "the harness measured the first samples alone (`--limit`), which is for trying it out", ("config", "limit")
        )
    evaluated = None if date is None else moment_of_epoch(figure(date, ("date",)))
    tasks = [name for name, one in value["results"].items() if isinstance(one, dict) and _names(one)]
    single = len(tasks) == 1
    samples = {name: _samples(value, name) for name in tasks}
    known = [number for number in samples.values() if number is not None]
    whole = sum(known) if len(known) == len(tasks) and tasks else None
    paths = {"evaluated": ("date",), "samples": ("n-samples",)}
    about = About(evaluated, dataset=", ".join(tasks)[:200], samples=whole, paths=paths)
    metrics = tuple(
        one for name in tasks for one in _metrics(value, name, None if single else samples[name], single=single)
    )
    return Measures(about, metrics, tool=str(value.get("lm_eval_version", "")))


def _names(one: Mapping[str, Any]) -> list[str]:
    """The metrics of a task, such as `acc,none`, without their standard errors."""
    return [name for name in one if name not in _NO_METRICS and "_stderr" not in name and not is_nothing(one[name])]


def _samples(value: Mapping[str, Any], task: str) -> int | None:
    stated = value.get("n-samples")
    one = stated.get(task) if isinstance(stated, dict) else None
    if not isinstance(one, dict) or "effective" not in one:
        return None
    here = ("n-samples", task)
    effective = count(one["effective"], (*here, "effective"))
    if "original" in one and effective > count(one["original"], (*here, "original")):
        raise Unsound("more samples were measured than there are", (*here, "effective"))
    return effective


def _metrics(value: Mapping[str, Any], task: str, samples: int | None, *, single: bool) -> Iterator[StatedMetric]:
    better = value.get("higher_is_better", {})
    ways = better.get(task, {}) if isinstance(better, dict) else {}
    names = _names(value["results"][task])
    plain = [name.partition(",")[0] for name in names]
    for name in names:
        metric, _, filtered = name.partition(",")
        more = ways.get(metric) if isinstance(ways, dict) else None
        part = "" if single else f"task={task}"
        if plain.count(metric) > 1 and filtered not in ("", "none"):
            part = ",".join(filter(None, (part, f"filter={filtered}")))
        path = ("results", task, name)
        number = figure(value["results"][task][name], path)
        whole = _samples(value, task) if part and samples is None else samples
        yield StatedMetric(metric, number, more if isinstance(more, bool) else None, part, whole, None, path)
