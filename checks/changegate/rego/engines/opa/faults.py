"""What can go wrong with an OPA server, each as a sentence that says what to do. Nothing here repeats a token."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from changegate.errors import EngineError
from changegate.records import NamedTuple
from changegate.resources import DOCS

if TYPE_CHECKING:
    import requests

HOW = f"{DOCS}/engines.md says how an OPA is run for changegate"
TOKEN = "CHANGEGATE_OPA_TOKEN"  # noqa: S105  (the name of the variable)


class OpaFault(NamedTuple):
    """One error as OPA reports it."""

    code: str
    """`rego_compile_error`, `eval_builtin_error`, …"""
    message: str
    file: str
    """The policy's id on the server; empty where none is named."""
    line: int | None


class UnreachableError(EngineError):
    """The server could not be reached, or not in time."""


class RefusedError(EngineError):
    """The server answered with an error."""

    status = 0
    """The HTTP status."""
    code = ""
    faults: tuple[OpaFault, ...] = ()
    """Errors in policies, where it names any."""

    @classmethod
    def of(cls, answer: requests.Response, where: str, purpose: str) -> RefusedError:
        """Read an answer that is not a success.

        Args:
            answer: What came back.
            where: The server's address.
            purpose: What was being done.
        """
        stated = _stated(answer.content)
        told = str(stated.get("message") or "") or _shown(answer.content)
        said = f"HTTP {answer.status_code}" + (f": {told}" if told else "")
        error = cls(f"the OPA server at {where} refused to {purpose}: {said}", hint=_advice(answer, told))
        error.status, error.code = answer.status_code, str(stated.get("code") or "")
        listed = stated.get("errors")
        error.faults = tuple(_fault(one) for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
        return error


def _stated(content: bytes) -> dict[str, Any]:
    try:
        stated = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _shown(content: bytes) -> str:
    """The beginning of what a proxy or another program said."""
    return " ".join(content[:200].decode("utf-8", "replace").split())


def _fault(stated: dict[str, Any]) -> OpaFault:
    place = stated.get("location")
    place = place if isinstance(place, dict) else {}
    row = place.get("row")
    return OpaFault(
        code=str(stated.get("code") or ""),
        message=str(stated.get("message") or ""),
        file=str(place.get("file") or ""),
        line=row if isinstance(row, int) and row > 0 else None,
    )


def _advice(answer: requests.Response, told: str) -> str:
    """What to do about a refusal: the first reason that fits."""
    status = answer.status_code
    target = urlsplit(answer.headers.get("Location", "")).netloc.rpartition("@")[2]
    advice = (
        (status in {401, 403}, f"set {TOKEN} to a token that may do this, and allow it in the server's policy; {HOW}"),
        (
            300 <= status < 400,
            f"no redirect is followed: give --opa-url the address of the OPA, not of {target or 'it'}",
        ),
        (
            "owned by bundle" in told,
            "let the server's bundle state its roots in its .manifest, so that others are free",
        ),
        ("HTTP request to an HTTPS server" in told, "write https:// in --opa-url"),
        (status in {404, 405}, "check --opa-url: this does not look like an OPA"),
        (status in {429, 502, 503, 504}, "run again when the server is well, or raise --opa-retries"),
    )
    return next((hint for fits, hint in advice if fits), f"look into the server's log; {HOW}")


_REASONS = (
    ("Hostname mismatch", "name the host in --opa-url as its certificate does"),
    ("IP address mismatch", "name the host in --opa-url as its certificate does"),
    ("certificate has expired", "let the server have a new certificate"),
    ("certificate verify failed", "give the certificate of the authority that signed it with --opa-ca"),
    ("certificate required", "the server asks for a client certificate: give --opa-cert and --opa-key"),
    ("bad certificate", "the server does not accept the client certificate: check --opa-cert and --opa-key"),
    ("unknown ca", "the server does not know who signed the client certificate: check --opa-cert"),
    ("wrong version number", "the server does not speak TLS: write http:// in --opa-url"),
    ("record layer failure", "the server does not speak TLS: write http:// in --opa-url"),
)
_TLS = re.compile(r"\[SSL[^\]]*\] ([^(\"']+)|(?:Hostname|IP address) mismatch[^.\"]*")


def tls(error: Exception, where: str) -> UnreachableError:
    """A connection that TLS did not allow."""
    text = str(error)
    plain = text.replace("_", " ").lower()
    found = _TLS.search(text)
    reason = (found[1] or found[0]).strip() if found else "TLS failed"
    detail = re.search(r"certificate verify failed: ([^('\"]+)", text)
    hint = next((hint for sign, hint in _REASONS if sign.lower() in plain), f"check --opa-ca, --opa-cert; {HOW}")
    shown = f"certificate verify failed: {detail[1].strip()}" if detail else reason
    return UnreachableError(f"no safe connection to the OPA server at {where}: {shown}", hint=hint)


def late(where: str, purpose: str, seconds: float) -> UnreachableError:
    """An exchange that was not over at its deadline."""
    message = f"the OPA server at {where} took longer than {seconds:g} s to {purpose}"
    return UnreachableError(message, hint="look whether the server is well, or raise --opa-timeout")


def broken(error: Exception, where: str, purpose: str) -> UnreachableError:
    """A connection that did not come about, or did not hold."""
    message = f"the OPA server at {where} could not be asked to {purpose}: {_cause(error)}"
    hint = "look whether it runs and --opa-url is right; proxies of the environment are not used"
    return UnreachableError(message, hint=hint)


_CAUSES = (
    ("refused", "the connection was refused"),
    ("Name or service not known", "its name is not known"),
    ("failed to resolve", "its name is not known"),
    ("No route to host", "there is no route to it"),
    ("unreachable", "its network is unreachable"),
    ("IncompleteRead", "its answer ended in the middle"),
    ("InvalidChunkLength", "its answer is cut up wrongly"),
    ("BadStatusLine", "it does not speak HTTP"),
    ("LineTooLong", "it does not speak HTTP"),
    ("header line", "it does not speak HTTP"),
    ("without response", "it closed the connection without an answer"),
    ("reset", "it cut the connection"),
    ("Broken pipe", "it cut the connection"),
)


def _cause(error: Exception) -> str:
    text = repr(error)
    return next((told for sign, told in _CAUSES if sign.lower() in text.lower()), f"{type(error).__name__}")


def unlike(where: str, purpose: str, what: str) -> EngineError:
    """An answer that is not what an OPA answers."""
    message = f"the OPA server at {where} was asked to {purpose}, but {what}"
    return EngineError(message, hint="check --opa-url: what answers there may be no OPA, or stand before one")
