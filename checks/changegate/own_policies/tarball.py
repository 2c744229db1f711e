"""Reads and writes `.tar.gz` archives in memory: nothing is ever unpacked to a disk.

The reader is strict. An archive that two programs could read differently, or that wants more than plain files, is
refused: the standard library's reader, like most, skips what it does not understand and stops in silence at damage.
Sources: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Header Block"; RFC 1952.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import TYPE_CHECKING

from changegate.errors import PolicyError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST_PACKED = 8 * 1024 * 1024
"""Bytes of a bundle's file."""
LARGEST_UNPACKED = 32 * 1024 * 1024
"""Bytes of all members with their headers; decompression stops there, whatever a header says."""
MOST_MEMBERS = 4096
LONGEST_PATH = 512
"""Bytes."""

_BLOCK = 512
_ZEROS = bytes(_BLOCK)
_GZIP = 16 + zlib.MAX_WBITS
_REFUSED = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a character device",
    b"4": "a block device",
    b"6": "a pipe",
    b"7": "a contiguous file",
    b"K": "a link with a long name",
    b"S": "a sparse file",
}
_PLAIN_FILES = (b"0", b"\0")
_IGNORED = re.compile(
    r"[amc]time|[ug]id|[ug]name|comment|LIBARCHIVE\.(creationtime|xattr\..*)|SCHILY\.(dev|ino|nlink|fflags|acl\..*|xattr\..*)"
)
"""Keywords of an extended header that change neither a name nor a content."""
_POSIX = b"ustar\x0000"
_DIALECTS = (_POSIX, b"ustar  \0", bytes(8))
"""What a header says of its form: POSIX, GNU, and before there was either."""
_NUMBERS = ((100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345))
"""Mode, owner, group, time, device: they do not count here, and where one is none, other readers stop in silence."""
_FIELD = re.compile(rb" *[0-7]*[ \0]*|[\x80\xff].*", re.DOTALL)
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*")
_AGAIN = "build the bundle again, with `opa build` or `changegate policy bundle`"


class _Header(NamedTuple):
    kind: bytes
    path: str
    size: int


def members(data: bytes, name: str) -> dict[str, bytes]:
    """Read the plain files of an archive.

    Args:
        data: The whole `.tar.gz`.
        name: What errors call it.

    Returns:
        Path -> content, in the archive's order. One leading `/`, which OPA itself writes, or `./` is taken off.

    Raises:
        PolicyError: It is no such archive, is damaged, goes on after its end, is larger than it may be, or has a member
            that is no plain file, leaves the archive, or is there twice; names the member where it is about one.
    """
    found: dict[str, bytes] = {}
    twins: dict[str, str] = {}
    for path, content in _files(_unpacked(data, name), name):
        twin = twins.setdefault(_alike(path), path)
        if path in found:
            raise _refused(name, path, "the file is there twice", _AGAIN)
        if twin != path:
            message = f"the file's name differs from {twin!r} only in case or in how it is encoded"
            raise _refused(name, path, message, "rename one of them: some file systems take them for one file")
        found[path] = content
    return found


def _alike(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _refused(name: str, path: str, message: str, hint: str) -> PolicyError:
    return PolicyError(message, hint=hint, file=f"{name}/{path}" if path else name)


def _unpacked(data: bytes, name: str) -> bytes:
    """Decompress one gzip stream, and no more bytes than may be."""
    if len(data) > LARGEST_PACKED:
        message = f"the bundle has {len(data)} bytes, and {LARGEST_PACKED} are read"
        raise PolicyError(message, hint="split it, or leave out what no policy reads", file=name)
    stream = zlib.decompressobj(_GZIP)
    try:
        unpacked = stream.decompress(data, LARGEST_UNPACKED + 1)
    except zlib.error as error:
        hint = "a bundle is a .tar.gz, as `opa build` writes it"
        raise PolicyError(f"the bundle is not gzip, or damaged: {error}", hint=hint, file=name) from None
    if len(unpacked) > LARGEST_UNPACKED:
        message = f"the bundle unpacks to over {LARGEST_UNPACKED} bytes"
        raise PolicyError(message, hint="split it, or leave out what no policy reads", file=name)
    if not stream.eof:
        raise PolicyError("the bundle ends in the middle", hint="fetch or build it again", file=name)
    if stream.unused_data:
        message = f"{len(stream.unused_data)} bytes follow the end of the bundle"
        raise PolicyError(message, hint=_AGAIN, file=name)
    return unpacked


def _files(tape: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Walk the blocks of an archive. Every step goes forward, so that no header can make it run for ever."""
    offset, count, longer = 0, 0, ""
    while (block := tape[offset : offset + _BLOCK]) != _ZEROS:
        header = _header(block, name)
        content = tape[offset + _BLOCK : offset + _BLOCK + header.size]
        if len(content) < header.size:
            raise _refused(name, longer or header.path, "the archive ends in the middle of the file", _AGAIN)
        end = offset + _BLOCK + header.size
        offset = end + -header.size % _BLOCK
        if tape[end:offset].strip(b"\0"):
            raise _refused(name, longer or header.path, "something follows the end of the file", _AGAIN)
        count += 1
        if count > MOST_MEMBERS:
            message = f"the bundle has over {MOST_MEMBERS} members"
            raise PolicyError(message, hint="leave out what no policy reads", file=name)
        if header.kind in b"xLg":
            longer = _only(longer, _extended(header, content, name), name)
            continue
        path = _path(longer or header.path, name, folder=header.kind == b"5")
        longer = ""
        if header.kind in _PLAIN_FILES:
            yield path, content
        elif header.kind != b"5" or content:
            kind = _REFUSED.get(header.kind, f"of the kind {header.kind!r}")
            raise _refused(name, path, f"the member is {kind}, not a plain file", "pack plain files only")
    if longer or tape[offset:].strip(b"\0"):
        raise PolicyError("something follows the end of the archive", hint=_AGAIN, file=name)


def _only(longer: str, other: str | None, name: str) -> str:
    """The name that is given to the member that follows; readers differ in which of two counts, and in an empty one."""
    if other is None:
        return longer
    if longer or not other:
        raise PolicyError("a header of the archive can be read in two ways", hint=_AGAIN, file=name)
    return other


def _header(block: bytes, name: str) -> _Header:
    if len(block) < _BLOCK:
        raise PolicyError("the archive is not tar, or ends without its end", hint=_AGAIN, file=name)
    counted = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    if _octal(block[148:156], name) != counted:
        raise PolicyError("the archive is not tar, or damaged: a checksum is wrong", hint=_AGAIN, file=name)
    if block[257:265] not in _DIALECTS or not all(_FIELD.fullmatch(block[start:end]) for start, end in _NUMBERS):
        raise PolicyError("a header of the archive is of no known form", hint=_AGAIN, file=name)
    path, kind, prefix = _text(block[:100], name), block[156:157], _text(block[345:500], name)
    if prefix:
        if block[257:265] != _POSIX:
            raise PolicyError("a header of the archive can be read in two ways", hint=_AGAIN, file=name)
        path = f"{prefix}/{path}"
    if kind == b"\0" and path.endswith("/"):
        kind = b"5"  # before POSIX, a folder was a file whose name says so
    return _Header(kind, path, _octal(block[124:136], name))


def _octal(field: bytes, name: str) -> int:
    match = _OCTAL.fullmatch(field)
    if match is None:
        raise PolicyError("the archive is not tar, or damaged: a number is none", hint=_AGAIN, file=name)
    return int(match[1], 8)


def _text(field: bytes, name: str) -> str:
    text, _, rest = field.partition(b"\0")
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        shown = text.decode("utf-8", "backslashreplace")
        raise _refused(name, shown, "the name is not UTF-8", "rename the file") from None
    if rest.strip(b"\0"):
        raise _refused(name, decoded, "the name goes on after its end", _AGAIN)
    return decoded


def _extended(header: _Header, content: bytes, name: str) -> str | None:
    """The longer name that a header gives to the member that follows; None where it gives none."""
    if header.kind == b"L":
        return _text(content, name)
    longer = None
    for keyword, value in _records(content, name):
        if keyword == "path" and header.kind == b"x" and b"\0" not in value:
            longer = _text(value, name)
        elif not _IGNORED.fullmatch(keyword):
            raise PolicyError(f"the archive has an odd extended header {keyword!r}", hint=_AGAIN, file=name)
    return longer


def _records(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The records of an extended header: each is `<its length> <keyword>=<value>` and a line feed."""
    while content:
        length = re.match(rb"[1-9][0-9]{0,8} ", content)
        record = content[: int(length[0])] if length else b""
        keyword, found, value = record[length.end() if length else 0 : -1].partition(b"=")
        if not found or not record.endswith(b"\n") or len(record) != int(length[0] if length else 0):
            raise PolicyError("an extended header of the archive is damaged", hint=_AGAIN, file=name)
        yield keyword.decode("utf-8", "backslashreplace"), value
        content = content[len(record) :]


def _path(path: str, name: str, *, folder: bool) -> str:
    """A member's path as the policies know it.

    NOTE: OPA's own writer puts one `/` in front of every name, and `tar -C folder .` puts `./`. Neither is a place.
    """
    plain = path.removeprefix("./") if path.startswith("./") else path.removeprefix("/")
    if folder:
        plain = plain.rstrip("/")
        if plain in {"", "."}:
            return ""
    parts = plain.split("/")
    if not plain or {"", ".", ".."} & set(parts):
        raise _refused(name, path, "the name leaves the archive, or is not plain", "pack with names below the root")
    if "\\" in plain or any(unicodedata.category(character)[0] == "C" for character in plain):
        raise _refused(name, path, "the name holds a character that names may not", "rename the file")
    if len(plain.encode()) > LONGEST_PATH:
        raise _refused(name, path[:80] + "…", f"the name is longer than {LONGEST_PATH} bytes", "rename the file")
    return plain


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Write plain files as a `.tar.gz`: the same files give the same bytes, whoever writes them, and when.

    Args:
        files: Paths below the root, of at most 100 bytes each, and their contents; written in this order.
    """
    tape = bytearray()
    for path, content in files:
        tape += _written(path.encode(), len(content)) + content + bytes(-len(content) % _BLOCK)
    tape += 2 * _ZEROS
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # NOTE: the header is written here, since what the libraries put into it depends on their version.
    body = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + stream.compress(bytes(tape)) + stream.flush()
    return body + zlib.crc32(tape).to_bytes(4, "little") + (len(tape) & 0xFFFFFFFF).to_bytes(4, "little")


def _written(path: bytes, size: int) -> bytes:
    """A header block: a plain file that anyone may read, of nobody, at no time."""
    if len(path) > 100:
        shown = path.decode("utf-8", "replace")
        raise PolicyError("the path is too long for an archive", hint="at most 100 bytes", file=shown)
    numbers = b"0000644\0" + 2 * b"0000000\0" + b"%011o\0" % size + b"%011o\0" % 0
    start, end = path.ljust(100, b"\0") + numbers, b"0" + bytes(100) + b"ustar\x0000"
    whole = bytearray((start + b" " * 8 + end).ljust(_BLOCK, b"\0"))
    whole[148:156] = b"%06o\0 " % sum(whole)
    return bytes(whole)
