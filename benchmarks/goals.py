"""What is to hold, as ratios of what was measured in one run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Round = Mapping[str, float]
"""What was measured in a round, e.g. "empty: down": milliseconds, or megabytes if resident."""


@dataclass(frozen=True)
class Goal:
    """`what` is at most so many times `than`, or so many milliseconds or megabytes where there is
    no other."""

    what: str
    than: str
    most: float


GOALS = (
    Goal("habeas: readable", "empty: first frame", 0.5),
    Goal("habeas: first rows", "harlequin: first frame", 0.25),
    Goal("habeas: first rows", "empty: first frame", 1.2),
    Goal("habeas: first rows", "habeas on few: first rows", 1.1),
    Goal("habeas: down", "empty: down", 1.2),
    Goal("habeas: page down", "empty: page down", 3),
    Goal("habeas: end", "empty: end", 4),
    Goal("habeas: page down", "datatable: page down", 0.2),
    Goal("habeas: page down", "visidata: page down", 0.4),
    Goal("habeas: newest 50, p95", "habeas: newest 50 by integer, p95", 2),
    Goal("habeas: resident", "habeas on a thousand: resident", 1.2),
    Goal("habeas: resident", "", 120),
    Goal("habeas: results, p95", "", 40),
    Goal("habeas: export", "hsql: export", 0.35),
    Goal("habeas: export", "script: export", 1.3),
    Goal("habeas: find", "hsql: find", 0.35),
    Goal("habeas: find", "script: find", 1.3),
    Goal("habeas: load of profiles", "duckdb: load of profiles", 1.33),
    Goal("habeas: load of events", "duckdb: load of events", 1.33),
    *(
        Goal(f"habeas: {right} of {what}", f"duckdb: {right} of {what}", most)
        for right in ("access", "portability")
        for what, most in (("a million events", 1.1), ("many people", 0.2))
    ),
    Goal("habeas: access of a million events, resident", "", 200),
    *(
        Goal(f"habeas: {what}", f"habeas on a tenth: {what}", 1.2)
        for what in ("down", "page down", "end", "letter", "results", "find", "show", "export",
                     "erase", "newest 50, p95")
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A goal, and the ratio in each round that has both."""

    goal: Goal
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal.most


def judged(rounds: Sequence[Round]) -> Iterator[Judged]:
    """The goals of which everything was measured."""
    for goal in GOALS:
        ratios = tuple(
            each[goal.what] / (each[goal.than] if goal.than else 1)
            for each in rounds
            if goal.what in each and (not goal.than or goal.than in each)
        )
        if ratios:
            yield Judged(goal, ratios)


def table(rounds: Sequence[Round]) -> Iterator[str]:
    """The goals as a table of Markdown."""
    yield "| measured | against | ratio | extremes | goal | |"
    yield "|---|---|---:|---:|---:|---|"
    for each in judged(rounds):
        goal, extremes = each.goal, f"{min(each.ratios):.2f} – {max(each.ratios):.2f}"
        yield (
            f"| {goal.what} | {goal.than or _unit(goal.what)} | {each.ratio:.2f} | {extremes} "
            f"| {goal.most:g} | {'met' if each.met else '**falls short**'} |"
        )


def figures(rounds: Sequence[Round]) -> Iterator[str]:
    """All that was measured, medians, as a table of Markdown."""
    yield "| measured | median | extremes |"
    yield "|---|---:|---:|"
    for name in dict.fromkeys(name for each in rounds for name in each):
        values = [each[name] for each in rounds if name in each]
        extremes = f"{min(values):,.1f} – {max(values):,.1f}"
        yield f"| {name} | {median(values):,.1f} {_unit(name)} | {extremes} |"


def _unit(name: str) -> str:
    return "MB" if name.endswith("resident") else "ms"
