"""What nobody expected: a sentence and a file with the trace, and no secret in either."""

from __future__ import annotations

import os
import re
import stat
import time
from typing import TYPE_CHECKING

import pytest

from changegate import __version__, crash
from changegate.crash import LONGEST, MOST_LOGS, explained, redacted, trace_of
from changegate.errors import ChangegateError, InternalError, UsageError
from changegate.parallel import in_chunks
from changegate.worker import Worker
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2-correct-horse"
TOKENS = (
    "ghp_0123456789abcdefABCDEF0123456789abcd",
    "github_pat_11ABCDEFG0_abcdefghijklmnopqrstuvwxyz",
    "ghs_0123456789abcdefABCDEF0123456789abcd",
    "glpat-abcDEF123456_-xyz789",
    "glcbt-64_abcDEF123456xyz",
    "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
    "AKIAIOSFODNN7EXAMPLE",
    "xoxb-1234567890-abcdefghij",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "sk-proj-abcdefghijklmnop1234",
)


def fail(message: str) -> None:
    held_by_a_local_variable = "zanzibar" * 3
    raise RuntimeError(message + held_by_a_local_variable[:0])


def raised(message: str = "odd") -> Exception:
    try:
        fail(message)
    except RuntimeError as error:
        return error
    raise AssertionError


def logs(home: Path) -> list[Path]:
    return sorted((home / ".local/state/changegate").glob("crash-*.log"))


def told(home: Path, error: Exception | None = None, **environ: str) -> ChangegateError:
    return explained(error or raised(), {"HOME": str(home), **environ}, in_ci=False)


def test_one_sentence_and_a_file_of_its_owners(tmp_path: Path) -> None:
    error = told(tmp_path)
    assert isinstance(error, InternalError)
    assert error.message == "internal error: RuntimeError: odd"
    (log,) = logs(tmp_path)
    assert error.hint == f"this is a fault of changegate: report it with its trace, which is in {log}"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700
    text = log.read_text()
    assert f"changegate {__version__}\n" in text
    assert re.search(r"^CPython 3\.\d+\.\d+ on ", text, re.MULTILINE)
    assert re.search(r"^jsonschema \d", text, re.MULTILINE)
    assert re.search(r"test_crash\.py:\d+ in fail\n    raise RuntimeError", text)
    assert text.endswith("builtins.RuntimeError: odd\n")


def test_the_state_folder_that_is_named_is_used_and_kept_from_others(tmp_path: Path) -> None:
    folder = tmp_path / "state/changegate"
    folder.mkdir(parents=True, mode=0o755)
    folder.parent.chmod(0o755)
    folder.chmod(0o777)
    told(tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
    (log,) = folder.iterdir()
    assert log.is_file()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (tmp_path / ".local").exists()


def test_a_relative_state_folder_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told(tmp_path / "home", XDG_STATE_HOME="state")
    assert list(tmp_path.iterdir()) == []  # as there is no home either


@pytest.mark.parametrize("secret", TOKENS)
def test_no_token_is_told_or_written(secret: str, tmp_path: Path) -> None:
    said = told(tmp_path, raised(f"it was {secret}, in vain"))
    assert secret not in said.message
    assert said.message.endswith("in vain")
    (log,) = logs(tmp_path)
    assert secret not in log.read_text()


@pytest.mark.parametrize(
    "text",
    [
        f"https://ana:{SECRET}@git.acme.example/models.git is no repository",
        f"https://{SECRET}@git.acme.example/models.git is no repository",
        f"the header Authorization: Bearer {SECRET} is refused",
        f"the header was {{'Authorization': 'Bearer {SECRET}'}}",
        f"Basic {SECRET}",
        f"password={SECRET}&x=1",
        f'{{"api_key": "{SECRET}"}}',
        f"OPA_TOKEN = '{SECRET} and a half'",
        f"X-Amz-Signature={SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}",
    ],
)
def test_no_credential_is_told_or_written(text: str, tmp_path: Path) -> None:
    said = told(tmp_path, raised(text))
    (log,) = logs(tmp_path)
    for shown in (said.message, log.read_text(), redacted(text)):
        assert SECRET not in shown
        assert "and a half" not in shown


def test_a_secret_of_the_environment_that_looks_like_nothing_is_taken_out(tmp_path: Path) -> None:
    said = told(tmp_path, raised("the engine says: open sesame please"), CHANGEGATE_OPA_TOKEN="open sesame please")
    (log,) = logs(tmp_path)
    for shown in (said.message, log.read_text()):
        assert "sesame" not in shown
    assert said.message == "internal error: RuntimeError: the engine says: [removed]"


def test_the_folder_that_a_command_runs_in_is_no_secret(tmp_path: Path) -> None:
    said = told(tmp_path, raised("no /srv/models/fraud"), PWD="/srv/models", OLDPWD="/srv/models/fraud")
    assert said.message.endswith("no /srv/models/fraud")


def test_neither_variables_nor_the_environment_nor_the_command_line_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["changegate", "check", "timbuktu"])
    told(tmp_path, LABEL="ouagadougou")
    (log,) = logs(tmp_path)
    for word in ("zanzibar", "timbuktu", "ouagadougou", "PATH"):
        assert word not in log.read_text()


def test_of_what_an_exception_quotes_there_is_one_short_line(tmp_path: Path) -> None:
    said = told(tmp_path, raised("x" * 5_000_000 + "\nkind: ModelRelease"))
    (log,) = logs(tmp_path)
    assert len(said.message) < 400
    assert "ModelRelease" not in log.read_text()
    assert log.stat().st_size < 20_000


@pytest.mark.parametrize("piece", ["a.", "token", 'token="', "https://", "://a:", "-----BEGIN ", "eyJa.", "Bearer "])
def test_hostile_text_is_looked_through_quickly(piece: str) -> None:
    start = time.process_time()
    crash.safe_text(piece * 200_000)
    assert time.process_time() - start < 5


def test_what_a_terminal_obeys_is_not_told(tmp_path: Path) -> None:
    said = told(tmp_path, raised("\x1b[31m##[command]x\u202e"))
    assert said.message == r"internal error: RuntimeError: \x1b[31m## [command]x\u202e"


def test_what_led_to_it_is_there_and_bounded(tmp_path: Path) -> None:
    def nested(depth: int) -> None:
        if depth == 0:
            raise KeyError("the first")
        try:
            nested(depth - 1)
        except (KeyError, ValueError) as error:
            raise ValueError(f"level {depth}") from error

    def deep(left: int) -> None:
        if left:
            deep(left - 1)
        nested(2)

    with pytest.raises(ValueError, match="level 2") as caught:
        deep(200)
    told(tmp_path, caught.value)
    (log,) = logs(tmp_path)
    assert re.findall(r"^builtins\.\w+: .*$", log.read_text(), re.MULTILINE) == [
        "builtins.KeyError: 'the first'",
        "builtins.ValueError: level 1",
        "builtins.ValueError: level 2",
    ]
    assert log.read_text().count(" in deep\n") < 50
    with pytest.raises(ValueError, match="level 400") as caught:
        nested(400)
    assert trace_of(caught.value).count("builtins.") == 8


def test_a_file_has_a_largest_size(tmp_path: Path) -> None:
    crash.write_log("é" * 10 * LONGEST, {"HOME": str(tmp_path)})
    (log,) = logs(tmp_path)
    assert log.stat().st_size <= LONGEST


def test_only_the_newest_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / ".local/state/changegate"
    folder.mkdir(parents=True)
    (folder / "notes.log").write_text("mine")
    old = [folder / f"crash-20200101T0000{second:02}Z-00000000.log" for second in range(20)]
    for path in old:
        path.write_text("old")
    told(tmp_path)
    kept = logs(tmp_path)
    assert len(kept) == MOST_LOGS
    assert kept[:-1] == old[-(MOST_LOGS - 1) :]
    assert (folder / "notes.log").read_text() == "mine"


@pytest.mark.parametrize("link", [".local", ".local/state", ".local/state/changegate"])
def test_no_link_below_the_home_is_followed(link: str, tmp_path: Path) -> None:
    home, victim = tmp_path / "home", tmp_path / "victim"
    victim.mkdir()
    (home / link).parent.mkdir(parents=True)
    (home / link).symlink_to(victim)
    said = told(home)
    assert list(victim.iterdir()) == []
    assert "its trace is in no file" in said.hint
    assert "CHANGEGATE_DEBUG=1" in said.hint
    assert said.message == "internal error: RuntimeError: odd"


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: b"\0" * size)
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 11, 2, 12, 0, 0, 0, 306, 0)))
    folder, victim = tmp_path / ".local/state/changegate", tmp_path / "victim"
    folder.mkdir(parents=True)
    victim.write_text("precious")
    (folder / "crash-20261102T120000Z-00000000.log").symlink_to(victim)
    assert "its trace is in no file" in told(tmp_path).hint
    assert victim.read_text() == "precious"


def test_a_home_that_is_reached_through_a_link_is_a_home(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "real")
    told(tmp_path / "home")
    assert len(logs(tmp_path / "real")) == 1


@pytest.mark.parametrize("where", [".", "deep/er"])
def test_nothing_is_written_into_a_checkout(where: str, tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo")
    (tmp_path / "door").symlink_to(repo.path)
    (repo.path / where).mkdir(parents=True, exist_ok=True)
    for top in (repo.path, tmp_path / "door"):
        for environ in ({"HOME": str(top / where)}, {"XDG_STATE_HOME": str(top / where)}):
            hint = explained(raised(), environ, in_ci=False).hint
            assert "is in the checkout" in hint
            assert "CHANGEGATE_DEBUG=1" in hint
    assert repo.git("status", "--porcelain", "--ignored") == ""


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "relative"}, {"HOME": "/no/such/home"}])
def test_without_a_home_it_says_so(environ: dict[str, str]) -> None:
    hint = explained(raised(), environ, in_ci=False).hint
    assert "since neither XDG_STATE_HOME nor HOME names a folder: run again with CHANGEGATE_DEBUG=1" in hint


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("no folder")
    hint = told(tmp_path).hint
    assert f"{tmp_path}/.local/state/changegate cannot be written (Not a directory" in hint


def test_in_a_ci_it_says_how_to_see_the_file(tmp_path: Path) -> None:
    hint = explained(raised(), {"HOME": str(tmp_path)}, in_ci=True).hint
    (log,) = logs(tmp_path)
    assert hint.endswith(f"{log} on the runner; a later step of the job can show it: cat {log}")


def test_what_was_expected_is_told_as_it_is(tmp_path: Path) -> None:
    known = UsageError("it is wrong", hint="mend it")
    assert told(tmp_path, known) is known
    assert list(tmp_path.iterdir()) == []


def test_an_exception_that_cannot_be_told_is_told(tmp_path: Path) -> None:
    class Silent(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise ValueError

    assert told(tmp_path, Silent()).message == "internal error: Silent: saying it failed: ValueError"


def test_asked_for_it_is_raised(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="odd"):
        told(tmp_path, CHANGEGATE_DEBUG="1")
    assert list(tmp_path.iterdir()) == []


def test_a_worker_tells_its_trace(tmp_path: Path) -> None:
    def work(_: bytes) -> bytes:
        fail("in the child")
        return b""

    worker = Worker(lambda: work)
    with pytest.raises(InternalError) as caught:
        worker.call(b"")
    worker.close()
    assert told(tmp_path, caught.value).message == "internal error: RuntimeError: in the child"
    (log,) = logs(tmp_path)
    assert re.search(r"test_crash\.py:\d+ in fail\n", log.read_text())


def test_a_process_of_the_pool_tells_its_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    with pytest.raises(RuntimeError) as caught:
        list(in_chunks(lambda _: fail(f"in the pool with {TOKENS[0]}"), range(100)))
    told(tmp_path, caught.value)
    (log,) = logs(tmp_path)
    assert re.search(r'File "[^"]*test_crash\.py", line \d+, in fail\n', log.read_text())
    assert TOKENS[0] not in log.read_text()
