"""Attribute lists of kramdown: `{: .solution}` below a quote or paragraph gives it a class."""

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import lxml.etree
import lxml.html

from ankiexport.markup import ROLE
from ankiexport.readers.lines import Fences, NumberedLine
from ankiexport.readers.tree import drop

if TYPE_CHECKING:  # pages of HTML are read without it
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

# "> {: .solution}" on a line of its own; "{ .annotate }" in Python-Markdown
_ALONE = re.compile(r"(?P<indent>[\s>]*)\{(?::|\s(?=[.#]))(?P<attributes>[^{}]*)\}\s*$")
# behind a picture, a link, a word in bold: "![](a.png){: width="300"}"; never TeX's "x_{i=1}" or "x_{:,i}"
_BEHIND = re.compile(
    r"(?:(?<=[)\]*>])\{(?::|\s?(?=[.#][A-Za-z])|(?=[\w-]{2,}=))|(?<=_)\{:?\s?(?=[.#][A-Za-z]))[^{}\n]*\}"
)
_CLASS = re.compile(r"(?:^|\s)\.(-?[A-Za-z][\w-]*)")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_NAMED = frozenset("blockquote dl ol p ul".split())
_ABOVE, _BELOW = "names-above", "names-below"


def level(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """Each list on a line of its own becomes an empty paragraph that says whether it names what is above or below."""
    fences = Fences()
    out: list[NumberedLine] = []
    above = ""
    for line in lines:
        is_above, above = bool(above.strip(" \t>")), line.text
        if fences.take(line.text) or "{" not in line.text:
            out.append(line)
            continue
        match = _ALONE.match(line.text)
        if match is None:
            out.append(line)
            continue
        names = escape(" ".join(_CLASS.findall(match["attributes"])))
        blank = match["indent"].rstrip()
        mark = f'{match["indent"]}<p {ROLE}="{_ABOVE if is_above else _BELOW}" class="{names}"></p>'
        out.extend(NumberedLine(line.number, text) for text in (blank, mark if names else blank, blank))
    return out


def attribute_lists_plugin(markdown: "MarkdownIt") -> None:
    """Leaves out what stands behind a part of a line. A formula, whose `x_{i=1}` looks like it, is read before."""
    markdown.inline.ruler.push("attribute_list", _behind)


def _behind(state: "StateInline", silent: bool) -> bool:
    match = _BEHIND.match(state.src, state.pos)
    if match:
        state.pos = match.end()
    return match is not None


def level_attribute_lists(main: lxml.html.HtmlElement) -> None:
    """Gives what is above or below such a paragraph its names, as an element around it."""
    for mark in list(main.iter("p")):
        place = mark.get(ROLE)
        if place not in (_ABOVE, _BELOW):
            continue
        named = mark.getprevious() if place == _ABOVE else mark.getnext()
        if named is not None and named.tag in _NAMED:
            _name(named, mark.get("class") or "")
        elif named is not None and named.tag == "div":
            named.set("class", f"{named.get('class') or ''} {mark.get('class') or ''}".strip())
        drop(mark)


def _name(element: lxml.html.HtmlElement, names: str) -> None:
    """A quote becomes a box of that name, its heading the title; anything else stands in one."""
    if element.tag == "blockquote":
        element.tag = "div"
        element.set("class", names)
        first = next(element.iterchildren(lxml.etree.Element), None)
        if first is not None and first.tag in _HEADINGS:
            first.tag = "p"
            first.set("class", "title")
        return
    around = lxml.html.Element("div", {"class": names})
    around.tail, element.tail = element.tail, None
    parent = element.getparent()
    parent.replace(element, around)
    around.append(element)
    for name, value in element.items():
        if name.startswith("data-ankiexport-line"):
            around.set(name, value)
