"""The formats that evidence is read in: for each kind one dictionary, and a file a format.

A reader says whether a file has its format, and what the file says, in the neutral form of its kind: `Measures`,
`Group`s, `Promises`, an `Envelope`. It judges nothing, and knows no other reader. A format is one file here, one
line below, a test, and a section in docs/evidence.md; tests compare the names with the schemas and that page.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

EVALUATION = {"evaluation-report": "changegate.evidence.readers.evaluation_report"}
"""How good a release is: `read` gives `evidence.metrics.Measures`."""

FAIRNESS = {
    "counts": "changegate.evidence.readers.counts",
    "aequitas": "changegate.evidence.readers.aequitas",
}
"""How groups of people fare: `read` gives `evidence.groups.Group`s. The names are those of `format` in a manifest."""

CONTRACTS = {
    "feature-contract": "changegate.evidence.readers.feature_contract",
    "odcs": "changegate.evidence.readers.odcs",
    "feast": "changegate.evidence.readers.feast",
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


def format_of(formats: Mapping[str, str], value: Any) -> str:
    """The format that a file has, by its shape; the first of its kind where it has none of them.

    Args:
        formats: A kind's dictionary.
        value: The file as plain JSON.
    """
    return next((name for name in formats if load_reader(formats[name]).recognises(value)), next(iter(formats)))


def reader_of(formats: Mapping[str, str], value: Any) -> Reader:
    """The reader of the format that a file has (`format_of`)."""
    return load_reader(formats[format_of(formats, value)])


@cache
def load_reader(module: str) -> Reader:
    """Import a reader, when it is first asked for."""
    return cast("Reader", import_module(module))
