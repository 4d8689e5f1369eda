"""CSS selectors on a page's tree of lxml. Each alternative is only tried where its class or attribute occurs."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import cast

import lxml.etree
import lxml.html
from cssselect import HTMLTranslator

from ankiexport.readers.tree import classes_of, is_within

# ".answer", "[class*=answer]", "[itemtype$=…]": a class, a part of one, an attribute
_CLUE = re.compile(r"\.(?P<name>[\w-]+)|\[class\*=\"?(?P<part>[\w-]+)|\[(?P<attribute>[\w-]+)")


def clues_of(main: lxml.html.HtmlElement) -> Collection[str]:
    """The classes and the names of attributes on a page: what none of these occurs in cannot match."""
    known: set[str] = set()
    for element in main.iter(lxml.etree.Element):
        known.update(element.keys(), classes_of(element))
    return known


def matches(css: str, main: lxml.html.HtmlElement, known: Collection[str]) -> list[lxml.html.HtmlElement]:
    paths = [path for clue, path in _paths(css) if _occurs(clue, known)]
    return cast(list[lxml.html.HtmlElement], main.xpath(" | ".join(paths))) if paths else []


def _occurs(clue: re.Match[str], known: Collection[str]) -> bool:
    if clue["part"]:
        return any(clue["part"] in name for name in known)
    return (clue["name"] or clue["attribute"]) in known


@cache
def _paths(css: str) -> Sequence[tuple[re.Match[str], str]]:
    """The alternatives of a selector as XPath, each with a class or an attribute that it needs."""
    pieces = [piece.strip() for piece in css.split(", ")]
    return [(_clue(piece), HTMLTranslator().css_to_xpath(piece, prefix="descendant::")) for piece in pieces]


def _clue(css: str) -> re.Match[str]:
    found = _CLUE.search(css)
    assert found, f"a selector with neither a class nor an attribute: {css}"
    return found


@cache
def _below(css: str) -> lxml.etree.XPath:
    return lxml.etree.XPath(HTMLTranslator().css_to_xpath(css))  # also the element itself, for "it > *:first-child"


def first(css: str, element: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    found = cast(list[lxml.html.HtmlElement], _below(css)(element)) if css else []
    return next((it for it in found if it is not element), None)


def outermost(css: str, element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    found = [it for it in cast(list[lxml.html.HtmlElement], _below(css)(element)) if it is not element]
    return [it for it in found if not any(is_within(it, outer) for outer in found)]
