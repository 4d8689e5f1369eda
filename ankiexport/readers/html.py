"""HTML → blocks: a scraper that walks the tree of a page's own content."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import TypeVar, get_args

from lxml.html import HtmlElement

from ankiexport import markup, words
from ankiexport.markup import CALLOUT, KIND, LINE, ROLE, SHAPE
from ankiexport.model import KINDS, Block, BlockTag, Document, Html, Location, Role, Source, text_of
from ankiexport.plain import first_number
from ankiexport.readers.content import Content, find_content
from ankiexport.readers.tree import Part, drop, html_of, parts_of, set_text_before, text_before

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_CONTAINERS = frozenset(
    (
        "address article aside body center dd details div dl dt fieldset figcaption figure footer header hgroup html"
        " main section summary"
    ).split()
)
_BLOCKS = _CONTAINERS | frozenset(["blockquote", "hr", "ol", "p", "pre", "table", "ul"]) | frozenset(_HEADINGS)
# "Q.", "A:" on their own: the label that a flashcard widget draws before a side
_SIDE_LABEL = re.compile(r"(?:Q|A|Question|Answer)[.:]?")
_QUESTION_LABEL = re.compile(r"Q[.:]\s*")
_ROLES: tuple[Role, ...] = get_args(Role)
_T = TypeVar("_T", bound=str)


def read(source: Source) -> Document:
    """Reads an HTML page."""
    return document_of(find_content(source.text, source.name, source.url, selectors=source.selectors), source)


def document_of(content: Content, source: Source) -> Document:
    """The blocks of a page that is cut to its content, whose tree is used up."""
    blocks = _Scraper(source.name).block(content.main) if content.main is not None else ()
    return Document(
        title=content.title,
        blocks=tuple(blocks),
        url=content.url,
        problems=content.problems,
        footnotes=content.footnotes,
    )


class _Scraper:
    """Walks a tree in page order; remembers the last line that it saw, for elements that have none."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 1
        self._callouts = itertools.count(1)
        self._titled = False

    def blocks(self, parent: HtmlElement) -> list[Block]:
        """The blocks inside an element. What stands loose between them is a paragraph."""
        found: list[Block] = []
        loose: list[Part] = []
        for part in parts_of(parent):
            if not isinstance(part, str) and _is_or_holds(part, _BLOCKS):
                found.extend(self._loose(loose, parent))
                loose = []
                found.extend(self.block(part))
            else:
                loose.append(part)
        found.extend(self._loose(loose, parent))
        return found

    def block(self, tag: HtmlElement) -> Iterable[Block]:
        """The block that an element is, or the blocks in it."""
        location = self._locate(tag)
        if tag.tag == "h1" and not self._titled:
            self._titled = True
            return ()  # the page's title
        if tag.tag in _HEADINGS:
            return self._heading(tag, location)
        if _is_small_print(tag):
            return ()
        if tag.tag == "p":
            return self.blocks(tag) if _holds(tag, _BLOCKS) else self._paragraph(parts_of(tag), location)
        if tag.tag == "details":
            return self._reveal(tag, location)
        if tag.get(ROLE) == "box":
            return self._box(tag, location)
        if tag.tag == "pre":
            return self._code(tag, location)
        if tag.tag == "blockquote" and tag.get("class") == CALLOUT:
            return self._callout(tag)
        if tag.tag == "ol" and not tag.text_content().strip() and not _holds(tag, markup.MEDIA_TAGS):
            return self._lone_number(tag, location)
        if tag.tag in ("ul", "ol", "table", "blockquote", "dl") and not _holds(tag, {"details"}):
            return self._compound(tag, location)
        if tag.tag in ("ul", "ol"):
            return self._list_of_reveals(tag)
        return self.blocks(tag)

    def _code(self, tag: HtmlElement, location: Location) -> Iterator[Block]:
        text = tag.text_content()
        if text.strip():
            html = html_of([tag])
            yield Block(tag="code", html=html, text=text, location=location)

    def _callout(self, tag: HtmlElement) -> Iterator[Block]:
        """What stands in a call-out, block by block: a question may stand there too."""
        number = next(self._callouts)
        for block in self.blocks(tag):
            yield block if block.tag == "reveal" else replace(block, callout=number)

    def _heading(self, tag: HtmlElement, location: Location) -> Iterator[Block]:
        whole = _text(parts_of(tag))
        text = whole.rstrip("¶# ") or whole.strip("¶ ")  # a glossary may have "#" before "A"
        if text:
            html = html_of(parts_of(tag))
            yield Block(tag="heading", html=html, text=text, level=_HEADINGS[tag.tag], location=location)

    def _loose(self, content: Sequence[Part], parent: HtmlElement) -> Iterator[Block]:
        if content:
            location = self._locate(next((part for part in content if not isinstance(part, str)), parent))
            if any(not isinstance(part, str) or part.strip() for part in content):
                yield from self._paragraph(content, location)

    def _paragraph(self, content: Sequence[Part], location: Location) -> Iterator[Block]:
        text = _text(content)
        if text or any(not isinstance(part, str) and _is_or_holds(part, markup.MEDIA_TAGS) for part in content):
            yield Block(tag="paragraph", html=html_of(content), text=text, location=location)

    def _compound(self, tag: HtmlElement, location: Location) -> Iterator[Block]:
        if tag.tag in ("ul", "ol"):
            children = tuple(self._items(tag))
        elif tag.tag == "table":
            children = tuple(self._rows(tag))
        elif tag.tag == "dl":
            children = tuple(self._terms(tag)) or tuple(self.blocks(tag))
        else:
            children = tuple(self.blocks(tag))
        names: dict[str, BlockTag] = {
            "ul": "list",
            "ol": "list",
            "table": "table",
            "blockquote": "quote",
            "dl": "terms",
        }
        text = text_of(children)
        if text.strip() or _holds(tag, markup.MEDIA_TAGS):
            kind = names.get(tag.tag, "other")
            yield Block(tag=kind, html=html_of([tag]), text=text, children=children, location=location)
        else:
            beside = [part for part in parts_of(tag) if isinstance(part, str)]
            yield from self._loose(beside, tag)  # "<ul><li></li>words</ul>"

    def _lone_number(self, tag: HtmlElement, location: Location) -> Iterator[Block]:
        """An answer such as "3." is an empty list to Markdown."""
        text = f"{first_number(tag.get('start', ''))}."
        yield Block(tag="paragraph", html=Html(text), text=text, location=location)

    def _items(self, tag: HtmlElement) -> Iterator[Block]:
        numbers = _numbers(tag)
        for item in tag.iterchildren("li"):
            number = next(numbers)
            location = self._locate(item)
            children = tuple(self.blocks(item))
            text = text_of(children)
            html = html_of(parts_of(item))
            yield Block(tag="item", html=html, text=text, number=number, children=children, location=location)

    def _rows(self, tag: HtmlElement) -> Iterator[Block]:
        for row in tag.iter("tr"):
            location = self._locate(row)
            cells = tuple(
                Block(tag="paragraph", html=html_of(parts_of(cell)), text=_text(parts_of(cell)), location=location)
                for cell in row.iterchildren("td", "th")
            )
            text = " ".join(cell.text for cell in cells)
            yield Block(tag="row", html=Html(""), text=text, children=cells, location=location)

    def _list_of_reveals(self, tag: HtmlElement) -> Iterator[Block]:
        """A list whose items hide something is a run of questions; the number of each belongs to it again."""
        number = first_number(tag.get("start", "")) if tag.tag == "ol" else None
        for item in list(tag.iterchildren("li")):
            if number is not None and item.get(ROLE) != "pair":  # a pair says itself what is asked
                first = next(item.iterchildren("p", *_HEADINGS), item)
                first.text = f"{number}. {first.text or ''}"
            number = None if number is None else number + 1
            location = self._locate(item)
            blocks = self.blocks(item)
            is_one = item.get(ROLE) != "box" and {"reveal"} < {block.tag for block in blocks}
            if is_one:
                yield Block(tag="box", html=Html(""), text="", level=2, location=location)
            yield from blocks
            if is_one:
                yield Block(tag="box-end", html=Html(""), text="", location=location)

    def _reveal(self, tag: HtmlElement, location: Location) -> Iterator[Block]:
        if _is_navigation(tag):
            return
        summary_tag = next(tag.iterchildren("summary"), None)
        summary = None
        if summary_tag is not None:
            drop(summary_tag)
            summary = self._summary(summary_tag, location)
        asked = _child_of_role(tag, "asked")
        question: Sequence[Block] = ()
        if asked is not None:
            drop(asked)
            question = self.blocks(asked)
        body = self.blocks(tag)
        role = _one_of(tag.get(ROLE), _ROLES)
        if role == "question" and len(body) > 1 and _SIDE_LABEL.fullmatch(body[0].text):
            body = body[1:]
        yield Block(
            tag="reveal",
            html=Html(""),
            text=text_of(body),
            location=location,
            summary=summary,
            children=tuple(body),
            role=role,
            shape=tag.get(SHAPE) or "details",
            question=tuple(question),
            kind=_one_of(tag.get(KIND), KINDS),
            set_id=markup.fold(tag.get("id", "")) or None,
        )

    def _box(self, tag: HtmlElement, location: Location) -> Iterator[Block]:
        title = _child_of_role(tag, "title")
        text, html = "", Html("")
        if title is not None:
            drop(title)
            text, html = _text(parts_of(title)), markup.unwrap(html_of(parts_of(title)))
        yield Block(tag="box", html=html, text=text, level=2, location=location)
        yield from self.blocks(tag)
        yield Block(tag="box-end", html=Html(""), text="", location=location)

    def _terms(self, tag: HtmlElement) -> Iterator[Block]:
        """The terms of a definition list, each with all that defines it; those that share a definition are one."""
        terms: list[HtmlElement] = []
        body: list[Block] = []
        defined = False
        for part in [*_terms_and_definitions(tag), None]:
            if terms and defined and (part is None or part.tag == "dt"):
                yield self._term(terms, body)
                terms, body, defined = [], [], False
            if part is not None and part.tag == "dt":
                terms.append(part)
            elif part is not None:
                body.extend(self.blocks(part))
                defined = True

    def _term(self, terms: Sequence[HtmlElement], body: Sequence[Block]) -> Block:
        for term in terms:
            _drop_link_to_itself(term)
        location = self._locate(terms[0])
        text = "\n".join(_text(parts_of(term)) for term in terms)
        html = Html("<br>".join(markup.unwrap(html_of(parts_of(term))) for term in terms))
        return Block(
            tag="term",
            html=Html(""),
            text=f"{text}\n{text_of(body)}",
            location=location,
            summary=Block(tag="paragraph", html=html, text=text, location=location),
            children=tuple(body),
        )

    def _summary(self, tag: HtmlElement, location: Location) -> Block:
        text = _text(parts_of(tag))
        html = html_of(parts_of(tag))
        prefix = _QUESTION_LABEL.match(text)
        if prefix:
            text, html = text[prefix.end() :], markup.without_prefix(html, prefix.end())
        return Block(tag="paragraph", html=markup.unwrap(html), text=text, location=location)

    def _locate(self, tag: HtmlElement | None) -> Location:
        while tag is not None and tag.get(LINE) is None:
            tag = tag.getparent()
        if tag is not None:
            self._line = int(tag.get(LINE))
        return Location(source=self._name, line=self._line)


def _one_of(value: object, known: Sequence[_T]) -> _T | None:
    return next((one for one in known if one == value), None)


def _numbers(tag: HtmlElement) -> Iterator[int | None]:
    """The numbers of a list's items, as browsers count them; None for each where they have none."""
    items = list(tag.iterchildren("li"))
    step = -1 if tag.get("reversed") is not None else 1
    number = first_number(tag.get("start") or (str(len(items)) if step < 0 else ""))
    for item in items:
        value = item.get("value") or ""
        number = int(value) if re.fullmatch("[0-9]{1,6}", value) else number
        yield number if tag.tag == "ol" else None
        number += step


def _terms_and_definitions(tag: HtmlElement) -> Iterator[HtmlElement]:
    """What a definition list holds, perhaps in groups."""
    for child in tag.iterchildren("dt", "dd", "div"):
        if child.tag == "div":
            yield from child.iterchildren("dt", "dd")
        else:
            yield child


def _drop_link_to_itself(term: HtmlElement) -> None:
    """Takes out "(#name)", the link by which others may point here."""
    for link in list(term.iter("a")):
        if _folded(link).startswith("#"):
            before, after = text_before(link).rstrip(), (link.tail or "").lstrip()
            if before.endswith("(") and after.startswith(")"):
                set_text_before(link, before[:-1])
                link.tail = after[1:]
            drop(link)


def _is_or_holds(tag: HtmlElement, names: Set[str]) -> bool:
    return tag.tag in names or _holds(tag, names)


def _holds(tag: HtmlElement, names: Set[str]) -> bool:
    """Is one of these elements inside?"""
    return len(tag) > 0 and any(inner.tag in names for inner in tag.iterdescendants())


def _child_of_role(tag: HtmlElement, role: str) -> HtmlElement | None:
    return next((child for child in tag if child.get(ROLE) == role), None)


def _text(content: Iterable[Part]) -> str:
    """The text of inline content: a line per forced line break, else with white space folded."""
    pieces: list[str] = []
    for part in content:
        if isinstance(part, str):
            pieces.append(part.replace("\n", " "))
        else:
            _speak(part, pieces)
    return "\n".join(markup.fold(line) for line in "".join(pieces).split("\n")).strip()


def _speak(tag: HtmlElement, pieces: list[str]) -> None:
    """Adds the text of an element: of a picture or a recording what stands for it, of ruby the words alone."""
    if tag.tag == "br":
        pieces.append("\n")
    elif tag.tag in markup.MEDIA_TAGS:
        pieces.append(tag.get("alt") or tag.get("title") or "")
    elif not _is_small_print(tag):
        if tag.text:
            pieces.append(tag.text.replace("\n", " "))
        for child in tag:
            _speak(child, pieces)
            if child.tail:
                pieces.append(child.tail.replace("\n", " "))


def _is_small_print(tag: HtmlElement) -> bool:
    """Does it tell how the words of a `<ruby>` are said?"""
    return tag.tag in ("rp", "rt") and next(tag.iterancestors("ruby"), None) is not None


def _is_navigation(tag: HtmlElement) -> bool:
    """Nothing but links under the summary: a menu."""
    links = list(tag.iter("a"))
    if len(links) < 2:
        return False
    summary = tag.find(".//summary")
    said = _folded(summary) if summary is not None else ""
    if words.only_shows(said) or words.is_question(said):
        return False
    inside = len(_folded(tag)) - len(said)
    return inside - sum(len(_folded(link)) for link in links) <= 2 * len(links)


def _folded(tag: HtmlElement) -> str:
    return markup.fold(tag.text_content())
