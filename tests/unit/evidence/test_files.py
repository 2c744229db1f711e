"""Files beside a manifest: at a revision, or handed in and found by digest."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from changegate.errors import UsageError
from changegate.evidence.files import MAXIMUM_BYTES, EvidenceFiles, File, parsed
from changegate.workspace.tree import Content
from support.trees import DictTree

REPORT = b'{"auc": 0.9}\n'
PATH = "evidence/report.json"


def digest(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def files(
    head: dict[str, bytes] | None = None, base: dict[str, bytes] | None = None, handed_in: Path | None = None
) -> EvidenceFiles:
    return EvidenceFiles(DictTree(head or {}), None if base is None else DictTree(base), handed_in)


class Broken(DictTree):
    """A tree where every path is something else than a file."""

    def __init__(self, problem: str) -> None:
        super().__init__({})
        self.problem = problem

    def read(self, path: str, limit: int) -> Content:
        return Content(None, self.problem, f"{path} is no file: {self.problem}")


# Reading at a revision


def test_a_file_at_the_head_and_at_the_base() -> None:
    found = files({PATH: REPORT}, {PATH: b"old"})
    assert found.read(PATH) == File("present", data=REPORT, path=PATH, source="repository")
    assert found.read(PATH, at="base").data == b"old"
    assert found.read(PATH).sha256 == digest(REPORT)


def test_the_base_is_not_mistaken_for_the_head() -> None:
    """What is read is kept; by revision, in whichever order it was asked for."""
    found = files({PATH: b"new"}, {PATH: b"old"})
    order = ["base", "head", "base", "head"]
    assert [found.read(PATH, at=at).data for at in order] == [b"old", b"new", b"old", b"new"]
    base = found.base
    assert base is not None
    assert found.seen_from(base).read(PATH).data == b"old"
    assert found.read(PATH).data == b"new"


class Counted(DictTree):
    """A tree that says what it was asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.asked: list[str] = []

    def read(self, path: str, limit: int) -> Content:
        self.asked.append(path)
        return super().read(path, limit)


def blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("seen_from_base", [False, True])
def test_what_is_the_same_at_the_base_is_read_once(seen_from_base: bool) -> None:
    base = Counted({PATH: REPORT})
    found = EvidenceFiles(DictTree({PATH: REPORT}), base, None, lambda path: {PATH: blob(REPORT)}[path])
    files = found.seen_from(base) if seen_from_base else found
    assert files.read(PATH, at="base") == File("present", data=REPORT, path=PATH, source="repository")
    assert base.asked == []


@pytest.mark.parametrize("now", [{}, {PATH: b"forged"}, {PATH: b""}, {f"{PATH}/inner": REPORT}])
@pytest.mark.parametrize("known", ["", blob(REPORT), blob(b"other")])
def test_what_is_not_the_same_is_read_at_the_base(now: dict[str, bytes], known: str) -> None:
    """Only the bytes tell: not that git, or anybody, says that a file did not change."""
    base = DictTree({PATH: REPORT})
    for files in (found := EvidenceFiles(DictTree(now), base, None, lambda _path: known), found.seen_from(base)):
        assert files.read(PATH, at="base").data == REPORT
        assert files.read(PATH, at="base").status == "present"
    assert found.read(PATH).data == now.get(PATH, b"")


def test_the_newest_files_are_kept() -> None:
    many = {f"{number}.json": b"%d" % number for number in range(1000)}
    tree = Counted(many)
    found = EvidenceFiles(tree, None)
    for path in many:
        found.read(path)
    assert found.read("999.json").data == b"999"
    assert found.read("0.json").data == b"0"
    assert tree.asked == [*many, "0.json"]


def test_a_file_that_is_not_there() -> None:
    found = files({}, {})
    for at in ("head", "base"):
        file = found.read(PATH, at=at)
        assert (file.status, file.data, file.path) == ("absent", b"", PATH)
        assert PATH in file.reason


def test_without_a_base() -> None:
    file = files({PATH: REPORT}).read(PATH, at="base")
    assert (file.status, file.reason) == ("absent", "there is no base to read it from")


@pytest.mark.parametrize("problem", ["link", "submodule", "directory", "too-large", "outside", "unreadable"])
def test_what_is_no_regular_file_is_invalid(problem: str, tmp_path: Path) -> None:
    (tmp_path / "copy.json").write_bytes(REPORT)
    found = EvidenceFiles(Broken(problem), None, tmp_path)
    assert (found.read(PATH).status, found.read(PATH).data) == ("invalid", b"")
    assert problem in found.read(PATH).reason
    assert found.find({"path": PATH, "digest": digest(REPORT)}).status == "invalid"


def test_a_file_over_the_bound_is_not_read() -> None:
    found = files({"exact": b"x" * MAXIMUM_BYTES, "more": b"x" * (MAXIMUM_BYTES + 1)})
    assert (found.read("exact").status, found.read("more").status) == ("present", "invalid")


# Finding by reference


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_evidence_of_its_digest(algorithm: str) -> None:
    found = files({PATH: REPORT})
    assert found.find({"path": PATH, "digest": digest(REPORT, algorithm)}).data == REPORT
    wrong = found.find({"path": PATH, "digest": digest(b"other", algorithm)})
    assert (wrong.status, wrong.data) == ("invalid", b"")
    assert digest(REPORT, algorithm) in wrong.reason
    assert digest(b"other", algorithm) in wrong.reason


@pytest.mark.parametrize(
    "stated",
    [
        digest(REPORT, "md5"),
        digest(REPORT, "sha1"),
        "blake3:" + "a" * 64,
        "shake_128:" + "a" * 64,
        "nothing:abc",
        ":abc",
        hashlib.sha256(REPORT).hexdigest(),
        digest(REPORT).upper(),
        digest(REPORT)[:-1],
        digest(REPORT) + "\n",
        "sha256:",
    ],
)
def test_a_digest_that_binds_nothing(stated: str) -> None:
    assert files({PATH: REPORT}).find({"path": PATH, "digest": stated}).status == "invalid"


def test_without_a_digest_the_path_is_believed() -> None:
    assert files({PATH: REPORT}).find({"path": PATH}).data == REPORT


def test_evidence_of_the_base_does_not_stand_in() -> None:
    assert files({}, {PATH: REPORT}).find({"path": PATH, "digest": digest(REPORT)}).status == "absent"


# Handed in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "handed-in"
    (path / "deep" / "er").mkdir(parents=True)
    (path / "deep" / "er" / "any name.json").write_bytes(REPORT)
    return path


@pytest.mark.parametrize("reference", [{"uri": "s3://x/report.json"}, {"path": PATH}, {"path": PATH, "uri": "s3://x"}])
def test_what_is_handed_in_is_found_by_digest(folder: Path, reference: dict[str, str]) -> None:
    file = files(handed_in=folder).find({**reference, "digest": digest(REPORT)})
    assert file == File("present", data=REPORT, path="deep/er/any name.json", source="handed-in")


def test_the_repository_goes_before_what_is_handed_in(folder: Path) -> None:
    found = files({PATH: REPORT}, handed_in=folder)
    assert found.find({"path": PATH, "digest": digest(REPORT)}).source == "repository"
    wrong = files({PATH: b"other"}, handed_in=folder).find({"path": PATH, "digest": digest(REPORT)})
    assert (wrong.status, wrong.path) == ("invalid", PATH)


@pytest.mark.parametrize(
    ("reference", "status", "words"),
    [
        ({"uri": "s3://x/y", "digest": digest(b"other")}, "unavailable", "s3://x/y was not handed in (--evidence DIR)"),
        ({"uri": "s3://x/y", "digest": digest(REPORT, "sha512")}, "unavailable", "was not handed in"),
        ({"uri": "s3://x/y"}, "unavailable", "was not handed in"),
        ({"digest": digest(b"other")}, "unavailable", "the evidence was not handed in"),
        ({}, "unavailable", "the evidence was not handed in"),
        ({"path": PATH, "digest": digest(b"other")}, "absent", f"{PATH} is not in the repository"),
        ({"path": PATH}, "absent", f"{PATH} is not in the repository"),
    ],
)
def test_what_is_found_nowhere(folder: Path, reference: dict[str, str], status: str, words: str) -> None:
    for handed_in in (folder, None, folder / "nowhere"):
        file = files(handed_in=handed_in).find(reference)
        assert (file.status, file.data) == (status, b"")
        assert words in file.reason


@pytest.mark.parametrize("kind", ["link", "folder", "fifo", "large"])
def test_of_what_is_handed_in_only_regular_files_count(tmp_path: Path, kind: str) -> None:
    folder, outside = tmp_path / "handed-in", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    data = b"x" * (MAXIMUM_BYTES + 1) if kind == "large" else REPORT
    (outside / "secret.json").write_bytes(data)
    if kind == "link":
        (folder / "a.json").symlink_to(outside / "secret.json")
    elif kind == "folder":
        (folder / "a").symlink_to(outside)
    elif kind == "fifo":
        os.mkfifo(folder / "a.json")
    else:
        (folder / "a.json").write_bytes(data)
    assert files(handed_in=folder).find({"uri": "s3://x", "digest": digest(data)}).status == "unavailable"


def test_of_two_alike_the_first_by_name_is_named_whatever_the_order(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.json"):
        (tmp_path / name).write_bytes(REPORT)
    names = {files(handed_in=tmp_path).find({"digest": digest(REPORT)}).path for _ in range(3)}
    assert names == {"a.json"}


def test_what_changes_while_it_is_read_is_invalid(folder: Path) -> None:
    found = files(handed_in=folder)
    assert found.find({"digest": digest(REPORT)}).status == "present"
    (folder / "deep" / "er" / "any name.json").write_bytes(b"other")
    file = found.find({"digest": digest(REPORT)})
    assert (file.status, file.data) == ("invalid", b"")


def test_what_is_handed_in_and_cannot_be_read_is_no_traceback(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UsageError, match=r"any name\.json") as caught:
        files(handed_in=folder).find({"digest": digest(REPORT)})
    assert caught.value.hint


def test_the_repository_alone(folder: Path) -> None:
    found = files({PATH: REPORT}, handed_in=folder).without_handed_in()
    assert found.read(PATH).data == REPORT
    assert found.find({"uri": "s3://x", "digest": digest(REPORT)}).status == "unavailable"


# Parsing


@pytest.mark.parametrize("size", [0, 100_000])
def test_a_file_is_parsed_by_its_name(size: int) -> None:
    text = b'{"a": 1}' + b" " * size
    assert parsed(text, "a.json").documents[0].value == {"a": 1}
    yaml: Any = b"a: [1]\n" + b"#" * size
    assert parsed(yaml, "a.yaml").documents[0].value == {"a": [1]}
    assert parsed(yaml, "a.json").faults


def test_a_fault_names_the_file_that_was_asked_for() -> None:
    assert [parsed(b"{", name).faults[0].file for name in ("a.json", "b.json")] == ["a.json", "b.json"]


# Git LFS pointers


def pointer(to: str) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid {to}\nsize {len(REPORT)}\n".encode()


def test_a_pointer_to_the_digest_is_told_as_such() -> None:
    found = files({PATH: pointer(digest(REPORT))}).find({"path": PATH, "digest": digest(REPORT)})
    assert found.status == "invalid"
    assert found.reason.startswith(f"{PATH} is a Git LFS pointer to exactly that digest; commit the file as it is")


def test_a_pointer_to_something_else_says_to_what() -> None:
    found = files({PATH: pointer(digest(b"other"))}).find({"path": PATH, "digest": digest(REPORT)})
    said = f"{PATH} is a Git LFS pointer to {digest(b'other')}, and the manifest says {digest(REPORT)}"
    assert (found.status, found.reason.partition(";")[0]) == ("invalid", said)


def test_the_digest_of_the_pointer_is_no_way_out() -> None:
    data = pointer(digest(REPORT))
    assert files({PATH: data}).find({"path": PATH, "digest": digest(data)}).status == "invalid"


def test_what_a_pointer_stands_for_may_be_handed_in(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(REPORT)
    found = files({PATH: pointer(digest(REPORT))}, handed_in=tmp_path).find({"path": PATH, "digest": digest(REPORT)})
    assert (found.status, found.data, found.source) == ("present", REPORT, "handed-in")
