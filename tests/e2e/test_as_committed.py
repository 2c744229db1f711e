"""A working tree is read as git would commit it, whatever form files have on the disk: the same answer as in CI."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import check
from support.hosted import FRAUD

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

REPORT = "models/fraud-detector/evidence/evaluation.json"
SIGNATURE = "models/fraud-detector/evidence/model.sig"
LONG_AGO = 1_700_000_000


def judged(hosted: Hosted, *more: str) -> Run:
    environ = {name: value for name, value in hosted.repo.environ.items() if not name.startswith("GIT_AUTHOR")}
    return check("--base", "main", "--now", fixtures.NOW, *more, cwd=hosted.path, env=environ)


def blocking(run: Run) -> set[str]:
    """The rules that close the gate here: what only CI can tell does not."""
    assert run.code == 1, run.out
    return {finding["rule"] for finding in run.findings if finding["status"] != "unknown"}


def assert_same(hosted: Hosted, code: int = 0) -> None:
    """The working tree and the commit have the same answer."""
    here, there = judged(hosted), judged(hosted, "--head", "HEAD")
    assert (here.code, here.rules) == (there.code, there.rules)
    assert here.code == code, here.out


def raised(hosted: Hosted, **files: str | bytes) -> None:
    """Propose a next version, so that all of its evidence is looked at."""
    text = (
        (hosted.path / FRAUD).read_text().replace("version: 2.4.0", "version: 2.5.0").replace("to: 2.3.1", "to: 2.4.0")
    )
    hosted.propose({FRAUD: text, **files})


def checked_out_again(hosted: Hosted, path: str = REPORT, *, when: int = 0) -> bytes:
    """Let git write a file anew, with what it makes of it now; `when` sets its time."""
    hosted.repo.remove(path)
    hosted.repo.git("checkout", "--quiet", "--", path)
    settled(hosted, path, when)
    return (hosted.path / path).read_bytes()


def settled(hosted: Hosted, path: str, when: int) -> None:
    """Give a file an old time that git has seen, so that it does not look at its bytes."""
    if when:
        os.utime(hosted.path / path, (when, when))
        hosted.repo.git("update-index", "--refresh")


@pytest.mark.parametrize("when", [0, LONG_AGO], ids=["just now", "long ago"])
@pytest.mark.parametrize("where", ["--local", "--global"])
def test_line_ends_of_a_checkout_are_not_the_commit_s(hosted: Hosted, where: str, when: int) -> None:
    raised(hosted)
    hosted.repo.git("config", where, "core.autocrlf", "true")
    assert b"\r\n" in checked_out_again(hosted, when=when)
    assert_same(hosted)


@pytest.mark.parametrize("where", ["--local", "--global"])
def test_a_file_that_was_only_touched_is_not_changed(hosted: Hosted, where: str) -> None:
    raised(hosted)
    hosted.repo.git("config", where, "core.autocrlf", "true")
    checked_out_again(hosted)
    os.utime(hosted.path / REPORT, (LONG_AGO, LONG_AGO))
    assert_same(hosted)
    assert REPORT not in judged(hosted, "-v").out


def test_an_editor_s_line_ends_go_with_autocrlf_input(hosted: Hosted) -> None:
    raised(hosted)
    hosted.repo.git("config", "core.autocrlf", "input")
    (hosted.path / REPORT).write_bytes((hosted.path / REPORT).read_bytes().replace(b"\n", b"\r\n"))
    assert_same(hosted)


@pytest.mark.parametrize("attributes", ["*.json text eol=crlf\n", "*.json text=auto eol=crlf\n"])
@pytest.mark.parametrize("when", [0, LONG_AGO], ids=["just now", "long ago"])
def test_attributes_may_say_it(hosted: Hosted, attributes: str, when: int) -> None:
    raised(hosted, **{".gitattributes": attributes})
    assert b"\r\n" in checked_out_again(hosted, when=when)
    assert_same(hosted)


def test_what_git_writes_for_ident_is_not_committed(hosted: Hosted) -> None:
    old = (hosted.path / SIGNATURE).read_bytes()
    new = old.replace(b"{", b'{"$Id$": 0, ', 1)
    manifest = hosted.edit(FRAUD, hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
    (hosted.path / FRAUD).write_text(manifest)
    raised(hosted, **{SIGNATURE: new, ".gitattributes": "*.sig ident\n"})
    assert b"$Id: " in checked_out_again(hosted, SIGNATURE)
    assert_same(hosted)


def test_what_lfs_writes_in_the_place_of_its_pointer_is_not_committed(hosted: Hosted) -> None:
    report = (hosted.path / REPORT).read_bytes()
    pointer = (
        "version https://git-lfs.github.com/spec/v1\n"
        f"oid sha256:{hashlib.sha256(report).hexdigest()}\nsize {len(report)}\n"
    )
    raised(hosted, **{REPORT: pointer})
    (hosted.path / REPORT).write_bytes(report)
    (hosted.path / "../pointer").write_text(pointer)
    (hosted.path / ".git/info/attributes").write_text(f"{REPORT} filter=lfs\n")
    ran = hosted.path / "../ran"
    hosted.repo.git("config", "filter.lfs.clean", "cat ../pointer")
    os.utime(hosted.path / REPORT, (LONG_AGO, LONG_AGO))
    hosted.repo.git("add", REPORT)
    assert not hosted.repo.git("status", "--short")
    hosted.repo.git("config", "filter.lfs.clean", f"touch {ran}; cat ../pointer")
    assert_same(hosted, 1)
    assert "Git LFS pointer" in judged(hosted).out
    assert not ran.exists()


def test_a_file_that_really_has_other_line_ends_is_told_so(hosted: Hosted) -> None:
    raised(hosted)
    (hosted.path / REPORT).write_bytes((hosted.path / REPORT).read_bytes().replace(b"\n", b"\r\n"))
    run = judged(hosted)
    assert blocking(run) == {"evaluation/invalid-evidence"}
    assert "only its line ends differ: they are CRLF, and the digest is of LF" in run.out.replace("\n", " ")


def test_attributes_that_forbid_it_go_before_autocrlf(hosted: Hosted) -> None:
    raised(hosted, **{".gitattributes": "*.json -text\n"})
    hosted.repo.git("config", "core.autocrlf", "true")
    (hosted.path / REPORT).write_bytes((hosted.path / REPORT).read_bytes().replace(b"\n", b"\r\n"))
    assert blocking(judged(hosted)) == {"evaluation/invalid-evidence"}


def test_a_digest_of_crlf_is_told_so(hosted: Hosted) -> None:
    report = (hosted.path / REPORT).read_bytes()
    windows = hashlib.sha256(report.replace(b"\n", b"\r\n")).hexdigest()
    raised(hosted, **{FRAUD: hosted.edit(FRAUD, hashlib.sha256(report).hexdigest(), windows)})
    for run in (judged(hosted), judged(hosted, "--head", "HEAD")):
        assert "they are LF, and the digest is of CRLF" in run.out.replace("\n", " ")


def test_a_file_that_was_changed_is_read_as_it_is(hosted: Hosted) -> None:
    raised(hosted)
    hosted.repo.git("config", "core.autocrlf", "true")
    text = checked_out_again(hosted)
    (hosted.path / REPORT).write_bytes(text.replace(b"0.962", b"0.999"))
    run = judged(hosted)
    assert blocking(run) == {"evaluation/invalid-evidence"}
    assert "line ends" not in run.out
