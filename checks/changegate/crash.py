"""What nobody expected: one sentence for the reader, and a trace without secrets in a file for its owner alone.

The file is in `$XDG_STATE_HOME/changegate`, else `~/.local/state/changegate`. It names versions, the places in the code
that were on the way, and what each exception says, shortened and with whatever looks like a credential taken out. It
holds no variables, no values of the environment, no arguments of the command line and no content of files.
"""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from changegate.errors import ChangegateError, InternalError
from changegate.escape import shorten, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

DEBUG = "CHANGEGATE_DEBUG"
"""The variable that lets an unexpected error end the run as Python shows it."""

LONGEST, MOST_LOGS = 64 * 1024, 10
"""Characters of one file; and so many files are kept, the newest."""

_MESSAGE, _READ = 300, 10_000
"""Characters that are shown of what an exception says, and that are looked through for credentials before that."""
_FRAMES, _CHAIN = 40, 8
"""Places in the code of one exception, the last ones; and exceptions that led to one another."""
_SHORTEST = 6
"""Characters of a variable's value that is taken for a secret: a shorter one is a word that stands anywhere."""

_NAME = re.compile(r"crash-\d{8}T\d{6}Z-[0-9a-f]{8}\.log")
_GONE = "[removed]"
# NOTE: whoever opens a pull request may have written what an exception quotes: nothing here may take long on it.
_SECRETS = (
    (r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)", _GONE),
    (r"(?i)\b([a-z][a-z0-9+.-]{0,30}://)[^/\s'\"]*@", rf"\1{_GONE}@"),
    (r"(?i)\b(bearer|basic|digest|negotiate)(\s{1,9})[a-z0-9._~+/=-]{6,}", rf"\1\2{_GONE}"),
    (
        r"(?i)((?:password|passwd|secret|token|credential|signature|authorization|api[_-]?key|access[_-]?key"
        r"|private[_-]?key)[a-z0-9_-]{0,30}[\"']?\s{0,9}[:=]\s{0,9})(?:\"[^\"]*\"|'[^']*'|[^\s\"',;&]+)",
        rf"\1{_GONE}",
    ),
    (r"\bgh[a-z]_[A-Za-z0-9]{10,}|\bgithub_pat_\w{10,}", _GONE),
    (r"\bgl[a-z]{1,6}-[\w.-]{10,}|\bhf_[A-Za-z0-9]{10,}|\bapi_org_[A-Za-z0-9]{10,}", _GONE),
    (r"\b(?:sk|pk|rk)[-_][\w-]{16,}|\bxox[a-z]-[\w-]{8,}|\b(?:npm|pypi|dop_v1|wandb_v1)[-_][\w-]{16,}", _GONE),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bAIza[\w-]{30,}", _GONE),
    (r"\beyJ[\w-]{8,}(?:\.[\w-]+)*", _GONE),
)
"""What credentials look like: in URLs, in HTTP, of anything that is called so, and of hosts that mark theirs."""

_SECRET_NAME = re.compile(r"(?i)(?!(?:OLD)?PWD$).*(?:pass|secret|token|cred|auth|key|pwd|cookie|session|signature|dsn)")
"""Variables whose values are secrets, whatever they look like."""


def internal(error: BaseException, environ: Mapping[str, str] = os.environ) -> InternalError:
    """Make what nobody expected an error of ours, with its trace."""
    said = safe_text(_said(error), environ)
    message = f"internal error: {type(error).__name__}" + (f": {said}" if said else "")
    return InternalError(message, trace=trace_of(error, environ))


def caught(error: Exception) -> InternalError:
    """Take what nobody expected for an error of one file or release, so that the others are judged.

    Raises:
        Exception: The error itself, where `CHANGEGATE_DEBUG` is set.
    """
    if os.environ.get(DEBUG):
        raise error
    return error if isinstance(error, InternalError) else internal(error)


def explained(error: Exception, environ: Mapping[str, str], *, in_ci: bool) -> ChangegateError:
    """Say an error: what was expected as it is, anything else in one sentence that names the file with its trace.

    Args:
        error: What was raised.
        environ: The process environment: where the file may be, and whether the error is to be raised as it is.
        in_ci: Whether this is a runner, whose files are gone when the job ends.

    Raises:
        Exception: The error itself, where `CHANGEGATE_DEBUG` is set and nobody expected it.
    """
    if isinstance(error, ChangegateError) and not isinstance(error, InternalError):
        return error
    if environ.get(DEBUG):
        raise error
    known = error if isinstance(error, InternalError) else internal(error, environ)
    return InternalError(known.message, hint=kept(known.trace or trace_of(error, environ), environ, in_ci=in_ci))


def kept(trace: str, environ: Mapping[str, str], *, in_ci: bool) -> str:
    """Write a trace to a file, and say where it is; or why it is nowhere, and how to get it.

    Args:
        trace: As for `write_log`.
        environ: As for `explained`.
        in_ci: As for `explained`.
    """
    try:
        path = write_log(trace, environ)
    except Exception as fault:  # noqa: BLE001  (whatever keeps it from being written, the first error is what is told)
        why = f"its trace is in no file, since {safe_text(_said(fault), environ)}"
        return f"this is a fault of changegate, and {why}: run again with {DEBUG}=1, and report what it prints"
    hint = f"this is a fault of changegate: report it with its trace, which is in {path}"
    return hint + (_on_runner(path) if in_ci else "")


def _on_runner(path: Path) -> str:
    from shlex import quote

    return f" on the runner; a later step of the job can show it: cat {quote(str(path))}"


def _said(error: BaseException) -> str:
    """What an exception says, also one that fails to say it."""
    try:
        return str(error)
    except Exception as fault:  # noqa: BLE001  (a message is no reason to fail a second time)
        return f"saying it failed: {type(fault).__name__}"


def safe_text(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """The first line of a text, printable, short, and without what looks like a credential.

    Args:
        text: What somebody else's code says: it may quote a manifest, an address or a header.
        environ: Where secrets are that look like nothing.
    """
    line = redacted(text[:_READ], environ).strip().partition("\n")[0]
    return terminal(shorten(line, _MESSAGE))


def redacted(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Take out of a text what looks like a credential, and the values of variables that are called like one."""
    values = {value for name, value in environ.items() if len(value) >= _SHORTEST and _SECRET_NAME.match(name)}
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, _GONE)
    for pattern, instead in _SECRETS:
        text = re.sub(pattern, instead, text, flags=re.DOTALL)
    return text


def trace_of(error: BaseException, environ: Mapping[str, str] = os.environ) -> str:
    """An exception and those that led to it, itself last: of each where it came by, its kind, and what it says."""
    parts: list[str] = []
    one: BaseException | None = error
    while one is not None and len(parts) < _CHAIN:
        parts.append("\n".join(_told(one, environ)))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))


def _told(error: BaseException, environ: Mapping[str, str]) -> Iterator[str]:
    import traceback

    if isinstance(error, InternalError) and error.trace:
        yield f"{error.trace}\n\nwhich another process told\n"
    way = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), limit=-_FRAMES, lookup_lines=False)
    for frame in way:
        yield f"  {_shortened(frame.filename)}:{frame.lineno} in {frame.name}"
        if frame.filename.startswith("/"):  # a relative name could be found in the checkout
            yield f"    {shorten(frame.line or '', _MESSAGE)}"
    said = _said(error)
    if type(error).__name__ == "_RemoteTraceback":  # what was raised in another process, as text
        yield from re.findall(r'^  (File "[^\n"]{1,300}", line \d+, in \S{1,100})$', said, re.MULTILINE)[-_FRAMES:]
        said = "raised in another process"
    yield f"{type(error).__module__}.{type(error).__qualname__}: {safe_text(said, environ)}"


def _shortened(file: str) -> str:
    """A module's file from where Python found it: the rest says who is logged in, and nothing of the fault."""
    above = [folder.rstrip("/") + "/" for folder in sys.path if folder]
    return file[max((len(folder) for folder in above if file.startswith(folder)), default=0) :]


def _versions() -> Iterator[str]:
    import platform
    from importlib.metadata import PackageNotFoundError, requires, version

    from changegate import __version__

    yield f"changegate {__version__}"
    yield f"{platform.python_implementation()} {platform.python_version()} on {platform.platform()}"
    try:
        names = [
            re.split(r"[^\w.-]", stated, maxsplit=1)[0]
            for stated in requires("changegate") or ()
            if "extra" not in stated
        ]
    except PackageNotFoundError:
        return
    for name in names:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not installed"


def write_log(trace: str, environ: Mapping[str, str]) -> Path:
    """Write versions and a trace to a new file of the user's, and take away the oldest ones.

    Args:
        trace: As `trace_of` makes it: nothing is taken out of it here.
        environ: Where the user's state is.

    Returns:
        The file.

    Raises:
        ChangegateError: There is no place for it, or it cannot be written there.
    """
    from changegate.files import write_private

    top, folders = _state(environ)
    now = time.gmtime()
    said = [f"An unexpected error, at {time.strftime('%Y-%m-%dT%H:%M:%SZ', now)}.", *_versions(), "", trace]
    text = shorten("\n".join(said), LONGEST - 8) + "\n"
    name = f"crash-{time.strftime('%Y%m%dT%H%M%SZ', now)}-{os.urandom(4).hex()}.log"
    try:
        return write_private(top, folders, name, text.encode("ascii", "backslashreplace")[:LONGEST], _clean)
    except OSError as error:
        where = top.joinpath(*folders)
        raise ChangegateError(f"{where} cannot be written ({error.strerror}; no link is followed)") from error


def _clean(folder: int) -> None:
    """Remove the oldest of our files, and nothing else, from a folder that is open."""
    ours = sorted(name for name in os.listdir(folder) if _NAME.fullmatch(name))
    for name in ours[:-MOST_LOGS]:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)


def _state(environ: Mapping[str, str]) -> tuple[Path, tuple[str, ...]]:
    """The folder of the user's state, without links, and the folders below it that are ours."""
    from pathlib import Path

    stated, home = environ.get("XDG_STATE_HOME", ""), environ.get("HOME", "")
    if not stated.startswith("/") and not (home.startswith("/") and os.path.isdir(home)):  # noqa: PTH112  (start-up)
        raise ChangegateError("neither XDG_STATE_HOME nor HOME names a folder")
    top, folders = (stated, ("changegate",)) if stated.startswith("/") else (home, (".local", "state", "changegate"))
    real = Path(os.path.realpath(top))
    whole = real.joinpath(*folders)
    checkout = next((one for one in (whole, *whole.parents) if os.path.lexists(one / ".git")), None)
    if checkout is not None:
        raise ChangegateError(f"{whole} is in the checkout {checkout}, where no trace is written")
    return real, folders
