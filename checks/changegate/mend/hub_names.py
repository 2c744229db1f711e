"""What hubs call tasks and licences, by what a manifest calls them."""

from __future__ import annotations

from typing import Any

_TASKS = {
    "classification": "text-classification token-classification image-classification audio-classification "
    "tabular-classification zero-shot-classification video-classification",
    "regression": "tabular-regression",
    "ranking": "text-ranking",
    "generation": "text-generation text2text-generation summarization translation image-to-text image-text-to-text "
    "question-answering text-to-image conversational",
    "embedding": "sentence-similarity feature-extraction",
    "detection": "object-detection zero-shot-object-detection",
    "segmentation": "image-segmentation mask-generation",
    "speech": "automatic-speech-recognition text-to-speech",
    "forecasting": "time-series-forecasting",
}
_BY_NAME = {name: task for task, names in _TASKS.items() for name in names.split()}


def task_of(stated: Any) -> str:
    """A manifest's task by the name that a hub has for it; empty where it has none."""
    return _BY_NAME.get(stated, "") if isinstance(stated, str) else ""


def text_of(value: Any, most: int = 200) -> str:
    """A text of a source, if it is one that a manifest can hold; else empty."""
    fits = isinstance(value, str) and 0 < len(value) <= most and value.isprintable()
    return str(value) if fits else ""


def licence_of(card: dict[str, Any]) -> dict[str, str]:
    """The licence as SPDX writes it, where the card's name of it is one of SPDX but for its capitals."""
    stated = text_of(card.get("license"), 64)
    known = _SPDX.get(stated.lower(), "")
    name = text_of(card.get("license_name"), 64)
    if stated == "other" and name and all(part.isalnum() or part in "-." for part in name):
        known = f"LicenseRef-{name}"
    return {"licence": known} if known else {}


_LISTED = """
    Apache-2.0 MIT MIT-0 BSD-2-Clause BSD-3-Clause ISC Zlib BSL-1.0 Unlicense CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0
    CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC-BY-NC-ND-4.0 GPL-2.0-only GPL-3.0-only LGPL-3.0-only AGPL-3.0-only MPL-2.0
    EPL-2.0 CDLA-Permissive-2.0 CDLA-Permissive-1.0 ODbL-1.0 PDDL-1.0 AFL-3.0 Artistic-2.0 EUPL-1.2 MS-PL WTFPL
"""
_SPDX = {name.lower(): name for name in _LISTED.split()}
