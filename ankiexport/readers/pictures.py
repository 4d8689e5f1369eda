"""Pictures, drawings, audio and video on a page → `<img>`, `<audio>` and `<video>` that say where the page has them."""

import base64
import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from ankiexport import markup, svg
from ankiexport.markup import LINE, MEDIA
from ankiexport.readers.tree import classes_of, drop, is_within, line_of, replace_by, replace_by_text

_LAZY = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-url")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
# "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP…": a dot that holds the place of a picture not yet loaded
_PLACEHOLDER = re.compile(r"data:image/(?:gif|png|svg\+xml)[^,]*,.{0,400}\Z|about:blank|#|\Z", re.S)
# "a.png 1x", "b,c.png 640w"
_CANDIDATE = re.compile(r"(?P<address>\S+)(?:\s+(?P<size>\d{1,6}(?:\.\d{1,6})?)[wx])?")
_LENGTH = re.compile(r"\s*(?P<number>\d{1,5}(?:\.\d{1,5})?)(?P<unit>px|r?em)?\s*\Z")
_BASE64 = re.compile(r"\s*data:[^,]{0,100};base64,", re.I)
_LARGEST_ICON = 32  # pixels
_EM = 16  # pixels


def level_pictures(main: lxml.html.HtmlElement, numbered: bool) -> None:
    """Gives each picture and recording the one shape that the rest of ankiexport knows; decoration goes."""
    for picture in list(main.iter("img")):
        _level_picture(picture, numbered)
    for drawing in list(main.iter("svg")):
        if not is_within(drawing, main):
            continue  # in another one
        if _is_icon(drawing):
            drop(drawing)
        else:
            _put_drawing(drawing, numbered)
    for place in list(main.iter("object", "embed")):
        if (place.get("type") or "").startswith("image/"):
            _put(place, "img", [place.get("data") or place.get("src") or ""], place.text_content(), numbered)
    for recording in list(main.iter("audio", "video")):
        addresses = [*_own_addresses(recording), *(source.get("src") or "" for source in recording.iter("source"))]
        _put(recording, recording.tag, addresses, recording.get("title") or recording.get("aria-label"), numbered)


def level_frames(main: lxml.html.HtmlElement) -> None:
    """A page within the page becomes a link to it."""
    for frame in list(main.iter("iframe")):
        address = frame.get("src") or frame.get("data-src") or ""
        if address.startswith(("http://", "https://", "//")):
            link = lxml.html.Element("a", href=address)
            link.text = markup.fold(frame.get("title") or address)
            replace_by(frame, link)


def _level_picture(picture: lxml.html.HtmlElement, numbered: bool) -> None:
    alternative = picture.get("alt") or picture.get("title") or picture.get("aria-label")
    if alternative and "emoji" in classes_of(picture):
        replace_by_text(picture, alternative)
    elif _pixels(picture.get("width")) == 1 and _pixels(picture.get("height")) == 1:
        drop(picture)  # it counts visitors
    else:
        _put(picture, "img", _addresses(picture), alternative, numbered)


def _put(place: lxml.html.HtmlElement, tag: str, addresses: list[str], alternative: str | None, numbered: bool) -> None:
    """Puts a picture or recording in the place of what the page has there."""
    known = dict.fromkeys(filter(None, map(_tidy, addresses)))
    made = lxml.html.Element(tag)
    made.set(MEDIA, markup.without_controls("\n".join(known)))
    made.set(LINE, str(line_of(place, numbered)))
    if alternative:
        made.set("alt" if tag == "img" else "title", markup.fold(alternative))
    for side in ("width", "height"):
        if tag == "img" and (length := _pixels(place.get(side))):
            made.set(side, str(round(length)))
    outer = place.getparent()
    replace_by(outer if outer is not None and outer.tag == "picture" else place, made)


def _tidy(address: str) -> str:
    """An address on one line: spaces may stand in one, but not in base64."""
    is_base64 = _BASE64.match(address)
    return "".join(address.split()) if is_base64 else markup.fold(address)


def _own_addresses(element: lxml.html.HtmlElement) -> list[str]:
    lazy = [element.get(name) or "" for name in _LAZY]
    own = element.get("src") or ""
    return lazy if any(lazy) and _PLACEHOLDER.match(own) else [own, *lazy]


def _addresses(picture: lxml.html.HtmlElement) -> list[str]:
    """Where a page has a picture, its own choice first, then the largest of the others."""
    first = _own_addresses(picture)
    sets = [picture.get(name) or "" for name in ("srcset", *_LAZY_SETS)]
    outer = picture.getparent()
    if outer is not None and outer.tag == "picture":
        sets.extend(source.get("srcset") or source.get("data-srcset") or "" for source in outer.iter("source"))
    return [*first, *(address for candidates in sets for address in _largest_first(candidates))]


def _largest_first(candidates: str) -> Iterator[str]:
    """`a.png 1x, b.png 2x` → b.png, a.png"""
    matches = _CANDIDATE.finditer(re.sub(r",\s+", " , ", candidates + " "))
    found = [(float(match["size"] or 1), match["address"].strip(",")) for match in matches if match["address"] != ","]
    yield from (address for _, address in sorted(found, key=lambda pair: -pair[0]))


def _pixels(length: str | None) -> float | None:
    match = _LENGTH.match(length or "")
    if not match:
        return None
    return float(match["number"]) * (_EM if match["unit"] in ("em", "rem") else 1)


def _put_drawing(drawing: lxml.html.HtmlElement, numbered: bool) -> None:
    title = drawing.find("./title")
    alternative = drawing.get("aria-label") or (title.text if title is not None else None)
    encoded = base64.b64encode(svg.standalone(drawing)).decode("ascii")
    _put(drawing, "img", [f"data:image/svg+xml;base64,{encoded}"], alternative, numbered)


def _is_icon(drawing: lxml.html.HtmlElement) -> bool:
    """Does it decorate a heading, a button, a link? Then it is small, or drawn somewhere else."""
    sides = [_pixels(drawing.get(side)) for side in ("width", "height")]
    if not any(sides):
        box = (drawing.get("viewbox") or drawing.get("viewBox") or "").replace(",", " ").split()
        sides = [_pixels(side) for side in box[2:4]]
    is_small = any(sides) and all(side is None or side <= _LARGEST_ICON for side in sides)
    return is_small or not any(element.tag in svg.DRAWN for element in drawing.iter(lxml.etree.Element))
