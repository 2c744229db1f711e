"""The builtins that a policy may call: those that the embedded engine has. None reaches clock or network.

A name that is missing here is refused before anything is evaluated. `docs/engine-differences.md` shows the list; the
tests call each builtin of OPA on both engines, and hold the list to what they find.
"""

from __future__ import annotations

from changegate.rego.normal import builtins
from changegate.rego.normal.builtins import CLOCK, CONFIGS

__all__ = ["ALLOWED", "ARITIES", "CLOCK", "OF_TESTS", "ONLY_OPA", "REACHES_OUT", "hint_of"]

ARITIES = {
    **{
        name: arity
        for name, arity in builtins.ARITIES.items()
        if not name.startswith("internal.") and name not in CONFIGS
    },
    # shown by `--verbose` runs of tests, without a value
    "print": -1,
}
"""Builtin that policies may call -> how many arguments it takes; -1: any number."""
ALLOWED = frozenset(ARITIES)
"""The names alone."""

OF_TESTS = {name: arity for name, (arity, _) in CONFIGS.items()}
"""Builtin of conftest's that tests of policies may call, too -> how many arguments it takes."""

ONLY_OPA = frozenset(
    {
        *("crypto.parse_private_keys", "crypto.x509.parse_certificate_request", "crypto.x509.parse_certificates"),
        *("crypto.x509.parse_keypair", "crypto.x509.parse_rsa_private_key"),
        *("graphql.is_valid", "graphql.parse", "graphql.parse_and_verify", "graphql.parse_query"),
        *("graphql.parse_schema", "graphql.schema_is_valid"),
        *("io.jwt.decode", "io.jwt.verify_eddsa", "io.jwt.verify_es256", "io.jwt.verify_es384", "io.jwt.verify_es512"),
        *("io.jwt.verify_hs256", "io.jwt.verify_hs384", "io.jwt.verify_hs512", "io.jwt.verify_ps256"),
        *("io.jwt.verify_ps384", "io.jwt.verify_ps512", "io.jwt.verify_rs256", "io.jwt.verify_rs384"),
        *("io.jwt.verify_rs512", "net.cidr_merge", "providers.aws.sign_req", "regex.globs_match"),
        *("rego.metadata.chain", "rego.metadata.rule", "rego.parse_module", "strings.render_template"),
        *("uri.is_valid", "uri.parse", "uuid.parse", "yaml.marshal"),
    }
)
"""What OPA has beside those: pure functions of what they are given."""
_FACT = "policies compare, count and select; give them the fact in the input"
_MOMENT = "compare moments that are in the input, or `time.now_ns()`, which is the recorded time of the run"
REACHES_OUT = {
    "http.send": "reaches the network",
    "net.lookup_ip_addr": "reaches the network",
    "json.match_schema": "may fetch over the network what a schema refers to",
    "json.verify_schema": "may fetch over the network what a schema refers to",
    "opa.runtime": "reads the environment",
    "rand.intn": "is left to chance",
    "uuid.rfc4122": "is left to chance",
    "io.jwt.encode_sign": "is left to chance",
    "io.jwt.encode_sign_raw": "is left to chance",
    "io.jwt.decode_verify": "reads the clock",
    "crypto.x509.parse_and_verify_certificates": "reads the clock",
    "crypto.x509.parse_and_verify_certificates_with_options": "reads the clock",
}
"""Builtin of OPA that no policy may call on any engine -> what it does. The clock is no part: see `clock.py`."""
HINTS = {
    "all": "write `every x in list { x }`",
    "any": "write `true in list`",
    "json.match_schema": "write rules for what must hold, or ask for a field with `object.get`",
    "json.verify_schema": "write rules for what must hold, or ask for a field with `object.get`",
    "io.jwt.decode_verify": "verify it by `io.jwt.verify_…`, and " + _MOMENT,
    "crypto.x509.parse_and_verify_certificates": "parse it by `crypto.x509.parse_certificates`, and " + _MOMENT,
    "re_match": "write `regex.match(pattern, text)`",
    "set_diff": "write `a - b`",
    "eq": "write `a == b`",
    "assign": "write `a := b`",
}
"""Builtin that is not allowed -> what to write instead."""


def hint_of(name: str) -> str:
    """What to do without a builtin."""
    if name in OF_TESTS:
        return "policies read no configuration but their input: call it in a test (`_test.rego`)"
    return HINTS.get(name, _FACT)
