"""Hugging Face: a model card whose front matter has a model-index."""

from __future__ import annotations

import sys
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData

results = [
    EvalResult("text-classification", "imdb", "IMDb", "accuracy", 0.9123, dataset_split="test", metric_name="Accuracy"),
    EvalResult("text-classification", "imdb", "IMDb", "f1", 0.9081, dataset_split="test", dataset_revision="5503434"),
    EvalResult("text-classification", "yelp", "Yelp", "accuracy", 0.887, dataset_config="polarity", verified=False),
]
data = ModelCardData(language="en", license="mit", model_name="reviews", eval_results=results)
Path(sys.argv[1], "README.md").write_text(
    f"---\n{data.to_yaml()}\n---\n\n# Reviews\n\nTells good reviews from bad ones.\n"
)
ModelCard.load(Path(sys.argv[1], "README.md"))
