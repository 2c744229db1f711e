"""Where a file of an archive would go when it is unpacked."""

from __future__ import annotations


def leaves(name: str) -> str:
    """How the name of a file leaves the folder that it is unpacked into; empty where it does not."""
    parts = name.replace("\\", "/").split("/")
    if not parts[0] or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return "is unpacked to a place of its own"
    if ".." in parts:
        return "is unpacked above the folder"
    return "has a name with a control character" if any(ord(one) < 32 for one in name) else ""
