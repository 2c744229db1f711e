"""How much a document says to a reader."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from changegate.evidence.prose import words_count
from changegate.resources import FIXTURES

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted((FIXTURES / "gitops-repo" / "models").glob("*/*[A-Z].md"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Model card\n\n## Intended use\n\n## Limits\n",
        "Model card of the fraud detector in production\n=====\n\nIntended use of it by the people\n----\n",
        "TODO",
        "# Runbook\n\nTODO: write down what to do when it fails at night and whom to call then\n",
        "- TBD\n- tbd\n- N/A\n- ...\n- none\n",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor",
        "<!-- Say here what the model is for, who uses it, and what it was tested on. -->",
        "<!-- never closed, so that nobody reads any of the words that come after it",
        "---\nlicense: apache-2.0\ntags: [fraud, cards, tabular, classification, payments, scoring, risk]\n---\n",
        "{{ model_description }}\n\n[More Information Needed]\n\n[Insert who is called and when and why and how]\n",
        "word " * 500,
        "This document is to be written",
        "1. 2. 3. 4. 5. 6. 7. 8. 9. 10.",
    ],
)
def test_what_says_nothing(text: str) -> None:
    assert words_count(text.encode()) < 8


@pytest.mark.parametrize(
    "text",
    [
        "If errors rise, abort the rollout and page the on-call team at once.",
        "# Runbook\r\n\r\n1. Look at the dashboard.\r\n2. Abort the rollout.\r\n3. Page whoever is on call.\r\n",
        "モデルが失敗したら担当者を呼び出してください",
        "None of the features is personal; todo lists of the users are never read by it.",
    ],
)
def test_what_says_something(text: str) -> None:
    assert words_count(text.encode()) >= 8


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_documents_of_the_fixtures_say_something(path: Path) -> None:
    assert words_count(path.read_bytes()) >= 20


def test_a_file_that_is_no_text_is_not_read() -> None:
    assert words_count(b"%PDF-1.7\n") == words_count(b"PK\x03\x04\x00\x00") == 10_000


@pytest.mark.parametrize("piece", ["{{", "[insert ", "<!--", "<", "---\n", "[", " ", "#", "todo ", "a\n-", "> "])
def test_no_text_takes_long(piece: str) -> None:
    begin = time.perf_counter()
    words_count((piece * (300_000 // len(piece))).encode())
    assert time.perf_counter() - begin < 5
