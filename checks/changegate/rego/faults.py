"""What the embedded engine says of a policy, as an error with its place."""

from __future__ import annotations

import re

from changegate.errors import PolicyError

_PLACE = re.compile(r"--> ([^\s:]+\.rego):(\d+):(\d+)")


_GUARDED = re.compile(r"^extension '[^']*' raises Python error: DiffersError: ")
"""What the engine puts in front of the message of a guard."""


def policy_error(error: Exception, name: str) -> PolicyError:
    """Say what the engine stumbled over: its message without stack traces, and the policy's place."""
    text = str(error)
    place = _PLACE.search(text)
    line, column = (int(place[2]), int(place[3])) if place else (None, None)
    file = place[1] if place else name
    lines = [row.strip() for row in text.splitlines() if row.strip()]
    told = next((row.removeprefix("error:").strip() for row in lines if row.startswith("error:")), "")
    message = _GUARDED.sub("", told or (lines[0] if lines else "the policy engine failed"))
    if "unhashable type" in message:
        message = "a set of objects or arrays is given to a builtin that cannot read it here: give it an array"
    message = f"the policy cannot be evaluated: {message[:300]}"
    return PolicyError(message, hint="mend the policy", file=file, line=line, column=column)
