"""The builtins that a policy may call: those on which the engines agree, and that reach neither clock nor network.

A name that is missing here is refused before anything is evaluated: the embedded engine would notice some of them only
when they are reached, and leave others undefined: a rule that never fires. `docs/engine-differences.md` shows the list
with the reasons; the tests call each builtin of OPA on both engines, and hold the list to what they find.
"""

from __future__ import annotations

ARITIES = {
    # aggregates
    "count": 1,
    **{"max": 1, "min": 1, "sort": 1},
    **{"sum": 1, "product": 1},
    # arrays, objects, sets
    **{"array.concat": 2, "array.reverse": 1, "array.slice": 3},
    **{"object.filter": 2, "object.get": 3, "object.keys": 1, "object.remove": 2, "object.union": 2},
    "object.union_n": 1,
    **{"intersection": 1, "union": 1},
    "graph.reachable": 2,
    # strings
    **{"concat": 2, "contains": 2, "endswith": 2, "startswith": 2, "split": 2, "strings.reverse": 1},
    **{"lower": 1, "upper": 1, "replace": 3, "indexof": 2, "indexof_n": 2, "substring": 3, "format_int": 2},
    **{"trim": 2, "trim_left": 2, "trim_prefix": 2, "trim_right": 2, "trim_space": 1, "trim_suffix": 2},
    **{"strings.any_prefix_match": 2, "strings.any_suffix_match": 2},
    "sprintf": 2,
    # types, numbers
    **{"abs": 1, "ceil": 1, "floor": 1, "round": 1, "numbers.range": 2, "numbers.range_step": 3, "to_number": 1},
    **{"is_array": 1, "is_boolean": 1, "is_null": 1, "is_number": 1, "is_object": 1, "is_set": 1, "is_string": 1},
    "type_name": 1,
    # encodings
    **{"base64.encode": 1, "base64.decode": 1, "base64url.encode": 1, "base64url.encode_no_pad": 1},
    **{"base64url.decode": 1, "hex.encode": 1, "hex.decode": 1, "json.unmarshal": 1},
    # versions, quantities, times that are given
    **{"semver.compare": 2, "semver.is_valid": 1, "units.parse": 1, "units.parse_bytes": 1},
    **{"time.parse_rfc3339_ns": 1, "time.parse_duration_ns": 1},
    # patterns
    **{"regex.match": 2, "regex.replace": 3, "regex.find_n": 3, "glob.match": 3},
    # the call with two arguments only: as a value it yields nothing on the embedded engine
    "walk": 1,
    # shown by `--verbose` runs of tests, without a value
    "print": -1,
}
"""Builtin that policies may call -> how many arguments it takes; -1: any number."""
ALLOWED = frozenset(ARITIES)
"""The names alone."""

_FACT = "policies compare, count and select; give them the fact in the input"
HINTS = {
    "all": "write `every x in list { x }`",
    "any": "write `true in list`",
    "http.send": "policies reach no network; " + _FACT,
    "time.now_ns": "policies see no clock: the input has the time of the run, `input.context.now`, in seconds",
    "opa.runtime": "policies see no environment; " + _FACT,
    "object.subset": "compare key by key: `every key, value in part { whole[key] == value }`",
    "json.filter": "select with a comprehension, or `object.filter` for the keys of one object",
    "json.remove": "select with a comprehension, or `object.remove` for the keys of one object",
    "json.patch": "build the object with a comprehension and `object.union`",
    "json.marshal": 'write `sprintf("%v", [value])`',
    "json.is_valid": "`json.unmarshal` is an error where the text is no JSON",
    "json.match_schema": "write rules for what must hold, or ask for a field with `object.get`",
    "yaml.unmarshal": "YAML is read before policies see it: use the input",
    "strings.replace_n": "call `replace` once for each text",
    "strings.count": "write `count(indexof_n(text, part))`, which counts overlapping ones, too",
    "strings.split_n": "write `array.slice(split(text, by), 0, n)`",
    "regex.split": "write `split(text, by)` with a fixed text",
    "regex.is_valid": "write the pattern as a literal: it is checked when the policy is loaded",
    "regex.find_all_string_submatch_n": "write `regex.find_n(pattern, text, n)`, and `split` what it found",
    "glob.quote_meta": "write the pattern as a literal",
    "array.flatten": "write `[item | some list in lists; some item in list]`",
    "re_match": "write `regex.match(pattern, text)`",
    "time.parse_ns": "write `time.parse_rfc3339_ns(text)`",
    "set_diff": "write `a - b`",
    "and": "write `a & b`",
    "or": "write `a | b`",
    "equal": "write `a == b`",
    "neq": "write `a != b`",
    "eq": "write `a == b`",
    "assign": "write `a := b`",
    "lt": "write `a < b`",
    "lte": "write `a <= b`",
    "gt": "write `a > b`",
    "gte": "write `a >= b`",
    "plus": "write `a + b`",
    "minus": "write `a - b`",
    "mul": "write `a * b`",
    "div": "write `a / b`",
    "rem": "write `a % b`",
    "uuid.rfc4122": "it is random; " + _FACT,
    "rand.intn": "it is random; " + _FACT,
    "trace": "write `print(value)`",
}
"""Builtin that is not allowed -> what to write instead."""


def hint_of(name: str) -> str:
    """What to do without a builtin."""
    return HINTS.get(name, _FACT)
