"""HTML fragments → plain text."""

import html
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ankiexport.markup import BLOCK_TAGS, MEDIA_TAGS, MISSING
from ankiexport.model import Html

if TYPE_CHECKING:
    import lxml.etree

# A tag that leaves the text on its line as it is; a span may stand for a picture
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|strong|sub|sup|u|var)"
    r'(?: (?:[^<>"]|"[^"]*")*)?>'
)
_MARKER = re.compile(r"(?:-|-?\d+\.|[A-Za-z]\.) ")
_LETTERS = 26


@lru_cache(maxsize=128)  # who reads a page asks for the text of the same answers and prompts again and again
def plain(fragment: Html) -> str:
    """HTML as text: list items on lines with `- ` or `1. `, code verbatim."""
    if "<" not in fragment:
        return html.unescape(fragment).strip()
    bare = _INLINE_TAG.sub("", fragment)
    if "<" not in bare.replace("<br>", ""):  # as in most fragments: a tenth of the time that a parser takes
        return "\n".join([" ".join(html.unescape(line).split()) for line in bare.split("<br>")]).strip()
    import lxml.etree

    root = lxml.etree.fromstring(f"<div>{fragment}</div>", _parser())
    body = root.find(".//div")
    if body is None:
        return ""
    text = _PlainText()
    text.add(body.text, verbatim=False)
    text.element(body, verbatim=False)
    return text.finish()


@cache
def _parser() -> "lxml.etree.HTMLParser":
    import lxml.etree

    return lxml.etree.HTMLParser(encoding="utf-8", huge_tree=True)


class _PlainText:
    """Collects the text of an element, a line per block."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]

    def add(self, text: str | None, verbatim: bool) -> None:
        if not text:
            return
        if verbatim:
            first, *rest = text.split("\n")
            self.lines[-1] += first
            self.lines.extend(rest)
            return
        folded = " ".join(text.split())
        if text[0].isspace() and self.lines[-1] and not self.lines[-1].endswith(" "):
            self.lines[-1] += " "
        self.lines[-1] += f"{folded} " if folded and text[-1].isspace() else folded

    def new_line(self) -> None:
        if _MARKER.fullmatch(self.lines[-1]):
            return  # a paragraph that begins a list item goes on after the marker
        if self.lines[-1].strip():
            self.lines[-1] = self.lines[-1].rstrip()
            self.lines.append("")
        else:
            self.lines[-1] = ""

    def element(self, element: "lxml.etree._Element", verbatim: bool) -> None:
        number = first_number(element.get("start", "")) if element.tag == "ol" else None
        letter = element.get("type", "")
        for child in element:
            name = child.tag
            if not isinstance(name, str):
                self.add(child.tail, verbatim)
                continue
            if name in BLOCK_TAGS:
                self.new_line()
            if name == "li" and not self.lines[-1]:
                self.lines[-1] = f"{_list_mark(number, letter)}. " if number is not None else "- "
                number = None if number is None else number + 1
            if name == "span" and child.get("class") == MISSING:
                self.add(child.get("title"), verbatim)
                self.add(child.tail, verbatim)
                continue
            if name == "br":
                self.lines.append("")
            elif name in ("td", "th") and self.lines[-1]:
                self.lines[-1] = self.lines[-1].rstrip() + " | "
            elif name in MEDIA_TAGS:
                self.add(child.get("alt") or child.get("title"), verbatim)
            inside = verbatim or name == "pre"
            self.add(child.text, inside)
            self.element(child, inside)
            if name in BLOCK_TAGS:
                self.new_line()
            self.add(child.tail, verbatim)

    def finish(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).strip()


def _list_mark(number: int, kind: str) -> str:
    """The mark of an item in an ordered list whose `type` is this."""
    if kind in ("a", "A") and 1 <= number <= _LETTERS:
        return chr(ord(kind) + number - 1)
    return str(number)


def first_number(start: str) -> int:
    """The number of the first item of an ordered list with this `start`."""
    return int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
