"""Small steps in a page's tree of lxml that its readers share."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, cast

import lxml.html

from ankiexport import markup
from ankiexport.markup import LINE, ROLE
from ankiexport.model import Html

_OF_ANY = frozenset(["dir", "lang", LINE, ROLE])

Part: TypeAlias = str | lxml.html.HtmlElement
"""What an element is made of: texts and elements."""


def parts_of(element: lxml.html.HtmlElement) -> list[Part]:
    """What is inside an element, in its order."""
    parts: list[Part] = [element.text] if element.text else []
    for child in element:
        parts.append(child)
        if child.tail:
            parts.append(child.tail)
    return parts


def html_of(content: Iterable[Part]) -> Html:
    """Parts of an element as clean HTML."""
    return markup.clean("".join(markup.escape(part) if isinstance(part, str) else _written(part) for part in content))


def _written(element: lxml.html.HtmlElement) -> str:
    return cast(str, lxml.html.tostring(element, encoding="unicode", with_tail=False))


def text_before(element: lxml.html.HtmlElement) -> str:
    """The text right before an element, in the same one."""
    previous = element.getprevious()
    return (previous.tail if previous is not None else element.getparent().text) or ""


def set_text_before(element: lxml.html.HtmlElement, text: str) -> None:
    previous = element.getprevious()
    if previous is not None:
        previous.tail = text
    else:
        element.getparent().text = text


def classes_of(element: lxml.html.HtmlElement) -> Sequence[str]:
    names = element.get("class")
    return names.split() if names else ()


def is_within(element: lxml.html.HtmlElement, outer: lxml.html.HtmlElement) -> bool:
    return any(place is outer for place in element.iterancestors())


def drop(element: lxml.html.HtmlElement) -> None:
    """Takes an element out with all that is in it; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def replace_by_text(element: lxml.html.HtmlElement, text: str) -> None:
    element.tail = markup.without_controls(text + (element.tail or ""))
    drop(element)


def replace_by(element: lxml.html.HtmlElement, new: lxml.html.HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        new.tail = element.tail
        parent.replace(element, new)


def make_plain(element: lxml.html.HtmlElement) -> None:
    """Makes a box of an element, whatever it is; its language and direction stay, and its line."""
    element.tag = "div"
    for name in [name for name in element.attrib if name not in _OF_ANY]:
        del element.attrib[name]


def upwards(element: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """The element, then what it is in, from the inside out."""
    yield element
    yield from element.iterancestors()


def made_at(place: lxml.html.HtmlElement, tag: str, **attributes: str) -> lxml.html.HtmlElement:
    """A new element with the line of another; in a name of an attribute, `_` stands for `-`."""
    new = lxml.html.Element(tag, {name.replace("_", "-"): value for name, value in attributes.items()})
    if place.sourceline:
        new.sourceline = place.sourceline
    if place.get(LINE):
        new.set(LINE, place.get(LINE))
    return new


def move_into(outer: lxml.html.HtmlElement, element: lxml.html.HtmlElement) -> None:
    """Makes an element the last in another; the text after it stays where it was."""
    if element.tail and element.getparent() is not None:
        set_text_before(element, text_before(element) + element.tail)
    element.tail = None
    outer.append(element)


def is_menu(element: lxml.html.HtmlElement) -> bool:
    """Does an element hold little else than links? A builder of sites may call any list that drops down `<nav>`."""
    text = len(markup.fold(element.text_content()))
    linked = sum(len(markup.fold(link.text_content())) for link in element.iter("a"))
    return text == 0 or linked * 2 > text


def line_of(element: lxml.html.HtmlElement, numbered: bool) -> int:
    """The line of an element in the file; `numbered` says that elements carry it as an attribute."""
    if not numbered:
        return element.sourceline or 1
    return next(filter(None, map(stated_line, upwards(element))), 1)


def stated_line(element: lxml.html.HtmlElement) -> int | None:
    """The line that an element carries as an attribute; a page may write anything there."""
    line = element.get(LINE) or ""
    return int(line) if re.fullmatch("[0-9]{1,9}", line) else None
