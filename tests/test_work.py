"""Work that takes long is ended for good, at whatever moment that is asked."""

from threading import Event, Thread

import pytest

from data.errors import Interrupted
from data.work import Work


class Deaf:
    """A query that heeds only what interrupts it for the third time, as DuckDB's do not heed what
    comes while they begin."""

    def __init__(self) -> None:
        self.over = Event()
        self.times = 0

    def interrupt(self) -> None:
        self.times += 1
        if self.times == 3:
            self.over.set()

    def progress(self) -> float:
        return 0.5


def test_what_does_not_heed_it_at_first_is_interrupted_again() -> None:
    work, query = Work(), Deaf()
    with work.asking(query):
        work.end()
        assert query.over.wait(10)


def test_nothing_is_interrupted_once_it_is_over() -> None:
    work, query = Work(), Deaf()
    with work.asking(query):
        pass
    work.end()
    assert query.times == 0


def test_nothing_begins_after_the_end() -> None:
    work = Work()
    work.end()
    with pytest.raises(Interrupted), work.asking(Deaf()):
        pytest.fail("it began")


def test_what_begins_as_it_ends_is_either_refused_or_interrupted() -> None:
    for _ in range(200):
        work, query = Work(), Deaf()
        ending = Thread(target=work.end)
        ending.start()
        try:
            with work.asking(query):
                assert query.over.wait(10)
        except Interrupted:
            assert not query.times
        ending.join()
