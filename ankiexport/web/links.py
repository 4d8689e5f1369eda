"""The bytes of a page → what it links to, and the licence that it states."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ankiexport.markup import fold

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# <meta http-equiv="refresh" content="0; url='intro.html'">
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?(?P<url>[^\"']+)", re.I)
_LONGEST_REFRESH = 4000  # characters
_END = re.compile(r"</(?:body|html)\s*>", re.I)  # what follows it counts for browsers, but not for lxml
_RIGHTS = {"dc.rights", "dcterms.rights", "dc.license", "dcterms.license", "license", "licence", "rights", "copyright"}
_LICENCE_KEYS = ("license", "licence")
_LONGEST = 200  # characters of a licence: more is a text and no name


def parse_page(text: str) -> "HtmlElement | None":
    """The tree of an HTML page; None where there is nothing in it."""
    from lxml import etree, html

    text = _END.sub("", text)
    try:
        parsed = html.document_fromstring(text.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return parsed


def links_of(page: "HtmlElement") -> Iterator[str]:
    """The addresses that a page links to, as they are written there, in page order."""
    for element in page.iter("meta", "a", "area"):
        if element.tag == "meta":
            refresh = element.get("http-equiv", "").lower() == "refresh" and _REFRESH.match(
                element.get("content", "").strip()[:_LONGEST_REFRESH]
            )
            if refresh:
                yield refresh["url"]
        elif element.get("href") and "nofollow" not in element.get("rel", "").lower().split():
            yield element.get("href", "")


def base_url(page: "HtmlElement") -> str | None:
    """What a page says that its links are relative to."""
    return next((base.get("href") for base in page.iter("base") if base.get("href")), None)


def licence_of(page: "HtmlElement") -> str | None:
    """The licence that a page states for itself: an address, or words."""
    found = (fold(text) for text in _stated(page))
    return next((text[:_LONGEST] for text in found if text), None)


def _stated(page: "HtmlElement") -> Iterator[str]:
    for element in page.iter("link", "a"):
        if "license" in element.get("rel", "").lower().split():
            yield element.get("href") or element.text_content()
    for element in page.iter("meta"):
        if (element.get("name") or element.get("property") or "").lower() in _RIGHTS:
            yield element.get("content", "")
    for element in page.iter("script"):
        if element.get("type", "").lower().startswith("application/ld+json"):
            yield from _in_data(element.text or "")


def _in_data(text: str) -> Iterator[str]:
    """The licences in a page's JSON-LD."""
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            for key in _LICENCE_KEYS:
                yield from _named(value.get(key))
            waiting += (value[key] for key in ("mainEntityOfPage", "mainEntity", "@graph") if key in value)


def _named(licence: object) -> Iterator[str]:
    if isinstance(licence, str):
        yield licence
    elif isinstance(licence, dict):
        yield from (str(licence[key]) for key in ("url", "@id", "name") if licence.get(key))
