"""Where reports go: whole or not at all, never through a link, and each for itself."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from changegate.author.output import REPORTS as TEST_REPORTS
from changegate.errors import ReportError, UsageError
from changegate.report import (
    REPORTS,
    Output,
    ReportOptions,
    console,
    emit_reports,
    junit,
    load_reporter,
    parse_output,
    parse_outputs,
)
from changegate.report.write import write_atomic
from support.verdicts import VERDICTS, empty, sample


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("console", Output("console")),
        ("junit=out.xml", Output("junit", Path("out.xml"))),
        ("json=-", Output("json")),
        ("markdown=a=b c.md", Output("markdown", Path("a=b c.md"))),
    ],
)
def test_an_output_is_a_format_and_perhaps_a_file(text: str, output: Output) -> None:
    assert parse_output(text) == output


@pytest.mark.parametrize("text", ["", "sarfi", "junit=", "=out.xml", "JUNIT", "junit =x", "json=a\0b"])
def test_another_output_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_output(text)
    assert caught.value.hint


def test_without_outputs_there_is_the_console() -> None:
    assert parse_outputs(()) == (Output("console"),)


def test_two_reports_to_one_file_are_refused() -> None:
    with pytest.raises(UsageError, match=r"two reports would be written to out/a"):
        parse_outputs(["junit=out/a", "json=out/../out/./a"])
    assert len(parse_outputs(["junit", "json", "console"])) == 3


def test_one_file_by_two_names_is_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    for other in (str(tmp_path / "a"), "link/a", "./x/../a"):
        with pytest.raises(UsageError, match=r"two reports would be written to a$"):
            parse_outputs(["junit=a", f"json={other}"], directory=tmp_path)


@pytest.mark.parametrize("formats", [REPORTS, TEST_REPORTS])
def test_every_command_reads_its_outputs_alike(formats: dict[str, str], tmp_path: Path) -> None:
    for texts in (["sarfi"], ["junit="], ["json=a\0b"], ["junit=a", "json=b/../a"]):
        with pytest.raises(UsageError) as caught:
            parse_outputs(texts, formats, directory=tmp_path)
        assert caught.value.hint
    assert parse_outputs([], formats) == (Output("console"),)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def written(capsysbinary: pytest.CaptureFixture[bytes]) -> str:
    return capsysbinary.readouterr().out.decode()


def test_several_reports_in_one_run(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    outputs = parse_outputs(["github", "junit=reports/deep/j.xml", "console", "json=v.json"])
    emit_reports(sample(), outputs, root=tmp_path)
    assert (tmp_path / "reports/deep/j.xml").read_text("utf-8") == load_reporter("junit").render(
        sample(), ReportOptions()
    )
    assert (tmp_path / "v.json").read_text("utf-8") == load_reporter("json").render(sample(), ReportOptions())
    shown = written(capsysbinary)
    assert shown == load_reporter("github").render(sample(), ReportOptions()) + load_reporter("console").render(
        sample(), ReportOptions()
    )


def test_a_file_has_no_colour_and_no_width(tmp_path: Path) -> None:
    emit_reports(sample(), [Output("console", Path("c.txt"))], ReportOptions(colour=True, width=40), root=tmp_path)
    assert (tmp_path / "c.txt").read_text("utf-8") == load_reporter("console").render(sample(), ReportOptions())


def test_a_terminal_that_knows_no_unicode_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    emit_reports(sample(), [Output("console")])
    assert rb"Gr\xf6\xdfe \u6a21\u578b" in raw.getvalue()


def test_what_programs_read_is_utf_8_on_any_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="latin-1"))
    emit_reports(sample(), [Output("junit")])
    assert raw.getvalue().decode("utf-8") == load_reporter("junit").render(sample(), ReportOptions())


def test_a_report_that_fails_does_not_cost_the_others_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def broken(*_: Any) -> str:
        raise TypeError("no")

    monkeypatch.setattr(junit, "render", broken)
    outputs = parse_outputs(["junit=j.xml", "json=v.json", "console"])
    with pytest.raises(ReportError, match=r"the junit report failed: internal error: TypeError: no"):
        emit_reports(empty(), outputs, root=tmp_path)
    assert names(tmp_path) == ["v.json"]
    assert written(capsysbinary) == console.render(empty(), ReportOptions())


def test_a_reader_that_goes_away_does_not_cost_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.BytesIO):
        def write(self, _: Any) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(Gone(), encoding="utf-8"))
    with pytest.raises(BrokenPipeError):
        emit_reports(empty(), parse_outputs(["console", "json=v.json"]), root=tmp_path)
    assert names(tmp_path) == ["v.json"]


def test_all_failures_are_said_together(tmp_path: Path) -> None:
    (tmp_path / "dir").mkdir()
    (tmp_path / "file").write_text("x")
    outputs = parse_outputs(["junit=dir", "json=file/v.json", "markdown=m.md"])
    with pytest.raises(ReportError, match="2 reports were not written: ") as caught:
        emit_reports(empty(), outputs, root=tmp_path)
    assert caught.value.hint
    assert (tmp_path / "m.md").exists()


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old and longer")
    write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ReportError, match="a cannot be written: No space left on device"):
        emit_reports(empty(), [Output("json", Path("a"))], root=tmp_path)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_new_file_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.parametrize("target", ["outside/file", "outside/new", "nowhere"])
def test_a_link_in_a_reports_place_is_refused(tmp_path: Path, target: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "file").write_bytes(b"precious")
    (root / "j.xml").symlink_to(tmp_path / target)
    with pytest.raises(ReportError, match="is a symbolic link"):
        emit_reports(empty(), [Output("junit", Path("j.xml"))], root=root)
    assert (root / "j.xml").is_symlink()
    assert names(outside) == ["file"]
    assert (outside / "file").read_bytes() == b"precious"


@pytest.mark.parametrize("file", ["reports/j.xml", "reports/deep/j.xml", "./x/../reports/j.xml"])
def test_a_linked_directory_in_the_checkout_is_not_followed(tmp_path: Path, file: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "reports").symlink_to(outside, target_is_directory=True)
    for wanted in (Path(file), root / file):
        with pytest.raises(ReportError, match="goes through the link"):
            emit_reports(empty(), [Output("junit", wanted)], root=root)
    assert names(outside) == []


def test_what_is_outside_the_checkout_is_the_callers_own(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    emit_reports(empty(), [Output("json", outside / "deep" / "v.json")], root=root)
    emit_reports(empty(), [Output("json", Path("../outside/w.json"))], root=root)
    assert sorted(path.name for path in outside.rglob("*.json")) == ["v.json", "w.json"]


def test_a_device_or_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReportError, match="is not a regular file"):
        write_atomic(tmp_path / "pipe", b"x")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_gits_own_folder_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(ReportError, match="is in git's own folder"):
        emit_reports(empty(), [Output("json", Path(".git/config"))], root=tmp_path)
    assert names(tmp_path / ".git") == []


def test_a_directory_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(ReportError):
        write_atomic(tmp_path, b"x", root=tmp_path)


@pytest.mark.parametrize("name", VERDICTS)
def test_every_report_of_every_verdict_is_written(tmp_path: Path, name: str) -> None:
    emit_reports(
        VERDICTS[name](),
        parse_outputs(f"{form}={form}" for form in ("console", "github", "json", "junit", "markdown")),
        root=tmp_path,
    )
    assert len(names(tmp_path)) == 5
