"""The people and answers that every tool measures: made by arithmetic, the same on every machine."""

from __future__ import annotations

from random import Random

SEXES, AGES = ("female", "male"), ("18-34", "35-54", "55+")


def people(count: int = 900) -> list[dict[str, object]]:
    """Make people with a true answer, a score and what the model says.

    Args:
        count: How many.
    """
    random, made = Random(20261001), []
    for _ in range(count):
        sex, age = random.choice(SEXES), random.choice(AGES)
        truth = int(random.random() < 0.4)
        score = round(min(0.999, max(0.001, random.gauss(0.62 if truth else 0.38, 0.18))), 4)
        made.append({"sex": sex, "age_band": age, "truth": truth, "score": score, "said": int(score >= 0.5)})
    return made


def column(name: str) -> list[object]:
    """One column of them."""
    return [one[name] for one in people()]
