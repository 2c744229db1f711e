"""PromQL for a plan's gates and aborts, for renderers whose controller asks Prometheus.

Every text of a manifest is escaped into a label value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from changegate.rollout.model import Abort, Plan, PromotionGate
    from changegate.rollout.rendering import RenderOptions


def gate(plan: Plan, entry: PromotionGate, options: RenderOptions, window: str) -> str:
    """The query of a gate: seconds at the quantile for a latency, else the ratio of failed requests.

    Args:
        plan: The plan, whose release is asked about.
        entry: The gate.
        options: How metrics and labels are called.
        window: The time to look at, as PromQL writes it, or the words in whose place a controller writes it.
    """
    selector = _selector(plan, options)
    latency = entry.kind == "latency"
    return _latency(selector, options, entry.objective, window) if latency else _error_ratio(selector, options, window)


def abort(plan: Plan, entry: Abort, options: RenderOptions) -> str:
    """The lesser of the error ratios over both windows: above the limit only where both are.

    NOTE: without requests the short ratio is NaN; `L + 0 * S` hands that on, so that no data is never a good answer.
    """
    selector = _selector(plan, options)
    short, long = (_error_ratio(selector, options, f"{seconds}s") for seconds in entry.windows_seconds)
    return f"(({short}) <= ({long})) or (({long}) + 0 * ({short}))"


def _latency(selector: str, options: RenderOptions, share: float, window: str) -> str:
    metric = f"{options.duration_metric}_bucket{{{selector}}}"
    return f"histogram_quantile({share:.12g}, sum by (le) (rate({metric}[{window}])))"


def _error_ratio(selector: str, options: RenderOptions, window: str) -> str:
    """NOTE: `or vector(0)`: where nothing has ever failed, the numerator has no series and the ratio would be empty."""
    metric = options.requests_metric
    failed = f'{options.status_label}=~"{label(options.error_pattern)}"'
    errors = f"sum(rate({metric}{{{selector}, {failed}}}[{window}]))"
    return f"({errors} or vector(0)) / sum(rate({metric}{{{selector}}}[{window}]))"


def _selector(plan: Plan, options: RenderOptions) -> str:
    return f'{options.model_label}="{label(plan.name)}", {options.version_label}="{label(plan.version)}"'


def label(text: str) -> str:
    """Escape a text for a double-quoted PromQL string; braces too, which a controller's templates would read."""
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    code = ord(character)
    if character in '\\"':
        return "\\" + character
    if character in "{}" or code < 32 or code == 127:
        return f"\\x{code:02x}"
    return character if code < 127 else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
