"""Times that are given, as Go reads and writes them. No builtin here looks at a clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from typing import Any

from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, number, small, text, wrong
from changegate.rego.normal.numbers import whole
from changegate.rego.normal.values import is_number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 10**9
_FORMATS = {
    "ANSIC": "Mon Jan _2 15:04:05 2006",
    "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
    "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
    "RFC822": "02 Jan 06 15:04 MST",
    "RFC822Z": "02 Jan 06 15:04 -0700",
    "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
    "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST",
    "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "RFC3339": "2006-01-02T15:04:05Z07:00",
    "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Moment:
    """A time with its nanoseconds, in a zone."""

    __slots__ = ("nanoseconds", "when")

    def __init__(self, since: int, zone: tzinfo) -> None:
        """Take nanoseconds since 1970."""
        seconds, self.nanoseconds = divmod(since, _SECOND)
        try:
            self.when = (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)
        except OverflowError:
            raise UnsureFault("a time is out of range") from None


def _moment(value: Any) -> tuple[Moment, str]:
    """What a time is: nanoseconds, or an array of them, a zone and a layout."""
    if is_number(value):
        return Moment(_since(value), UTC), ""
    if type(value) is not tuple or not value:
        raise wrong(1, value, "either number (ns) or [number (ns), string (tz)]")
    zone = _zone(text(value[1])) if len(value) > 1 else UTC
    return Moment(_since(number(value[0])), zone), text(value[2]) if len(value) > 2 else ""


def _since(value: Any) -> int:
    found = whole(value)
    if found is None or not -(2**63) <= found < 2**63:
        raise BuiltinFault("timestamp too big")
    return found


def _zone(name: str) -> tzinfo:
    if name in {"", "UTC"}:
        return UTC
    if name == "Local":
        raise UnsureFault("the zone of the machine is not the same everywhere")
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except Exception:  # noqa: BLE001  (whatever is wrong with the name or the machine's zones)
        raise UnsureFault(f"the time zone {name[:60]!r} is not known here") from None


def _nanoseconds(when: datetime, rest: int) -> int:
    since = when - _EPOCH
    found = (since.days * 86400 + since.seconds) * _SECOND + rest
    if not -(2**63) <= found < 2**63:
        raise BuiltinFault("time outside of valid range")
    return found


@builtin("time.date", 1)
def date(value: Any) -> Any:
    """Year, month and day."""
    when = _moment(value)[0].when
    return (when.year, when.month, when.day)


@builtin("time.clock", 1)
def clock(value: Any) -> Any:
    """Hour, minute and second."""
    when = _moment(value)[0].when
    return (when.hour, when.minute, when.second)


@builtin("time.weekday", 1)
def weekday(value: Any) -> Any:
    """The name of the day."""
    return _DAYS[_moment(value)[0].when.weekday()]


@builtin("time.add_date", 4)
def add_date(value: Any, years: Any, months: Any, days: Any) -> Any:
    """A time so much later; a day that a month has not is one of the next."""
    moment, _ = _moment(value)
    when = moment.when
    month = when.month - 1 + small(months, 3)
    year, month = when.year + small(years, 2) + month // 12, month % 12 + 1
    try:
        first = datetime(year, month, 1, when.hour, when.minute, when.second)
        later = (first + timedelta(days=when.day - 1 + small(days, 4))).replace(tzinfo=when.tzinfo)
    except (ValueError, OverflowError):
        raise UnsureFault("a time is out of range") from None
    if when.tzinfo is not UTC and later.astimezone(UTC).astimezone(when.tzinfo).replace(fold=0) != later:
        raise UnsureFault("the clock of the zone was put forward then")
    return _nanoseconds(later.astimezone(UTC), moment.nanoseconds)


@builtin("time.diff", 2)
def difference(one: Any, other: Any) -> Any:
    """Years, months, days, hours, minutes and seconds between two times."""
    first, second = _moment(one)[0].when, _moment(other)[0].when
    second = second.astimezone(first.tzinfo)
    if first > second:
        first, second = second, first
    parts = [
        getattr(second, name) - getattr(first, name) for name in ("year", "month", "day", "hour", "minute", "second")
    ]
    for at, size in ((5, 60), (4, 60), (3, 24)):
        if parts[at] < 0:
            parts[at] += size
            parts[at - 1] -= 1
    if parts[2] < 0:
        following = (first.replace(day=1, tzinfo=None) + timedelta(days=32)).replace(day=1)
        parts[2] += (following - first.replace(day=1, tzinfo=None)).days
        parts[1] -= 1
    if parts[1] < 0:
        parts[1] += 12
        parts[0] -= 1
    return tuple(parts)


_UNITS = {
    **{"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": _SECOND},
    **{"m": 60 * _SECOND, "h": 3600 * _SECOND, "d": 86400 * _SECOND},
    **{"w": 7 * 86400 * _SECOND, "y": 365 * 86400 * _SECOND},
}
_DURATION = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w|y)")


@builtin("time.parse_duration_ns", 1)
def parse_duration(value: Any) -> Any:
    """The nanoseconds that a duration such as `1h30m` is."""
    given = text(value)
    sign, rest = (given[0], given[1:]) if given[:1] in {"-", "+"} else ("", given)
    if rest == "0":
        return 0
    at, total = 0, 0
    for found in _DURATION.finditer(rest):
        if found.start() != at:
            break
        at = found.end()
        if "." in found[1] and found[2] in "dwy":
            raise UnsureFault("a part of a day")
        total += int(Fraction(found[1].rstrip(".") if found[1] != "." else "0") * _UNITS[found[2]])
    if not rest or at != len(rest) or total >= 2**63:
        raise BuiltinFault(f"time: invalid duration {given[:60]!r}")
    return -total if sign == "-" else total


_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})"
)


@builtin("time.parse_rfc3339_ns", 1)
def parse_rfc3339(value: Any) -> Any:
    """The nanoseconds since 1970 that a time such as `2026-10-30T12:00:00Z` is."""
    found = _RFC3339.fullmatch(text(value))
    if not found:
        raise BuiltinFault(f"parsing time {value[:60]!r}: it is no time")
    zone = _offset(found[8])
    try:
        when = datetime(*map(int, found.groups()[:6]), tzinfo=zone)  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        raise BuiltinFault(f"parsing time {value[:60]!r}: out of range") from None
    return _nanoseconds(when, int((found[7] or "0")[:9].ljust(9, "0")))


def _offset(given: str) -> tzinfo:
    if given == "Z":
        return UTC
    hours, minutes = int(given[1:3]), int(given[-2:])
    if hours > 24 or minutes > 60:
        raise BuiltinFault("a time zone is out of range")
    if hours > 23 or minutes > 59:
        raise UnsureFault("a time zone is out of range")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if given[0] == "-" else size)


# Layouts

_LAYOUT = re.compile(
    r"January|Jan|Monday|Mon|MST|2006|__2|_2006|_2|002|01|02|03|04|05|06|15|1|2|3|4|5|PM|pm"
    r"|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07|[.,]0+(?![0-9])|[.,]9+(?![0-9])"
)


@builtin("time.format", 1)
def formatted(value: Any) -> Any:
    """A time as a text."""
    moment, layout = _moment(value)
    pattern = _FORMATS.get(layout, layout) or _FORMATS["RFC3339Nano"]
    made, at = [], 0
    for found in _LAYOUT.finditer(pattern):
        made.append(pattern[at : found.start()])
        made.append(_written(found[0], moment))
        at = found.end()
    return "".join([*made, pattern[at:]])


def _written(form: str, moment: Moment) -> str:
    when = moment.when
    if form[0] in ".,":
        digits = f"{moment.nanoseconds:09d}"[: len(form) - 1]
        if form[1] == "9":
            digits = digits.rstrip("0")
            return form[0] + digits if digits else ""
        return form[0] + digits
    if form[0] in "-Z":
        return _zone_text(form, when)
    if form == "MST":
        return _abbreviation(when)
    return str(_WRITERS[form](when))


def _zone_text(form: str, when: datetime) -> str:
    offset = when.utcoffset() or timedelta()
    seconds = int(offset.total_seconds())
    if form[0] == "Z" and seconds == 0:
        return "Z"
    sign, size = ("-", -seconds) if seconds < 0 else ("+", seconds)
    hours, minutes, rest = size // 3600, size // 60 % 60, size % 60
    colon = ":" if ":" in form else ""
    shape = form[1:].replace(":", "")
    made = f"{sign}{hours:02d}"
    if len(shape) >= 4:
        made += f"{colon}{minutes:02d}"
    return made + (f"{colon}{rest:02d}" if len(shape) == 6 else "")


def _abbreviation(when: datetime) -> str:
    if when.tzinfo is UTC:
        return "UTC"
    name = when.tzname() or ""
    if not re.fullmatch(r"[A-Z]{3,5}", name):
        raise UnsureFault("the zone has no name in letters")
    return name


_WRITERS: dict[str, Any] = {
    "January": lambda when: _MONTHS[when.month - 1],
    "Jan": lambda when: _MONTHS[when.month - 1][:3],
    "Monday": lambda when: _DAYS[when.weekday()],
    "Mon": lambda when: _DAYS[when.weekday()][:3],
    "2006": lambda when: f"{when.year:04d}",
    "_2006": lambda when: f"_{when.year:04d}",
    "06": lambda when: f"{when.year % 100:02d}",
    "01": lambda when: f"{when.month:02d}",
    "1": lambda when: str(when.month),
    "02": lambda when: f"{when.day:02d}",
    "_2": lambda when: f"{when.day:2d}",
    "2": lambda when: str(when.day),
    "002": lambda when: f"{when.timetuple().tm_yday:03d}",
    "__2": lambda when: f"{when.timetuple().tm_yday:3d}",
    "15": lambda when: f"{when.hour:02d}",
    "03": lambda when: f"{when.hour % 12 or 12:02d}",
    "3": lambda when: str(when.hour % 12 or 12),
    "04": lambda when: f"{when.minute:02d}",
    "4": lambda when: str(when.minute),
    "05": lambda when: f"{when.second:02d}",
    "5": lambda when: str(when.second),
    "PM": lambda when: "PM" if when.hour >= 12 else "AM",
    "pm": lambda when: "pm" if when.hour >= 12 else "am",
}

_READERS = {
    "January": f"(?P<month>{'|'.join(_MONTHS)})",
    "Jan": f"(?P<mon>{'|'.join(one[:3] for one in _MONTHS)})",
    "Monday": f"(?:{'|'.join(_DAYS)})",
    "Mon": f"(?:{'|'.join(one[:3] for one in _DAYS)})",
    "2006": "(?P<year>[0-9]{4})",
    "01": "(?P<m>[0-9]{2})",
    "1": "(?P<m>[0-9]{1,2})",
    "02": "(?P<d>[0-9]{2})",
    "2": "(?P<d>[0-9]{1,2})",
    "_2": "(?P<d> ?[0-9]{1,2})",
    "15": "(?P<h>[0-9]{2})",
    "04": "(?P<min>[0-9]{2})",
    "05": "(?P<s>[0-9]{2})(?P<f>[.,][0-9]+)?",
    "-0700": "(?P<zone>[+-][0-9]{4})",
    "-07:00": "(?P<zone>[+-][0-9]{2}:[0-9]{2})",
    "Z07:00": "(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})",
    "Z0700": "(?P<zone>Z|[+-][0-9]{4})",
    "MST": "(?P<name>UTC)",
}


@builtin("time.parse_ns", 2)
def parse(layout: Any, value: Any) -> Any:
    """The nanoseconds since 1970 that a time in a layout is."""
    form = _FORMATS.get(text(layout, 1), layout)
    pattern, at = [], 0
    for found in _LAYOUT.finditer(form):
        pattern.append(re.escape(form[at : found.start()]))
        if found[0] not in _READERS:
            raise UnsureFault(f"`{found[0]}` in a layout is not read here")
        pattern.append(_READERS[found[0]])
        at = found.end()
    pattern.append(re.escape(form[at:]))
    try:
        read = re.fullmatch("".join(pattern), text(value, 2), re.IGNORECASE)
    except re.error:
        raise UnsureFault("the layout has a part twice") from None
    if read is None:
        if "MST" in form or " " in form:
            raise UnsureFault(f"{value[:60]!r} is not read in this layout here")
        raise BuiltinFault(f"parsing time {value[:60]!r}: it is no time in this layout")
    return _read(read.groupdict(), value)


def _read(parts: dict[str, Any], value: str) -> int:
    names = [one[:3].lower() for one in _MONTHS]
    spelled = parts.get("month") or parts.get("mon")
    month = names.index(spelled[:3].lower()) + 1 if spelled else int(parts.get("m") or 1)
    zone = _offset(_with_colon(parts["zone"])) if parts.get("zone") else UTC
    if not parts.get("year"):
        raise UnsureFault("a time without a year")
    hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "min", "s"))
    try:
        when = datetime(int(parts["year"]), month, int(parts.get("d") or 1), hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        raise BuiltinFault(f"parsing time {value[:60]!r}: out of range") from None
    return _nanoseconds(when, int((parts.get("f") or ".0")[1:10].ljust(9, "0")))


def _with_colon(zone: str) -> str:
    return zone if zone == "Z" or ":" in zone else f"{zone[:3]}:{zone[3:]}"
