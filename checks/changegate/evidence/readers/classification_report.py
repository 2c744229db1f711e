"""Format `sklearn-report`: scikit-learn's `classification_report(output_dict=True)`, as JSON.

Held to files of scikit-learn 1.9. Per class it has precision, recall and F1 with their `support`; over all of them the
accuracy, and averages. It names no data, no time and no artifact. `macro avg` is taken as the metric of all data, as
scikit-learn's own scorers `f1_macro` and so on are; a report of some labels alone has no accuracy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count, share
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "tool", True

_AVERAGES = ("micro avg", "macro avg", "weighted avg", "samples avg")
_OF_ALL = {"precision": "macro_precision", "recall": "balanced_accuracy", "f1-score": "macro_f1"}
"""The macro average of the recall is the balanced accuracy, by definition."""


def recognises(value: Any) -> bool:
    """Whether it has the averages that such a report ends with."""
    if not isinstance(value, dict) or not isinstance(value.get("macro avg"), dict):
        return False
    return "weighted avg" in value and "support" in value["macro avg"]


def read(value: Mapping[str, Any]) -> Measures:
    """Read a report.

    Raises:
        Unsound: A number is none, a rate is no rate, or the supports of the classes are more than all samples.
    """
    whole = count(value["macro avg"]["support"], ("macro avg", "support"))
    _check_supports(value, whole)
    metrics = [*_overall(value, whole), *_of_classes(value)]
    return Measures(About(samples=whole, paths={"samples": ("macro avg", "support")}), tuple(metrics))


def _check_supports(value: Mapping[str, Any], whole: int) -> None:
    classes = _classes(value)
    supports = [count(one.get("support"), (name, "support")) for name, one in classes.items()]
    if sum(supports) != whole:
        reason = f"the classes have {sum(supports)} samples together, and `support` of the macro average is {whole}"
        raise Unsound(reason, ("macro avg", "support"))


def _classes(value: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: one for name, one in value.items() if isinstance(one, dict) and name not in _AVERAGES}


def _overall(value: Mapping[str, Any], whole: int) -> Iterator[StatedMetric]:
    if "accuracy" in value:
        accuracy = share(value["accuracy"], ("accuracy",))
        _check_accuracy(value, accuracy, whole)
        yield _metric("accuracy", accuracy, ("accuracy",))
    for name, metric in _OF_ALL.items():
        path = ("macro avg", name)
        if name in value["macro avg"] and "accuracy" in value:
            yield _metric(metric, share(value["macro avg"][name], path), path)


def _check_accuracy(value: Mapping[str, Any], accuracy: float, whole: int) -> None:
    """The accuracy is the recall of the classes, weighed by their support."""
    classes = _classes(value)
    right = sum(share(one.get("recall"), (name, "recall")) * one["support"] for name, one in classes.items())
    if whole and abs(right / whole - accuracy) > 0.005:
        raise Unsound(f"`accuracy` does not follow from the recall of the classes, {right / whole:.4g}", ("accuracy",))


def _of_classes(value: Mapping[str, Any]) -> Iterator[StatedMetric]:
    for label, one in _classes(value).items():
        samples = count(one.get("support"), (label, "support"))
        for name in ("precision", "recall", "f1-score"):
            if name in one:
                number = share(one[name], (label, name))
                yield _metric(name, number, (label, name))._replace(slice=f"class={label}", samples=samples)


def _metric(name: str, value: float, path: tuple[str, ...]) -> StatedMetric:
    known = {"f1-score": "f1"}.get(name, name)
    return StatedMetric(known, value, True, "", None, None, path)
