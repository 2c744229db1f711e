"""What the embedded engine says of a policy, as an error with its place."""

from __future__ import annotations

import re

from changegate.errors import PolicyError

_PLACE = re.compile(r"--> ([^\s:]+\.rego):(\d+):(\d+)")


def policy_error(error: Exception, name: str) -> PolicyError:
    """Say what the engine stumbled over: its message without stack traces, and the policy's place."""
    text = str(error)
    place = _PLACE.search(text)
    line, column = (int(place[2]), int(place[3])) if place else (None, None)
    file = place[1] if place else name
    lines = [row.strip() for row in text.splitlines() if row.strip()]
    told = next((row.removeprefix("error:").strip() for row in lines if row.startswith("error:")), "")
    message = told or (lines[0] if lines else "the policy engine failed")
    message = f"the policy cannot be evaluated: {message[:300]}"
    return PolicyError(message, hint="mend the policy", file=file, line=line, column=column)
