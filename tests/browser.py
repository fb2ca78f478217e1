"""A real browser without a window, and what is seen in it of an application that it shows."""

import asyncio
import base64
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyte

CHROMIUM = shutil.which("chromium")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-port=0", "--window-size=1100,700"),
)
PATIENCE = 60.0  # seconds; only a test that fails waits for it
NAMED = {"enter": ("Enter", "\r", 13)}
"""Keys that are not their own letter: the browser's name, the text of it, the number."""


class Page:
    """A page with a terminal in it: its text is drawn from what the browser itself receives."""

    def __init__(self, browser: "Browser", session: str):
        self.asked_for: list[str] = []
        self.answers: list[int] = []
        self.closed = False
        """Whether the application in it has ended."""
        self._browser = browser
        self._session = session
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    async def go(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def press(self, *keys: str) -> None:
        for each in keys:
            name, text, code = NAMED.get(each) or (each, each, ord(each.upper()))
            pressed = {"key": name, "text": text, "windowsVirtualKeyCode": code}
            await self.call("Input.dispatchKeyEvent", type="keyDown", **pressed)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=name)

    async def picture(self) -> bytes:
        await self.call("Page.bringToFront")  # one behind is not drawn
        taken = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    async def value(self, script: str) -> Any:
        ran = await self.call("Runtime.evaluate", expression=script)
        return ran["result"].get("value")

    async def until(self, *parts: str, gone: str = "") -> None:
        """Waits until the terminal in the page says all of this, and no longer that."""
        await self.so(
            lambda: all(part in self.text for part in parts) and not (gone and gone in self.text)
        )

    async def so(self, condition: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._browser.heard:
                await self._browser.heard.wait_for(condition)
        except TimeoutError:
            raise AssertionError(f"it did not come to it:\n{self.text}") from None

    async def call(self, method: str, **given: Any) -> Any:
        return await self._browser.call(method, self._session, **given)

    def hear(self, event: str, told: Any) -> None:
        match event:
            case "Network.requestWillBeSent":
                self.asked_for.append(told["request"]["url"])
            case "Network.responseReceived":
                self.answers.append(told["response"]["status"])
            case "Network.webSocketCreated":
                self.asked_for.append(told["url"])
            case "Network.webSocketClosed":
                self.closed = True
            case "Network.webSocketFrameSent":
                kind, *rest = json.loads(told["response"]["payloadData"])
                if kind == "resize":
                    self._screen.resize(rest[0]["height"], rest[0]["width"])
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == 2:
                self._stream.feed(base64.b64decode(told["response"]["payloadData"]))


class Browser:
    """Told what to do by the protocol of its developer tools."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self.heard = asyncio.Condition()
        self._socket = socket
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._pages: dict[str, Page] = {}

    async def page(self) -> Page:
        """A new page, empty."""
        target = await self.call("Target.createTarget", url="about:blank")
        session = await self.call("Target.attachToTarget", flatten=True, **target)
        page = self._pages[session["sessionId"]] = Page(self, session["sessionId"])
        for domain in ("Network", "Page"):
            await page.call(f"{domain}.enable")
        return page

    async def call(self, method: str, session: str = "", **given: Any) -> Any:
        number = len(self._answers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        told = {"id": number, "method": method, "params": given}
        await self._socket.send_json(told | ({"sessionId": session} if session else {}))
        return await answer

    async def listen(self) -> None:
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                assert "error" not in told, told
                self._answers[told["id"]].set_result(told["result"])
            elif page := self._pages.get(told.get("sessionId", "")):
                async with self.heard:
                    page.hear(told["method"], told["params"])
                    self.heard.notify_all()


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    """A browser with nothing in it, that keeps what it must in this folder."""
    assert CHROMIUM
    with subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder}"], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            said = (line.partition("DevTools listening on ")[2] for line in process.stderr)
            address = next(filter(None, said)).strip()
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(address, max_msg_size=0) as socket,
            ):
                opened = Browser(socket)
                listening = asyncio.create_task(opened.listen())
                yield opened
                listening.cancel()
        finally:
            process.kill()
