"""The text form of protocol buffers, as far as a schema is written in it: fields, messages, lists, with their lines.

Source: https://protobuf.dev/reference/protobuf/textformat-spec/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<space>[\s]+|\#[^\n]*)|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<number>-?(?:[0-9][0-9a-fA-FxX.+]*(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)f?\b)"""
    r"""|(?P<word>\[[A-Za-z0-9_./]+\]|[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[{}<>:;,\[\]])"""
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_MOST_DEPTH, _MOST_TOKENS = 64, 400_000
_CLOSES = {"{": "}", "<": ">"}

Value = str | int | float


class Message:
    """A message: what each field says, in order."""

    def __init__(self, line: int, closes: str = "") -> None:
        """Begin with nothing.

        Args:
            line: Where it begins.
            closes: The bracket that ends it.
        """
        self.line = line
        self.closes = closes
        self._values: dict[str, list[Value]] = {}
        self._messages: dict[str, list[Message]] = {}

    def add(self, key: str, value: Value | Message) -> None:
        """Take one more value of a field."""
        if isinstance(value, Message):
            self._messages.setdefault(key, []).append(value)
        else:
            self._values.setdefault(key, []).append(value)

    def values(self, key: str) -> list[Value]:
        """The plain values of a field."""
        return self._values.get(key, [])

    def messages(self, key: str) -> list[Message]:
        """The messages of a field."""
        return self._messages.get(key, [])


def parse_textproto(text: str) -> Message:
    """Read a message.

    Raises:
        Unsound: It is none, it breaks off, or it is larger or deeper than what is read; with the line.
    """
    parser, line = _TextProtoReader(), 1
    for count, (kind, said, line) in enumerate(_tokens(text)):
        if count > _MOST_TOKENS:
            raise Unsound("it has too many fields", line=line)
        if kind == "mark":
            parser.mark(said, line)
        else:
            parser.word(kind, said, line)
    return parser.end(line)


class _TextProtoReader:
    """Takes one token after the other."""

    def __init__(self) -> None:
        self._open = [Message(1)]
        self._key = ""
        self._lists = 0

    def mark(self, said: str, line: int) -> None:
        """Take a bracket, a colon, a comma."""
        if said in _CLOSES:
            self._begin(said, line)
        elif said in {"}", ">"}:
            if self._open[-1].closes != said or self._key:
                raise Unsound(f"`{said}` closes nothing", line=line)
            self._open.pop()
        elif said in {"[", "]"}:
            self._lists += 1 if said == "[" else -1
            self._key = self._key if said == "[" else ""

    def _begin(self, said: str, line: int) -> None:
        if not self._key or len(self._open) > _MOST_DEPTH:
            raise Unsound("it is nested too deep" if self._key else f"`{said}` follows no name", line=line)
        inner = Message(line, _CLOSES[said])
        self._open[-1].add(self._key, inner)
        self._open.append(inner)
        self._key = ""

    def word(self, kind: str, said: str, line: int) -> None:
        """Take a name, a text or a number."""
        if self._key:
            self._open[-1].add(self._key, _value(kind, said, line))
            self._key = self._key if self._lists else ""
        elif kind == "word":
            self._key = said
        else:
            raise Unsound(f"`{said[:40]}` stands where a name is expected", line=line)

    def end(self, line: int) -> Message:
        """The whole message.

        Raises:
            Unsound: It breaks off.
        """
        if len(self._open) > 1 or self._key or self._lists:
            raise Unsound("it breaks off", line=line)
        return self._open[0]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unsound(f"{text[at : at + 1]!r} is not understood here", line=line)
        kind = match.lastgroup or ""
        if kind != "space":
            yield kind, match[0], line
        line += match[0].count("\n")
        at = match.end()


def _value(kind: str, token: str, line: int) -> Value:
    if kind == "text":
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), token[1:-1])
    if kind != "number":
        return token
    plain = token.removesuffix("f") if "x" not in token.lower() else token
    try:
        return int(plain, 0) if re.fullmatch(r"-?(?:0[xX][0-9a-fA-F]{1,32}|[0-9]{1,32})", plain) else float(plain)
    except ValueError as fault:
        raise Unsound(f"`{token[:40]}` is no number", line=line) from fault
