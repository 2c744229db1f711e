"""What every test shares: the same examples in every run, and nothing of the user's own configuration."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

# NOTE: a slow machine is no fault of the code; speed is measured in benchmarks/, never here.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# NOTE: tests that run in the background may ignore these signals, and what they start inherits that; commands are tried
# with the signals that they get at a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# NOTE: the command is started thousands of times; each start would compile its modules anew where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# NOTE: the trace of a fault goes where the user's state is; that of tests has no place there.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="changegate-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """After a run of minutes, say where they went: seconds of all processes together, by folder or file."""
    spent: Counter[str] = Counter()
    for report in (one for found in terminalreporter.stats.values() for one in found if hasattr(one, "duration")):
        spent["/".join(report.nodeid.split("::")[0].split("/")[:3])] += report.duration
    if spent.total() > 60:
        terminalreporter.section("seconds of all processes together, by folder or file")
        for folder, seconds in spent.most_common(25):
            terminalreporter.write_line(f"{seconds:7.0f} s  {folder}")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case of bytes by none of them: an archive holds its time, and every process collects anew."""
    return "bytes" if isinstance(val, bytes) and (len(val) > 40 or not val.isascii()) else None
