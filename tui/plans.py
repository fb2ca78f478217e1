"""What a plan says before it is carried out, in lines that are safe to show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import HabeasError
from data.register.requests import Request
from data.rights.right import Plan
from tui.safe import safe
from tui.words import shown

LONGEST_SHOWN = 2_000
"""Characters of one value in a plan."""


@dataclass(frozen=True)
class Planned:
    """A plan, and the id of the request that it answers; "" where nobody asked."""

    plan: Plan
    request: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A request that is not carried out with the others, and why."""

    request: Request
    why: HabeasError


def title(planned: Sequence[Planned]) -> str:
    """What is done, under which article, and to whom."""
    if len(planned) == 1:
        plan = planned[0].plan
        return f"{plan.right.title} · Article {plan.article} · {plan.person.id}"
    rights = Counter(each.plan.right.title for each in planned)
    return f"{len(planned)} requests: " + ", ".join(f"{n} × {name}" for name, n in rights.items())


def lines(planned: Sequence[Planned], left_out: Sequence[LeftOut] = ()) -> list[str]:
    """All that the plans say: one in full; of several what each does, and what they share once."""
    if len(planned) == 1:
        return [*_one(planned[0].plan), *_left_out(left_out)]
    plans = [each.plan for each in planned]
    said = [*_warnings(plans)]
    for each in planned:
        plan = each.plan
        said += [
            f"{each.request} · {plan.right.title}, Article {plan.article} · {safe(plan.person.id)}",
            *(f"    {line}" for line in _effects(plan)),
        ]
    return [*said, *_told(plans), *_left_out(left_out)]


def to_be_typed(planned: Sequence[Planned]) -> tuple[str, ...]:
    """What the handler types, one of these, before what cannot be undone: the id of the person,
    or of how many."""
    final = [each.plan for each in planned if each.plan.final]
    if len(planned) == 1 and final:
        # What no keyboard types is typed as it is shown.
        return (final[0].person.id, safe(final[0].person.id))
    return (str(len(final)),) if final else ()


def done(planned: Sequence[Planned], answer: Path | None = None) -> str:
    """What is said once all of it is done, and where the `answer` to one is, not display-safe."""
    if len(planned) == 1:
        plan = planned[0].plan
        where = f" The answer is in {answer}." if answer else ""
        return f"{plan.right.title}: done, Article {plan.article}.{where}"
    return f"{len(planned)} requests are done."


def _one(plan: Plan) -> list[str]:
    said = [*_warnings([plan]), *_effects(plan), *_told([plan])]
    return said or ["Nothing changes."]


def _warnings(plans: Sequence[Plan]) -> Iterator[str]:
    found = dict.fromkeys(warning for plan in plans for warning in plan.warnings)
    yield from (f"! {safe(each, limit=LONGEST_SHOWN)}" for each in found)
    if found:
        yield ""


def _effects(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        old, new = (safe(shown(each), limit=LONGEST_SHOWN) for each in (change.old, change.new))
        yield f"{safe(change.label)}: {old} → {new}"
    fate = "erased" if plan.final else "copied"
    for rows in plan.rows:
        yield f"{safe(rows.name)}: {rows.count:,} {'row' if rows.count == 1 else 'rows'} {fate}"


def _told(plans: Sequence[Plan]) -> Iterator[str]:
    names = dict.fromkeys(name for plan in plans for name in plan.recipients)
    if names:
        yield ""
        yield f"To be told: {', '.join(map(safe, names))}"


def _left_out(left_out: Sequence[LeftOut]) -> Iterator[str]:
    if left_out:
        yield ""
        yield "Not among them:"
    for each in left_out:
        yield f"    {each.request.id}: {safe(each.why.happened, limit=LONGEST_SHOWN)}"
