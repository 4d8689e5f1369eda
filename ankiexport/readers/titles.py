"""What stands on reveals and boxes: their titles and summaries."""

import lxml.etree
import lxml.html

from ankiexport import markup, words
from ankiexport.markup import ROLE
from ankiexport.readers.selecting import first
from ankiexport.readers.shapes import Shape
from ankiexport.readers.tree import drop, is_within, made_at

TITLE_ATTRIBUTES = ("data-expandtext", "data-summary")
_LONGEST_MARK = 20  # characters before a title
_ICONS = ("svg", "img", "i")


def take_title(element: lxml.html.HtmlElement, shape: Shape, tag: str) -> lxml.html.HtmlElement | None:
    """Moves the title to the front of its element; a heading is one only where nothing but marks stands before it."""
    title = first(shape.title, element)
    if title is None and (said := next(filter(None, map(element.get, TITLE_ATTRIBUTES)), None)):
        title = made_at(element, "span")
        title.text = said
        element.insert(0, title)
        title.tail, element.text = element.text, None
    marks = _before(title, element) if title is not None else []
    is_first = len(markup.fold(" ".join(mark.text or "" for mark in marks))) <= _LONGEST_MARK
    if title is None or not is_first or not markup.fold(title.text_content()):
        return None
    drop_icons(title)
    head = title.getparent()
    tail, title.tail = title.tail, None
    new = made_at(title, tag, **{ROLE: "title"} if tag == "p" else {})
    new.text = title.text
    new.extend(list(title))
    title.tail = tail
    drop(title)
    while head is not element and head is not None and not markup.fold(head.text_content()) and not len(head):
        head, empty = head.getparent(), head
        drop(empty)
    for mark in marks:
        drop(mark)
    element.insert(0, new)
    new.tail, element.text = element.text, None
    return new


def _before(title: lxml.html.HtmlElement, element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """What stands before a title and is not around it: an icon, a mark such as "Challenge"."""
    before = []
    for part in element.iterdescendants(lxml.etree.Element):
        if part is title:
            break
        if not is_within(title, part):
            before.append(part)
    return before


def drop_icons(element: lxml.html.HtmlElement) -> None:
    for icon in list(element.iter(*_ICONS)):
        drop(icon)


def summary_text(details: lxml.html.HtmlElement) -> str:
    summary = next(details.iterchildren("summary"), None)
    return markup.fold(summary.text_content()) if summary is not None else ""


def answers_or_helps(details: lxml.html.HtmlElement) -> bool:
    """Does a reveal answer or help, or has it nothing to say of the matter?"""
    text = summary_text(details)
    return details.get(ROLE) in ("answer", "aside", "hint") or words.only_shows(text) or words.is_hint(text)
