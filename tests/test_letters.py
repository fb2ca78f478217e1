"""Letters: from templates, the user's own first, and never with what a terminal would obey."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from data import files, wording
from data.beside import LETTERS
from data.errors import BadInput, HabeasError, MapError, Refused
from data.ledger import By
from data.register import letters
from data.register.extension import extend
from data.register.identification import identify
from data.register.refusal import refuse
from data.rights.restriction import Restriction
from data.store import Store
from data.wording import PAGE
from tests.acts import SEEN, cancel, exercise, receive, receive_known, request, run
from tests.conftest import ANA
from tests.layouts import Layout, changed, snapshot

WHY = By("handler", "It takes a while to put everything together.")


def letter(store: Store, kind: str, out: Path, request_id: str = "R1") -> str:
    with store.reading() as cursor:
        path = letters.write_asked(cursor, request(store, request_id), kind, out)
    assert path == out / f"{request_id}-{kind}.txt"
    return path.read_text("utf-8")


def flat(text: str) -> str:
    return " ".join(text.split())


class TestWhatTheySay:
    def test_a_confirmation_says_by_when_and_how_that_was_counted(
        self, layout: Layout, shop: Store, tmp_path: Path
    ) -> None:
        receive(shop, "access")
        text = flat(letter(shop, "confirmation", tmp_path))
        assert "Your request R1: access to your data" in text
        assert "we received your request on Mon 23 Nov 2026" in text
        assert "our answer by Wed 23 Dec 2026 (received Mon 23 Nov 2026, one month, ends" in text
        assert "There is no charge" in text
        assert layout.map.controller.name in text
        assert "who asks" not in text

    def test_it_asks_for_proof_where_proof_was_asked_for(self, shop: Store, tmp_path: Path) -> None:
        receive(shop, "access")
        identify(shop, "R1", "asked", SEEN, pause=True)
        text = flat(letter(shop, "confirmation", tmp_path))
        assert "we need to be sure that it is you who asks" in text
        assert "We use it for this check alone." in text

    def test_the_letter_before_a_lifting_says_that_the_restriction_ends(
        self, shop: Store, tmp_path: Path
    ) -> None:
        exercise(shop, Restriction("accuracy"))
        receive(shop, "lifting", details={})
        text = flat(letter(shop, "lifting", tmp_path))
        assert "before we do so, that this restriction ends" in text
        assert "Article 18(3)" in text
        assert "complain to a supervisory authority" in text

    @pytest.mark.parametrize(
        ("right", "details", "said"),
        [
            ("access", {"out": "out"}, "a copy of your data with this letter (Article 15 GDPR)"),
            ("portability", {"out": "out"}, "other services can read (Article 20 GDPR)"),
            ("rectification", {"last": "Nowak"}, "corrected 1 of your details (Article 16 GDPR)"),
            ("erasure", {}, "we erased your data (Article 17(1)(f) GDPR)"),
            ("restriction", {}, "store your data and do not use it otherwise (Article 18(1)(a)"),
            ("objection", {"channels": ["email"]}, "no longer send you messages on email (Article"),
            ("subscription", {"channels": ["email"]}, "send you messages on email again (Article"),
            ("automation", {}, "decisions about you are made by people (Article 22 GDPR)"),
        ],
    )
    def test_an_answer_says_what_was_done(
        self,
        layout: Layout,
        shop: Store,
        tmp_path: Path,
        right: str,
        details: dict[str, Any],
        said: str,
    ) -> None:
        if "out" in details:
            details = {"out": str(tmp_path / "out")}
        if "last" in details:
            details = {"changes": layout.as_person(details)}
        receive_known(shop, right)
        run(shop, "R1", **details)
        text = flat(letter(shop, "completion", tmp_path))
        assert said in text
        recipients = request(shop).receipt["recipients"]
        assert ("We had passed data about you on to" in text) == bool(recipients)
        assert all(each in text for each in recipients)

    @pytest.mark.parametrize(
        ("outcome", "said"),
        [
            ({"outcome": "upheld"}, "uphold it, and erased your data (Article 21(1)"),
            (
                {"outcome": "overridden", "informed": "2026-11-23"},
                "compelling grounds of ours override it, and we use your data again",
            ),
        ],
    )
    def test_who_objected_is_told_what_was_decided(
        self, shop: Store, tmp_path: Path, outcome: dict[str, str], said: str
    ) -> None:
        run(shop, receive_known(shop, "opposition", details={}).id)
        run(shop, "R1", **outcome)
        assert said in flat(letter(shop, "completion", tmp_path))


class TestWhenTheyAreSo:
    """A letter that would say what is not so is refused."""

    @pytest.fixture
    def asked(self, shop: Store, tmp_path: Path) -> Store:
        receive(shop, "access")  # R1: open
        run(shop, receive(shop, "restriction").id)  # R2: done
        cancel(shop, receive(shop, "access").id)  # R3: taken back
        refuse(shop, receive(shop, "access").id, "excessive", WHY, tmp_path)  # R4: refused
        receive(shop, "lifting", details={})  # R5: open
        run(shop, receive(shop, "opposition", details={}).id)  # R6: to be decided
        receive(shop, "restriction")  # R7: open
        cancel(shop, receive(shop, "lifting", details={}).id)  # R8: taken back
        return shop

    @pytest.mark.parametrize(
        ("kind", "so"),
        [
            ("confirmation", {"R1", "R5", "R6", "R7"}),
            ("completion", {"R2"}),
            ("lifting", {"R2", "R5", "R6"}),
        ],
    )
    def test_it_is_written_where_it_is_so(
        self, asked: Store, tmp_path: Path, kind: str, so: set[str]
    ) -> None:
        for each in (f"R{n}" for n in range(1, 9)):
            if each in so:
                assert letter(asked, kind, tmp_path, each)
                continue
            with pytest.raises(Refused, match=f"a letter of {kind} would not be so"):
                letter(asked, kind, tmp_path, each)

    def test_others_are_not_written_alone(self, asked: Store, tmp_path: Path) -> None:
        for kind in ("extension", "refusal", "love"):
            with pytest.raises(BadInput, match="no letter; there are confirmation"):
                letter(asked, kind, tmp_path)


class TestTheUsersOwn:
    """A folder beside the store: a file there stands in for the one that ships."""

    @pytest.fixture
    def own(self, shop: Store) -> Path:
        receive(shop, "access")
        folder = shop.path.with_suffix(LETTERS) / "en"
        folder.mkdir(parents=True)
        return folder

    def test_it_stands_in_for_the_one_that_ships(
        self, shop: Store, own: Path, tmp_path: Path
    ) -> None:
        (own / "extension.txt").write_text("Dear you,\n\n{{ request.id }}: {{ reason }}\n")
        _, path = extend(shop, "R1", WHY, tmp_path)
        assert path.read_text() == f"Dear you,\n\nR1: {WHY.reason}\n"
        assert "Dear you" not in letter(shop, "confirmation", tmp_path)

    def test_a_part_of_them_may_be_ones_own(self, shop: Store, own: Path, tmp_path: Path) -> None:
        (own / "remedies.txt").write_text("Complain to the ombudsman.\n")
        _, path = refuse(shop, "R1", "excessive", WHY, tmp_path)
        assert "Complain to the ombudsman." in path.read_text()
        assert "manifestly excessive" in path.read_text()

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a\n{{ nobody }}\n", 2),
            ("a\n\nb{% if %}\n", 3),
            ("{{ 1 +", 1),
            ("a\n\n{{ request.due + 1 }}\n", 3),
            ("{{ request.id.nothing.at_all }}\n", 1),
        ],
    )
    def test_a_fault_in_it_is_named_by_its_line_and_changes_nothing(
        self, shop: Store, own: Path, tmp_path: Path, text: str, line: int
    ) -> None:
        (own / "extension.txt").write_text(text)
        before = snapshot(shop)
        with pytest.raises(MapError, match=f"en/extension.txt, line {line} cannot be filled in"):
            extend(shop, "R1", WHY, tmp_path / "out")
        assert changed(before, snapshot(shop)) == set()
        assert not (tmp_path / "out").exists()

    def test_a_fault_in_a_part_of_it_is_named_by_that_part(
        self, shop: Store, own: Path, tmp_path: Path
    ) -> None:
        (own / "remedies.txt").write_text("a\n{{ nobody }}\n")
        with pytest.raises(MapError, match=r"en/remedies\.txt, line 2 cannot"):
            extend(shop, "R1", WHY, tmp_path)


def test_the_map_chooses_the_language(layout: Layout, tmp_path: Path) -> None:
    text = layout.map_text
    text = (
        text.replace("[controller]", '[controller]\nlanguage = "nl"')
        if "[controller]" in text
        else text + '[controller]\nlanguage = "nl"\n'
    )
    own = tmp_path / f"shop{LETTERS}" / "nl"
    own.mkdir(parents=True)
    (own / "confirmation.txt").write_text("Uw verzoek {{ request.id }}\n")
    (tmp_path / "shop.map.toml").write_text(text)
    with Store.create(tmp_path / "shop.duckdb") as store:
        layout.load(store, people=[ANA])
        receive(store, "access")
        assert letter(store, "confirmation", tmp_path) == "Uw verzoek R1\n"
        with pytest.raises(MapError, match=r"no nl/extension\.txt among the letters"):
            extend(store, "R1", WHY, tmp_path)


HOSTILE = "\x1b[2J\x1b]52;c;ZXZpbA==\x07\u202egnp\x9b31m\r\x00 end"


def test_nothing_that_a_terminal_obeys_is_written(shop: Store, tmp_path: Path) -> None:
    receive(shop, "access")
    _, path = extend(shop, "R1", By("handler", HOSTILE), tmp_path)
    text = path.read_bytes().decode()
    assert [each for each in text if not each.isprintable() and each != "\n"] == []
    assert "[2J]52;c;ZXZpbA==gnp31m end" in text


def test_a_letter_is_filled_to_the_width_of_a_page(shop: Store, tmp_path: Path) -> None:
    receive(shop, "access")
    _, path = extend(shop, "R1", By("handler", "word " * 60), tmp_path)
    lines = path.read_text().splitlines()
    assert PAGE - 10 < max(map(len, lines)) <= PAGE
    assert "\n\n\n" not in path.read_text()


class TestFiles:
    """Whole or not there, and for nobody else to read."""

    @pytest.fixture(autouse=True)
    def masked(self) -> Iterator[None]:
        before = os.umask(0o077)
        yield
        os.umask(before)

    def test_a_file_is_private(self, tmp_path: Path) -> None:
        path = files.write_text(tmp_path / "new" / "a.txt", "é\n")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert path.read_bytes() == "é\n".encode()

    def test_a_letter_is_private(self, shop: Store, tmp_path: Path) -> None:
        receive(shop, "access")
        letter(shop, "confirmation", tmp_path / "out")
        path = tmp_path / "out" / "R1-confirmation.txt"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
    def test_what_fails_leaves_the_earlier_file(self, tmp_path: Path, error: BaseException) -> None:
        path = files.write_text(tmp_path / "a.txt", "earlier")

        def half(unfinished: Path) -> None:
            unfinished.write_text("lat")
            raise error

        with pytest.raises((HabeasError, KeyboardInterrupt)) as raised:
            files.write(path, half)
        assert isinstance(raised.value, KeyboardInterrupt) or "No space left" in str(raised.value)
        assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]
        assert path.read_text() == "earlier"

    def test_a_new_file_goes_with_the_transaction(self, shop: Store, tmp_path: Path) -> None:
        old = files.write_text(tmp_path / "old.txt", "earlier")
        with shop.transaction(keep=False) as cursor:
            new = files.write_text(tmp_path / "new.txt", "x", cursor)
            files.write_text(old, "later", cursor)
            assert new.exists()
        assert not new.exists()
        assert old.exists()
        with shop.transaction() as cursor:
            files.write_text(new, "x", cursor)
        assert new.exists()


class TestCompiled:
    """A page takes a tenth of a second to compile, so that is done once, not by each command."""

    @pytest.fixture
    def kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """Where Python keeps what it compiles; as if nothing were compiled yet."""
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
        wording._environment.cache_clear()
        yield tmp_path / "kept"
        wording._environment.cache_clear()

    def again(self, store: Store, out: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        """The letter from another process, which must not compile it."""
        wording._environment.cache_clear()
        with monkeypatch.context() as patched:
            patched.delattr(Environment, "_parse")
            return letter(store, "confirmation", out)

    def test_once(
        self, shop: Store, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receive(shop, "access")
        text = letter(shop, "confirmation", tmp_path)
        assert any(each.is_file() for each in kept.rglob("*"))
        assert self.again(shop, tmp_path, monkeypatch) == text

    def test_anew_where_its_text_is_another(
        self, shop: Store, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receive(shop, "access")
        own = shop.path.with_suffix(LETTERS) / "en" / "confirmation.txt"
        own.parent.mkdir(parents=True)
        for said in ("Good day.", "Good night."):
            own.write_text(said)
            wording._environment.cache_clear()
            assert letter(shop, "confirmation", tmp_path) == f"{said}\n"
            assert self.again(shop, tmp_path, monkeypatch) == f"{said}\n"

    def test_by_each_where_nothing_may_be_kept(
        self, shop: Store, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receive(shop, "access")
        kept.write_text("in the way of a folder")
        assert "R1" in letter(shop, "confirmation", tmp_path)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        kept.unlink()
        wording._environment.cache_clear()
        assert "R1" in letter(shop, "confirmation", tmp_path)
        assert not kept.exists()
