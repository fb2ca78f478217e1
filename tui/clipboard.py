"""Copying: to the terminal by OSC 52, which works over SSH, and to the clipboard of the machine."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.handling import Handling


async def copy(app: "Handling", text: str) -> None:
    """Copies a text, which is safe to paste into a terminal."""
    import pyperclip

    app.copy_to_clipboard(text)
    where = ""
    try:
        await asyncio.to_thread(pyperclip.copy, text)
    except pyperclip.PyperclipException:
        where = ", if the terminal allows it"
    app.hint(f"Copied{where}.")
