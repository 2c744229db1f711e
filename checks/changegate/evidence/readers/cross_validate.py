"""Format `sklearn-cross-validate`: the results of scikit-learn's `cross_validate`, as JSON: `{"test_accuracy": [...]}`.

Held to files of scikit-learn 1.9. A metric is the mean over the folds. Its interval is not taken from their spread:
folds share training data, so the spread is too small. It says neither how many samples there were, nor when, nor of
which artifact: none, strictly, since every fold trained a model of its own; whoever binds it says that the release
was made alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import figure
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True


def recognises(value: Any) -> bool:
    """Whether it has the times of folds, and a score beside them."""
    if not isinstance(value, dict) or not {"fit_time", "score_time"} <= value.keys():
        return False
    return any(isinstance(one, list) for name, one in value.items() if str(name).startswith("test_"))


def read(value: Mapping[str, Any]) -> Measures:
    """Read the results.

    Raises:
        Unsound: A score is no number, or scores have not as many folds as each other.
    """
    scores = {name: one for name, one in value.items() if name.startswith("test_")}
    lengths = {name: len(one) if isinstance(one, list) else 0 for name, one in scores.items()}
    folds = max(lengths.values())
    for name, length in lengths.items():
        if length != folds or not length:
            raise Unsound(f"`{name}` has {length} folds, and others have {folds}", (name,))
    return Measures(About(), tuple(_metrics(scores)), folds=folds)


def _metrics(scores: Mapping[str, Any]) -> Iterator[StatedMetric]:
    for name, one in scores.items():
        numbers = [figure(score, (name, index)) for index, score in enumerate(one)]
        mean, metric = sum(numbers) / len(numbers), name.removeprefix("test_")
        if metric == "score":
            raise Unsound(
                "`test_score` does not say which metric it is: pass `scoring` as a list or dictionary", (name,)
            )
        negated = metric.startswith("neg_")
        yield StatedMetric(metric.removeprefix("neg_"), -mean if negated else mean, None, "", None, None, (name,))
