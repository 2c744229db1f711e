"""Reading OPA bundles: what OPA reads, and the refusal of everything that could be read in two ways."""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changegate.errors import PolicyError
from changegate.own_policies import tarball
from changegate.own_policies.archive import Archive, read_archive
from support.bundles import POLICY, Member, bundle, entry, manifest, packed, tape
from support.tools import opa

if TYPE_CHECKING:
    from pathlib import Path

NAME = "shared.tar.gz"


def test_a_bundle_is_read() -> None:
    data = bundle(
        {
            "/.manifest": manifest(metadata={"team": "risk"}),
            "/acme/limits.rego": POLICY,
            "/acme/limits_test.rego": "package acme_test\n\ntest_it if true\n",
            "/acme/limits/data.json": '{"top": 3, "name": "größe"}',
            "/acme/teams/data.yaml": "risk: [ana, bo]\n",
            "/acme/data.yml": "teams: {ops: [cy]}\n",
            "/README.md": "not read",
        }
    )
    found = read_archive(data, NAME, verification=None)
    assert [(one.name, one.text) for one in found.modules] == [("shared.tar.gz/acme/limits.rego", POLICY)]
    teams = {"risk": ["ana", "bo"], "ops": ["cy"]}
    assert found.data == {"acme": {"limits": {"top": 3, "name": "größe"}, "teams": teams}}
    assert (found.roots, found.revision, found.note) == (("acme",), "r1", "")


def test_a_bundle_without_a_manifest_owns_all_but_what_is_reserved() -> None:
    found = read_archive(bundle({"acme.rego": POLICY}), NAME, verification=None)
    assert (found.roots, found.revision) == (("",), "")
    with pytest.raises(PolicyError, match=r"`data\.changegate\.x` is reserved"):
        read_archive(bundle({"a.rego": "package changegate.x\n\nallow := true\n"}), NAME, verification=None)


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_other_writers_of_tar_are_understood(form: int) -> None:
    long = f"acme/{'x' * 120}/größe.rego"
    members = [
        entry("./", kind=tarfile.DIRTYPE),
        entry("./acme/", kind=tarfile.DIRTYPE),
        entry(f"./{long}", POLICY, uname="größe", mtime=1.5),
    ]
    found = read_archive(packed(members, form), NAME, verification=None)
    assert [one.name for one in found.modules] == [f"{NAME}/{long}"]


@pytest.mark.parametrize("options", [["--format=gnu"], ["--format=pax"], ["--format=ustar"], ["--format=v7"]])
def test_the_system_s_own_tar_is_understood(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "b/acme").mkdir(parents=True)
    (tmp_path / "b/acme/p.rego").write_text(POLICY)
    subprocess.run(["tar", *options, "-czf", tmp_path / "x.tar.gz", "-C", tmp_path / "b", "."], check=True)
    found = read_archive((tmp_path / "x.tar.gz").read_bytes(), NAME, verification=None)
    assert [one.name for one in found.modules] == [f"{NAME}/acme/p.rego"]


def test_what_opa_builds_is_read(tmp_path: Path) -> None:
    """A folder, packed by the real OPA, holds what the folder held."""
    folder = tmp_path / "policies"
    (folder / "acme/limits").mkdir(parents=True)
    (folder / "acme/p.rego").write_text(POLICY)
    (folder / "acme/limits/data.yaml").write_text("top: 3\n")
    (folder / ".manifest").write_bytes(manifest(roots=["acme", "other/part"]))
    made = tmp_path / "built.tar.gz"
    subprocess.run([opa(), "build", "--bundle", ".", "--output", made], cwd=folder, check=True, timeout=60)
    found = read_archive(made.read_bytes(), NAME, verification=None)
    assert [one.name for one in found.modules] == [f"{NAME}/acme/p.rego"]
    assert found.data == {"acme": {"limits": {"top": 3}}}
    assert (set(found.roots), found.revision) == ({"acme", "other/part"}, "r1")


# Archives that are none


def gzip_of(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def remade_tape(data: bytes, start: int, field: bytes) -> bytes:
    """A tape whose first header says something else, with a checksum that fits."""
    header = bytearray(data[:512])
    header[start : start + len(field)] = field
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


def remade(data: bytes, start: int, field: bytes) -> bytes:
    return gzip_of(remade_tape(data, start, field))


GOOD = tape([entry("acme.rego", POLICY)])
BROKEN_ARCHIVES: dict[str, tuple[bytes, str]] = {
    "not gzip": (b"PK\x03\x04 a zip file", "not gzip"),
    "empty": (b"", "ends in the middle"),
    "plain tar": (GOOD, "not gzip"),
    "cut off": (gzip_of(GOOD)[:-12], "ends in the middle"),
    "a wrong checksum of gzip": (gzip_of(GOOD)[:-8] + b"\0" * 8, "damaged"),
    "garbage after gzip": (gzip_of(GOOD) + b"x", "1 bytes follow"),
    "a second gzip member": (gzip_of(GOOD) + gzip_of(b"more"), "follow the end"),
    "not tar": (gzip_of(b"hello" * 1000), "not tar"),
    "an empty stream": (gzip_of(b""), "without its end"),
    "no end": (gzip_of(GOOD[:-1024]), "without its end"),
    "cut in a file": (gzip_of(GOOD[:530]), "ends in the middle of the file"),
    "a file after the end": (gzip_of(GOOD + GOOD), "something follows"),
    "garbage after the end": (gzip_of(GOOD + b"\0" * 512 + b"x" * 512), "something follows"),
    "something after the end of a file": (gzip_of(GOOD[:1023] + b"x" + GOOD[1024:]), "follows the end of the file"),
    "a header of no known form": (remade(GOOD, 257, b"ustar\0zz"), "no known form"),
    "a header of two forms": (remade(remade_tape(GOOD, 257, b"ustar  \0"), 345, b"folder"), "read in two ways"),
    "an owner that is no number": (remade(GOOD, 108, b"nobody\0\0"), "no known form"),
    "a damaged header": (gzip_of(b"b" + GOOD[1:]), "checksum"),
    "a damaged second header": (gzip_of(GOOD[:-1024] + b"x" * 512 + GOOD[-1024:]), "not tar"),
    "a bomb": (gzip_of(bytes(tarball.LARGEST_UNPACKED + 1)), "unpacks to over"),
    "too large": (bytes(tarball.LARGEST_PACKED + 1), "are read"),
    "a bomb in a bomb": (zlib.compress(gzip_of(bytes(10_000_000)), 9, wbits=31), "not tar|without its end"),
}


@pytest.mark.parametrize("case", BROKEN_ARCHIVES, ids=lambda name: name.replace(" ", "-"))
def test_what_is_no_archive_is_refused(case: str) -> None:
    data, message = BROKEN_ARCHIVES[case]
    with pytest.raises(PolicyError, match=message) as caught:
        read_archive(data, NAME, verification=None)
    assert caught.value.file.startswith(NAME)
    assert caught.value.hint


@pytest.mark.parametrize("cut", range(0, len(gzip_of(GOOD)), 7))
def test_no_part_of_a_bundle_is_taken_for_one(cut: int) -> None:
    with pytest.raises(PolicyError):
        read_archive(gzip_of(GOOD)[:cut], NAME, verification=None)


@pytest.mark.parametrize("position", range(0, 512, 3))
def test_no_changed_header_gets_through_or_crashes(position: int) -> None:
    """Every byte of a header is under its checksum, and a reader that is given nonsense ends."""
    changed = bytearray(GOOD)
    changed[position] ^= 0x81
    with pytest.raises(PolicyError):
        read_archive(gzip_of(bytes(changed)), NAME, verification=None)


# Members that are refused


def raw(path: str, **more: Any) -> list[Member]:
    return [entry("ok.rego", POLICY), entry(path, POLICY, **more)]


HOSTILE_MEMBERS: dict[str, tuple[bytes, str, str]] = {
    "leaves the archive": (packed(raw("../x.rego")), "leaves the archive", "/../x.rego"),
    "leaves it in the middle": (packed(raw("a/../../x.rego")), "leaves the archive", "/a/../../x.rego"),
    "twice absolute": (packed(raw("//etc/x.rego")), "leaves the archive", "///etc/x.rego"),
    "a dot in the middle": (packed(raw("a/./x.rego")), "not plain", "/a/./x.rego"),
    "an empty part": (packed(raw("a//x.rego")), "not plain", "/a//x.rego"),
    "no name": (packed(raw("")), "not plain", ""),
    "a file with a folder's name": (packed(raw("x.rego/")), "not plain", "/x.rego/"),
    "a backslash": (packed(raw("..\\x.rego")), "may not", "/..\\x.rego"),
    "a line feed": (packed(raw("x\n.rego")), "may not", "/x\n.rego"),
    "a bidirectional character": (packed(raw("x\u202eoger.rego")), "may not", "/x\u202eoger.rego"),
    "a very long name": (packed(raw("x" * 600 + ".rego"), tarfile.PAX_FORMAT), "longer than", "/" + "x" * 80 + "…"),
    "not UTF-8": (packed(raw("x\udcff.rego")), "not UTF-8", "/x\\xff.rego"),
    "there twice": (packed([*raw("a.rego"), entry("a.rego", "package b\n")]), "twice", "/a.rego"),
    "twice, spelt differently": (packed([*raw("a.rego"), entry("./a.rego", POLICY)]), "twice", "/a.rego"),
    "a twin in case": (packed([*raw("a.rego"), entry("A.rego", POLICY)]), "only in case", "/A.rego"),
    "a twin in encoding": (
        packed([*raw("gr\u00f6.rego"), entry("gro\u0308.rego", POLICY)]),
        "only in case",
        "/gro\u0308.rego",
    ),
    "a symbolic link": (
        packed(raw("l.rego", kind=tarfile.SYMTYPE, linkname="/etc/passwd")),
        "symbolic link",
        "/l.rego",
    ),
    "a hard link": (packed(raw("l.rego", kind=tarfile.LNKTYPE, linkname="ok.rego")), "hard link", "/l.rego"),
    "a character device": (packed(raw("d", kind=tarfile.CHRTYPE)), "character device", "/d"),
    "a block device": (packed(raw("d", kind=tarfile.BLKTYPE)), "block device", "/d"),
    "a pipe": (packed(raw("p", kind=tarfile.FIFOTYPE)), "a pipe", "/p"),
    "a sparse file": (packed(raw("s", kind=tarfile.GNUTYPE_SPARSE)), "sparse", "/s"),
    "a contiguous file": (packed(raw("c", kind=tarfile.CONTTYPE)), "contiguous", "/c"),
    "a kind that nobody knows": (packed(raw("c", kind=b"Z")), "of the kind b'Z'", "/c"),
    "a folder with content": (packed(raw("f/", kind=tarfile.DIRTYPE)), "not a plain file", "/f"),
    "a size by an extended header": (
        packed([entry("a.rego", POLICY, pax_headers={"size": "3"})], tarfile.PAX_FORMAT),
        "extended header 'size'",
        "",
    ),
    "a sparse file by an extended header": (
        packed([entry("a.rego", POLICY, pax_headers={"GNU.sparse.name": "b.rego"})], tarfile.PAX_FORMAT),
        "GNU.sparse.name",
        "",
    ),
    "a name in an extended header for all": (
        packed([entry("g", b"16 path=x.rego\n\n"[:15], kind=b"g"), entry("a.rego", POLICY)]),
        "extended header",
        "",
    ),
    "an extended header that is damaged": (packed([entry("x", b"99 path=x\n", kind=b"x")]), "is damaged", ""),
    "an extended header without end": (packed([entry("x", b"9999999999999999 p", kind=b"x")]), "is damaged", ""),
    "a longer name for nothing": (packed([entry("a.rego", POLICY), entry("x", b"long\0", kind=b"L")]), "follows", ""),
    "a longer name that leaves": (
        packed([entry("x", b"../../x.rego\0", kind=b"L"), entry("a.rego", POLICY)]),
        "leaves the archive",
        "/../../x.rego",
    ),
    "two names in one": (packed([entry("x", b"a.rego\0b.rego", kind=b"L"), entry("c", "")]), "goes on", "/a.rego"),
    "an empty longer name": (packed([entry("x", b"\0", kind=b"L"), entry("c", "")]), "in two ways", ""),
    "two longer names": (
        packed([entry("x", b"a\0", kind=b"L"), entry("x", b"b\0", kind=b"L"), entry("c", "")]),
        "in two ways",
        "",
    ),
    "too many members": (
        packed([entry(f"{n}.md", "") for n in range(tarball.MOST_MEMBERS + 1)]),
        "over 4096 members",
        "",
    ),
    "a size beyond the end": (remade(GOOD, 124, b"77777777777\0"), "ends in the middle", "/acme.rego"),
    "a negative size": (remade(GOOD, 124, b"\xff" * 12), "a number is none", ""),
    "a size in base 256": (remade(GOOD, 124, b"\x80" + bytes(10) + b"\x30"), "a number is none", ""),
    "a size that is no number": (remade(GOOD, 124, b"-0000000001\0"), "a number is none", ""),
}


@pytest.mark.parametrize("case", HOSTILE_MEMBERS, ids=lambda name: name.replace(" ", "-"))
def test_hostile_members_are_refused(case: str) -> None:
    data, message, place = HOSTILE_MEMBERS[case]
    with pytest.raises(PolicyError, match=message) as caught:
        read_archive(data, NAME, verification=None)
    assert (caught.value.file, bool(caught.value.hint)) == (NAME + place, True)


# What two readers could read differently

TAPES = [
    tape([entry("acme/x.rego", POLICY), entry("d/", kind=tarfile.DIRTYPE), entry("acme/data.json", "{}")], form)
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
] + [tape([entry(f"acme/{'y' * 150}.rego", POLICY)], form) for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)]
FIELDS = (0, 1, 100, 108, 124, 130, 135, 136, 156, 157, 257, 263, 329, 345)
EDITS = st.tuples(
    st.sampled_from(["set", "insert", "delete"]),
    st.integers(0, 9),
    st.sampled_from(FIELDS) | st.integers(0, 511),
    st.binary(min_size=1, max_size=3) | st.sampled_from([b"\0", b"5", b"L", b"x", b"/", b"7", bytes(512)]),
)


def edited(data: bytes, edits: list[tuple[str, int, int, bytes]]) -> bytes:
    """A tape with some bytes changed, and every checksum made to fit."""
    made = bytearray(data)
    for what, block, offset, value in edits:
        position = min(512 * block + offset, len(made))
        end = position if what == "insert" else position + len(value)
        made[position:end] = b"" if what == "delete" else value
    for start in range(0, len(made) - 511, 512):
        if made[start + 257 : start + 262] == b"ustar":
            made[start + 148 : start + 156] = b" " * 8
            made[start + 148 : start + 156] = b"%06o\0 " % sum(made[start : start + 512])
    return bytes(made)


@settings(max_examples=300)
@given(st.sampled_from(TAPES), st.lists(EDITS, min_size=1, max_size=4))
def test_what_is_read_is_what_another_reader_reads(data: bytes, edits: list[tuple[str, int, int, bytes]]) -> None:
    changed = edited(data, edits)
    try:
        found = tarball.members(gzip_of(changed), NAME)
    except PolicyError:
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(changed), mode="r:") as archive:
            other = {one.name: archive.extractfile(one) for one in archive if one.isfile()}
            read_there = {name.lstrip("/").removeprefix("./"): file.read() for name, file in other.items() if file}
    except tarfile.ReadError:
        return  # it is stricter with what belongs to no file
    assert found == read_there


# Bundles that are refused

V0 = "package acme\n\ndeny[msg] {\n\tmsg := input.x\n}\n"
REFUSED: dict[str, tuple[dict[str, bytes | str], str, str, int | None]] = {
    "a delta": ({"patch.json": '{"data": []}', ".manifest": manifest()}, "delta", "/patch.json", None),
    "WebAssembly": ({"policy.wasm": b"\0asm"}, "WebAssembly", "/policy.wasm", None),
    "a resolver": ({".manifest": manifest(wasm=[{"entrypoint": "a"}])}, "WebAssembly", "/.manifest", None),
    "a plan": ({"plan.json": "{}"}, "plan", "/plan.json", None),
    "a binary manifest": ({".manifest.pb": b"\x0a"}, "binary", "/.manifest.pb", None),
    "a second manifest": ({"a/.manifest": manifest()}, "takes this for the bundle's manifest", "/a/.manifest", None),
    "a manifest by its ending": ({"x.manifest": manifest()}, "manifest", "/x.manifest", None),
    "a signature below": ({"a/.signatures.json": "{}"}, "signature", "/a/.signatures.json", None),
    "data in a hidden folder": ({".a/data.json": "{}"}, "takes the dot", "/.a/data.json", None),
    "nothing": ({"README.md": "x"}, "no policies and no data", "", None),
    "only tests": ({"acme_test.rego": POLICY}, "no policies and no data", "", None),
    "version 0": ({".manifest": manifest(rego_version=0)}, "version of Rego is 0", "/.manifest", None),
    "version 2": ({".manifest": manifest(rego_version=2)}, "version of Rego is 2", "/.manifest", None),
    "version true": ({".manifest": manifest(rego_version=True)}, "version of Rego is True", "/.manifest", None),
    "version 0 of a file": (
        {".manifest": manifest(file_rego_versions={"/acme/*": 0})},
        r"of '/acme/\*' is 0",
        "/.manifest",
        None,
    ),
    "a manifest that is a list": ({".manifest": "[]"}, "no object", "/.manifest", None),
    "a manifest with a key twice": (
        {".manifest": '{"revision": "a",\n"revision": "b"}'},
        "a second time",
        "/.manifest",
        2,
    ),
    "a manifest and more": ({".manifest": '{}\n{"roots": ["b"]}'}, "JSON", "/.manifest", 2),
    "a manifest in other case": (
        {".manifest": '{"Roots": ["b"]}'},
        "OPA takes 'Roots' for 'roots'",
        "/.manifest",
        None,
    ),
    "roots that are a text": ({".manifest": manifest(roots="acme")}, "'roots' is not", "/.manifest", None),
    "a root that is a number": ({".manifest": manifest(roots=[1])}, "no text", "/.manifest", None),
    "roots that overlap": ({".manifest": manifest(roots=["acme/", "acme/x"])}, "overlap", "/.manifest", None),
    "a root and all": ({".manifest": manifest(roots=["", "x"])}, "overlap", "/.manifest", None),
    "a root of ours": ({".manifest": manifest(roots=["changegate"])}, "reserved", "/.manifest", None),
    "a root below ours": ({".manifest": manifest(roots=["/changegate/own/"])}, "reserved", "/.manifest", None),
    "a package of ours": ({"a.rego": "package changegate.main\n\nx := 1\n"}, "reserved", "/a.rego", None),
    "a package of ours, spelt out": ({"a.rego": 'package changegate["x.y"]\n\nx := 1\n'}, "reserved", "/a.rego", None),
    "data of ours": ({"data.json": '{"changegate": {"main": 1}}'}, "reserved", "", None),
    "data of ours by folder": ({"changegate/main/data.json": '{"decision": {}}'}, "reserved", "", None),
    "a package outside the roots": (
        {".manifest": manifest(roots=["other"]), "a.rego": POLICY},
        r"package acme is outside .*'other'",
        "/a.rego",
        None,
    ),
    "a package beside a root": (
        {".manifest": manifest(), "a.rego": "package acmes\n\nx := 1\n"},
        "acmes is outside",
        "/a.rego",
        None,
    ),
    "no roots": ({".manifest": manifest(roots=[]), "a.rego": POLICY}, "outside", "/a.rego", None),
    "data outside the roots": (
        {".manifest": manifest(), "a.rego": POLICY, "other/data.json": '{"x": 1}'},
        r"data\.other is outside",
        "",
        None,
    ),
    "data above a root": (
        {".manifest": manifest(roots=["acme/x"]), "acme/data.json": '{"y": 1}'},
        r"data\.acme\.y is outside",
        "",
        None,
    ),
    "data that is there twice": (
        {"a/data.json": '{"x": {"top": 1}}', "data.yaml": "a: {x: {top: 1}}"},
        r"data\.a\.x\.top is in another",
        "/data.yaml",
        None,
    ),
    "data that is a list at the root": ({"data.json": "[1]"}, "no object", "/data.json", None),
    "data that is no JSON": ({"a/data.json": '{"x":\n nope}'}, "JSON", "/a/data.json", 2),
    "data with a key twice": ({"a/data.json": '{"x": 1,\n"x": 2}'}, "a second time", "/a/data.json", 2),
    "data beyond 2^53": ({"a/data.json": '{"x": 9007199254740993}'}, "2\\^53", "/a/data.json", 1),
    "data that is not a number": ({"a/data.json": '{"x": NaN}'}, "number", "/a/data.json", 1),
    "data that is too deep": ({"a/data.json": "[" * 10_000 + "]" * 10_000}, "deep", "/a/data.json", 1),
    "data with an alias bomb": (
        {"a/data.yaml": "k0: &a0 [x]\n" + "".join(f"k{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 10))},
        "nodes|alias",
        "/a/data.yaml",
        None,
    ),
    "data that readers differ on": ({"a/data.yaml": "x: 1\nallowed: no\n"}, "no", "/a/data.yaml", 2),
    "data in two documents": ({"a/data.yaml": "x: 1\n---\nx: 2\n"}, "several documents", "/a/data.yaml", None),
    "data with a tag": ({"a/data.yaml": "x: !!python/object/apply:os.system [id]\n"}, "tag", "/a/data.yaml", 1),
    "a policy that is not UTF-8": ({"a.rego": b"package acme\n\n# \xff\n"}, "not UTF-8", "/a.rego", 3),
    "a policy that does not parse": ({"a.rego": "package acme\n\nx := := 1\n"}, "evaluated", "/a.rego", 3),
    "a policy of version 0": ({"a.rego": V0}, "evaluated", "/a.rego", 3),
    "a policy without a package": ({"a.rego": "x := 1\n"}, "evaluated", "/a.rego", 1),
    "an empty policy": ({"a.rego": ""}, "evaluated", "/a.rego", None),
    "a policy that takes for ever to parse": (
        {"a.rego": "package a\n\nx := " + "[" * 40 + "]" * 40 + "\n"},
        "nested",
        "/a.rego",
        3,
    ),
}


@pytest.mark.parametrize("case", REFUSED, ids=lambda name: name.replace(" ", "-"))
def test_bundles_are_refused(case: str) -> None:
    files, message, place, line = REFUSED[case]
    with pytest.raises(PolicyError, match=message) as caught:
        read_archive(bundle(files), NAME, verification=None)
    assert caught.value.file == NAME + place
    assert line is None or caught.value.line == line
    assert caught.value.hint


def test_opa_refuses_the_same_roots(tmp_path: Path) -> None:
    """What is outside the roots, or there twice, is refused by the real OPA, too; what is inside is taken by both."""
    cases = {
        "a package outside the roots": False,
        "a package beside a root": False,
        "data outside the roots": False,
        "data above a root": False,
        "data that is there twice": False,
        "roots that overlap": False,
        "no roots": False,
    }
    good = {".manifest": manifest(roots=["/acme/"]), "a.rego": POLICY, "acme/data.json": '{"x": 1}'}
    for name, files in [*((name, REFUSED[name][0]) for name in cases), ("good", good)]:
        path = tmp_path / "x.tar.gz"
        path.write_bytes(bundle(files))
        done = subprocess.run([opa(), "eval", "-b", path, "data.acme"], capture_output=True, check=False, timeout=60)
        assert (done.returncode == 0) is (name == "good"), (name, done.stdout, done.stderr)
    assert isinstance(read_archive(bundle(good), NAME, verification=None), Archive)


# Writing


def test_what_is_packed_is_read_and_is_the_same_every_time() -> None:
    files = [(".manifest", manifest()), ("acme/p.rego", POLICY.encode()), ("acme/empty.rego", b"package acme\n")]
    packed_now = tarball.pack(files)
    assert packed_now == tarball.pack(files)
    assert dict(files) == tarball.members(packed_now, NAME)
    assert packed_now[:10] == bytes.fromhex("1f8b08000000000002ff")
