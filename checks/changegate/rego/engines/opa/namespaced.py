"""A bundle below a root of the run's own: what it is asked by there, and what is said of it here."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.engines.opa.order import Piece, pieces
from changegate.rego.syntax.builtins import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import ChangegateError
    from changegate.rego.bundle import Bundle
    from changegate.rego.engines.embedded import Given
    from changegate.rego.engines.opa.faults import OpaFault, RefusedError

PREFIX = "changegate_run"
"""What the root of every run begins with, so that what a killed run left behind is found. After it stands the time."""


class Namespaced:
    """One bundle below a root that nobody else can guess."""

    def __init__(self, bundle: Bundle) -> None:
        """Move the bundle; nothing is sent anywhere.

        Raises:
            PolicyError: A module does not parse, or cannot be moved; names its file and line.
        """
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self.root = f"{PREFIX}_{stamp}_{secrets.token_hex(16)}"
        self.pieces = pieces(bundle, self.root)
        self.data = bundle.data
        self._known = frozenset(rule[1:] for piece in self.pieces for rule in piece.rules)
        if not bundle.shipped:
            self.pieces = (*self.pieces, self._questions())

    def _questions(self) -> Piece:
        """One more module, which answers several rules in one exchange: an exchange costs more than most rules."""
        lines = [f"package {self.root}_all", ""]
        for rule in sorted(self._known):
            key = json.dumps(json.dumps(rule))
            path = "".join(f"[{json.dumps(part, ensure_ascii=False)}]" for part in rule)
            lines += [f"answer[{key}] := value if {{", f"\tinput.rules[{key}]"]
            lines += [f"\tvalue := data.{self.root}{path} with input as input.input", "}", ""]
        return Piece("", "\n".join(lines), "", frozenset(), frozenset())

    def several(self, rules: Sequence[tuple[str, ...]], given: Given) -> tuple[tuple[str, ...], Given] | None:
        """What answers several rules at once, with the input that it takes; None where each must be asked by itself."""
        if len(rules) < 2 or not self._known.issuperset(rules):
            return None
        wanted = json.dumps({json.dumps(rule): True for rule in rules})
        return (f"{self.root}_all", "answer"), given._replace(text=f'{{"rules":{wanted},"input":{given.text}}}')

    def id_of(self, at: int) -> str:
        """What a module is called on the server: names of files may hold anything, and stay here."""
        return f"{self.root}/{at}.rego"

    def path(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Where a rule is on the server: its names below `data`."""
        return (self.root, *parts)

    def send(self) -> None:
        """Load what is not loaded yet."""

    def check(self, answer: dict[str, Any]) -> None:
        """Make sure that an answer is of these policies: nobody else knows the root."""

    def must_be_there(self) -> None:
        """Make sure that what has no value has none: that the server still has every module.

        Raises:
            EngineError: It has not.
        """

    def translated(self, refused: RefusedError, file: str = "") -> ChangegateError:
        """Say in the user's own terms what OPA found in a policy: the file, the line, and no root of ours.

        Args:
            refused: What OPA answered.
            file: The file that it is about, where OPA names none.
        """
        return next(self.all_translated(refused, file), refused)

    def all_translated(self, refused: RefusedError, file: str = "") -> Iterator[PolicyError]:
        """The same of everything that OPA found."""
        for fault in refused.faults:
            named, line = self._place(fault)
            message = f"the policy cannot be evaluated: {self.plain(fault.message)[:300]}"
            yield PolicyError(message, hint=_hint(fault), file=named or file, line=line)

    def plain(self, text: str) -> str:
        """A text of OPA's without our root."""
        text = text.replace(f"data.{self.root}_now.ns", CLOCK)
        text = re.sub(rf"[^\s:]*{self.root}/(\d+)\.rego(?::(\d+))?", self._shown, text)
        return text.replace(f"{self.root}.", "").replace(f'{self.root}["', '["').replace(self.root, "data")

    def _shown(self, found: re.Match[str]) -> str:
        piece = self.pieces[int(found[1])]
        return ":".join(map(str, piece.place(int(found[2])))) if found[2] else piece.file

    def _place(self, fault: OpaFault) -> tuple[str, int | None]:
        found = re.search(rf"{self.root}/(\d+)\.rego$", fault.file)
        if found is None:
            return "", None
        piece = self.pieces[int(found[1])]
        return piece.place(fault.line) if fault.line else (piece.file, None)


def _hint(fault: OpaFault) -> str:
    if fault.code == "rego_parse_error":
        return "mend the policy; `opa fmt --rego-v1 FILE` rewrites the Rego of older versions"
    return "mend the policy"
