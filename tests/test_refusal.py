"""A request refused: on a ground the law knows, with reasons and what the person can do, 12(4)."""

from pathlib import Path

import pytest

from data.errors import BadInput, NotFound, Refused
from data.grounds import ERASURE_EXCEPTIONS
from data.ledger import By
from data.register.identification import identify
from data.register.refusal import exceptions_of, refuse
from data.store import Store
from tests.acts import (
    REGISTER,
    SEEN,
    cancel,
    confirm,
    last_entry,
    receive,
    receive_known,
    request,
    run,
)
from tests.conftest import ANA
from tests.layouts import Layout, changed, held, snapshot

WHY = By("bea", "You asked for the same last week, and nothing has changed since.")

GROUNDS = [
    # right, ground, exception, article, what the letter says
    ("access", "unfounded", "", "12(5)", "manifestly unfounded"),
    ("access", "excessive", "", "12(5)", "manifestly excessive"),
    ("access", "unidentifiable", "", "11(2)", "cannot tell whose data"),
    ("access", "exception", "rights-of-others", "15(4)", "makes an exception"),
    *[
        ("erasure", "exception", each, article, "makes an exception")
        for each, article in ERASURE_EXCEPTIONS.items()
    ],
    ("portability", "exception", "public-task", "20(3)", "makes an exception"),
    ("portability", "exception", "rights-of-others", "20(4)", "makes an exception"),
    ("opposition", "exception", "public-interest", "21(6)", "makes an exception"),
    ("opposition", "exception", "compelling-grounds", "21(1)", "makes an exception"),
    ("opposition", "exception", "claims", "21(1)", "makes an exception"),
    ("automation", "exception", "contract", "22(2)(a)", "makes an exception"),
    ("automation", "exception", "law", "22(2)(b)", "makes an exception"),
    ("automation", "exception", "consent", "22(2)(c)", "makes an exception"),
    ("restriction", "exception", "restricted-by-law", "23(1)", "makes an exception"),
]


@pytest.mark.parametrize(
    ("right", "ground", "exception", "article", "said"),
    GROUNDS,
    ids=[f"{row[0]} {row[3]} {row[1]} {row[2]}".strip() for row in GROUNDS],
)
def test_a_refusal_is_given_on_a_point_of_the_law(
    shop: Store, tmp_path: Path, right: str, ground: str, exception: str, article: str, said: str
) -> None:
    receive(shop, right, details={})
    refused, letter = refuse(shop, "R1", ground, WHY, tmp_path / "out", exception=exception)
    assert (refused.status, refused.ground, refused.is_open) == ("refused", article, False)
    text = " ".join(letter.read_text("utf-8").split())
    assert said in text
    assert f"(Article {article} GDPR)" in text
    facts = {"ground": ground, "exception": exception} if exception else {"ground": ground}
    assert (last_entry(shop).article, last_entry(shop).facts) == (article, facts)


def test_it_closes_the_request_and_changes_nothing_of_the_person(
    shop: Store, tmp_path: Path
) -> None:
    receive(shop, "erasure")
    before = snapshot(shop)
    refused, _ = refuse(shop, "R1", "excessive", WHY, tmp_path / "out")
    assert refused.closed_at
    assert request(shop) == refused
    assert changed(before, snapshot(shop)) == REGISTER | {"habeas.reasons"}
    entry = last_entry(shop)
    assert (entry.actor, entry.action, entry.request) == ("bea", "request refused", "R1")
    assert held(snapshot(shop)["habeas.reasons"], WHY.reason)


def test_the_letter_has_the_reasons_the_authority_and_the_court(
    layout: Layout, shop: Store, tmp_path: Path
) -> None:
    receive(shop, "access")
    _, letter = refuse(shop, "R1", "unfounded", WHY, tmp_path / "out")
    assert letter == tmp_path / "out" / "R1-refusal.txt"
    text = " ".join(letter.read_text("utf-8").split())
    assert WHY.reason in text
    assert "you can complain to a supervisory authority" in text
    assert layout.map.controller.authority in text
    assert "You can also go to court (Articles 77 and 79 GDPR)" in text
    assert not [value for value in ANA.values() if value in text]


def test_who_cannot_be_identified_is_told_what_would_change_that(
    shop: Store, tmp_path: Path
) -> None:
    receive(shop, "access")
    _, letter = refuse(shop, "R1", "unidentifiable", WHY, tmp_path)
    assert "we will look at your request again" in " ".join(letter.read_text("utf-8").split())


@pytest.mark.parametrize("outcome", ["confirmed", "not needed"])
def test_who_is_identified_is_not_refused_for_being_nobody(
    shop: Store, tmp_path: Path, outcome: str
) -> None:
    receive(shop, "access")
    identify(shop, "R1", outcome, SEEN)
    with pytest.raises(Refused, match=f"has its identity {outcome}"):
        refuse(shop, "R1", "unidentifiable", WHY, tmp_path)


@pytest.mark.parametrize(
    ("ground", "exception", "reason", "error", "said"),
    [
        ("boredom", "", WHY.reason, BadInput, "no ground"),
        ("exception", "", WHY.reason, BadInput, "rights-of-others|restricted-by-law"),
        ("exception", "claims", WHY.reason, BadInput, "Say which exception"),
        ("excessive", "rights-of-others", WHY.reason, BadInput, "has no exception"),
        ("excessive", "", "", BadInput, "told why it is refused"),
        ("excessive", "", "Kowalska asks daily", Refused, "holds the person's"),
    ],
)
def test_what_is_no_refusal_changes_nothing(
    shop: Store,
    tmp_path: Path,
    ground: str,
    exception: str,
    reason: str,
    error: type[Exception],
    said: str,
) -> None:
    receive(shop, "access")
    before = snapshot(shop)
    with pytest.raises(error, match=said.replace("|", r"\|")):
        refuse(shop, "R1", ground, By("handler", reason), tmp_path / "out", exception=exception)
    assert changed(before, snapshot(shop)) == set()
    assert not (tmp_path / "out").exists()


def test_what_was_done_or_closed_is_not_refused(shop: Store, tmp_path: Path) -> None:
    cancel(shop, receive(shop).id)
    run(shop, receive(shop).id)
    run(shop, receive(shop, "opposition", details={}).id)
    for each in ("R1", "R2", "R3"):
        with pytest.raises(Refused, match="already"):
            refuse(shop, each, "unfounded", WHY, tmp_path)
    with pytest.raises(NotFound):
        refuse(shop, "R9", "unfounded", WHY, tmp_path)


def test_what_was_refused_is_not_carried_out(shop: Store, tmp_path: Path) -> None:
    receive_known(shop, "erasure")
    refuse(shop, "R1", "excessive", WHY, tmp_path)
    before = snapshot(shop)
    for act in (run, cancel, confirm):
        with pytest.raises(Refused, match="R1 is refused already"):
            act(shop, "R1")
    assert changed(before, snapshot(shop)) == set()


def test_a_trial_leaves_no_letter(shop: Store, tmp_path: Path) -> None:
    receive(shop, "access")
    before = snapshot(shop)
    refused, letter = refuse(shop, "R1", "excessive", WHY, tmp_path / "out", keep=False)
    assert refused.status == "refused"
    assert not letter.exists()
    assert changed(before, snapshot(shop)) == set()


def test_every_right_may_be_limited_by_a_law() -> None:
    assert exceptions_of("restriction") == {"restricted-by-law": "23(1)"}
    assert exceptions_of("erasure") == {**ERASURE_EXCEPTIONS, "restricted-by-law": "23(1)"}


def test_a_decision_for_a_contract_or_by_consent_may_always_be_contested() -> None:
    """22(3) gives that right in the very cases in which 22(2) allows the decision."""
    assert exceptions_of("contest") == {"law": "22(2)(b)", "restricted-by-law": "23(1)"}
    assert {"contract", "consent"} < exceptions_of("automation").keys()


def test_an_objection_to_marketing_is_absolute() -> None:
    """21(2) and (3): what speaks against an objection to other processing does not here."""
    assert exceptions_of("objection") == {"restricted-by-law": "23(1)"}
