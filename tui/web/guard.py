"""Who may use the application in a browser: the one browser that was given the address."""

import secrets
from hmac import compare_digest

from aiohttp import web
from aiohttp.typedefs import Handler

REFUSED = "Not here: open the address that habeas serve printed; it works once, in one browser."


class Guard:
    """A token in the address admits the first that opens it, who gets a cookie; it is then spent.

    Every request needs the cookie and a name of this machine, so that a page of another site that
    resolves to this address gets nothing; a websocket must be opened by our own page.
    """

    def __init__(self, port: int):
        self._hosts = f"127.0.0.1:{port}", f"localhost:{port}"
        self._sockets = " ".join(f"ws://{each}" for each in self._hosts)
        # Cookies do not tell the ports of a machine apart.
        self._cookie = f"habeas-{port}"
        self._session = secrets.token_urlsafe()
        self._token = secrets.token_urlsafe()
        self._spent = False

    @property
    def url(self) -> str:
        """The address to open, with the token."""
        return f"http://{self._hosts[0]}/?token={self._token}"

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Raises HTTPForbidden; HTTPSeeOther to the page for who comes with the token."""
        if request.host not in self._hosts:
            raise web.HTTPForbidden(text=REFUSED)
        if not _same(request.cookies.get(self._cookie), self._session):
            raise self._admitted(request)
        if (
            "upgrade" in request.headers
            and request.headers.get("origin") != f"http://{request.host}"
        ):
            raise web.HTTPForbidden(text=REFUSED)
        return await handler(request)

    def _admitted(self, request: web.Request) -> web.HTTPException:
        asked = request.method == "GET" and request.path == "/"
        if self._spent or not asked or not _same(request.query.get("token"), self._token):
            return web.HTTPForbidden(text=REFUSED)
        self._spent = True
        page = web.HTTPSeeOther("/")
        page.set_cookie(self._cookie, self._session, httponly=True, samesite="Strict")
        return page

    async def seal(self, request: web.Request, response: web.StreamResponse) -> None:
        """What a browser may do with an answer: keep no copy, and ask no other host."""
        response.headers.update(
            {
                "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
                "style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
                f"connect-src {self._sockets}; base-uri 'none'; form-action 'none'; "
                "frame-ancestors 'none'",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            }
        )


def _same(given: str | None, secret: str) -> bool:
    return compare_digest((given or "").encode(errors="replace"), secret.encode())
