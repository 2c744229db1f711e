"""Many small pieces of work on all cores, by processes: the policy engine stays on the thread that made it.

Workers are forked, so that they have everything that is loaded already. One that dies is an error, never a result that
is missing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from changegate.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

FROM = 64
"""So many items are worth a second process: below, starting one costs more than it saves."""
_CHUNK = 200
_work: Callable[[Sequence[Any]], Any] | None = None


def in_chunks(work: Callable[[Sequence[Item]], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Do a piece of work on chunks of items, in the order of the items.

    Args:
        work: A function of a chunk. It runs in a forked process, and its result is pickled.
        items: What is to be done.

    Raises:
        EngineError: A worker died, by a signal or for lack of memory.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(items) < FROM or cores == 1:
        yield from (work(items[start : start + _CHUNK]) for start in range(0, len(items), _CHUNK))
        return
    size = max(1, min(_CHUNK, -(-len(items) // cores)))
    yield from _forked(work, [items[start : start + size] for start in range(0, len(items), size)], cores)


def _forked(work: Callable[[Sequence[Item]], Result], chunks: Sequence[Sequence[Item]], cores: int) -> Iterator[Result]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    global _work  # noqa: PLW0603  (a fork inherits it: a closure over an engine cannot be sent through a pipe)
    _work = work
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(cores, mp_context=context, initializer=_end_quietly) as pool:
            yield from pool.map(_do, chunks)
    except BrokenProcessPool:
        hint = "run again on fewer manifests, or with more memory; if it stays, report it as a fault of changegate"
        raise EngineError("a worker died while it judged manifests, so nothing was decided", hint=hint) from None
    finally:
        _work = None


def _end_quietly() -> None:
    """Let Ctrl-C end a worker without a word: what there is to say, its parent says."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _do(chunk: Sequence[Any]) -> Any:
    assert _work is not None  # noqa: S101  (the fork has it)
    return _work(chunk)
