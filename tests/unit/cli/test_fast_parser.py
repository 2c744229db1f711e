"""Plain words are read without click, and mean what they mean to click; all others are left to it."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changegate.cli.check import command
from changegate.cli.checking import OPTIONS, SHOWN
from changegate.cli.fast_parser import read_words

TABLE = (*OPTIONS, *SHOWN)
NAMES = sorted(name for option in TABLE for name in option.names)
ODD = [
    "-",
    "--",
    "-vq",
    "-oconsole",
    "-o=json",
    "--stag",
    "--verbose=1",
    "--help",
    "-h",
    "--engine",
    "opa",
    "--opa-url",
]
VALUES = [
    "main",
    "",
    "a b",
    "models/a.yaml",
    "local",
    "pull-request",
    "warning",
    "always",
    "json=x.json",
    "-x",
    "é",
    "a=b",
]


def by_click(words: list[str]) -> dict[str, Any] | None:
    """What click makes of the words; None where it refuses them, or does something else."""
    try:
        params = dict(command.make_context("check", list(words)).params)
    except (click.ClickException, click.exceptions.Exit):
        return None
    engine = {name: params.pop(name) for name in list(params) if name == "engine" or name.startswith("opa_")}
    return None if any(word.startswith(("--engine", "--opa")) for word in words) else {**params, "_": bool(engine)}


@settings(max_examples=1500, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.sampled_from(NAMES),
            st.sampled_from(VALUES),
            st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)).map("=".join),
            st.sampled_from(ODD),
        ),
        max_size=6,
    )
)
def test_what_is_read_is_what_click_reads(words: list[str]) -> None:
    found = read_words(words, TABLE)
    if found is not None:
        assert {**found, "_": True} == by_click(words)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--base", "main", "--head=HEAD", "-q"],
        ["-C", "repository", "--all", "models/a.yaml", "-o", "console", "--output=junit=gate.xml", "models/b.yaml"],
        ["--trusted-ref", "refs/heads/main", "--approvals", "../approvals.json", "--stage", "merge", "-o", "github"],
        ["--policy", "a", "--policy=b", "--trace", "rollout/bake-too-short", "--fail-on=warning", "--color", "never"],
    ],
)
def test_the_words_of_the_manual_are_plain(words: list[str]) -> None:
    found = read_words(words, TABLE)
    assert found is not None
    assert {**found, "_": True} == by_click(words)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--bas", "main"],
        ["--base"],
        ["--base", "--all"],
        ["--stage", "prod"],
        ["--all=1"],
        ["-qv"],
        ["-ojson"],
        ["--", "a"],
        ["-"],
        ["--engine", "embedded"],
    ],
)
def test_all_else_is_left_to_click(words: list[str]) -> None:
    assert read_words(words, TABLE) is None
