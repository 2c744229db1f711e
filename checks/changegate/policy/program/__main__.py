"""`python -m changegate.policy.program`: make the program of the shipped policies anew, after an edit of them."""

from __future__ import annotations

from changegate.policy.bundle import shipped
from changegate.policy.program.file import make, write

write(make(shipped()))
