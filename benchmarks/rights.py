"""How fast rights of many people are carried out, beside the bare statements. See the README."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks import made_up
from benchmarks.apart import measured
from data import fulfilment
from data.ledger import By
from data.register import reception
from data.register.reception import New
from data.rights.erasure import Erasure
from data.rights.objection import Objection
from data.rights.plan import TOGETHER, propose_all
from data.rights.rectification import Rectification
from data.rights.restriction import Restriction
from data.rights.right import Plan, Right, planned
from data.store import Store

RIGHTS: dict[str, Right] = {
    "restriction": Restriction("accuracy"),
    "objection": Objection(("email",)),
    "rectification": Rectification({"city": "Utrecht"}),
    "erasure": Erasure("child"),
}
BARE = {
    "restriction": "INSERT INTO restricted SELECT user_id FROM wanted",
    "objection": "UPDATE store.main.profiles SET email_opt_in = false "
    "WHERE user_id IN (SELECT user_id FROM wanted)",
    "rectification": "UPDATE store.main.profiles SET city = 'Utrecht' "
    "WHERE user_id IN (SELECT user_id FROM wanted)",
    "erasure": "DELETE FROM store.main.events WHERE user_id IN (SELECT user_id FROM wanted); "
    "DELETE FROM store.main.profiles WHERE user_id IN (SELECT user_id FROM wanted)",
}
BY = By("bench")


def bare(path: Path, ids: list[str], right: str) -> None:
    """The statement alone, for so many people at once, and taken back."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS store")
        connection.execute("CREATE TEMP TABLE restricted (user_id VARCHAR)")
        for start in range(0, len(ids), TOGETHER):
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?) AS user_id",
                [ids[start : start + TOGETHER]],
            )
            connection.execute(f"BEGIN; {BARE[right]}; ROLLBACK")


def together(path: Path, ids: list[str], right: str) -> None:
    with Store.open(path) as store:
        for start in range(0, len(ids), TOGETHER):
            _do(store, ids[start : start + TOGETHER], RIGHTS[right])


def one_by_one(path: Path, ids: list[str], right: str) -> None:
    with Store.open(path) as store:
        for each in ids:
            _do(store, [each], RIGHTS[right])


def _do(store: Store, ids: list[str], right: Right) -> None:
    with store.reading() as cursor:
        plans: list[Plan] = [*map(planned, propose_all(cursor, dict.fromkeys(ids, right)).values())]
    fulfilment.carry_out_all(store, [(each, BY) for each in plans])


def entered(path: Path, ids: list[str], right: str) -> None:
    """Requests for the right, entered and worked off."""
    with Store.open(path) as store:
        details = {"ground": "accuracy"}
        with store.transaction() as cursor:
            new = [New(each, right, ready=True, details=details) for each in ids]
            queue = reception.add_all(cursor, new, BY)
        for start in range(0, len(ids), TOGETHER):
            outcomes = fulfilment.work_off(store, queue[start : start + TOGETHER], BY, {})
            assert all(each.came_to == "done" for each in outcomes)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=20, help="of each of them")
    parser.add_argument("--one-by-one", type=int, default=200, help="people for the comparison")
    given = parser.parse_args()
    ids = list(map(made_up.user_id, range(1, given.people + 1)))
    with TemporaryDirectory() as name:
        print(f"{given.people:,} people of {given.events} events; milliseconds a person")
        print(f"{'':<28}{'bare':>8}{'together':>10}{'alone':>8}{'alone/together':>16}")
        for right in RIGHTS:
            path = Path(name) / right / "made_up.duckdb"
            path.parent.mkdir()
            made_up.store(path, 2 * given.people, given.events)
            others = list(map(made_up.user_id, range(given.people + 1, 2 * given.people + 1)))
            few = others[: given.one_by_one]
            times = [
                _each(bare, path, ids, right),
                _each(together, path, ids, right),
                _each(one_by_one, path, few, right),
            ]
            line = f"{right:<28}{times[0]:>8.2f}{times[1]:>10.2f}{times[2]:>8.2f}"
            print(f"{line}{times[2] / times[1]:>16.1f}")
            if right == "restriction":
                rest = others[given.one_by_one :]
                print(
                    f"{'requests for it, with entry':<36}{_each(entered, path, rest, right):>10.2f}"
                )


def _each(what: Callable[..., object], path: Path, ids: list[str], right: str) -> float:
    """Milliseconds a person."""
    return measured(what, path, ids, right).seconds * 1000 / len(ids)


if __name__ == "__main__":
    main()
