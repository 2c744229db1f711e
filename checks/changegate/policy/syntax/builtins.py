"""The builtins that a policy may call: those on which the engines agree, and that reach neither clock nor network.

The list is short on purpose. A name that is missing here is refused before anything is evaluated: the embedded engine
would notice some of them only when they are reached, and leave others undefined: a rule that never fires.
"""

from __future__ import annotations

ALLOWED = frozenset(
    {
        # aggregates
        *("count", "max", "min", "sort", "sum", "product"),
        # arrays, objects, sets
        *("array.concat", "array.reverse", "array.slice"),
        *(
            "object.filter",
            "object.get",
            "object.keys",
            "object.remove",
            "object.subset",
            "object.union",
            "object.union_n",
        ),
        *("intersection", "union"),
        *("json.filter", "json.patch", "json.remove"),
        # strings
        *("concat", "contains", "endswith", "indexof", "lower", "replace", "split", "startswith", "substring", "upper"),
        *("trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix"),
        *("strings.any_prefix_match", "strings.any_suffix_match", "format_int", "sprintf"),
        # types, numbers, bits
        *("abs", "ceil", "floor", "round", "numbers.range", "to_number"),
        *("is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name"),
        # patterns
        *("regex.match", "glob.match"),
        # the call with two arguments only: as a value it yields nothing on the embedded engine
        "walk",
        # shown by `--verbose` runs of tests, without a value
        "print",
    }
)
