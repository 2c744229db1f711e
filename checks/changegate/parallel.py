"""Many small pieces of work on all cores, by processes: the policy engine stays on the thread that made it.

Workers are forked, so that they have everything that is loaded already. One that dies is an error, never a result that
is missing: what it was at is done once more, in halves, until it is known which item ends a worker.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from changegate.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

FROM = 64
"""So many items are worth a second process: below, starting one costs more than it saves."""
_CHUNK = 200
_MOST_LOST = 20
"""So many items are looked for one by one; where more end a worker, the machine is at fault and not they."""
_work: Callable[[Sequence[Any]], Any] | None = None


def in_chunks(
    work: Callable[[Sequence[Item]], Result],
    items: Sequence[Item],
    lost: Callable[[Item, EngineError], Result] | None = None,
) -> Iterator[Result]:
    """Do a piece of work on chunks of items, in the order of the items.

    Args:
        work: A function of a chunk. It runs in a forked process, and its result is pickled.
        items: What is to be done.
        lost: Makes the result of an item that ends every worker which is at it, of that item alone.

    Raises:
        EngineError: A worker died, by a signal or for lack of memory, and it is not said what follows from that.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(items) < FROM or cores == 1:
        yield from (work(items[start : start + _CHUNK]) for start in range(0, len(items), _CHUNK))
        return
    size = max(1, min(_CHUNK, -(-len(items) // cores)))
    chunks = deque(items[start : start + size] for start in range(0, len(items), size))
    left = _MOST_LOST
    while chunks:
        yield from _forked(work, chunks, cores)
        # NOTE: what is left begins with what the dead worker may have been at; the others go to a new pool.
        for _ in range(min(len(chunks), 2 * cores)):
            for result, is_lost in _one_by_one(work, chunks.popleft(), lost, left):
                left -= is_lost
                yield result


def _forked(work: Callable[[Sequence[Item]], Result], chunks: deque[Sequence[Item]], cores: int) -> Iterator[Result]:
    """Do chunks in their order, and take each away that is done; what is left was not done since a worker died."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    global _work  # noqa: PLW0603  (a fork inherits it: a closure over an engine cannot be sent through a pipe)
    _work = work
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(cores, mp_context=context, initializer=_end_quietly) as pool:
            for result in pool.map(_do, list(chunks)):
                chunks.popleft()
                yield result
    except BrokenProcessPool:
        return
    finally:
        _work = None


def _one_by_one(
    work: Callable[[Sequence[Item]], Result],
    chunk: Sequence[Item],
    lost: Callable[[Item, EngineError], Result] | None,
    left: int,
) -> Iterator[tuple[Result, bool]]:
    """Do a chunk that may have ended a worker; where it ends another one, its halves, down to one item.

    Args:
        work: As for `in_chunks`.
        chunk: At least one item.
        lost: As for `in_chunks`.
        left: So many items may be lost before the rest of a chunk is given up with the first of it.

    Yields:
        Results in order, each with whether it is of an item that is lost.
    """
    todo = [chunk]
    while todo:
        one = todo.pop()
        trying = deque([one])
        for result in _forked(work, trying, 1):
            yield result, False
        if not trying:
            continue
        if lost is None:
            raise _died()
        if len(one) > 1 and left > 0:
            half = len(one) // 2
            todo += [one[half:], one[:half]]
            continue
        for item in one:
            left -= 1
            yield lost(item, _died()), True


def _died() -> EngineError:
    hint = "run again on fewer manifests, or with more memory; if it stays, report it as a fault of changegate"
    error = EngineError("a worker died, by a signal or for lack of memory", hint=hint)
    error.answers_others = True
    return error


def _end_quietly() -> None:
    """Let Ctrl-C end a worker without a word: what there is to say, its parent says."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _do(chunk: Sequence[Any]) -> Any:
    assert _work is not None  # noqa: S101  (the fork has it)
    return _work(chunk)
