"""Letters and pages from templates: a folder is a language, the user's own folder comes first.

Beside the store shop.duckdb, a file shop.letters/en/refusal.txt stands in for the one that
ships; shop.letters/nl/ is another language, which the data map chooses.
"""

import os
import re
import sys
import textwrap
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib.util import cache_from_source
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from data import beside
from data.cursor import Cursor
from data.errors import MapError

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment


PAGE = 78
"""Characters of a line of a letter."""

_TEMPLATES = (".txt", ".html")

REMEMBERED = 2_000
"""Names and dates that are not put in words again where they recur, page after page."""

_SHIPPED = Path(__file__).with_name("templates")


def render(cursor: Cursor, name: str, /, **facts: Any) -> str:
    """The text of a template, such as "refusal.txt", in the language of the data map; of one of
    HTML as markup, to be shown in another.

    Values are escaped in what ends in .html, and lose control characters everywhere. A text is
    filled to the width of a page, paragraph by paragraph; what is indented stays as it is.
    Raises MapError where there is no such template, or the user's own is faulty.
    """
    return template(cursor, name)(**facts)


def template(cursor: Cursor, name: str) -> Callable[..., str]:
    """What renders a template, for many texts of one: by its facts."""
    from jinja2 import TemplateError, TemplateNotFound
    from markupsafe import Markup

    faults = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError)
    controller = cursor.map.controller
    own = cursor.path.with_suffix(beside.LETTERS)
    environment = _environment(own, tuple(sorted(own.rglob("*"))))
    path = f"{controller.language}/{name}"

    def filled(**facts: Any) -> str:
        try:
            text = environment.get_template(path).render(controller=controller, **facts)
        except TemplateNotFound as missing:
            raise MapError(f"There is no {missing.name} among the letters.") from None
        except faults as fault:
            raise MapError(f"{_place(fault) or path} cannot be filled in.") from None
        if name.endswith(".html"):
            return Markup(text)  # noqa: S704  it comes from a template that escapes
        return _wrapped(text)

    return filled


def _place(fault: Exception) -> str:
    """The template and the line in it where it went wrong, as far as that is known."""
    places = [
        (each.filename, each.lineno)
        for each in extract_tb(fault.__traceback__)
        if Path(each.filename).suffix in _TEMPLATES
    ]
    if isinstance(named := getattr(fault, "filename", None), str):
        places.append((named, getattr(fault, "lineno", None)))
    if not places:
        return ""
    path, line = places[-1]
    return f"{Path(path).parent.name}/{Path(path).name}, line {line}"


@lru_cache(maxsize=2)
def _environment(own: Path, _files: tuple[Path, ...]) -> "Environment":
    """What compiles templates, and keeps them while the user's own folder has the same files."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
    from markupsafe import Markup, escape

    @lru_cache(maxsize=REMEMBERED, typed=True)
    def brief(text: str, limit: int) -> Markup:
        """The beginning of a text, in whichever direction it is written; of "" nothing."""
        begins = escape(_printable(text[:limit]))
        whole = f"<bdi>{begins}</bdi>{'…' if len(text) > limit else ''}" if text else ""
        return Markup(whole)  # noqa: S704  it is escaped

    @lru_cache(maxsize=REMEMBERED, typed=True)
    def of(macro: Callable[..., Markup], *values: Any) -> Markup:
        """What a macro makes of these values."""
        return macro(*values)

    environment = Environment(
        loader=FileSystemLoader([own, _SHIPPED]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(),
    )
    environment.filters |= {"brief": brief, "of": of}
    return environment


def _compiled() -> "BytecodeCache | None":
    """Keeps compiled templates where Python keeps compiled modules, by their text, if it may: to
    compile a page takes a tenth of a second."""
    from jinja2 import FileSystemBytecodeCache

    if sys.dont_write_bytecode:
        return None
    folder = Path(cache_from_source(str(_SHIPPED / "page.py"))).parent
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return None
    # This file says how: where it changes, they are compiled anew.
    return FileSystemBytecodeCache(str(folder), f"%s.{Path(__file__).stat().st_mtime_ns:x}")


def _wrapped(text: str) -> str:
    paragraphs = re.split(r"\n\s*?\n", text.strip("\n"))
    filled = (
        each if each.startswith(" ") else textwrap.fill(each, PAGE, break_on_hyphens=False)
        for each in paragraphs
        if each.strip()
    )
    return "\n\n".join(filled) + "\n"


def _printable(value: Any) -> Any:
    """A text without what a terminal would obey, and without what reorders it."""
    if not isinstance(value, str) or value.isprintable():
        return value
    # A macro's lines come back as one value, many times over on a page.
    if str.replace(str.replace(value, "\n", ""), "\t", "").isprintable():
        return value
    kept = (each for each in value if each in "\n\t" or unicodedata.category(each)[0] != "C")
    return type(value)("".join(kept))
