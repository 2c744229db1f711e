"""Work on all cores: in order, complete, or an error."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from changegate import parallel
from changegate.errors import EngineError, PolicyError
from changegate.parallel import FROM, in_chunks

if TYPE_CHECKING:
    from collections.abc import Sequence


# NOTE: pytest's own plugins may have threads; Python 3.12 warns of every fork beside one.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture(params=[1, 2, 4])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    number: int = request.param
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(number)), raising=False)
    return number


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1}, raising=False)


def together(items: Sequence[int]) -> list[int]:
    return list(items)


@pytest.mark.parametrize("count", [0, 1, FROM - 1, FROM, FROM + 1, 199, 200, 201, 1003])
def test_every_item_once_and_in_order(cores: int, count: int) -> None:
    assert [item for chunk in in_chunks(together, range(count)) for item in chunk] == list(range(count))
    assert cores


def test_the_order_is_that_of_the_items_whichever_worker_is_first(two: None) -> None:
    def slow_first(items: Sequence[int]) -> int:
        time.sleep(0.2 if items[0] == 0 else 0)
        return items[0]

    found = list(in_chunks(slow_first, range(FROM)))
    assert found == sorted(found)
    assert len(found) > 1


@pytest.mark.parametrize(("count", "elsewhere"), [(FROM - 1, False), (FROM, True)])
def test_few_items_are_not_worth_a_process(two: None, count: int, elsewhere: bool) -> None:
    workers = set(in_chunks(lambda _items: os.getpid(), range(count)))
    assert (os.getpid() not in workers) is elsewhere


def test_work_may_be_a_closure_over_what_no_pipe_carries(two: None) -> None:
    lock = (one for one in [41])  # a generator cannot be pickled
    assert next(iter(in_chunks(lambda items: (len(items), lock is not None), range(FROM))))[1]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_worker_that_is_killed_is_an_error_and_no_missing_result(two: None, number: signal.Signals) -> None:
    def die(items: Sequence[int]) -> list[int]:
        if items[0] != 0:
            faulthandler.disable()  # pytest's, which would write its traces into the tests' report
            os.kill(os.getpid(), number)
        return list(items)

    with pytest.raises(EngineError, match="a worker died") as caught:
        list(in_chunks(die, range(1000)))
    assert caught.value.hint


@pytest.mark.parametrize("killers", [{0}, {999}, {3, 4, 500}, set(range(30)), set(range(0, 1000, 40))])
def test_what_is_lost_is_one_item_and_the_others_are_done(cores: int, killers: set[int]) -> None:
    if cores == 1:
        pytest.skip("this process itself does the work")

    def work(items: Sequence[int]) -> list[int]:
        if killers.intersection(items):
            os._exit(1)
        return list(items)

    lost: list[int] = []

    def note(item: int, error: EngineError) -> list[int]:
        assert "a worker died" in error.message
        lost.append(item)
        return [item]

    done = [item for chunk in in_chunks(work, range(1000), note) for item in chunk]
    assert done == list(range(1000))
    assert killers <= set(lost)
    if len(killers) < 20:
        assert set(lost) == killers


def test_a_worker_that_exits_is_an_error(two: None) -> None:
    def leave(items: Sequence[int]) -> Any:
        os._exit(0)

    with pytest.raises(EngineError, match="a worker died"):
        list(in_chunks(leave, range(FROM)))


def test_an_error_of_the_work_arrives_whole(cores: int) -> None:
    def fail(items: Sequence[int]) -> Any:
        raise PolicyError("it does not load", hint="mend it", file="a.rego", line=3)

    with pytest.raises(PolicyError) as caught:
        list(in_chunks(fail, range(1000)))
    error = caught.value
    assert (error.message, error.hint, error.place) == ("it does not load", "mend it", "a.rego:3")
    assert cores


@pytest.mark.parametrize("ends", ["well", "badly", "early"])
def test_nothing_is_left_behind(two: None, ends: str) -> None:
    def work(items: Sequence[int]) -> int:
        if ends == "badly":
            os.kill(os.getpid(), signal.SIGKILL)
        return items[0]

    chunks = in_chunks(work, range(1000))
    if ends == "badly":
        with pytest.raises(EngineError):
            list(chunks)
    elif ends == "early":
        next(chunks)
        chunks.close()  # type: ignore[attr-defined]
    else:
        list(chunks)
    assert parallel._work is None
    assert [item for chunk in in_chunks(together, range(FROM)) for item in chunk] == list(range(FROM))
