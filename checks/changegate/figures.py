"""Numbers as people read them: shares, sizes, durations, and the change from one to another."""

from __future__ import annotations

from math import floor, isfinite, log10


def number(value: float) -> str:
    """A number as it was stated; from 100 000 on in groups of three."""
    return f"{value:,}".replace(",", " ") if isinstance(value, int) and abs(value) >= 100_000 else f"{value:.12g}"


def short(value: float) -> str:
    """A number as it was stated; one that was computed by six digits: 0.9999 must not be shown as 1."""
    if isinstance(value, int):  # of any size: a float has bounds
        return number(value)
    if not isfinite(value):
        return str(value)
    if abs(value) >= 100_000:
        return number(round(value))
    stated = f"{value:.12g}"
    return stated if len(stated) <= 8 else f"{value:.6g}"


def rounded(value: float) -> str:
    """A number of three digits, and never 1 for what is not."""
    text = f"{value:.3g}"
    return short(value) if float(text) == 1 != value or "e" in text else text


def share(ratio: float) -> str:
    """A share as a percentage of three digits: `7.6 %` for 0.0760095. What is not all is never shown as 100 %."""
    return f"{_digits(ratio * 100)} %" if isfinite(ratio) else str(ratio)


def percent(value: float) -> str:
    """A percentage: `33.3 %` for 33.3333."""
    return share(value / 100)


def _digits(value: float) -> str:
    """Three digits that tell; counted from 100 where the value is nearer to that than to 0."""
    near = min(value, 100 - value) if 0 < value < 100 else abs(value)
    if near < 1e-9:  # what is left of a calculation
        return f"{round(value)}"
    decimals = max(0, min(9, 2 - floor(log10(near))))
    text = f"{value:,.{decimals}f}".replace(",", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


def size(value: float) -> str:
    """A number of bytes: `46 MiB`."""
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    power = next((power for power in range(5) if abs(value) < 1024 ** (power + 1)), 4)
    amount = _per(value, 1024**power)
    return f"{amount:.4g} {units[power]}" if abs(amount) < 10_000 else f"{short(amount)} {units[power]}"


def duration(value: float) -> str:
    """A number of seconds: `1h30m`, `12 days`."""
    left = round(abs(value))
    sign = "-" if value < 0 else ""
    if left >= 2 * 86_400:
        days = _per(left, 86_400)
        return f"{sign}{days:.3g} days" if days < 1000 else f"{sign}{number(round(days))} days"
    parts = []
    for unit, unit_size in (("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, unit_size)
        if count:
            parts.append(f"{count}{unit}")
    return sign + "".join(parts) if parts else f"{short(value)}s"


def milliseconds(value: float) -> str:
    """A number of milliseconds: `88 ms`."""
    return f"{short(value)} ms"


def growth(before: float, after: float) -> str:
    """How much more or less it is: `+38 %`, `-5 %`; empty where nothing was, or nothing has changed."""
    if before in {after, 0} or not isfinite(after / before):
        return ""
    change = (after - before) / abs(before)
    return ("+" if change > 0 else "-") + share(abs(change))


def _per(value: float, unit: int) -> float:
    """Divide; by whole numbers where the result is too large for a fraction to matter, or for a float to hold."""
    return value // unit if abs(value) >= unit * 100_000 else value / unit
