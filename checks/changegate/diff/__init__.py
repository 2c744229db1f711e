"""The semantic diff of two releases: what changed, of what kind, and whom it may break."""

from changegate.diff.operation import operation
from changegate.diff.semantic import classes, semantic

__all__ = ["classes", "operation", "semantic"]
