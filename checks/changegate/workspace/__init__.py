"""Git and files: the change set, reading at a revision, the previous release, and where reports may be written."""

from changegate.workspace.changes import FileChange, changed_files
from changegate.workspace.git import Git
from changegate.workspace.resolve import resolve
from changegate.workspace.scope import Scope, ScopeOptions
from changegate.workspace.tree import Content, Entry, Tree

__all__ = ["Content", "Entry", "FileChange", "Git", "Scope", "ScopeOptions", "Tree", "changed_files", "resolve"]
