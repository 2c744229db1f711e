"""The table of metrics: what is known of one by its name. Settings add to it (`evaluation.metricNames`).

Of a metric that stands here the direction, the range and whether it is a share of all samples are known, whichever tool
wrote it; of others only what a report says.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROWS = """
accuracy                   + 0..1  share classification          acc accuracy_score categorical_accuracy binary_accuracy
balanced_accuracy          + 0..1  -     classification          balanced_accuracy_score
precision                  + 0..1  -     classification          precision_score
recall                     + 0..1  -     classification          recall_score
sensitivity                + 0..1  -     classification          -
specificity                + 0..1  -     classification          -
tpr                        + 0..1  -     classification          true_positive_rate
tnr                        + 0..1  -     classification          true_negative_rate
ppv                        + 0..1  -     classification          -
npv                        + 0..1  -     classification          -
f1                         + 0..1  -     classification          f1_score
roc_auc                    + 0..1  -     classification          roc_auc_score auroc
auc                        + 0..1  -     classification          -
pr_auc                     + 0..1  -     classification          auprc
average_precision          + 0..1  -     classification,ranking  average_precision_score
matthews_corrcoef          + -1..1 -     classification          mcc
cohen_kappa                + -1..1 -     classification          cohen_kappa_score kappa
fpr                        - 0..1  -     classification          -
fnr                        - 0..1  -     classification          -
false_positive_rate        - 0..1  -     classification          -
false_negative_rate        - 0..1  -     classification          -
ece                        - 0..1  -     classification          expected_calibration_error
brier                      - 0..1  -     classification          -
brier_score                - 0..1  -     classification          brier_score_loss
error_rate                 - 0..1  share classification          -
log_loss                   - 0..   -     classification          logloss cross_entropy
r2                         + ..1   -     regression,forecasting  r2_score
explained_variance         + ..1   -     regression              explained_variance_score
rmse                       - 0..   -     regression,forecasting  root_mean_squared_error
mse                        - 0..   -     regression,forecasting  mean_squared_error
mae                        - 0..   -     regression,forecasting  mean_absolute_error
median_absolute_error      - 0..   -     regression              medae
max_error                  - 0..   -     regression              -
mape                       - 0..   -     regression,forecasting  mean_absolute_percentage_error
smape                      - 0..   -     forecasting             -
mase                       - 0..   -     forecasting             -
pinball_loss               - 0..   -     forecasting             quantile_loss mean_pinball_loss
map                        + 0..1  -     ranking,detection       mean_average_precision
ndcg                       + 0..1  -     ranking                 ndcg_score normalized_dcg
mrr                        + 0..1  -     ranking                 mean_reciprocal_rank
hit_rate                   + 0..1  share ranking                 hitrate
exposure_ratio             + 0..   -     ranking                 -
iou                        + 0..1  -     segmentation,detection  jaccard mean_iou miou
dice                       + 0..1  -     segmentation            dice_score
wer                        - 0..   -     speech                  word_error_rate
cer                        - 0..   -     speech                  character_error_rate
silhouette                 + -1..1 -     clustering              silhouette_score
adjusted_rand              + -1..1 -     clustering              adjusted_rand_score ari
perplexity                 - 1..   -     generation              word_perplexity
bits_per_byte              - 0..   -     generation              -
bleu                       + 0..1  -     generation              -
rouge_l                    + 0..1  -     generation              rougel rouge_lsum
rouge1                     + 0..1  -     generation              rouge_1
rouge2                     + 0..1  -     generation              rouge_2
meteor                     + 0..1  -     generation              -
bertscore                  + 0..1  -     generation              bert_score bertscore_f1
exact_match                + 0..1  share generation              em
acc_norm                   + 0..1  share generation              -
pass                       + 0..1  share generation              -
test_pass_rate             + 0..1  share any                     -
request_error_rate         - 0..1  share any                     -
pass_rate                  + 0..1  share generation              passrate
win_rate                   + 0..1  share generation              winrate
helpfulness                + ..    -     generation              -
faithfulness               + 0..1  -     generation              -
groundedness               + 0..1  -     generation              grounded
answer_correctness         + 0..1  -     generation              factual_correctness
answer_relevancy           + 0..1  -     generation              answer_relevance response_relevancy
answer_similarity          + 0..1  -     generation              semantic_similarity
context_precision          + 0..1  -     generation              llm_context_precision_with_reference
context_recall             + 0..1  -     generation              -
context_entity_recall      + 0..1  -     generation              -
context_relevancy          + 0..1  -     generation              context_relevance
noise_sensitivity          - 0..1  -     generation              noise_sensitivity_relevant
toxicity                   - 0..1  -     generation              -
toxicity_rate              - 0..1  share generation              toxic_rate
hallucination_rate         - 0..1  share generation              hallucination
refusal_rate               ? 0..1  share generation              refusal
attack_success_rate        - 0..1  share generation              asr
jailbreak_rate             - 0..1  share generation              -
leakage_rate               - 0..1  share generation              -
fid                        - 0..   -     generation              -
inception_score            + 1..   -     generation              -
"""
"""Name, what is better (`+` more, `-` less, `?` it depends), range, whether it is a share of all samples, tasks,
aliases.

`pass@k`, `ndcg@10`, `recall@10` are of the family before the `@`, and not a share of all samples for a k of `recall`.
"""


class KnownMetric(NamedTuple):
    """What is known of a metric."""

    name: str
    """Its name, as settings spell it."""
    more: bool | None
    """Whether more of it is better; None where that depends on what it is measured for."""
    least: float | None
    greatest: float | None
    share: bool
    """Whether it is so many of all samples; then its interval comes from their number."""
    tasks: tuple[str, ...]
    spellings: tuple[str, ...]
    """Every name that means it."""


def spelled(name: str) -> str:
    """A metric's name as it is compared: `ROC-AUC` is `roc_auc`, `ndcg_at_10` is `ndcg@10`."""
    plain = re.sub(r"[\s\-/]+", "_", name.strip().lower())
    return re.sub(r"_at_([0-9]+)", r"@\1", plain)


def known_metric(name: str, more: Mapping[str, Any]) -> KnownMetric | None:
    """What is known of a metric by its name.

    Args:
        name: As `spelled`.
        more: `evaluation.metricNames` of the settings.

    Returns:
        None where nothing is.
    """
    family, at, k = name.partition("@")
    found = _own(more).get(name) or _own(more).get(family) or _table().get(name) or _table().get(family)
    if found is None or not at:
        return found
    names = tuple(dict.fromkeys(spelling for one in found.spellings for spelling in (f"{one}@{k}", f"{one}_at_{k}")))
    return found._replace(name=f"{found.name}@{k}", spellings=names)


@cache
def _table() -> dict[str, KnownMetric]:
    found: dict[str, KnownMetric] = {}
    for row in _ROWS.strip().splitlines():
        name, sign, bounds, share, tasks, *aliases = row.split()
        least, _, greatest = bounds.partition("..")
        spellings = (name, *(one for one in aliases if one != "-"))
        known = KnownMetric(
            name,
            {"+": True, "-": False}.get(sign),
            float(least) if least else None,
            float(greatest) if greatest else None,
            share == "share",
            tuple(tasks.split(",")),
            spellings,
        )
        found |= dict.fromkeys(spellings, known)
    return found


def _own(more: Mapping[str, Any]) -> dict[str, KnownMetric]:
    """The settings' own rows; what one leaves out of a metric that the table has stays as it is there."""
    found: dict[str, KnownMetric] = {}
    for name, said in more.items():
        base = _table().get(name) or KnownMetric(name, None, None, None, False, (), (name,))
        spellings = tuple(dict.fromkeys((*base.spellings, *map(spelled, said.get("aliases", ())))))
        known = base._replace(
            more=said.get("higherIsBetter", base.more),
            least=said.get("least", base.least),
            greatest=said.get("greatest", base.greatest),
            share=said.get("share", base.share),
            tasks=tuple(said.get("tasks", base.tasks)),
            spellings=spellings,
        )
        found |= dict.fromkeys(spellings, known)
    return found
