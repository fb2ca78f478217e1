"""Recipients are told of what was corrected, erased or restricted, Article 19: none forgotten."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data import ledger
from data.errors import BadInput, NotFound, Refused
from data.ledger import By
from data.register import notices
from data.register.notices import Notice
from data.rights.automation import Automation
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import propose
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Right
from data.store import Store
from tests.acts import exercise, last_entry, open_notices, receive, request, run
from tests.conftest import ANA, BO
from tests.layouts import BY, FULL, SECOND, FixedClock, Layout, changed, held, snapshot

PRINTER, ANALYST = "Printer GmbH", "Analyst Inc"

TUESDAY = date(2026, 11, 24)


@pytest.fixture(params=(FULL, SECOND), ids=lambda layout: layout.name, scope="session")
def layout(request: pytest.FixtureRequest) -> Layout:
    chosen: Layout = request.param
    return chosen


def rectify(layout: Layout, field: str, value: str) -> Right:
    return Rectification({layout.person[field]: value})


def settle(store: Store, notice_id: str, on: date = date(2026, 11, 23), by: By = BY) -> Notice:
    with store.transaction() as cursor:
        return notices.done(cursor, notice_id, on, by)


def give_up(store: Store, notice_id: str, reason: str) -> Notice:
    with store.transaction() as cursor:
        return notices.impossible(cursor, notice_id, By("bea", reason))


def listed(store: Store) -> list[Notice]:
    with store.reading() as cursor:
        return notices.listed(cursor)


def message(store: Store, notice_id: str, out: Path) -> str:
    with store.reading() as cursor:
        path = notices.write(cursor, notices.get(cursor, notice_id), out)
    assert path == out / f"{notice_id}-recipient.txt"
    return path.read_text("utf-8")


WHO_IS_TOLD: list[tuple[str, Callable[[Layout], Right], list[str]]] = [
    ("a category that one receives", lambda of: rectify(of, "email", "a@b.example"), [PRINTER]),
    ("a category that none receives", lambda of: rectify(of, "last", "Nowak"), []),
    ("erasure", lambda _: Erasure("child"), [PRINTER, ANALYST]),
    ("restriction", lambda _: Restriction("accuracy"), [PRINTER, ANALYST]),
    ("objection to processing", lambda _: Opposition(), [PRINTER, ANALYST]),
    ("objection to messages", lambda of: Objection([of.channels[0]]), []),
    ("subscription", lambda of: Subscription([of.channels[0]]), []),
    ("decisions by a person", lambda _: Automation(stop=True), []),
]


@pytest.mark.parametrize(("right", "told"), [row[1:] for row in WHO_IS_TOLD],
                         ids=[row[0] for row in WHO_IS_TOLD])  # fmt: skip
def test_a_notice_arises_for_each_who_receives_what_changed(
    layout: Layout, shop: Store, right: Callable[[Layout], Right], told: list[str]
) -> None:
    receipt = exercise(shop, right(layout))
    arisen = listed(shop)
    assert [each.recipient for each in arisen] == list(receipt.recipients) == told
    for each in arisen:
        assert (each.right, each.article) == (receipt.right, receipt.article)
        assert (each.subject, each.fields) == (receipt.subject, receipt.fields)
        assert (each.since, each.status, each.settled) == (date(2026, 11, 23), "open", None)


def test_the_end_of_a_restriction_is_told_too(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    exercise(shop, Lifting("2026-11-23"))
    assert [(each.id, each.right, each.recipient) for each in listed(shop)] == [
        ("N1", "restriction", PRINTER),
        ("N2", "restriction", ANALYST),
        ("N3", "lifting", PRINTER),
        ("N4", "lifting", ANALYST),
    ]


def test_it_keeps_what_that_recipient_knows_the_person_by(layout: Layout, shop: Store) -> None:
    exercise(shop, Erasure("child"))
    printer, analyst = listed(shop)
    assert printer.person == {layout.id: ANA["id"], layout.person["email"]: ANA["email"]}
    assert analyst.person == {layout.id: ANA["id"]}


def test_of_a_corrected_value_it_keeps_the_one_they_know(layout: Layout, shop: Store) -> None:
    exercise(shop, rectify(layout, "email", "new@example.org"))
    assert listed(shop)[0].person[layout.person["email"]] == ANA["email"]


def test_planning_tells_nobody(shop: Store) -> None:
    propose(shop, Erasure("child"), ANA["id"])
    assert listed(shop) == []


def test_a_request_says_how_many_are_still_to_be_told(shop: Store) -> None:
    run(shop, receive(shop, "restriction").id)
    run(shop, receive(shop, "restriction", of=BO["id"]).id)
    with shop.reading() as cursor:
        assert [each.id for each in notices.listed(cursor, request="R2")] == ["N3", "N4"]
    counts = [request(shop).to_tell]
    for each in ("N1", "N2"):
        assert settle(shop, each).request == "R1"
        counts.append(request(shop).to_tell)
    assert counts == [2, 1, 0]
    assert request(shop, "R2").to_tell == 2


def test_what_is_open_stands_first_and_in_order(shop: Store) -> None:
    for _ in range(3):
        exercise(shop, Restriction("accuracy"))
        exercise(shop, Lifting("2026-11-23"))
    settle(shop, "N2")
    open_ones = ["N1", *(f"N{n}" for n in range(3, 13))]
    assert [each.id for each in listed(shop)] == [*open_ones, "N2"]
    assert [each.id for each in open_notices(shop)] == open_ones


def test_told_it_is_settled_and_forgets_the_person(shop: Store, clock: FixedClock) -> None:
    run(shop, receive(shop, "restriction").id)
    clock.now = clock.now.replace(day=25)
    before = snapshot(shop)
    told = settle(shop, "N1", TUESDAY, By("bea", "by registered mail"))
    assert (told.status, told.settled, told.person) == ("done", TUESDAY, {})
    assert changed(before, snapshot(shop)) == {
        "habeas.notices",
        "habeas.ledger",
        "habeas.settings",
        "habeas.reasons",
    }
    entry = last_entry(shop)
    assert (entry.actor, entry.action, entry.article) == ("bea", "notice done", "19")
    assert (entry.request, entry.subject) == ("R1", told.subject)
    assert entry.facts == {"notice": "N1", "recipient": PRINTER, "on": "2026-11-24"}
    assert not held(snapshot(shop)["habeas.notices"][:1], ANA["id"])


def test_nobody_is_told_in_the_future(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    before = snapshot(shop)
    with pytest.raises(BadInput, match="2026-11-24 is in the future"):
        settle(shop, "N1", TUESDAY)
    assert changed(before, snapshot(shop)) == set()


def test_where_it_is_impossible_the_reason_is_recorded(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    given_up = give_up(shop, "N1", "the company was wound up")
    assert (given_up.status, given_up.person) == ("impossible", {})
    assert (last_entry(shop).action, last_entry(shop).article) == ("notice impossible", "19")
    with shop.reading() as cursor:
        assert ledger.reasons(cursor)[last_entry(shop).seq] == "the company was wound up"


@pytest.mark.parametrize("act", [Restriction("accuracy"), Erasure("child")], ids=["", "erased"])
@pytest.mark.parametrize(
    ("reason", "error"),
    [("", BadInput), (" ", BadInput), ("no ana-1 there", Refused), (ANA["email"], Refused)],
)
def test_it_needs_a_reason_that_names_nobody(
    shop: Store, act: Right, reason: str, error: type[Exception]
) -> None:
    exercise(shop, act)
    before = snapshot(shop)
    with pytest.raises(error):
        give_up(shop, "N1", reason)
    assert changed(before, snapshot(shop)) == set()


def test_what_is_settled_stays_so(shop: Store, tmp_path: Path) -> None:
    exercise(shop, Restriction("accuracy"))
    settle(shop, "N1")
    give_up(shop, "N2", "wound up")
    before = snapshot(shop)
    for each, how in (("N1", "done"), ("N2", "impossible")):
        for act in (
            lambda n: settle(shop, n),
            lambda n: give_up(shop, n, "wound up"),
            lambda n: message(shop, n, tmp_path / "out"),
        ):
            with pytest.raises(Refused, match=f"{each} is {how} already"):
                act(each)
    assert changed(before, snapshot(shop)) == set()
    assert not (tmp_path / "out").exists()


def test_a_notice_that_is_not_there_is_said(shop: Store) -> None:
    with pytest.raises(NotFound, match="no notice N9"):
        settle(shop, "N9")


def test_an_erasure_overtakes_what_they_were_still_to_be_told(shop: Store, tmp_path: Path) -> None:
    exercise(shop, Restriction("accuracy"))
    exercise(shop, Restriction("accuracy"), of=BO["id"])
    settle(shop, "N1")
    exercise(shop, Erasure("child"))
    found = {each.id: each for each in listed(shop)}
    assert [found[f"N{n}"].status for n in range(1, 7)] == ["done", "overtaken", *["open"] * 4]
    assert (found["N2"].person, found["N2"].settled) == ({}, date(2026, 11, 23))
    with pytest.raises(Refused, match="N2 is overtaken already"):
        message(shop, "N2", tmp_path)


class TestTheMessage:
    """What a recipient reads: whom it is about, as they know them, and what to do."""

    def test_of_an_erasure_asks_to_erase(self, layout: Layout, shop: Store, tmp_path: Path) -> None:
        exercise(shop, Erasure("child"))
        text = message(shop, "N1", tmp_path)
        mail = layout.map.people.fields[layout.person["email"]].label
        key = layout.map.people.fields[layout.id].label
        assert f"To {PRINTER}\n" in text
        assert f"\n    {key}: {ANA['id']}\n" in text
        assert f"\n    {mail}: {ANA['email']}\n" in text
        assert "On Mon 23 Nov 2026 we erased this person's data (Article 17(1)(f))" in text
        assert "with any copies and links" in " ".join(text.split())
        assert f"confirm to {layout.map.controller.contact}, naming N1" in " ".join(text.split())
        assert ANA["email"] not in message(shop, "N2", tmp_path)

    def test_of_a_correction_has_the_values_as_they_are_now(
        self, layout: Layout, shop: Store, tmp_path: Path
    ) -> None:
        exercise(shop, rectify(layout, "email", "once@example.org"))
        exercise(shop, rectify(layout, "email", "twice@example.org"))
        mail = layout.map.people.fields[layout.person["email"]].label
        text = message(shop, "N1", tmp_path)
        assert f"    {mail}: {ANA['email']}\n" in text
        assert f"    {mail}: twice@example.org\n" in text
        assert "once@example.org" not in text
        assert "(Article 16)" in text

    def test_of_a_value_taken_away_says_so(
        self, layout: Layout, shop: Store, tmp_path: Path
    ) -> None:
        exercise(shop, rectify(layout, "email", ""))
        mail = layout.map.people.fields[layout.person["email"]].label
        assert f"    {mail}: (none)\n" in message(shop, "N1", tmp_path)

    def test_of_a_restriction_and_of_its_end(self, shop: Store, tmp_path: Path) -> None:
        exercise(shop, Restriction("accuracy"))
        exercise(shop, Lifting("2026-11-23"))
        texts = {each: " ".join(message(shop, each, tmp_path).split()) for each in ("N1", "N3")}
        assert "restricted the processing of this person's data (Article 18(1)(a))" in texts["N1"]
        assert "store it, and do not use it otherwise" in texts["N1"]
        assert "the restriction of which we told you ended (Article 18(3))" in texts["N3"]

    def test_no_value_adds_a_line_to_it(self, layout: Layout, shop: Store, tmp_path: Path) -> None:
        spoof = "x\n\nOn Monday we erased this person's data.\n\n\x1b[2Jy"
        odd = {"id": spoof, "last": "z", "email": "z@example.org"}
        layout.load(shop, people=[odd])
        exercise(shop, Erasure("child"), of=spoof)
        key = layout.map.people.fields[layout.id].label
        assert f"\n    {key}: x On Monday we erased this person's data. [2Jy\n" in message(
            shop, "N2", tmp_path
        )
