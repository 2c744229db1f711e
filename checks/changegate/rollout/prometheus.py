"""PromQL for a plan's gates and aborts. Every text of a manifest is escaped into a label value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from changegate.rollout.model import Abort, Plan, PromotionGate

WINDOW = "{{args.window}}"
"""Where a controller fills in a step's window."""


def gate(plan: Plan, entry: PromotionGate, window: str = WINDOW) -> str:
    """The query of a gate: seconds at the quantile for a latency, else the ratio of failed requests."""
    return _latency(plan, entry.objective, window) if entry.kind == "latency" else _error_ratio(plan, window)


def abort(plan: Plan, entry: Abort) -> str:
    """The lesser of the error ratios over both windows: above the limit only where both are.

    NOTE: without requests the short ratio is NaN; `L + 0 * S` hands that on, so that no data is never a good answer.
    """
    short, long = (_error_ratio(plan, f"{seconds}s") for seconds in entry.windows_seconds)
    return f"(({short}) <= ({long})) or (({long}) + 0 * ({short}))"


def _latency(plan: Plan, share: float, window: str) -> str:
    metric = f"{plan.options.duration_metric}_bucket{{{_selector(plan)}}}"
    return f"histogram_quantile({share:.12g}, sum by (le) (rate({metric}[{window}])))"


def _error_ratio(plan: Plan, window: str) -> str:
    """NOTE: `or vector(0)`: where nothing has ever failed, the numerator has no series and the ratio would be empty."""
    metric, options = plan.options.requests_metric, plan.options
    failed = f'{options.status_label}=~"{label(options.error_pattern)}"'
    errors = f"sum(rate({metric}{{{_selector(plan)}, {failed}}}[{window}]))"
    return f"({errors} or vector(0)) / sum(rate({metric}{{{_selector(plan)}}}[{window}]))"


def _selector(plan: Plan) -> str:
    options = plan.options
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
