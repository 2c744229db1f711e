"""A worker answers, or says how it died; it never answers what nobody computed."""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from changegate.errors import InternalError, PolicyError
from changegate.worker import Limits, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# NOTE: pytest's own plugins may have threads; Python 3.12 warns of every fork beside one.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

made: list[Worker] = []


def worker(handler: Callable[[bytes], bytes], limits: Limits | None = None) -> Worker:
    made.append(Worker(lambda: handler, limits or Limits()))
    return made[-1]


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    while made:
        made.pop().close()


def pid_of(one: Worker) -> int:
    return int(one.call(b"pid"))


def own_pid(_request: bytes) -> bytes:
    return str(os.getpid()).encode()


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
def test_it_answers_each_call_with_its_own_answer(size: int) -> None:
    one = worker(lambda request: request[::-1])
    assert one.call(b"ab" + b"x" * size) == b"x" * size + b"ba"
    assert one.call(b"second") == b"dnoces"


def test_it_works_in_a_process_of_its_own() -> None:
    assert pid_of(worker(own_pid)) != os.getpid()


def test_an_error_keeps_its_kind_its_place_and_its_hint() -> None:
    def fail(_request: bytes) -> bytes:
        raise PolicyError("it is wrong", hint="mend it", file="a.rego", line=7)

    one = worker(fail)
    for _ in range(2):
        with pytest.raises(PolicyError, match="it is wrong") as caught:
            one.call(b"")
        assert (caught.value.place, caught.value.hint) == ("a.rego:7", "mend it")


@pytest.mark.parametrize("error", [ValueError("odd"), SystemExit(0), KeyboardInterrupt()])
def test_what_nobody_expected_is_a_fault_of_ours(error: BaseException) -> None:
    def fail(_request: bytes) -> bytes:
        raise error

    with pytest.raises(InternalError, match=type(error).__name__):
        worker(fail).call(b"")


def test_what_fails_to_get_ready_is_told_by_every_call() -> None:
    def unready() -> Callable[[bytes], bytes]:
        raise PolicyError("it does not load", file="b.rego")

    made.append(Worker(unready))
    for _ in range(2):
        with pytest.raises(PolicyError, match="it does not load"):
            made[-1].call(b"")


def test_a_crash_is_an_error_that_names_the_signal() -> None:
    def crash(_request: bytes) -> bytes:
        faulthandler.disable()
        os.kill(os.getpid(), signal.SIGSEGV)
        return b"never"

    one = worker(crash)
    for _ in range(2):
        with pytest.raises(WorkerError, match="SIGSEGV"):
            one.call(b"")


def test_an_exit_is_an_error() -> None:
    with pytest.raises(WorkerError, match="without an answer"):
        worker(lambda _request: os._exit(0)).call(b"")


def test_half_an_answer_is_an_error() -> None:
    one = worker(own_pid)
    pid = pid_of(one)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerError, match="SIGKILL"):
        one.call(b"")


def test_it_is_stopped_when_its_time_is_over() -> None:
    def forever(request: bytes) -> bytes:
        while request == b"forever":
            time.sleep(1)
        return own_pid(request)

    one = worker(forever, Limits(seconds=0.5))
    pid = pid_of(one)
    with pytest.raises(WorkerError, match=r"more than 0\.5 seconds"):
        one.call(b"forever")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_is_stopped_when_it_needs_too_much_memory() -> None:
    with pytest.raises(WorkerError, match="more memory"):
        worker(lambda _request: bytes(bytearray(1 << 30)), Limits(bytes=1 << 28)).call(b"")


def test_within_its_memory_it_answers() -> None:
    assert worker(lambda _request: bytes(bytearray(1 << 20)), Limits(bytes=1 << 28)).call(b"") == b"\0" * (1 << 20)


def test_when_it_is_closed_nothing_is_left() -> None:
    one = worker(own_pid)
    pid = pid_of(one)
    one.close()
    one.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_fork_of_the_parent_neither_talks_to_it_nor_ends_it() -> None:
    one = worker(own_pid)
    pid = pid_of(one)
    fork = os.fork()
    if not fork:
        one.close()
        os._exit(one.is_ours)
    _, status = os.waitpid(fork, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert one.is_ours
    assert pid_of(one) == pid


ABANDON = """
import os, sys
from changegate.worker import Worker
one = Worker(lambda: lambda request: str(os.getpid()).encode())
print(one.call(b"").decode(), flush=True)
os.kill(os.getpid(), int(sys.argv[1]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_its_parent_however_that_ends(number: signal.Signals) -> None:
    command = [sys.executable, "-c", ABANDON, str(int(number))]
    # The worker holds the output open, so that the read ends only when it is gone; else it would run out of time.
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (int(done.stdout) > 0, done.returncode) == (True, -number)
