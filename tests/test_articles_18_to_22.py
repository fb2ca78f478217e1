"""Each right of the person, point by point: Articles 18 to 22."""

import json
from pathlib import Path

import pytest

from data.errors import BadInput, Refused
from data.grounds import DESPITE_RESTRICTION, RESTRICTION
from data.ledger import By
from data.register import notices
from data.rights.access import Access
from data.rights.automation import Automation, Contest
from data.rights.erasure import Erasure
from data.rights.objection import Objection, Opposition, Subscription
from data.rights.plan import propose
from data.rights.portability import Portability
from data.rights.rectification import Rectification
from data.rights.restriction import Lifting, Restriction
from data.rights.right import Right
from data.store import Store
from tests.acts import (
    exercise,
    last_entry,
    open_notices,
    person,
    receive,
    receive_known,
    request,
    run,
)
from tests.conftest import ANA
from tests.layouts import FULL, Layout, changed, held, snapshot

TODAY = "2026-11-23"


@pytest.fixture(scope="session")
def layout() -> Layout:
    return FULL


def rows(store: Store, view: str) -> list[str]:
    """The ids that a view shows."""
    return [next(each for each in row if isinstance(each, str)) for row in snapshot(store)[view]]


# Restriction.


@pytest.mark.parametrize(("ground", "article"), RESTRICTION.items(), ids=RESTRICTION.values())
def test_18_1_it_is_for_a_ground_that_is_recorded(shop: Store, ground: str, article: str) -> None:
    exercise(shop, Restriction(ground))
    assert last_entry(shop).article == article
    assert ANA["id"] not in rows(shop, "habeas.processable_profiles")


@pytest.mark.parametrize("despite", DESPITE_RESTRICTION)
def test_18_2_the_data_is_used_for_one_of_four_reasons_which_is_recorded(
    shop: Store, despite: str
) -> None:
    exercise(shop, Restriction("accuracy"))
    exercise(shop, Rectification({"last_name": "Nowak"}, despite=despite))
    assert last_entry(shop).facts["despite"] == despite
    assert last_entry(shop).facts["despite_article"] == "18(2)"


@pytest.mark.parametrize(
    "use", [Rectification({"last_name": "Nowak"}), Subscription(["email"])], ids=lambda r: r.name
)
def test_18_2_it_is_used_for_no_other(shop: Store, use: Right) -> None:
    exercise(shop, Restriction("accuracy"))
    with pytest.raises(Refused, match="is restricted"):
        propose(shop, use, ANA["id"])


@pytest.mark.parametrize("right", [Access, Portability], ids=lambda right: right.name)
def test_18_the_person_has_their_copy_while_they_are_restricted(
    shop: Store, tmp_path: Path, right: type[Access] | type[Portability]
) -> None:
    exercise(shop, Restriction("accuracy"))
    assert exercise(shop, right(str(tmp_path / "out"))).rows["events"] == 2


def test_18_3_it_is_lifted_once_the_person_was_informed(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    for informed in ("", "2026-11-24"):
        with pytest.raises((BadInput, Refused)):
            propose(shop, Lifting(informed), ANA["id"])
    with pytest.raises(BadInput, match="needs its informed"):
        Lifting.from_details({})
    exercise(shop, Lifting(TODAY))
    assert (last_entry(shop).article, last_entry(shop).facts["informed"]) == ("18(3)", TODAY)
    assert ANA["id"] in rows(shop, "habeas.processable_profiles")


# Recipients.


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (Rectification({"email": "a@b.example"}), ["Printer GmbH"]),
        (Rectification({"last_name": "Nowak"}), []),
        (Erasure("child"), ["Printer GmbH", "Analyst Inc"]),
        (Restriction("accuracy"), ["Printer GmbH", "Analyst Inc"]),
    ],
    ids=["a correction, to who received it", "and to nobody else", "an erasure", "a restriction"],
)
def test_19_recipients_are_to_be_told_of(shop: Store, right: Right, told: list[str]) -> None:
    exercise(shop, right)
    assert [each.recipient for each in open_notices(shop)] == told


def test_19_the_message_says_whom_it_is_about_and_what_to_do(shop: Store, tmp_path: Path) -> None:
    exercise(shop, Erasure("child"))
    with shop.reading() as cursor:
        path = notices.write(cursor, open_notices(shop)[0], tmp_path)
    text = " ".join(path.read_text("utf-8").split())
    assert f"Email: {ANA['email']}" in text
    assert "Please erase what you hold of it" in text


def test_19_it_is_recorded_when_they_were_told(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    with shop.transaction() as cursor:
        notices.done(cursor, "N1", cursor.today, By("handler"))
    assert last_entry(shop).article == "19"
    assert last_entry(shop).facts == {"notice": "N1", "recipient": "Printer GmbH", "on": TODAY}
    assert [each.id for each in open_notices(shop)] == ["N2"]


def test_19_or_why_that_is_impossible(shop: Store) -> None:
    exercise(shop, Restriction("accuracy"))
    with pytest.raises(BadInput), shop.transaction() as cursor:
        notices.impossible(cursor, "N1", By("handler"))
    with shop.transaction() as cursor:
        notices.impossible(cursor, "N1", By("handler", "the company was wound up"))
    assert held(snapshot(shop)["habeas.reasons"], "wound up")
    assert [each.id for each in open_notices(shop)] == ["N2"]


# Portability.


def test_20_what_was_provided_and_observed_leaves_and_nothing_inferred(
    shop: Store, tmp_path: Path
) -> None:
    exercise(shop, Portability(str(tmp_path / "out")))
    (folder,) = (tmp_path / "out").iterdir()
    profile = json.loads((folder / "profile.json").read_text())
    assert profile["email"] == ANA["email"]
    assert "score" not in profile
    assert (folder / "events.json").read_text().count("\n") == 2


def test_20_1_it_is_in_forms_that_machines_read(shop: Store, tmp_path: Path) -> None:
    exercise(shop, Portability(str(tmp_path / "out")))
    (folder,) = (tmp_path / "out").iterdir()
    forms = {path.suffix for path in folder.iterdir() if path.stem == "profile"}
    assert forms == {".json", ".csv", ".parquet"}


# Objection.


@pytest.mark.parametrize("channel", FULL.map.people.channels)
def test_21_2_no_message_goes_out_on_a_channel_after_it(shop: Store, channel: str) -> None:
    every = [*shop.map.people.channels]
    exercise(shop, Subscription(every))
    exercise(shop, Objection([channel]))
    reached = {name for _, name in snapshot(shop)["habeas.reachable"]}
    assert reached == {*every} - {channel}
    assert last_entry(shop).article == "21(2)"


def test_21_3_an_objection_to_all_of_it_is_for_every_channel(shop: Store) -> None:
    every = [*shop.map.people.channels]
    exercise(shop, Subscription(every))
    exercise(shop, Objection(every))
    assert snapshot(shop)["habeas.reachable"] == []


def test_21_3_it_is_weighed_against_nothing_not_even_a_restriction(shop: Store) -> None:
    exercise(shop, Restriction("claims"))
    exercise(shop, Objection(["email"]))
    assert person(shop).channels["email"] is False


def test_21_3_no_import_overrules_it(layout: Layout, shop: Store) -> None:
    exercise(shop, Objection(["email"]))
    layout.load(shop, people=[{**ANA, "email_opt_in": "true"}])
    assert snapshot(shop)["habeas.reachable"] == []


def test_21_1_to_other_processing_it_restricts_until_it_is_decided(shop: Store) -> None:
    plan = propose(shop, Opposition(), ANA["id"])
    assert (plan.article, plan.facts) == ("21(1)", {"restricted_under": "18(1)(d)"})
    run(shop, receive(shop, "opposition", details={}).id)
    assert request(shop).awaits_decision
    assert ANA["id"] not in rows(shop, "habeas.processable_profiles")


def test_21_1_upheld_it_erases(shop: Store) -> None:
    run(shop, receive_known(shop, "opposition", details={}).id)
    done = run(shop, "R1", outcome="upheld")
    assert (done.status, done.receipt["decision"]["article"]) == ("completed", "17(1)(c)")
    assert ANA["id"] not in rows(shop, "profiles")


def test_21_1_overridden_it_lifts_once_the_person_was_informed(shop: Store) -> None:
    run(shop, receive(shop, "opposition", details={}).id)
    with pytest.raises(BadInput):
        run(shop, "R1", outcome="overridden")
    done = run(shop, "R1", outcome="overridden", informed=TODAY)
    assert (done.status, done.receipt["decision"]["article"]) == ("completed", "18(3)")
    assert ANA["id"] in rows(shop, "habeas.processable_profiles")


# Decisions by a machine alone.


def test_22_1_they_are_stopped_for_jobs_downstream(shop: Store) -> None:
    exercise(shop, Automation(stop=True))
    assert ANA["id"] not in rows(shop, "habeas.decidable_profiles")
    assert ANA["id"] in rows(shop, "habeas.processable_profiles")


def test_22_2_they_are_allowed_again(shop: Store) -> None:
    before = snapshot(shop)["habeas.decidable_profiles"]
    exercise(shop, Automation(stop=True))
    exercise(shop, Automation(stop=False))
    assert snapshot(shop)["habeas.decidable_profiles"] == before


@pytest.mark.parametrize("outcome", Contest.outcomes)
def test_22_3_a_decision_is_contested_and_what_a_human_made_of_it_is_recorded(
    shop: Store, outcome: str
) -> None:
    asked = receive(shop, "contest", details={"decision": "invoice"})
    before = snapshot(shop)
    with pytest.raises(BadInput, match="needs its outcome"):
        run(shop, asked.id)
    assert changed(before, snapshot(shop)) == set()
    done = run(shop, asked.id, outcome=outcome)
    assert (done.status, done.receipt["article"]) == ("completed", "22(3)")
    assert done.receipt["facts"] == {"decision": "invoice", "outcome": outcome}
    assert last_entry(shop).facts["outcome"] == outcome


@pytest.mark.parametrize(
    ("decision", "outcome"), [("marriage", "changed"), ("invoice", "forgotten")]
)
def test_22_3_only_what_the_map_names_is_contested(
    shop: Store, decision: str, outcome: str
) -> None:
    with pytest.raises(BadInput):
        propose(shop, Contest(decision, outcome), ANA["id"])
