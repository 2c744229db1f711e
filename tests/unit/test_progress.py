"""How far long work is: on a terminal, beyond a second, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

SCRIPT = """
import sys, time
from changegate import progress
with progress.shown(sys.stderr, wanted={wanted}):
    progress.expect(40)
    if os.fork() == 0:
        for _ in range(15):
            progress.step()
        os._exit(0)
    os.wait()
    for _ in range(5):
        progress.step()
    end = time.monotonic() + {seconds}
    while time.monotonic() < end:
        time.sleep(0.05)
"""


def drawn(seconds: float, *, wanted: bool = True, term: str = "xterm") -> str:
    """What a terminal gets to see of work that takes so long."""
    ours, theirs = pty.openpty()
    script = "import os\n" + SCRIPT.format(wanted=wanted, seconds=seconds)
    done = subprocess.Popen([sys.executable, "-c", script], stderr=theirs, env={**os.environ, "TERM": term})
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert done.wait() == 0
    return seen.decode()


def test_work_beyond_a_second_shows_how_far_it_is_and_clears_the_line() -> None:
    seen = drawn(1.4)
    assert "judged 20 of 40 manifests" in seen  # those of the forked process, too
    assert seen.endswith("\r\x1b[K")


def test_short_work_shows_nothing() -> None:
    assert drawn(0.2) == ""
    assert drawn(1.4, wanted=False) == ""
    assert drawn(1.4, term="dumb") == ""


def test_a_log_gets_nothing() -> None:
    script = "import os\n" + SCRIPT.format(wanted=True, seconds=1.4)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
