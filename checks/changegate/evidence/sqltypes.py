"""The types of SQL and of its dialects, as the lattice names them (`evidence.dtypes`).

One word means different things: `float` has 32 bits in Spark and 64 in PostgreSQL, `int8` has bytes here and bits
there. Where the dialect is not known, such a word says its kind and not its width. Sources: the manuals of the systems.
"""

from __future__ import annotations

import re

from changegate.evidence.dtypes import UNKNOWN

_TYPES = {
    "bool": "bool boolean",
    "int8": "tinyint byte",
    "int16": "smallint int2 short",
    "int32": "int integer int4 mediumint serial",
    "int64": "bigint int64 long bigserial",
    "uint8": "utinyint uint8",
    "uint16": "usmallint uint16",
    "uint32": "uinteger uint32",
    "uint64": "ubigint uint64",
    "integer": "int8 int128 hugeint byteint",
    "float32": "real float4 float32 binary_float",
    "float64": "double float8 float64 binary_double",
    "number": "float",
    "decimal": "decimal numeric number dec bignumeric bigdecimal money smallmoney",
    "string": "varchar char character text string nvarchar nchar varchar2 nvarchar2 bpchar clob ntext tinytext "
    "mediumtext longtext uuid uniqueidentifier enum citext",
    "binary": "bytea blob binary varbinary bytes raw image longblob",
    "date": "date date32",
    "datetime": "timestamp datetime datetime2 timestamptz timestamp_ntz timestamp_ltz timestamp_tz smalldatetime "
    "datetimeoffset datetime64 timestamp_s timestamp_ms timestamp_ns",
    "time": "time timetz",
    "duration": "interval",
    "json": "json jsonb variant object map struct row super",
    "list": "array list",
    "embedding": "vector",
}
_PLAIN = {word: dtype for dtype, words in _TYPES.items() for word in words.split()}
_POSTGRES = {"int8": "int64", "float": "float64"}
_SPARK = {"float": "float32"}
_WIDE = {"float": "float64", "int": "integer", "integer": "integer", "smallint": "integer"}
_MICROSOFT = {"float": "float64", "bit": "bool", "tinyint": "uint8"}
_DIALECTS: dict[str, dict[str, str]] = {
    **dict.fromkeys(("postgres", "postgresql", "redshift", "materialize", "risingwave"), _POSTGRES),
    "duckdb": {"int8": "int64", "float": "float32", "int1": "int8"},
    **dict.fromkeys(("spark", "databricks", "hive", "athena", "trino", "mysql"), _SPARK),
    **dict.fromkeys(("bigquery", "oracle"), _WIDE),
    "snowflake": {
        "float": "float64", "double": "float64", "real": "float64", "float4": "float64", "byte": UNKNOWN,
        **dict.fromkeys(("int", "integer", "bigint", "smallint", "tinyint"), "integer"),
    },
    **dict.fromkeys(("sqlserver", "fabric", "synapse"), _MICROSOFT),
    "clickhouse": {"int8": "int8", "int16": "int16", "int32": "int32", "bool": "bool"},
}  # fmt: skip
_FORM = re.compile(
    r"([a-z_0-9]+(?: (?:precision|varying|large object))?)\s*([(<\[].*)?( (?:with|without) .*| unsigned)?"
)
_LONGEST = 4096
_PHRASES = {"double precision": "float64", "character varying": "string", "binary varying": "binary"}


def sql_type(said: str, dialect: str = "") -> str:
    """The type of the lattice that a column's type is.

    Args:
        said: Such as `varchar(40)`, `double precision`, `array<int>`.
        dialect: The system, as dbt and ODCS name it; empty where it is not known.
    """
    words = " ".join(said[:_LONGEST].lower().split())
    if words.endswith("[]"):
        return "list"
    match = _FORM.fullmatch(words)
    if match is None:
        return UNKNOWN
    word = match[1]
    if match[3] == " unsigned":
        signed = _PLAIN.get(word, "")
        return f"u{signed}" if signed in {"int8", "int16", "int32", "int64"} else UNKNOWN
    known = _DIALECTS.get(dialect.lower(), {}).get(word) or _PHRASES.get(word)
    return known or _PLAIN.get(word, UNKNOWN)
