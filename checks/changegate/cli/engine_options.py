"""The options of every command that evaluates policies: which engine, and how it is reached."""

from __future__ import annotations

import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.errors import UsageError
from changegate.rego.engines import HOSTS, EngineOptions, Secret
from changegate.rego.engines.chosen import check_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.rego.bundle import Bundle, Module

TOKEN = "CHANGEGATE_OPA_TOKEN"  # noqa: S105  (the name of the variable)
"""Where the token for the server is. No option: a command line may be read by every process of the machine."""

_DEFAULTS = EngineOptions()
_OPTIONS = (
    click.option(
        "--engine",
        type=click.Choice(list(HOSTS)),
        default=None,
        help="What evaluates the policies. [default: the one that the base names, else embedded]",
    ),
    click.option("--opa-url", metavar="URL", default="", help="An OPA server. [default: one is started for the run]"),
    click.option("--opa-ca", metavar="FILE", default="", help="Certificates of who may sign the server's."),
    click.option("--opa-cert", metavar="FILE", default="", help="Our certificate for the server."),
    click.option("--opa-key", metavar="FILE", default="", help="Its key, where that is in a file of its own."),
    click.option(
        "--opa-timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, max=3600, min_open=True),
        default=_DEFAULTS.opa_timeout,
        show_default=True,
        help="For each exchange with the server, with all its attempts.",
    ),
    click.option(
        "--opa-retries",
        metavar="N",
        type=click.IntRange(0, 20),
        default=_DEFAULTS.opa_retries,
        show_default=True,
        help="Further attempts where the server is busy or not reached.",
    ),
    click.option(
        "--opa-bundle-revision",
        metavar="REV",
        default="",
        help="Use our policies from the server's own bundle of this revision.",
    ),
)


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it gets them as `engine: EngineOptions`."""

    @wraps(command)
    def given(*arguments: Any, engine: str | None, **options: Any) -> Any:
        opa = {name: options.pop(name) for name in list(options) if name.startswith("opa_")}
        for name in ("opa_ca", "opa_cert", "opa_key"):
            opa[name] = opa[name] and os.fspath(options.get("directory", Path()) / opa[name])
        return command(*arguments, engine=options_of(engine or "", opa, os.environ), **options)

    for option in reversed(_OPTIONS):
        given = option(given)
    return given


def options_of(engine: str, opa: Mapping[str, Any], environ: Mapping[str, str]) -> EngineOptions:
    """Put together what the command line and the environment say.

    Args:
        engine: The engine's name; empty for the one that the configuration names.
        opa: The fields of `EngineOptions` that are for OPA.
        environ: Where the token is.

    Raises:
        UsageError: An option is for another engine, or the token is none.
    """
    options = EngineOptions(engine=engine, **opa)
    if not options.opa_timeout > 0:  # nor is `nan`, which click lets pass
        raise UsageError("--opa-timeout is no number of seconds", hint="give seconds, such as 10")
    check_options(options)
    if options.opa_bundle_revision:
        options = options._replace(beside=_beside)
    return options._replace(opa_token=_token(environ)) if options.opa_url else options


def _beside(bundle: Bundle) -> tuple[Module, ...]:
    from changegate.own_policies.pack import beside

    return beside(bundle)


def _token(environ: Mapping[str, str]) -> Secret:
    """Read the token; what is wrong with one is said without it."""
    text = environ.get(TOKEN, "").strip()
    if not all("!" <= letter <= "~" for letter in text):
        raise UsageError(f"{TOKEN} holds what cannot be a token", hint="it is one word of printable ASCII characters")
    return Secret(text)
