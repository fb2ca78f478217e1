"""habeas serve: who gets in, from where, and what of the application is left when they go."""

import asyncio
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pyte
import pytest
from yarl import URL

from data.errors import StoreUnavailable
from data.store import Store
from tests.browser import CHROMIUM, PATIENCE, browser
from tests.shop import COMMAND, PEOPLE, habeas

pytest_plugins = ["tests.fixtures"]
pytestmark = pytest.mark.slow

EVERYBODY = f"{len(PEOPLE)} people"


@contextmanager
def serving(*options: str) -> Iterator[tuple[URL, "subprocess.Popen[str]"]]:
    """The command on the store of the environment: the address that it prints, and its process."""
    with subprocess.Popen(
        [COMMAND, "serve", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield URL(process.stdout.readline().strip()), process
        finally:
            process.kill()


@pytest.fixture
def url(shop_file: Path) -> Iterator[URL]:
    with serving() as (printed, _):
        yield printed


@asynccontextmanager
async def stranger() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser of its own, that has been nowhere."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@asynccontextmanager
async def admitted(url: URL) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that opened the address first."""
    async with stranger() as session, session.get(url) as page:
        assert page.status == 200
        yield session


async def status(session: aiohttp.ClientSession, url: URL, **headers: str) -> int:
    async with session.get(url, headers=headers) as answer:
        return answer.status


@asynccontextmanager
async def opened(
    session: aiohttp.ClientSession, url: URL
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """The application as a page of ours opens it."""
    origin = str(url.origin())
    async with session.ws_connect(url / "ws", origin=origin, max_msg_size=0) as socket:
        yield socket


async def shown(page: aiohttp.ClientWebSocketResponse, *parts: str) -> None:
    """Reads until the application shows all of this."""
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    async with asyncio.timeout(PATIENCE):
        async for message in page:
            stream.feed(message.data)
            if all(part in "\n".join(screen.display) for part in parts):
                return
    raise AssertionError(f"it ended before it showed {parts}")


def holder(store: Path) -> int:
    """A handle on the process that has the store."""
    with pytest.raises(StoreUnavailable) as refused:
        Store.open(store)
    named = re.search(r"process (\d+)", str(refused.value))
    assert named
    return os.pidfd_open(int(named[1]))


async def gone(process: int) -> None:
    """Waits for the end of a process, by its handle."""
    ended, _, _ = await asyncio.to_thread(select.select, [process], [], [], PATIENCE)
    os.close(process)
    assert ended


PATHS = ["", "page.js", "static/js/textual.js", "static/", "download/key", "ws", "nothing"]


async def test_nothing_is_given_to_who_was_not_admitted(url: URL) -> None:
    async with stranger() as session:
        for path in PATHS:
            assert await status(session, url.origin() / path) == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(url.origin() / "ws", origin=str(url.origin()))
        session.cookie_jar.update_cookies({f"habeas-{url.port}": "guessed"}, url.origin())
        assert await status(session, url.origin()) == 403


async def test_the_address_admits_one_browser_once(url: URL) -> None:
    async with stranger() as first, stranger() as second:
        async with first.get(url, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            given = answer.headers["Set-Cookie"]
            assert "HttpOnly" in given
            assert "SameSite=Strict" in given
        assert await status(second, url) == 403
        assert await status(second, url.origin()) == 403
        assert await status(first, url.origin()) == 200


async def test_a_wrong_address_is_refused_and_spends_nothing(url: URL) -> None:
    async with stranger() as session:
        for wrong in (url.update_query(token=""), url.update_query(token="é"), url / "page.js"):
            assert await status(session, wrong) == 403
        async with session.head(url) as looked_ahead:
            assert looked_ahead.status == 403
        assert await status(session, url) == 200


async def test_a_name_that_is_not_of_this_machine_is_refused(url: URL) -> None:
    async with stranger() as session:
        for host in (f"example.org:{url.port}", "127.0.0.1", f"localhost.:{url.port}", ""):
            assert await status(session, url, Host=host) == 403
    async with admitted(url) as session:
        assert await status(session, url.origin(), Host=f"example.org:{url.port}") == 403
        assert await status(session, url.origin(), Host=f"localhost:{url.port}") == 200


async def test_a_page_of_another_site_cannot_drive_the_application(url: URL) -> None:
    async with admitted(url) as session:
        others = ("https://example.org", "null", "", f"http://localhost:{url.port}")
        for origin in (*others, "http://127.0.0.1", f"https://127.0.0.1:{url.port}", None):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await session.ws_connect(url.origin() / "ws", origin=origin)
        async with opened(session, url.origin()) as page:
            await shown(page, EVERYBODY)


async def test_a_page_may_ask_no_other_host_and_leaves_no_copy(url: URL) -> None:
    async with admitted(url) as session, session.get(url.origin()) as page:
        assert "://" not in (await page.text()).replace(f"ws://{url.host}:{url.port}/ws", "")
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src")


def test_another_machine_cannot_reach_it(url: URL) -> None:
    assert (url.host, bool(url.port)) == ("127.0.0.1", True)
    with pytest.raises(ConnectionRefusedError):
        # Another address of this machine; whoever listens on all of them answers here too.
        socket.create_connection(("127.0.0.2", url.port or 0))


async def test_the_store_is_free_once_the_page_is_closed(url: URL, shop_file: Path) -> None:
    async with admitted(url) as session:
        async with opened(session, url.origin()) as page:
            await shown(page, EVERYBODY)
            application = holder(shop_file)
        await gone(application)
        Store.open(shop_file).close()
        async with opened(session, url.origin()) as page:
            await shown(page, EVERYBODY)


async def test_a_page_takes_the_place_of_the_one_before(url: URL, shop_file: Path) -> None:
    async with admitted(url) as session, opened(session, url.origin()) as first:
        await shown(first, EVERYBODY)
        application = holder(shop_file)
        async with opened(session, url.origin()) as second:
            await shown(second, EVERYBODY)
            await gone(application)
            async with asyncio.timeout(PATIENCE):
                assert not [each async for each in first if each.type != aiohttp.WSMsgType.BINARY]


async def test_an_application_that_hangs_does_not_keep_the_store(url: URL, shop_file: Path) -> None:
    async with admitted(url) as session, opened(session, url.origin()) as first:
        await shown(first, EVERYBODY)
        application = holder(shop_file)
        signal.pidfd_send_signal(application, signal.SIGSTOP)
        async with opened(session, url.origin()) as second:
            await shown(second, EVERYBODY)
        await gone(application)


async def test_pages_that_only_read_are_open_side_by_side(shop_file: Path) -> None:
    with serving("--read-only") as (url, _):
        async with admitted(url) as session, opened(session, url.origin()) as first:
            await shown(first, EVERYBODY)
            async with opened(session, url.origin()) as second:
                await shown(second, EVERYBODY)
                await first.send_json(["stdin", "2"])
                await shown(first, "Requests")


def test_an_application_that_nobody_drives_any_more_ends_by_itself(shop_file: Path) -> None:
    environment = os.environ | {"TEXTUAL_DRIVER": "tui.web.driver:PageDriver"}
    with subprocess.Popen(
        [COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment,
    ) as process:  # fmt: skip
        try:
            assert process.stdin
            assert process.stdout
            next(line for line in process.stdout if b"ledger whole" in line)
            process.stdin.close()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_no_application_outlives_the_server(how: signal.Signals, shop_file: Path) -> None:
    with serving() as (url, process):
        async with admitted(url) as session, opened(session, url.origin()) as page:
            await shown(page, EVERYBODY, "ledger whole")
            application = holder(shop_file)
            process.send_signal(how)
            await gone(application)
            assert process.stderr
            said = await asyncio.to_thread(process.stderr.read)
            assert process.wait(PATIENCE) == (-how if how == signal.SIGKILL else 0)
    assert "Traceback" not in said
    Store.open(shop_file).close()


def test_it_says_what_to_install(shop_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tui.web.server", raising=False)
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    result = habeas("serve")
    assert (result.code, result.out) == (1, "")
    assert "pip install 'habeas[serve]'" in result.err


def test_a_store_that_is_not_there_is_told_of_at_once(shop_file: Path) -> None:
    assert habeas("serve", "--store", "none.duckdb").code == 3


def test_a_port_in_use_is_told_of(url: URL) -> None:
    result = habeas("serve", "--port", url.port)
    assert (result.code, result.out) == (2, "")
    assert f"Port {url.port} cannot be used" in result.err


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to open the page in")
async def test_the_application_is_used_in_a_browser(url: URL, tmp_path: Path) -> None:
    async with browser(tmp_path / "browser") as opened:
        page = await opened.page()
        await page.go(str(url))
        await page.until(EVERYBODY, "⏎ Open")  # that is, it has the keys
        people = await page.picture()
        await page.press("2")
        await page.until("R1", "Access", gone=EVERYBODY)
        assert await page.picture() != people
        await page.press("1")
        await page.until(EVERYBODY)
        await page.press("/", *"kowal", "enter")
        await page.until(f"1 of {len(PEOPLE)}")
        await page.press("enter")
        await page.until("ana@example.org", gone=EVERYBODY)
        await page.press("q")
        await page.so(lambda: page.closed)
        assert (
            await page.value("getComputedStyle(document.getElementById('ended')).display")
            == "block"
        )
        assert {URL(each).host for each in page.asked_for} == {"127.0.0.1"}
        assert {*page.answers} == {200}
