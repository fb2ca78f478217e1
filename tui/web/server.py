"""The server: gives the page out, and runs the application for it in a process of its own."""

import asyncio
import shlex
import socket
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from tui import output
from tui.web.guard import Guard

PATIENCE = 5.0
"""Seconds within which an application that was told to quit does so, or is killed."""


class WebServer(Server):
    """Serves `habeas ARGUMENTS` on a socket, until it is interrupted.

    A store that is written has one application: the page opened last, which ends the one before.
    """

    def __init__(self, listening: socket.socket, arguments: Sequence[str], *, read_only: bool):
        port = listening.getsockname()[1]
        code = "from tui.cli import main; main()"
        # -P: a folder of the user's is no place for code of ours.
        command = shlex.join((sys.executable, "-P", "-c", code, *arguments))
        super().__init__(f"exec {command}", port=port, templates_path=str(Path(__file__).parent))
        self.guard = Guard(port)
        self._listening = listening
        self._read_only = read_only
        self._turn = asyncio.Lock()
        self._pages: set[web.WebSocketResponse] = set()

    def serve(self, debug: bool = False) -> None:
        # No log of requests: the first has the token in it.
        web.run_app(
            self._make_app(),
            sock=self._listening,
            print=None,
            access_log=None,
            shutdown_timeout=2 * PATIENCE,
        )

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.router.add_get("/page.js", self._script)
        app.middlewares.append(self.guard.check)
        app.on_response_prepare.append(self.guard.seal)
        return app

    async def on_startup(self, app: web.Application) -> None:
        output.line(self.guard.url)
        output.note("Open it in a browser of this machine: it works once. Ctrl-C ends all.")

    async def on_shutdown(self, app: web.Application) -> None:
        await self._close_pages()

    async def handle_index(self, request: web.Request) -> web.Response:
        return aiohttp_jinja2.render_template("page.html", request, {"host": request.host})

    async def _script(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name("page.js"))

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        page = web.WebSocketResponse(heartbeat=15)
        await page.prepare(request)
        async with AsyncExitStack() as stack:
            if not self._read_only:
                await self._close_pages()
                await stack.enter_async_context(self._turn)
            self._pages.add(page)
            stack.callback(self._pages.discard, page)
            application = Application(
                self.command,
                write_bytes=page.send_bytes,
                write_str=page.send_str,
                close=page.close,  # type: ignore[arg-type]  # what it gives is not looked at
                download_manager=self.download_manager,
            )
            stack.push_async_callback(application.stop)
            width, height = (request.query.get(each, "") for each in ("width", "height"))
            await application.start(to_int(width, 80), to_int(height, 24))
            await self._process_messages(page, application)
        return page

    async def _close_pages(self) -> None:
        await asyncio.gather(*(page.close() for page in [*self._pages]))


class Application(AppService):
    """The application for one page; it is gone once `stop` returns, and with it its store."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return super()._build_environment(width, height) | {
            "TEXTUAL_DRIVER": "tui.web.driver:PageDriver"
        }

    async def stop(self) -> None:
        if (process := self._process) is None:
            return
        killing = asyncio.get_running_loop().call_later(PATIENCE, process.kill)
        try:
            await super().stop()
            # What it still writes has no reader any more, and would keep it.
            await process.communicate()
        finally:
            killing.cancel()
