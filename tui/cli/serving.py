"""habeas serve."""

import socket
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from data.errors import BadInput, HabeasError
from tui.cli.options import WHERE, Flag, Where


def serve(
    *,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535), show_default=False)] = 0,
    read_only: Flag = False,
    options: Where = WHERE,
) -> None:
    """Open the application in a browser of this machine.

    It prints an address that works once: the browser that opens it may use the application until
    Ctrl-C ends it; nobody else may, and nobody on another machine. Closing the page closes the
    store.

    Parameters
    ----------
    port
        Where to listen on this machine; else a port that is free.
    read_only
        Look, and change nothing, in several pages side by side. Else there is one page: another
        takes its place, since one program alone can write to a store.
    """
    try:
        from tui.web.server import WebServer
    except ModuleNotFoundError as missing:
        raise HabeasError(
            f"The application in a browser needs {missing.name}.",
            unchanged="",
            then="pip install 'habeas[serve]'",
        ) from None
    # What stands in the way of opening it is said here, where somebody reads it.
    with options.opened(read_only=True):
        pass
    given = [f"--store={options.path}", f"--actor={options.by.actor}"]
    given += ["--read-only"] if read_only else []
    with _listening(port) as listening:
        WebServer(listening, given, read_only=read_only).serve()


def _listening(port: int) -> socket.socket:
    """A socket that nobody on another machine can reach. Raises BadInput."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        # Before the address is printed, for who opens it at once.
        listening.listen()
    except OSError as error:
        listening.close()
        raise BadInput(f"Port {port} cannot be used: {error.strerror}.", unchanged="") from None
    return listening
