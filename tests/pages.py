"""How the tests make the page of an answer, and take one apart."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from data import people
from data.answers import bundle
from data.people import nobody
from data.rights.access import Access
from data.store import Store
from tests.conftest import ANA

ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "nav",
    "h1", "h2", "h3", "h4", "p", "b", "bdi", "span", "div", "ul", "ol", "li", "a", "dl", "dt", "dd",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "rect",
    "details", "summary",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "nonce", "class", "id", "href", "scope",
    "role", "aria-label", "viewbox", "preserveaspectratio", "x", "y", "width", "height",
}  # fmt: skip
INLINE = {"b", "bdi", "span", "a"}
VOID = {"meta"}


def page(store: Store, subject_id: str = ANA["id"]) -> str:
    """The page of the access of a person, who need not be in the store."""
    out = store.path.parent / "answers"
    with store.transaction() as cursor:
        person = people.lookup(cursor, subject_id) or nobody(subject_id)
        plan = Access(str(out)).plan(cursor, person)
        plan.right.carry_out(cursor, plan)
        folder = bundle.folder(cursor, person, out, "access")
    return (folder / "report.html").read_text("utf-8")


class Parsed(HTMLParser):
    """A page taken apart: its elements, attributes and text. Refuses what is not balanced."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag not in INLINE:
            self.texts.append(" ")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All the text, with spaces and line ends as one space."""
        return " ".join("".join(self.texts).split())

    def attributes(self, name: str) -> Iterator[str]:
        return (str(attrs[name]) for _, attrs in self.elements if name in attrs)


def check(html: str) -> Parsed:
    """A page that is balanced, fetches nothing, runs nothing, and leads nowhere."""
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    parsed = Parsed(html)
    assert {tag for tag, _ in parsed.elements} <= ELEMENTS
    assert {name for _, attrs in parsed.elements for name in attrs} <= ATTRIBUTES
    ids = [*parsed.attributes("id")]
    assert len(set(ids)) == len(ids)
    for target in parsed.attributes("href"):
        assert re.match(r"mailto:[^:]+$", target) or target.removeprefix("#") in ids
    (policy,) = (
        str(attrs["content"])
        for _, attrs in parsed.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    (nonce,) = parsed.attributes("nonce")
    assert policy == (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'"
    )
    style = html[html.index("<style") : html.index("</style>")]
    assert not re.search(r"@import|url\(|expression|//", style)
    return parsed
