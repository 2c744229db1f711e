"""Writes what was measured of a model, for the script that measures it.

    from changegate.measured import EvaluationReport

    report = EvaluationReport("holdout", samples=20_000, artifacts=["model.safetensors"])
    report.metric("roc_auc", 0.931, higher_is_better=True)
    report.leakage(found=False, method="duplicates by row hash")
    report.write("evidence/evaluation.json")

It imports nothing of the gate and nothing beyond Python's own library, so that a training image needs no more. The same
calls write the same bytes: nothing is read from the clock where `evaluated_at` is given.

Source: `schemas/evaluation-report.schema.json`, `schemas/fairness-counts.schema.json` and `docs/evidence.md`.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import tempfile
from collections import Counter
from datetime import UTC, datetime
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}|blake3:[0-9a-f]{64}")
_METRIC = re.compile(r"[A-Za-z][A-Za-z0-9_@.-]{0,63}")
_HOSTED = re.compile(r"(?P<provider>[^/@]+)/(?P<model>[^@]+)@(?P<snapshot>[^@]+)")
_MOST = 1_000_000_000_000


class MeasuredError(ValueError):
    """What was measured cannot be so; says why in a sentence."""


class _Document:
    """A JSON document that is written whole or not at all."""

    def __init__(self) -> None:
        self._value: dict[str, Any] = {}

    @property
    def value(self) -> dict[str, Any]:
        """The document as plain JSON, as it would be written now."""
        value: dict[str, Any] = json.loads(self.text)
        return value

    @property
    def text(self) -> str:
        """The document's text, which is ASCII and ends with a line feed.

        Raises:
            MeasuredError: It is not whole yet.
        """
        self._check()
        return json.dumps(self._value, indent=2, allow_nan=False) + "\n"

    def write(self, path: str | os.PathLike[str], *, replace: bool = False) -> str:
        """Write the document.

        Args:
            path: Where; folders that are missing are made.
            replace: Whether to write over a file that is there and says something else.

        Returns:
            Its digest for the manifest, `sha256:<64 hex digits>`.

        Raises:
            MeasuredError: It is not whole yet, or another file is there.
            OSError: It cannot be written.
        """
        target, data = Path(path), self.text.encode("ascii")
        if target.is_symlink() or (target.exists() and not target.is_file()):
            raise MeasuredError(f"{target} is no regular file")
        if not replace and target.exists() and target.read_bytes() != data:
            raise MeasuredError(f"{target} is there already and says something else; replace=True writes over it")
        target.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return f"sha256:{hashlib.sha256(data).hexdigest()}"

    def _check(self) -> None:
        """Refuse what is not whole."""


class _Report(_Document):
    """What every report says: of which model, when, on which data."""

    def __init__(
        self,
        dataset: str | None,
        samples: int | None,
        *,
        artifacts: Iterable[str | os.PathLike[str]] = (),
        hosted: Iterable[str] = (),
        dataset_digest: str | os.PathLike[str] | None = None,
        collected_at: str | datetime | None = None,
        evaluated_at: str | datetime | None = None,
    ) -> None:
        super().__init__()
        model: dict[str, Any] = {}
        if digests := [digest_of(one) for one in artifacts]:
            model["digests"] = digests
        if snapshots := [_hosted(one) for one in hosted]:
            model["hosted"] = snapshots
        if not model:
            raise MeasuredError(
                "say what was measured: artifacts=[file or digest] or hosted=['provider/model@snapshot']"
            )
        self._value = {"schemaVersion": 1, "model": model, "evaluatedAt": _moment(evaluated_at or datetime.now(UTC))}
        if dataset is not None:
            self._value["dataset"] = _dataset(dataset, samples, dataset_digest, collected_at)

    def leakage(self, *, found: bool, method: str) -> Self:
        """Say that data of the training was looked for in that of the evaluation.

        Args:
            found: Whether there was any.
            method: How it was looked for: `duplicates by row hash`.
        """
        looked = {"checked": True, "found": bool(found), "method": _text(method, "method", 500)}
        self._value.setdefault("checks", {})["leakage"] = looked
        return self

    def cross_validation(self, folds: int, *, method: str | None = None) -> Self:
        """Say in how many parts the evaluation was repeated."""
        said: dict[str, Any] = {"folds": _count(folds, "folds")}
        said |= {} if method is None else {"method": _text(method, "method", 500)}
        self._value.setdefault("checks", {})["crossValidation"] = said
        return self


class EvaluationReport(_Report):
    """How good a model is."""

    def __init__(self, dataset: str, samples: int, **about: Any) -> None:
        """Begin a report.

        Args:
            dataset: The name of the data that it was measured on.
            samples: How many samples that has.
            **about: `artifacts`: files, or digests as `sha256:…`, that were measured. `hosted`: models behind an API,
                as `provider/model@snapshot`. `dataset_digest`: the data's digest, or its file. `collected_at`: when
                the newest of the data was collected. `evaluated_at`: when it was measured; now by default. Moments are
                RFC 3339 texts, or `datetime`s with a zone.

        Raises:
            MeasuredError: One of these cannot be so.
            OSError: A file cannot be read.
        """
        super().__init__(_text(dataset, "dataset", 200), samples, **about)
        self._value["metrics"] = []

    def metric(
        self,
        name: str,
        value: float,
        *,
        higher_is_better: bool,
        samples: int | None = None,
        slice: str | None = None,  # noqa: A002  (the word of the report)
        interval: tuple[float, float] | None = None,
    ) -> Self:
        """Add a value.

        Args:
            name: The metric's: `roc_auc`.
            value: Its value; a ratio between 0 and 1, not a percentage.
            higher_is_better: Whether more of it is better.
            samples: On how many it was measured, where that is not all of the data.
            slice: Of which part of the data: `country=DE`.
            interval: The lower and the upper bound of its 95% interval.

        Raises:
            MeasuredError: One of these cannot be so, or the value is there already.
        """
        if not isinstance(name, str) or not _METRIC.fullmatch(name):
            raise MeasuredError(f"{name!r} is no name of a metric: letters, digits and _ @ . -, at most 64")
        made: dict[str, Any] = {"name": name, "value": _number(value, name), "higherIsBetter": bool(higher_is_better)}
        made |= {} if samples is None else {"sampleCount": _count(samples, f"samples of {name}")}
        made |= {} if slice is None else {"slice": _text(slice, "slice", 200)}
        if interval is not None:
            lower, upper = (_number(one, f"interval of {name}") for one in interval)
            if not lower <= made["value"] <= upper:
                raise MeasuredError(f"{name} is {made['value']} and its interval {lower} to {upper}")
            made["interval"] = {"lower": lower, "upper": upper, "level": 0.95}
        if any((one["name"], one.get("slice")) == (name, slice) for one in self._value["metrics"]):
            raise MeasuredError(f"{name} is there already")
        self._value["metrics"].append(made)
        return self

    def latency(self, percentile: float, value_ms: float, *, samples: int, platform: str | None = None) -> Self:
        """Add a percentile of the latency.

        Args:
            percentile: Between 0 and 100: 95.
            value_ms: In milliseconds.
            samples: How many requests were measured.
            platform: Where.

        Raises:
            MeasuredError: One of these cannot be so.
        """
        which, took = _number(percentile, "percentile"), _number(value_ms, "latency")
        if not 0 < which < 100 or took < 0:
            raise MeasuredError("a percentile lies between 0 and 100, and a latency is at least 0 ms")
        made: dict[str, Any] = {"percentile": which, "valueMs": took, "sampleCount": _count(samples, "samples")}
        made |= {} if platform is None else {"platform": _text(platform, "platform", 200)}
        self._value.setdefault("latency", []).append(made)
        return self

    def _check(self) -> None:
        if not self._value["metrics"]:
            raise MeasuredError("the report has no metric yet")


class FairnessReport(_Report):
    """How groups of people fare, by counts."""

    def __init__(self, dataset: str | None = None, samples: int | None = None, **about: Any) -> None:
        """Begin a report; the arguments are those of `EvaluationReport`, and the data set may be left out."""
        super().__init__(None if dataset is None else _text(dataset, "dataset", 200), samples, **about)
        self._value["groups"] = []

    def group(self, attribute: str, group: str, *, tp: int, fp: int, tn: int, fn: int) -> Self:
        """Add the counts of a group.

        Args:
            attribute: Such as `sex`.
            group: Such as `female`.
            tp: How many were selected rightly.
            fp: How many were selected wrongly.
            tn: How many were rightly not selected.
            fn: How many were wrongly not selected.

        Raises:
            MeasuredError: A count is none, or the group is there already.
        """
        counts = {"tp": tp, "fp": fp, "tn": tn, "fn": fn}
        made = {"attribute": _text(attribute, "attribute", 128), "group": _text(group, "group", 128)}
        if any((one["attribute"], one["group"]) == (attribute, group) for one in self._value["groups"]):
            raise MeasuredError(f"the group {group} of {attribute} is there already")
        self._value["groups"].append({**made, **{key: _count(one, key) for key, one in counts.items()}})
        return self

    def predictions(
        self,
        attribute: str,
        groups: Iterable[Any],
        truth: Iterable[Any],
        predicted: Iterable[Any],
        *,
        positive: Any = 1,
    ) -> Self:
        """Count what was predicted for each group, in the order of their names.

        Args:
            attribute: Such as `sex`.
            groups: Of each sample, whose it is.
            truth: Of each sample, what is true.
            predicted: Of each sample, what was predicted.
            positive: What being selected is called in both.

        Raises:
            MeasuredError: There are not as many of each, or none.
        """
        try:
            rows = list(zip(groups, truth, predicted, strict=True))
        except ValueError:
            raise MeasuredError("groups, truth and predicted have not as many values") from None
        counted = Counter((str(who), bool(said == positive), bool(is_so == positive)) for who, is_so, said in rows)
        if not counted:
            raise MeasuredError("there is no sample")
        for name in sorted({who for who, _, _ in counted}):
            of = {(said, is_so): counted[name, said, is_so] for said in (True, False) for is_so in (True, False)}
            self.group(attribute, name, tp=of[True, True], fp=of[True, False], tn=of[False, False], fn=of[False, True])
        return self

    def _check(self) -> None:
        if not self._value["groups"]:
            raise MeasuredError("the report has no group yet")


class ToolReport(_Report):
    """What another tool measured, with what that tool does not say: of which model, when, on which data."""

    def __init__(
        self,
        report: Mapping[str, Any] | list[Any],
        dataset: str | None = None,
        samples: int | None = None,
        **about: Any,
    ) -> None:
        """Begin a report; `report` is what the tool wrote, as plain JSON. The others are as of `EvaluationReport`."""
        super().__init__(None if dataset is None else _text(dataset, "dataset", 200), samples, **about)
        self._report: Final = report

    @property
    def text(self) -> str:
        """The document's text."""
        try:
            return json.dumps({**self._value, "report": self._report}, indent=2, allow_nan=False) + "\n"
        except ValueError:
            raise MeasuredError("the tool's report holds NaN or Infinity, which JSON does not have") from None


class RollbackDrill(_Document):
    """That going back was practised."""

    def __init__(self, model: str, *, duration_seconds: float, succeeded: bool, performed_at: str | datetime) -> None:
        """Take what happened.

        Args:
            model: The model's name, as in the manifest.
            duration_seconds: How long it took until the version of before answered.
            succeeded: Whether it did.
            performed_at: When, as an RFC 3339 text or a `datetime` with a zone.

        Raises:
            MeasuredError: One of these cannot be so.
        """
        super().__init__()
        took = _number(duration_seconds, "duration_seconds")
        if took < 0:
            raise MeasuredError("duration_seconds is negative")
        self._value = {
            "model": _text(model, "model", 200),
            "performedAt": _moment(performed_at),
            "durationSeconds": took,
            "outcome": "succeeded" if succeeded else "failed",
        }


def digest_of(artifact: str | os.PathLike[str]) -> str:
    """The digest of a file, read in parts; of a text that is one already, that.

    Args:
        artifact: A path, or `sha256:<64 hex digits>`.

    Raises:
        OSError: The file cannot be read.
    """
    if isinstance(artifact, str) and _DIGEST.fullmatch(artifact):
        return artifact
    if isinstance(artifact, str) and artifact.partition(":")[0] in {"sha256", "sha384", "sha512", "blake3"}:
        raise MeasuredError(f"{artifact!r} is no digest: sha256 has 64 hex digits, in small letters")
    with Path(artifact).open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _dataset(name: str, samples: int | None, digest: Any, collected_at: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name}
    made |= {} if digest is None else {"digest": digest_of(digest)}
    made |= {} if collected_at is None else {"collectedAt": _moment(collected_at)}
    return made | ({} if samples is None else {"sampleCount": _count(samples, "samples")})


def _hosted(text: str) -> dict[str, str]:
    found = _HOSTED.fullmatch(text)
    if found is None:
        raise MeasuredError(f"{text!r} is no hosted model: write provider/model@snapshot")
    return found.groupdict()


def _moment(at: str | datetime) -> str:
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise MeasuredError("a moment needs its zone: datetime.now(timezone.utc)")
        return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        read = datetime.fromisoformat(at)
    except ValueError:
        raise MeasuredError(f"{at!r} is no moment: write 2026-10-25T08:00:00Z") from None
    if read.tzinfo is None or "T" not in at:
        raise MeasuredError(f"{at!r} is no moment with its zone: write 2026-10-25T08:00:00Z")
    return at


def _number(value: Any, name: str) -> int | float:
    """A finite number; one of numpy's is taken for Python's."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool) or not isinstance(plain, (int, float)) or not math.isfinite(plain):
        raise MeasuredError(f"{name} is {value!r}, and has to be a finite number")
    return plain


def _count(value: Any, name: str) -> int:
    try:
        count = index(value)
    except TypeError:
        raise MeasuredError(f"{name} is {value!r}, and has to be a whole number") from None
    if isinstance(value, bool) or not 0 <= count <= _MOST:
        raise MeasuredError(f"{name} is {value!r}, and has to be a count")
    return count


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise MeasuredError(f"{name} has to be a text of at most {most} characters")
    return value
