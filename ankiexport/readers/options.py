"""Groups that a dialect marks one by one: options of a quiz → a list of boxes to tick, headings of a set → boxes."""

from collections.abc import Sequence

import lxml.etree
import lxml.html

from ankiexport.markup import LINE, ROLE
from ankiexport.readers.tree import classes_of

_SETS = frozenset("challenges exercises quizzes".split())
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def level_options(main: lxml.html.HtmlElement) -> None:
    """Options that stand in a row are a list; each heading in a set of challenges begins one."""
    for option in list(main.iter("div")):
        if option.get(ROLE) == "option":
            _gather(option)
    for group in list(main.iter("div")):
        if not _SETS.isdisjoint(classes_of(group)):
            _split(group)


def _gather(option: lxml.html.HtmlElement) -> None:
    before = option.getprevious()
    if before is not None and before.tag == "ul" and before.get(ROLE) == "options" and not (before.tail or "").strip():
        options = before
    else:
        options = lxml.html.Element("ul", {ROLE: "options", LINE: option.get(LINE) or ""})
        option.addprevious(options)
    options.tail, option.tail = option.tail, None
    option.tag = "li"
    option.attrib.pop(ROLE)
    only = next(option.iterchildren(lxml.etree.Element), None)
    if only is not None and only.tag == "p":  # the sign stands before the text of the option, not above it
        only.text = f"{(option.text or '').strip()} {(only.text or '').lstrip()}"
        option.text = None
        if len(option) == 1:
            only.drop_tag()
    options.append(option)


def _split(group: lxml.html.HtmlElement) -> None:
    children: Sequence[lxml.html.HtmlElement] = list(group.iterchildren(lxml.etree.Element))
    levels = [child.tag for child in children if child.tag in _HEADINGS]
    if not levels:
        return
    box: lxml.html.HtmlElement | None = None
    for child in children:
        if child.tag == min(levels):
            box = lxml.html.Element("div", {"class": "challenge", LINE: child.get(LINE) or ""})
            child.addprevious(box)
            child.tag = "p"
            child.set("class", "title")
        if box is not None:
            box.append(child)
