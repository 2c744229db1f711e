"""Tokens, keys and passwords, by the forms that hubs and providers give them: found in a text, and taken out of it.

Only what has a form of its own is found. A digest or a commit is none: no form here is of hex digits alone, unless
their name stands beside them. What is found is never shown, and never kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "[taken-out:"
"""What stands in the place of a secret begins so."""
_BEFORE, _AFTER = r"(?<![A-Za-z0-9/+_-])", r"(?![A-Za-z0-9/+_=-])"
# NOTE: texts, which `re` compiles when their mark stands in a text: few runs need one, and compiling takes start-up.
_FORMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("a token of Hugging Face", ("hf_", "api_org_"), r"(?:hf_|api_org_)[A-Za-z0-9]{30,}"),
    ("a key of Anthropic", ("sk-ant-",), r"sk-ant-[A-Za-z0-9_-]{24,}"),
    ("a key of OpenAI", ("sk-",), r"sk-(?!ant-)(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})"),
    ("a key of AWS", ("AKIA", "ASIA", "ABIA", "ACCA"), r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    ("a key of Google", ("AIza",), r"AIza[0-9A-Za-z_-]{35}"),
    ("a token of Google", ("ya29.", "GOCSPX-"), r"(?:ya29\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,})"),
    ("a token of GitHub", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
     r"(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
    ("a token of GitLab", ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-", "glimt-"),
     r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[A-Za-z0-9_-]{20,}"),
    ("a key of Weights & Biases", ("wandb_v1_",), r"wandb_v1_[A-Za-z0-9_]{40,}"),
    ("a token of Databricks", ("dapi",), r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("a token of Replicate", ("r8_",), r"r8_[A-Za-z0-9]{37,}"),
    ("a key of Groq", ("gsk_",), r"gsk_[A-Za-z0-9]{40,}"),
    ("a key of NVIDIA", ("nvapi-",), r"nvapi-[A-Za-z0-9_-]{40,}"),
    ("a key of LangSmith", ("lsv2_",), r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    ("a token of Slack", ("xox",), r"xox[abeprs]-[A-Za-z0-9-]{10,}"),
    ("a key of Stripe", ("_live_",), r"[rs]k_live_[A-Za-z0-9]{20,}"),
    ("a token of a package index", ("pypi-", "npm_"), r"(?:pypi-AgE[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36})"),
    ("a token of Docker Hub", ("dckr_",), r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    ("a signed token", ("eyJ",), r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}"),
)  # fmt: skip
"""What it is -> what stands in every one of them, and its form between other characters."""
_IN_PLACE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("a private key", ("PRIVATE KEY",), r"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\]*"),
    ("a webhook of Slack", ("hooks.slack.com",),
     r"(?<=hooks\.slack\.com/services/)T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}"),
    ("a key of Azure storage", ("AccountKey=",), r"(?<=AccountKey=)[A-Za-z0-9+/]{40,}={0,2}"),
    ("a secret key of AWS", ("aws_secret", "AWS_SECRET"),
     r"(?i:(?<=aws_secret_access_key)\W{1,6})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"),
    ("a key of Weights & Biases", ("WANDB_API_KEY", "wandb_api_key"), r"(?i:(?<=wandb_api_key)\W{1,6})[0-9a-f]{40}"),
    ("a password of MLflow", ("MLFLOW_TRACKING_",),
     r"(?:(?<=MLFLOW_TRACKING_PASSWORD)|(?<=MLFLOW_TRACKING_TOKEN))\W{1,6}[^\s\"',;}$<{]{8,}"),
)  # fmt: skip
"""The same, of what is known by what stands beside it."""
_IN_ADDRESSES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("a shared access signature of Azure", ("sig=",), r"(?<=[?&]sig=)[A-Za-z0-9%+/_-]{20,}={0,2}"),
    ("a signature of AWS in an address", ("X-Amz-Signature=",), r"(?<=X-Amz-Signature=)[0-9a-f]{64}"),
    ("a signature of Google in an address", ("X-Goog-Signature=",), r"(?<=X-Goog-Signature=)[0-9a-f]{64,}"),
    (
        "a password in an address",
        ("@",),
        r"(?<=://)[^\s/:@\"'<>{}$]*:(?![*x]+@|\$|<|\{|%24)[^\s/@\"'<>{}]{3,}(?=@[A-Za-z0-9\[])",
    ),
)
"""The same, of what gives access in an address."""
_SAMPLE = re.compile(r"EXAMPLE|(.)\1{15}")
"""What documentation shows in the place of a key."""


class FoundSecret(NamedTuple):
    """Where a secret stands in a text. What it is, nobody needs to know."""

    kind: str
    begin: int
    end: int
    in_address: bool
    """Whether it gives access in an address."""


def secrets_in(text: str) -> list[FoundSecret]:
    """Find secrets, in their order; of two that overlap the longer one.

    Args:
        text: Any text.
    """
    found: list[FoundSecret] = []
    for one in sorted(_found(text), key=lambda secret: (secret.begin, -secret.end)):
        if not found or one.begin >= found[-1].end:
            found.append(one)
    return found


def _found(text: str) -> Iterator[FoundSecret]:
    for at in {at for mark, at in _MARKS if mark in text}:
        kind, form, in_address = _LOOKED_FOR[at]
        for match in re.finditer(form, text):
            if not _SAMPLE.search(match[0]):
                yield FoundSecret(kind, match.start(), match.end(), in_address)


def _looked_for() -> Iterator[tuple[str, tuple[str, ...], str, bool]]:
    for kind, marks, form in _FORMS:
        yield kind, marks, f"{_BEFORE}(?:{form}){_AFTER}", False
    for forms, in_address in ((_IN_PLACE, False), (_IN_ADDRESSES, True)):
        for kind, marks, form in forms:
            yield kind, marks, form, in_address


_LOOKED_FOR = tuple((kind, form, in_address) for kind, _, form, in_address in _looked_for())
_MARKS = tuple((mark, at) for at, (_, marks, _, _) in enumerate(_looked_for()) for mark in marks)


def _mark(one: FoundSecret) -> str:
    """What stands in a secret's place: without a blank, so that an address stays one."""
    return f"{MARK}{one.kind.replace(' ', '-').replace('&', 'and')}]"


def masked(text: str) -> str:
    """A text without its secrets; in the place of each stands what it was."""
    parts, done = [], 0
    for one in secrets_in(text):
        parts += [text[done : one.begin], _mark(one)]
        done = one.end
    return "".join([*parts, text[done:]])


def masked_lines(lines: list[str]) -> list[str]:
    """The lines of a file without their secrets; of a private key on several lines none is left."""
    text = "\n".join(lines)
    found = secrets_in(text)
    if not found:
        return lines
    kept = list(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for one in reversed(found):
        first, last = (bisect_right(starts, place) - 1 for place in (one.begin, one.end - 1))
        for number in range(first, last + 1):
            begin = max(0, one.begin - starts[number])
            end = one.end - starts[number]
            kept[number] = f"{kept[number][:begin]}{_mark(one)}{kept[number][end:]}"
    return kept


def masked_value(value: Any) -> Any:
    """A JSON value without the secrets in its texts and keys.

    Its texts are looked at as they were read and not as they are written: a secret may be folded over two lines. They
    are looked at together first: what one of them holds, all of them hold.
    """
    return _masked_value(value) if secrets_in("\n".join(texts_of(value))) else value


def texts_of(value: Any) -> list[str]:
    """The texts and the keys of a JSON value."""
    texts: list[str] = []
    _gather_texts(value, texts)
    return texts


def _gather_texts(value: Any, into: list[str]) -> None:
    if isinstance(value, str):
        into.append(value)
    elif isinstance(value, list):
        for one in value:
            _gather_texts(one, into)
    elif isinstance(value, dict):
        into += value
        for one in value.values():
            _gather_texts(one, into)


def _masked_value(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_masked_value(one) for one in value]
    if isinstance(value, dict):
        return {masked(key): _masked_value(one) for key, one in value.items()}
    return value
