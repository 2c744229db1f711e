"""What every test shares: the same examples in every run, and nothing of the user's own configuration."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile

from hypothesis import HealthCheck, settings

# NOTE: a slow machine is no fault of the code; speed is measured in benchmarks/, never here.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# NOTE: tests that run in the background may ignore these signals, and what they start inherits that; commands are tried
# with the signals that they get at a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# NOTE: the trace of a fault goes where the user's state is; that of tests has no place there.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="changegate-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)
