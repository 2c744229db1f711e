"""`python -m changegate.rego.program`: make the program of the shipped policies anew, after an edit of them."""

from __future__ import annotations

from changegate.rego.bundle import shipped
from changegate.rego.program.file import make_program, write_program

write_program(make_program(shipped()))
