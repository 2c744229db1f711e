"""What is measured: each row of the table, with its aim. A row that grows stands beside one of half the size.

Work in proportion to the size takes at most twice the time of half the size; work that grows with its square takes four
times that. So a bound on the ratio tells one from the other on any machine. It is held to the processor's time, which
depends least on what else a machine does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import corpus
import histories
from measuring import CHANGEGATE, Command, Measured, check, in_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LINEAR = 2.3
"""The bound for twice the size: twice the time, and room for what the machine does."""


class Options(NamedTuple):
    """How to measure."""

    scratch: Path
    """A folder for what a run writes."""
    conftest: str
    """The program that is measured beside; empty where there is none."""
    runs: int
    """Runs of short commands; long ones get a fifth."""
    scale: float
    """Part of each size."""

    @property
    def long(self) -> int:
        return max(1, self.runs // 5)

    def size(self, full: int) -> int:
        """A size as it is asked for, and not under ten."""
        return max(10, round(full * self.scale))

    def tests(self, root: Path, *paths: str, memory: bool = False) -> Command:
        """conftest over paths, with as many rules as ours."""
        words = [self.conftest, "test", "--policy", str(self.scratch / "policy"), *paths]
        return Command(words, root, memory=memory)


class Line(NamedTuple):
    """One line of the table."""

    what: str
    ours: float
    unit: str
    """`s`, `MiB` or `MB`."""
    beside: str = ""
    """What stands beside it."""
    theirs: float = 0
    processor: tuple[float, float] | None = None
    """Processor time of both, in seconds."""
    at_most: float = 0
    """The aim for the value itself, at the full size; none where it is 0."""
    ratio_at_most: float = 0
    """The aim for the ratio: of the processor time where `by_processor`."""
    by_processor: bool = False

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs if self.theirs else 0

    @property
    def processor_ratio(self) -> float:
        return self.processor[0] / self.processor[1] if self.processor and self.theirs else 0

    def missed(self, scale: float) -> list[str]:
        """The aims that are not held. A value says something at the full size alone, a ratio always."""
        ratio = self.processor_ratio if self.by_processor else self.ratio
        value = ["value"] if scale == 1 and self.at_most and self.ours > self.at_most else []
        return [*value, *(["ratio"] if self.ratio_at_most and ratio > self.ratio_at_most else [])]

    def written(self, scale: float) -> str:
        """The line as Markdown."""
        missed = self.missed(scale)
        cells = [
            self.what,
            _value(self.ours, self.unit),
            f"{self.beside}: {_value(self.theirs, self.unit)}" if self.theirs else "",
            f"{self.ratio:.2f}" if self.theirs else "",
            f"{self.processor[0]:.2f} s" if self.processor else "",
            f"{self.processor_ratio:.2f}" if self.processor_ratio else "",
            self._aims(),
            f"**missed: {', '.join(missed)}**" if missed else "held" if self._aims() else "",
        ]
        return f"| {' | '.join(cells)} |"

    def _aims(self) -> str:
        of = "processor ratio" if self.by_processor else "ratio"
        value = [_value(self.at_most, self.unit)] if self.at_most else []
        return ", ".join([*value, *([f"{of} {self.ratio_at_most}"] if self.ratio_at_most else [])])


HEADER = (
    "| what | changegate | beside it | ratio | processor | processor ratio | aims: at most | |\n" + "|---" * 8 + "|"
)


def _value(value: float, unit: str) -> str:
    if unit == "s" and value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} {unit}" if value < 100 else f"{value:,.0f} {unit}"


def timed(what: str, ours: Measured, beside: str = "", theirs: Measured | None = None) -> Line:
    """A line of times, without aims."""
    if theirs is None:
        return Line(what, ours.seconds, "s", processor=(ours.cpu, 0))
    return Line(what, ours.seconds, "s", beside, theirs.seconds, (ours.cpu, theirs.cpu))


def cold_start(kind: str, options: Options) -> Iterator[Line]:
    """One changed manifest in a repository of ten, as a whole process."""
    made = corpus.repository(kind, 10)
    one = made.manifests()[0].relative_to(made.root)
    ours = check(made.at("one"))
    what = f"{kind}: one changed manifest of ten, whole process"
    if not options.conftest:
        yield timed(what, in_turns([ours], options.runs)[0])._replace(at_most=0.15)
        return
    us, them = in_turns([ours, options.tests(made.root, str(one))], options.runs)
    yield timed(what, us, "conftest", them)._replace(at_most=0.15, ratio_at_most=3.2)


def proportional(kind: str, full: int, bound: float, options: Options, *more: str) -> Iterator[Line]:
    """Three changed manifests in a large repository, beside three in a repository of ten.

    Args:
        kind: The corpus.
        full: The full size of the large one.
        bound: The aim for the ratio.
        options: How to measure.
        more: Further words of the command.
    """
    large, small = corpus.repository(kind, options.size(full)), corpus.repository(kind, 10)
    commands = [check(one.at("three"), *more) for one in (large, small)]
    us, them, floor = in_turns([*commands, Command(["git", "status", "--porcelain"], large.root)], options.runs)
    what = f"{kind}: three changed of {options.size(full):,}{''.join(f' {word}' for word in more)}"
    yield timed(what, us, "three of ten", them)._replace(ratio_at_most=bound)
    if not more:  # without a head it is the working tree, and git has to look at every file there
        yield timed(what, us, "`git status` there", floor)


def everything(kind: str, bound: float, options: Options) -> Iterator[Line]:
    """`--all` over a large repository."""
    size = options.size(10_000)
    made = corpus.repository(kind, size)
    alone = made.manifests_alone()
    commands = [check(made.at("main"), "--all", memory=True)]
    if options.conftest:
        commands += [options.tests(alone, "models", memory=True)]
    if options.conftest and kind == "own":
        commands += [options.tests(made.root, "models", "contracts", memory=True)]
    us, *them = in_turns(commands, options.long)
    what = f"{kind}: `--all` over {size:,}"
    sides = [f"conftest, {text}" for text in ("manifests alone", "manifests and evidence")]
    if not them:
        yield timed(what, us)
    for number, (beside, one) in enumerate(zip(sides, them, strict=False)):
        aimed = number == len(them) - 1
        yield timed(what, us, beside, one)._replace(ratio_at_most=bound if aimed else 0)
        yield Line(
            f"{kind}: memory of that",
            us.mebibytes,
            "MiB",
            beside,
            one.mebibytes,
            ratio_at_most=0.35 if aimed else 0,
        )


def grown(what: str, aim: float, sides: Callable[[int], Command], full: int, options: Options) -> Iterator[Line]:
    """A case at its size, beside the same at half of it.

    Args:
        what: The case, with `{size}` where its size belongs.
        aim: Seconds for it at its full size.
        sides: Makes the command for a size.
        full: The full size.
        options: How to measure.
    """
    size = options.size(full)
    us, them = in_turns([sides(size), sides(size // 2)], options.long)
    line = timed(what.format(size=f"{size:,}"), us, f"{size // 2:,}", them)
    yield line._replace(at_most=aim, ratio_at_most=LINEAR, by_processor=True)


def everything_grown(kind: str, options: Options) -> Iterator[Line]:
    """`--all`, beside half as many manifests."""
    size = options.size(4000)
    us, them = in_turns(
        [check(corpus.repository(kind, one).at("main"), "--all") for one in (size, size // 2)], options.long
    )
    line = timed(f"{kind}: `--all` over {size:,}", us, f"{size // 2:,}", them)
    yield line._replace(ratio_at_most=LINEAR, by_processor=True)


def _changed(kind: str, change: str, size: int) -> Command:
    return check(corpus.repository(kind, size).at(change))


def new_with_tags(kind: str, options: Options) -> Iterator[Line]:
    """One new model, where the base has many release tags in its history."""
    what = f"{kind}: one new model, {{size}} manifests, three hundredths as many release tags"

    def sides(size: int) -> Command:
        return check(corpus.repository(kind, size, tags=max(1, size * 3 // 100)).at("new"))

    yield from grown(what, 2, sides, 10_000, options)


def new_word(kind: str, options: Options) -> Iterator[Line]:
    """A new model whose name is a word in every manifest."""
    what = f"{kind}: a new model named `{corpus.COMMON_WORD}`, a word in each of {{size}} manifests"
    yield from grown(what, 1, partial(_changed, kind, "word"), 10_000, options)


def new_variant(kind: str, options: Options) -> Iterator[Line]:
    """A new variant of a model that has many."""
    part = len(corpus.MODELS) if kind == "shared" else len(corpus.EVIDENCED)
    what = f"{kind}: a new variant of a model that one in {part} of {{size}} manifests is of"
    yield from grown(what, 0.5, partial(_changed, kind, "variant"), 10_000, options)


def many_metrics(options: Options) -> Iterator[Line]:
    """Evaluation reports with many metrics, at base and head."""
    for full in (8000, 4000):
        what = "evaluation reports of {size} metrics at base and head"
        yield from grown(what, 0.5, lambda size: check(corpus.reports(size).at("metrics")), full, options)


def contract(options: Options) -> Iterator[Line]:
    """A feature contract is changed that an eighth of the manifests name."""
    what = "shared: a changed contract that one in 8 of {size} manifests names"
    yield from grown(what, 3, partial(_changed, "shared", "contract"), 10_000, options)
    size = options.size(10_000)
    written = {one: options.scratch / f"report-{one}.json" for one in (size, size // 2)}

    def sides(one: int) -> Command:
        return check(corpus.repository("shared", one).at("contract"), "-o", f"json={written[one]}")

    yield from grown(f"{what}, with `-o json`", 3, sides, 10_000, options)
    full, half = (written[one].stat().st_size / 1e6 for one in (size, size // 2))
    yield Line("size of that report", full, "MB", f"{size // 2:,}", half, at_most=30, ratio_at_most=LINEAR)


def consumers(options: Options) -> Iterator[Line]:
    """A feature contract is changed that 500 models read: one in eight of 4,000."""
    what = "shared: a changed contract that 500 models read, {size} manifests"
    yield from grown(what, 2, partial(_changed, "shared", "contract"), 4_000, options)


def audited(options: Options) -> Iterator[Line]:
    """An audit of a long history, with a statement on nearly every commit; its memory."""
    size = options.size(20_000)

    def sides(commits: int) -> Command:
        root = histories.history(commits)
        words = [*CHANGEGATE, "audit", "main", "--records", str(histories.statements(root)), "-o", "json"]
        return Command(words, root, frozenset({1}), memory=True)

    us, them = in_turns([sides(size), sides(size // 2)], options.long)
    what = f"`audit` of {size:,} commits"
    line = timed(what, us, f"{size // 2:,}", them)
    yield line._replace(at_most=60, ratio_at_most=LINEAR, by_processor=True)
    yield Line(f"memory of {what}", us.mebibytes, "MiB", f"{size // 2:,}", them.mebibytes, ratio_at_most=LINEAR)


ROWS: dict[str, Callable[[Options], Iterator[Line]]] = {
    "cold-shared": partial(cold_start, "shared"),
    "cold-own": partial(cold_start, "own"),
    "three-shared": partial(proportional, "shared", 10_000, 1.15),
    "three-own": partial(proportional, "own", 10_000, 1.15),
    "three-own-revisions": lambda options: proportional("own", 10_000, 1.15, options, "--head", "HEAD"),
    "three-of-50000": partial(proportional, "shared", 50_000, 2.0),
    "all-shared": partial(everything, "shared", 0.95),
    "all-own": partial(everything, "own", 1.2),
    "growth-shared": partial(everything_grown, "shared"),
    "growth-own": partial(everything_grown, "own"),
    "tags-shared": partial(new_with_tags, "shared"),
    "tags-own": partial(new_with_tags, "own"),
    "metrics": many_metrics,
    "word-shared": partial(new_word, "shared"),
    "word-own": partial(new_word, "own"),
    "contract": contract,
    "consumers": consumers,
    "variant-shared": partial(new_variant, "shared"),
    "variant-own": partial(new_variant, "own"),
    "audit": audited,
}
"""Name -> what measures it."""
