"""`changegate check --engine opa`, as a command: its report is that of the embedded engine, and says why without."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from support.command import COMMAND, changegate, judge, surroundings
from support.hosted import FRAUD, Hosted
from support.opa import AUTHZ, TOKEN, Odd, free_port, odd, path_with, program, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.opa import Running

CASES = {case.name: case for case in fixtures.cases()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("opa")
    (folder / "authz.rego").write_text(AUTHZ)
    with running(folder, "--authentication", "token", "--authorization", "basic", "authz.rego") as made:
        yield made


@pytest.fixture
def laid_out(tmp_path: Path) -> fixtures.LaidOut:
    return fixtures.lay_out(tmp_path / "repository", next(iter(CASES.values())))


def without_engine(verdict: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(verdict)
    return json.loads(text.replace(json.dumps(engine_of(verdict)), '"engine"'))  # type: ignore[no-any-return]


def engine_of(verdict: dict[str, Any]) -> str:
    return str(verdict["context"]["engine"] if "context" in verdict else verdict["engine"])


def test_the_report_is_that_of_the_embedded_engine(laid_out: fixtures.LaidOut, server: Running) -> None:
    embedded = judge(laid_out)
    env = {"CHANGEGATE_OPA_TOKEN": f"{TOKEN}\n", "http_proxy": f"http://127.0.0.1:{free_port()}"}
    theirs = judge(laid_out, "--engine", "opa", "--opa-url", server.url, env=env)
    ours = judge(laid_out, "--engine", "opa", env={"PATH": path_with(program().parent)})
    for run, name in ((theirs, f"opa 1.22.2 ({server.url})"), (ours, "opa 1.22.2 (started by changegate)")):
        assert engine_of(run.verdict) == name
        assert run.code == embedded.code
        assert without_engine(run.verdict) == without_engine(embedded.verdict)
    assert server.left(TOKEN) == []


def test_a_token_is_in_no_report(laid_out: fixtures.LaidOut, server: Running, tmp_path: Path) -> None:
    formats = [f"-o{name}={tmp_path / name}" for name in ("console", "junit", "json", "github", "markdown")]
    for token in (TOKEN, "another-word"):
        options = ("--engine", "opa", "--opa-url", server.url)
        run = judge(laid_out, *options, *formats, env={"CHANGEGATE_OPA_TOKEN": token})
        reports = "".join((tmp_path / name).read_text() for name in ("console", "junit", "json", "github", "markdown"))
        assert ("opa 1.22.2" if token == TOKEN else "OPA server") in reports
        assert token not in reports + run.out + run.err + json.dumps(run.verdict)


@pytest.mark.parametrize(
    ("options", "environ", "message", "hint"),
    [
        (["--opa-url", "http://127.0.0.1:9"], {}, "could not be asked", "--opa-url"),
        (["--opa-url", "http://x:hunter2@localhost"], {}, "holds a password", "CHANGEGATE_OPA_TOKEN"),
        ([], {"PATH": "/usr/bin:/bin"}, "there is no `opa` on the PATH", "--opa-url"),
    ],
)
def test_what_cannot_decide_is_exit_2_with_a_hint(
    laid_out: fixtures.LaidOut, options: list[str], environ: dict[str, str], message: str, hint: str
) -> None:
    run = judge(laid_out, "--engine", "opa", *options, env=environ)
    assert (run.code, run.verdict["verdict"]) == (2, "undecided")
    (failure,) = run.verdict["failures"]
    assert message in failure["message"]
    assert hint in failure["hint"]
    assert "hunter2" not in run.out + run.err + json.dumps(run.verdict)


@pytest.mark.parametrize(
    ("options", "environ", "message"),
    [
        (["--engine", "embedded", "--opa-url", "http://localhost"], {}, "--opa-url is for the engine `opa`"),
        (["--engine", "opa", "--opa-timeout", "0"], {}, "0"),
        (["--engine", "opa", "--opa-timeout", "nan"], {}, "--opa-timeout is no number"),
        (["--engine", "opa", "--opa-retries", "-1"], {}, "-1"),
        (["--engine", "other"], {}, "embedded"),
        (
            ["--engine", "opa", "--opa-url", "http://localhost"],
            {"CHANGEGATE_OPA_TOKEN": "hunter2\nX: y"},
            "holds what cannot be a token",
        ),
    ],
)
def test_usage(tmp_path: Path, options: list[str], environ: dict[str, str], message: str) -> None:
    run = changegate("check", *options, cwd=tmp_path, env=environ)
    assert run.code == 2
    assert message in run.err
    assert "hunter2" not in run.out + run.err


def test_without_the_library(laid_out: fixtures.LaidOut, tmp_path: Path) -> None:
    (tmp_path / "hidden" / "opa_client").mkdir(parents=True)
    (tmp_path / "hidden" / "opa_client" / "__init__.py").write_text("raise ImportError('it is not here')\n")
    env = {"PYTHONPATH": str(tmp_path / "hidden"), "PATH": path_with(program().parent)}
    for options in ([], ["--opa-url", "http://localhost"]):
        run = judge(laid_out, "--engine", "opa", *options, env=env)
        assert run.code == 2
        assert run.verdict["failures"][0]["hint"] == "pip install 'changegate[opa]'"
    assert judge(laid_out, env=env).code != 2


# Many manifests, judged by forks


@pytest.fixture
def many(tmp_path: Path) -> Hosted:
    hosted = Hosted(tmp_path)
    text = (hosted.path / FRAUD).read_text()
    files = {f"models/model-{n}/manifest.yaml": text.replace("fraud-detector", f"model-{n}") for n in range(80)}
    hosted.repo.commit(files, "many")
    hosted.protect()
    return hosted


def test_all_is_judged_in_forks_and_nothing_is_left(many: Hosted, server: Running, tmp_path: Path) -> None:
    options = ("check", "--all", "--base", "main", "--now", fixtures.NOW)
    reports = []
    for name, engine in (("embedded", ()), ("opa", ("--engine", "opa", "--opa-url", server.url))):
        report = tmp_path / f"{name}.json"
        env = {"CHANGEGATE_OPA_TOKEN": TOKEN}
        run = changegate(*options, *engine, f"-ojson={report}", cwd=many.path, env=env)
        reports.append((run.code, without_engine(json.loads(report.read_text()))))
    assert reports[0] == reports[1]
    assert len(reports[0][1]["subjects"]) > 80
    assert server.left(TOKEN) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("forks", [False, True], ids=["one process", "forks"])
def test_an_interrupted_run_takes_its_policies_away(many: Hosted, number: int, forks: bool) -> None:
    def hang(handler: Odd) -> None:
        handler.server.over.wait(60)

    (many.path / FRAUD).write_text(many.edit(FRAUD, "spec:\n", "spec: # touched\n"))
    with odd(hang) as opa:
        command = [COMMAND, "check", "--base", "main", "--engine", "opa", "--opa-url", opa.url, "--opa-timeout", "50"]
        run = subprocess.Popen(
            [*command, *(["--all"] if forks else [])],
            cwd=many.path,
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        end = time.monotonic() + 60
        while not any(method == "POST" for method, *_ in opa.asked):
            assert run.poll() is None, run.communicate()
            assert time.monotonic() < end
            time.sleep(0.01)
        os.killpg(run.pid, number)  # as a terminal does
        out, err = run.communicate(timeout=60)
        assert "Traceback" not in out + err
        assert run.returncode == 2
        sent = {path for method, path, *_ in opa.asked if method == "PUT"}
        assert len(sent) > 10
        assert {path for method, path, *_ in opa.asked if method == "DELETE"} >= sent


def test_who_does_not_use_opa_does_not_load_its_client(laid_out: fixtures.LaidOut) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", COMMAND, "check", "--base", "main", "--now", fixtures.NOW],
        cwd=laid_out.root,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "changegate.rego.engines.embedded" in done.stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert loaded & {"opa_client", "requests", "urllib3", "aiohttp", "ssl"} == set()
