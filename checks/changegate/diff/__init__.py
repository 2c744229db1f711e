"""The semantic diff of two releases: what changed, of what kind, and whom it may break."""

from changegate.diff.operation import operation
from changegate.diff.semantic import classes, semantic
from changegate.diff.step import version_step

__all__ = ["classes", "operation", "semantic", "version_step"]
