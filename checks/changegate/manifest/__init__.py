"""Manifests: YAML and JSON with positions, the schema, and what is wrong with a file."""

from changegate.manifest.document import Document, Fault, Parsed, Position
from changegate.manifest.manifest import Broken, Loaded, Manifest, identity_of, load_manifests
from changegate.manifest.yaml import parse

__all__ = [
    "Broken",
    "Document",
    "Fault",
    "Loaded",
    "Manifest",
    "Parsed",
    "Position",
    "identity_of",
    "load_manifests",
    "parse",
]
