"""What was meant by a path that leads to no file."""

from __future__ import annotations

import pytest

from changegate.evidence.nearest import Nearest
from support.trees import DictTree

FILES = (
    "MODEL_CARD.md",
    "contracts/reviews.yaml",
    "contracts/transactions.yaml",
    "models/fraud/evidence/evaluation.json",
    "models/fraud/evidence/fairness.json",
    "models/credit/evidence/evaluation.json",
    "models/credit/manifest.yaml",
)
NEAREST = Nearest(DictTree(dict.fromkeys(FILES, b"x")))


@pytest.mark.parametrize(
    ("path", "beside", "meant"),
    [
        ("evidence/evaluation.json", "models/fraud", "models/fraud/evidence/evaluation.json"),
        ("evidence/evaluation.json", "models/credit", "models/credit/evidence/evaluation.json"),
        ("../fraud/evidence/evaluation.json", "models/credit", "models/fraud/evidence/evaluation.json"),
        ("manifest.yaml", "models/credit", "models/credit/manifest.yaml"),
        ("models/fraud/evidence/evaluatoin.json", "models/fraud", "models/fraud/evidence/evaluation.json"),
        ("evidence/evaluatoin.json", "models/fraud", "models/fraud/evidence/evaluation.json"),
        ("models/Fraud/evidence/evaluation.json", "models/fraud", "models/fraud/evidence/evaluation.json"),
        ("models/fruad/evidence/fairness.json", "models/fraud", "models/fraud/evidence/fairness.json"),
        ("contracts/review.yaml", "models/fraud", "contracts/reviews.yaml"),
        ("model_card.md", "", "MODEL_CARD.md"),
        ("nothing/like/it.bin", "models/fraud", ""),
        ("", "models/fraud", ""),
    ],
)
def test_the_file_that_was_meant(path: str, beside: str, meant: str) -> None:
    assert NEAREST.find(path, beside) == meant


def test_a_folder_of_many_files_costs_little() -> None:
    many = Nearest(DictTree({f"evidence/report-{number}.json": b"x" for number in range(5000)}))
    assert [many.find(f"evidence/reprt-{number}.json") for number in range(200)]
