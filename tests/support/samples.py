"""Input documents in which everything happens: of every model, and of pull requests that fail somewhere."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from changegate import fixtures
from support.documents import touching_all, verdict_of

CASES = (
    "fraud-overnight-update",  # errors
    "approvals-missing",  # what only awaits people
    "artifacts-grew-too-much",  # a warning
    "cost-traffic-unknown",  # an unknown
    "risk-previous-unreadable",  # an unknown that only advises
    "retirement-still-depended-on",  # a retirement
    "manifest-ambiguous-scalar",  # a warning of the change set
    "control-changed-without-approval",  # an error of the change set
)


@cache
def samples() -> dict[str, dict[str, Any]]:
    """Name -> input document."""
    with TemporaryDirectory(prefix="changegate-samples-") as folder:
        verdicts = {name: verdict_of(Path(folder) / name, fixtures.case(name)) for name in CASES}
        verdicts["every-model"] = touching_all(Path(folder) / "every-model")
    for name, verdict in verdicts.items():
        assert not verdict.failures, (name, verdict.failures)
    return {
        f"{name}-{number}": json.loads(json.dumps(subject.input))
        for name, verdict in verdicts.items()
        for number, subject in enumerate(verdict.subjects)
        if subject.input is not None
    }
