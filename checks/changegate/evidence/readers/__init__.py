"""The formats that evidence is read in: for each kind one dictionary, and a file a format.

A reader says whether a file has its format, and what the file says, in the neutral form of its kind: `Measures`,
`Group`s, `Promises`, an `Envelope`. It judges nothing, and knows no other reader. A format is one file here, one
line below, a test, and a section in docs/evidence.md; tests compare the names with the schemas and that page.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

EVALUATION = {
    "evaluation-report": "changegate.evidence.readers.evaluation_report",
    "sklearn-report": "changegate.evidence.readers.classification_report",
    "sklearn-cross-validate": "changegate.evidence.readers.cross_validate",
    "mlflow-run": "changegate.evidence.readers.mlflow_run",
    "mlflow-metric": "changegate.evidence.readers.mlflow_metric",
    "model-index": "changegate.evidence.readers.model_index",
    "lm-eval": "changegate.evidence.readers.lm_eval",
    "cyclonedx": "changegate.evidence.readers.cyclonedx",
    "junit": "changegate.evidence.readers.junit",
    "locust": "changegate.evidence.readers.locust",
    "k6": "changegate.evidence.readers.k6",
    "promptfoo": "changegate.evidence.readers.promptfoo",
    "ragas": "changegate.evidence.readers.ragas",
    "garak": "changegate.evidence.readers.garak",
    "dvc-metrics": "changegate.evidence.readers.dvc_metrics",
}
"""How good a release is: `read` gives `evidence.metrics.Measures`. The last one takes any file of numbers alone."""

FAIRNESS = {
    "counts": "changegate.evidence.readers.counts",
    "aequitas": "changegate.evidence.readers.aequitas",
    "fairlearn": "changegate.evidence.readers.fairlearn",
    "tfma": "changegate.evidence.readers.tfma",
    "counts-csv": "changegate.evidence.readers.counts_csv",
}
"""How groups of people fare:

`read` gives an `evidence.groups.Grouped`. The names are those of `format` in a manifest.
"""

CONTRACTS = {
    "feature-contract": "changegate.evidence.readers.feature_contract",
    "odcs": "changegate.evidence.readers.odcs",
    "feast": "changegate.evidence.readers.feast",
    "feast-definitions": "changegate.evidence.readers.feast_definitions",
    "mlflow-signature": "changegate.evidence.readers.mlflow_signature",
    "avro": "changegate.evidence.readers.avro",
    "json-schema": "changegate.evidence.readers.json_schema",
    "dbt-manifest": "changegate.evidence.readers.dbt_manifest",
    "pandera": "changegate.evidence.readers.pandera",
    "onnx": "changegate.evidence.readers.onnx",
    "tfdv-schema": "changegate.evidence.readers.tfdv_schema",
}
"""What features promise: `read` gives `evidence.promises.Promises`, one for each table, view or record of a file."""

ATTESTATIONS = {
    "dsse": "changegate.evidence.readers.dsse",
    "sigstore-bundle": "changegate.evidence.readers.sigstore_bundle",
}
"""What vouches for a release: `read` gives an `evidence.statements.Envelope`."""

KINDS = {"evaluation": EVALUATION, "fairness": FAIRNESS, "contracts": CONTRACTS, "attestations": ATTESTATIONS}
"""Every kind by its name. The first format of a kind is the one whose schema explains what fits none."""


class Reader(Protocol):
    """A module that reads one format.

    One whose tool writes JSON with Python's NaN and Infinity has a function `made_plain` too. It is given the value
    with these numbers in it, and returns plain JSON or raises `Unsound`. Without it such a file is not read.
    """

    SCHEMA: str
    """The schema that a file of this format fits; empty where `read` itself says what is wrong."""

    def recognises(self, value: Any) -> bool:
        """Whether a file has this format, by its shape; the file is anybody's, and may be anything."""
        ...

    def read(self, value: Any) -> Any:
        """Read a file that fits the schema.

        Raises:
            Unsound: What it says cannot be right.
        """
        ...


class ReportReader(Reader, Protocol):
    """A reader of evaluation or fairness reports."""

    VERSION: int
    """Counts up whenever the same file is read otherwise; it stands in the facts."""
    TIER: str
    """`own`: our own format; `tool`: held to a file that the real tool wrote; `format`: built from its description."""
    CONSTANTS: bool
    """Whether the tool writes NaN and Infinity, which then reach `read`."""


def format_of(formats: Mapping[str, str], value: Any, stated: str | None = None) -> str:
    """The format that a file has: the stated one, else by its shape; the first of its kind where it has none of them.

    Args:
        formats: A kind's dictionary.
        value: The file as plain JSON.
        stated: What the manifest says that it is.

    Raises:
        Unsound: It has not the format that the manifest says, or there is none of that name.
    """
    if stated is not None and stated not in formats:
        reason = f"no format `{stated}` is read; these are: {', '.join(sorted(formats))}"
        raise Unsound(reason, ("format",), stated=True)
    if stated is not None and _has_shape(formats[stated], value):
        return stated
    found = next((name for name in formats if _has_shape(formats[name], value)), next(iter(formats)))
    if stated not in (None, found):
        raise Unsound(f"it has the format {found}, and the manifest says {stated}")
    return found


def _has_shape(module: str, value: Any) -> bool:
    try:
        return load_reader(module).recognises(value)
    except _OTHER_FORM:
        return False


def reader_of(formats: Mapping[str, str], value: Any) -> Reader:
    """The reader of the format that a file has by its shape (`format_of`)."""
    return load_reader(formats[format_of(formats, value)])


def report_reader(formats: Mapping[str, str], name: str) -> ReportReader:
    """The reader of a report's format."""
    return cast("ReportReader", load_reader(formats[name]))


_OTHER_FORM = (TypeError, KeyError, IndexError, AttributeError, ValueError, OverflowError)
"""What a reader meets in a file that has the shape of its format at the top, and another one below."""


def read_report(formats: Mapping[str, str], name: str, value: Any) -> Any:
    """Read a report of a format, whatever it is below the shape by which that was told.

    Args:
        formats: A kind's dictionary.
        name: The format.
        value: The file as plain JSON; it is anybody's.

    Raises:
        Unsound: It has not the form of its format, or what it says cannot be right.
    """
    try:
        found = report_reader(formats, name).read(value)
    except _OTHER_FORM as error:
        raise Unsound(f"it has not the form of {name}, by which it was taken") from error
    named = [one.name for one in getattr(found, "stated", getattr(found, "groups", ()))]
    if not all(isinstance(one, str) for one in named):
        raise Unsound(f"it has not the form of {name}: a name is no text")
    if not named and not getattr(found, "latency", ()):
        raise Unsound("it holds nothing that was measured")
    return found


def reader_fact(formats: Mapping[str, str], name: str, tool: str = "") -> dict[str, Any]:
    """Which reader read a report, as a fact.

    Args:
        formats: A kind's dictionary.
        name: The format.
        tool: The version of the tool that wrote the report, where it says so.
    """
    reader = report_reader(formats, name)
    return {"format": name, "version": reader.VERSION, "heldTo": reader.TIER, **({"tool": tool} if tool else {})}


@cache
def load_reader(module: str) -> Reader:
    """Import a reader, when it is first asked for."""
    return cast("Reader", import_module(module))
