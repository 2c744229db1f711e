"""Cases of `bounds.py`: huge reports, each with its right digest in the manifest."""

from __future__ import annotations

import hashlib
import json

from bounds_case import FRAUD, TOP, WHOLE, Case


def digest(data: bytes) -> str:
    """The digest of a file as a manifest has it."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def evidenced(path: str, data: bytes) -> dict[str, bytes]:
    """The fraud detector with another file of evidence, and its digest."""
    old = digest((TOP / path).read_bytes())
    assert old in WHOLE
    return {FRAUD: WHOLE.replace(old, digest(data)).encode(), path: data}


def huge(size: int) -> Case:
    """An evaluation report of so many MB."""
    path = "models/fraud-detector/evidence/evaluation.json"
    report = json.loads((TOP / path).read_text())
    report["note"] = "x" * (size * 1_000_000)
    return Case(evidenced(path, json.dumps(report).encode()), refused="16777216")


def metrics(size: int) -> Case:
    """An evaluation report of so many metrics, which is read."""
    path = "models/fraud-detector/evidence/evaluation.json"
    report = json.loads((TOP / path).read_text())
    (_, first), *_ = report["metrics"].items() if isinstance(report["metrics"], dict) else [("", report["metrics"][0])]
    if isinstance(report["metrics"], dict):
        report["metrics"] |= {f"m{number}": first for number in range(size)}
    else:
        report["metrics"] += [{**first, "name": f"m{number}"} for number in range(size)]
    return Case(evidenced(path, json.dumps(report).encode()))


def groups(size: int) -> Case:
    """A fairness report of so many groups."""
    path = "models/fraud-detector/evidence/fairness.json"
    report = json.loads((TOP / path).read_text())
    report["groups"] += [{**report["groups"][0], "group": f"g{number}"} for number in range(size)]
    return Case(evidenced(path, json.dumps(report).encode()))


def attributes(size: int) -> Case:
    """A fairness report of so many attributes, each with two groups."""
    path = "models/fraud-detector/evidence/fairness.json"
    report = json.loads((TOP / path).read_text())
    report["groups"] += [
        {**report["groups"][0], "attribute": f"a{number // 2}", "group": f"g{number % 2}"} for number in range(2 * size)
    ]
    return Case(evidenced(path, json.dumps(report).encode()))
