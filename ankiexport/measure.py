"""A side of a card → what a reader sees there: its words, its lines of code, its lists."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import lxml.etree

from ankiexport import markup
from ankiexport.model import Html
from ankiexport.plain import plain

# A formula is read as one thing, however long its source is: "\(a^2\)", "\[\int f\]"
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.S)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_IDEOGRAPHS_OF_A_WORD = 2
_LIST_TAGS = ("ul", "ol")
_NO_PROSE = ("pre", "table", *_LIST_TAGS)
_BLOCK_TAGS = markup.BLOCK_TAGS | {"br", "img", "td", "th"}
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCK_TAGS)})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSize:
    """How many items a list has, nested ones aside, and whether their order is told."""

    ordered: bool
    items: int


class Side:
    """What a reader sees on one side of a card."""

    def __init__(self, fragment: Html) -> None:
        self._fragment = fragment

    @cached_property
    def _body(self) -> lxml.etree._Element:
        parser = lxml.etree.HTMLParser(encoding="utf-8", huge_tree=True)
        return lxml.etree.fromstring(f"<body><div>{self._fragment}</div></body>", parser)

    @cached_property
    def words(self) -> int:
        """How many words there are to read, code blocks aside."""
        return count_words(self._text(without=("pre",)))

    @cached_property
    def prose(self) -> str:
        """Its text, without code blocks, tables and lists."""
        return markup.fold(self._text(without=_NO_PROSE))

    @cached_property
    def code_lines(self) -> int:
        """How many lines its code blocks have, blank ones aside."""
        blocks = ("".join(str(text) for text in block.itertext()) for block in self._body.iter("pre"))
        return sum(bool(line.strip()) for block in blocks for line in block.split("\n"))

    @cached_property
    def list_size(self) -> ListSize | None:
        """The size of the list that it is, with no more said around it than in it; None where it is none."""
        lists = [one for one in self._body.iter(*_LIST_TAGS) if not _is_nested(one)]
        if len(lists) != 1:
            return None
        own = count_words(" ".join(str(text) for text in lists[0].itertext()))
        if self.words - own > own:
            return None
        items = sum(child.tag == "li" for child in lists[0])
        return ListSize(ordered=lists[0].tag == "ol", items=items)

    @property
    def is_paragraph(self) -> bool:
        """Is it a paragraph and nothing else?"""
        return not _BLOCK.search(self._fragment)

    def _text(self, without: Collection[str]) -> str:
        if "<" not in self._fragment:
            return plain(self._fragment)
        return "".join(_texts(self._body, without))


def _texts(element: lxml.etree._Element, without: Collection[str]) -> Iterator[str]:
    """The texts of an element; a space stands where a block begins or ends."""
    yield element.text or ""
    for child in element:
        gap = " " if child.tag in _BLOCK_TAGS else ""
        yield gap
        if isinstance(child.tag, str) and child.tag not in without:
            yield from _texts(child, without)
        yield gap + (child.tail or "")


def _is_nested(element: lxml.etree._Element) -> bool:
    return any(above.tag in _LIST_TAGS for above in element.iterancestors())


def count_words(text: str) -> int:
    """How many words a text has: a formula is one, and so are two characters of a script without spaces."""
    text = _FORMULA.sub(" x ", text)
    ideographs = len(_IDEOGRAPH.findall(text))
    return len(_IDEOGRAPH.sub(" ", text).split()) + ideographs // _IDEOGRAPHS_OF_A_WORD
