"""The bytes of a sitemap → the addresses of pages and of further sitemaps in it, in its order."""

import re
from dataclasses import dataclass

from ankiexport.web.decoding import CutOffError, TooLargeError, unzip

# How a sitemap begins: "<?xml …?><!-- … --><urlset xmlns=…>"; no part can end in two places, or it would take for ever
_BEGINS = re.compile(
    rb"\s*(?:(?:<\?(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>\[]*(?:\[(?:(?!\]\s*>).)*\]\s*)?>)\s*)*"
    rb"<(?:\w+:)?(?:urlset|sitemapindex)\b",
    re.S,
)
_WITHIN = 4096  # bytes
_ADDRESS_LINE = re.compile(r"https?://\S+", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The addresses that a sitemap lists, as they are written there."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def is_sitemap(content: bytes, largest: int) -> bool:
    """Is this a sitemap, or a compressed one?"""
    try:
        start = unzip(content, largest)[:_WITHIN]
    except (TooLargeError, CutOffError):
        return False
    return _BEGINS.match(start.removeprefix(b"\xef\xbb\xbf")) is not None


def parse_sitemap(content: bytes, largest: int) -> Sitemap | None:
    """Reads a sitemap: XML, or an address on each line, also compressed; None of what is none, or is too large."""
    try:
        content = unzip(content, largest)
    except (TooLargeError, CutOffError):
        return None
    if _BEGINS.match(content[:_WITHIN].removeprefix(b"\xef\xbb\xbf")):
        return _parse_xml(content)
    lines = [line.strip() for line in content.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    is_list = lines and all(_ADDRESS_LINE.fullmatch(line) for line in lines)
    return Sitemap(pages=tuple(lines)) if is_list else None


def _parse_xml(content: bytes) -> Sitemap | None:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    found: dict[str, list[str]] = {"url": [], "sitemap": []}
    for entry in root.iterchildren("{*}url", "{*}sitemap"):
        address = next((place.text for place in entry.iterchildren("{*}loc") if place.text), None)
        if address:
            found[etree.QName(entry).localname].append(address.strip())
    return Sitemap(pages=tuple(found["url"]), sitemaps=tuple(found["sitemap"]))
