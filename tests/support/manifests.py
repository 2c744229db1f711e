"""Texts of manifests to edit, and what reading them gives."""

from __future__ import annotations

from changegate.manifest import Fault, Loaded, Parsed, load_manifests, parse

MINIMAL = """\
apiVersion: changegate.dev/v1
kind: ModelRelease
metadata:
  name: example-model
  owner: example-team
spec:
  version: 0.1.0
  risk: {tier: low, exposure: research}
  artifacts:
    - name: model
      role: model
      uri: s3://models/example-model/0.1.0/model.safetensors
"""
"""The research manifest of the README."""


def edited(*edits: tuple[str, str], text: str = MINIMAL) -> str:
    """The text with each edit made; what is replaced has to stand there exactly once."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def loaded(*edits: tuple[str, str]) -> Loaded:
    return load_manifests(edited(*edits).encode(), "models/example/manifest.yaml")


def read(text: str, file: str = "a.yaml") -> Parsed:
    return parse(text.encode(), file)


def value(text: str, file: str = "a.yaml") -> object:
    """The only document of a text that has nothing wrong with it."""
    parsed = read(text, file)
    assert (parsed.faults, len(parsed.documents)) == ((), 1)
    return parsed.documents[0].value


def only(faults: tuple[Fault, ...]) -> Fault:
    (fault,) = faults
    return fault


def place(fault: Fault) -> tuple[str, int | None, int | None]:
    return fault.code, fault.line, fault.column
