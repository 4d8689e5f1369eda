"""HTML → blocks: a BeautifulSoup scraper over the page's own content."""

import html
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import TypeVar, get_args

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeDict, NavigableString, PageElement, PreformattedString, Tag

from ankiexport import markup, words
from ankiexport.markup import CALLOUT, KIND, LINE, ROLE, SHAPE
from ankiexport.model import KINDS, Block, BlockTag, Document, Html, Location, Role, Source, text_of
from ankiexport.plain import first_number
from ankiexport.readers.content import Content, find_content

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
_SPOKEN = markup.MEDIA_TAGS | {"br"}
_ROLES: tuple[Role, ...] = get_args(Role)
_T = TypeVar("_T", bound=str)


def read(source: Source) -> Document:
    """Reads an HTML page."""
    return document_of(find_content(source.text, source.name, source.url, selectors=source.selectors), source)


def document_of(content: Content, source: Source) -> Document:
    """The blocks of a page that is cut to its content."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        builder = _TreeBuilder(multi_valued_attributes=None, attribute_dict_class=AttributeDict)
        soup = BeautifulSoup(content.html, builder=builder)
    blocks = _Scraper(source.name).blocks(soup.body) if soup.body else ()
    return Document(
        title=content.title,
        blocks=tuple(blocks),
        url=content.url,
        problems=content.problems,
        footnotes=content.footnotes,
    )


class _TreeBuilder(LXMLTreeBuilder):
    """BeautifulSoup's own, without what it does on each tag for namespaces, which our HTML does not have."""

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes], nsmap: object = None) -> None:
        assert self.soup is not None
        self.soup.handle_starttag(str(tag), None, None, {str(name): str(value) for name, value in attrib.items()})

    def end(self, tag: str | bytes) -> None:
        assert self.soup is not None
        self.soup.handle_endtag(str(tag))


class _Scraper:
    """Walks a tree in page order; remembers the last line that it saw, for elements that have none."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 1
        self._callouts = itertools.count(1)
        self._titled = False

    def blocks(self, parent: Tag) -> list[Block]:
        """The blocks inside an element. Text that stands loose between them is a paragraph."""
        found: list[Block] = []
        loose: list[PageElement] = []
        for child in parent.children:
            if isinstance(child, Tag) and _is_block(child):
                found.extend(self._loose(loose))
                loose = []
                found.extend(self._block(child))
            else:
                loose.append(child)
        found.extend(self._loose(loose))
        return found

    def _block(self, tag: Tag) -> Iterable[Block]:
        location = self._locate(tag)
        if tag.name == "h1" and not self._titled:
            self._titled = True
            return ()  # the page's title
        if tag.name in _HEADINGS:
            return self._heading(tag, location)
        if tag.name == "p":
            return self.blocks(tag) if _holds(tag, _BLOCKS) else self._paragraph(tag.contents, location)
        if tag.name == "details":
            return self._reveal(tag, location)
        if tag.get(ROLE) == "box":
            return self._box(tag, location)
        if tag.name == "pre":
            return self._code(tag, location)
        if tag.name == "blockquote" and tag.get("class") == CALLOUT:
            return self._callout(tag)
        if tag.name == "ol" and not tag.get_text(strip=True):
            return self._lone_number(tag, location)
        if tag.name in ("ul", "ol", "table", "blockquote", "dl") and not _holds(tag, {"details"}):
            return self._compound(tag, location)
        if tag.name in ("ul", "ol"):
            return self._list_of_reveals(tag)
        return self.blocks(tag)

    def _code(self, tag: Tag, location: Location) -> Iterator[Block]:
        text = tag.get_text()
        if text.strip():
            html = self._html([tag])
            yield Block(tag="code", html=html, text=text, location=location)

    def _callout(self, tag: Tag) -> Iterator[Block]:
        """What stands in a call-out, block by block: a question may stand there too."""
        number = next(self._callouts)
        for block in self.blocks(tag):
            yield block if block.tag == "reveal" else replace(block, callout=number)

    def _heading(self, tag: Tag, location: Location) -> Iterator[Block]:
        whole = _text(tag.children)
        text = whole.rstrip("¶# ") or whole.strip("¶ ")  # a glossary may have "#" before "A"
        if text:
            html = self._html(tag.children)
            yield Block(tag="heading", html=html, text=text, level=_HEADINGS[tag.name], location=location)

    def _loose(self, content: list[PageElement]) -> Iterator[Block]:
        if content:
            first = next((child for child in content if isinstance(child, Tag)), content[0].parent)
            location = self._locate(first)
            if any(not isinstance(child, NavigableString) or child.strip() for child in content):
                yield from self._paragraph(content, location)

    def _paragraph(self, content: list[PageElement], location: Location) -> Iterator[Block]:
        text = _text(content)
        if text or any(
            isinstance(part, Tag) and (part.name in markup.MEDIA_TAGS or _holds(part, markup.MEDIA_TAGS))
            for part in content
        ):
            yield Block(tag="paragraph", html=self._html(content), text=text, location=location)

    def _compound(self, tag: Tag, location: Location) -> Iterator[Block]:
        if tag.name in ("ul", "ol"):
            children = tuple(self._items(tag))
        elif tag.name == "table":
            children = tuple(self._rows(tag))
        elif tag.name == "dl":
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
        if text.strip():
            kind = names.get(tag.name, "other")
            yield Block(tag=kind, html=self._html([tag]), text=text, children=children, location=location)

    def _lone_number(self, tag: Tag, location: Location) -> Iterator[Block]:
        """An answer such as "3." is an empty list to Markdown."""
        text = f"{first_number(str(tag.get('start') or ''))}."
        yield Block(tag="paragraph", html=Html(text), text=text, location=location)

    def _items(self, tag: Tag) -> Iterator[Block]:
        numbers = _numbers(tag)
        for item in _children(tag, "li"):
            number = next(numbers)
            location = self._locate(item)
            children = tuple(self.blocks(item))
            text = text_of(children)
            html = self._html(item.children)
            yield Block(tag="item", html=html, text=text, number=number, children=children, location=location)

    def _rows(self, tag: Tag) -> Iterator[Block]:
        for row in tag.find_all("tr"):
            location = self._locate(row)
            cells = tuple(
                Block(tag="paragraph", html=self._html(cell.children), text=_text(cell.children), location=location)
                for cell in _children(row, "td", "th")
            )
            text = " ".join(cell.text for cell in cells)
            yield Block(tag="row", html=Html(""), text=text, children=cells, location=location)

    def _list_of_reveals(self, tag: Tag) -> Iterator[Block]:
        """A list whose items hide something is a run of questions; the number of each belongs to it again."""
        number = first_number(str(tag.get("start") or "")) if tag.name == "ol" else None
        for item in list(_children(tag, "li")):
            if number is not None and item.get(ROLE) != "pair":  # a pair says itself what is asked
                item.insert(0, NavigableString(f"{number}. "))
                first = next(_children(item, "p", *_HEADINGS), None)
                if first is not None:
                    first.insert(0, item.contents[0].extract())
            number = None if number is None else number + 1
            location = self._locate(item)
            blocks = self.blocks(item)
            is_one = item.get(ROLE) != "box" and {"reveal"} < {block.tag for block in blocks}
            if is_one:
                yield Block(tag="box", html=Html(""), text="", level=2, location=location)
            yield from blocks
            if is_one:
                yield Block(tag="box-end", html=Html(""), text="", location=location)

    def _reveal(self, tag: Tag, location: Location) -> Iterator[Block]:
        if _is_navigation(tag):
            return
        summary_tag = next(_children(tag, "summary"), None)
        summary = None
        if summary_tag is not None:
            summary_tag.extract()
            summary = self._summary(summary_tag, location)
        asked = _child_of_role(tag, "asked")
        question = self.blocks(asked.extract()) if asked is not None else ()
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
            shape=str(tag.get(SHAPE) or "") or "details",
            question=tuple(question),
            kind=_one_of(tag.get(KIND), KINDS),
            set_id=markup.fold(str(tag.get("id") or "")) or None,
        )

    def _box(self, tag: Tag, location: Location) -> Iterator[Block]:
        title = _child_of_role(tag, "title")
        text, html = "", Html("")
        if title is not None:
            title.extract()
            text, html = _text(title.children), markup.unwrap(self._html(title.children))
        yield Block(tag="box", html=html, text=text, level=2, location=location)
        yield from self.blocks(tag)
        yield Block(tag="box-end", html=Html(""), text="", location=location)

    def _terms(self, tag: Tag) -> Iterator[Block]:
        """The terms of a definition list, each with all that defines it; those that share a definition are one."""
        terms: list[Tag] = []
        body: list[Block] = []
        defined = False
        for part in [*_parts_of(tag), None]:
            if terms and defined and (part is None or part.name == "dt"):
                yield self._term(terms, body)
                terms, body, defined = [], [], False
            if part is not None and part.name == "dt":
                terms.append(part)
            elif part is not None:
                body.extend(self.blocks(part))
                defined = True

    def _term(self, terms: Sequence[Tag], body: Sequence[Block]) -> Block:
        for term in terms:
            _drop_link_to_itself(term)
        location = self._locate(terms[0])
        text = "\n".join(_text(term.children) for term in terms)
        html = Html("<br>".join(markup.unwrap(self._html(term.children)) for term in terms))
        return Block(
            tag="term",
            html=Html(""),
            text=f"{text}\n{text_of(body)}",
            location=location,
            summary=Block(tag="paragraph", html=html, text=text, location=location),
            children=tuple(body),
        )

    def _summary(self, tag: Tag, location: Location) -> Block:
        text = _text(tag.children)
        html = self._html(tag.children)
        prefix = _QUESTION_LABEL.match(text)
        if prefix:
            text, html = text[prefix.end() :], markup.without_prefix(html, prefix.end())
        return Block(tag="paragraph", html=markup.unwrap(html), text=text, location=location)

    def _html(self, content: Iterable[PageElement]) -> Html:
        pieces: list[str] = []
        for child in content:
            if isinstance(child, Tag):
                _write(child, pieces)
            elif type(child) is NavigableString:
                pieces.append(markup.escape(child))
        return markup.clean("".join(pieces))

    def _locate(self, tag: Tag | None) -> Location:
        while tag is not None and LINE not in tag.attrs:
            tag = tag.parent
        if tag is not None:
            self._line = int(str(tag.attrs[LINE]))
        return Location(source=self._name, line=self._line)


def _one_of(value: object, known: Sequence[_T]) -> _T | None:
    return next((one for one in known if one == value), None)


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or _holds(tag, _BLOCKS)


def _numbers(tag: Tag) -> Iterator[int | None]:
    """The numbers of a list's items, as browsers count them; None for each where they have none."""
    items = list(_children(tag, "li"))
    step = -1 if tag.has_attr("reversed") else 1
    number = first_number(str(tag.get("start") or (len(items) if step < 0 else "")))
    for item in items:
        value = str(item.get("value") or "")
        number = int(value) if re.fullmatch("[0-9]{1,6}", value) else number
        yield number if tag.name == "ol" else None
        number += step


def _parts_of(tag: Tag) -> Iterator[Tag]:
    """The terms and definitions of a list, which may stand in groups."""
    for child in _children(tag, "dt", "dd", "div"):
        if child.name == "div":
            yield from _children(child, "dt", "dd")
        else:
            yield child


def _drop_link_to_itself(term: Tag) -> None:
    """Takes out "(#name)", the link by which others may point here."""
    for link in term.find_all("a"):
        if markup.fold(link.get_text()).startswith("#"):
            before, after = link.previous_sibling, link.next_sibling
            link.extract()
            if not isinstance(before, NavigableString) or not isinstance(after, NavigableString):
                continue
            if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
                before.replace_with(before.rstrip()[:-1])
                after.replace_with(after.lstrip()[1:])


def _holds(tag: Tag, names: Set[str]) -> bool:
    """Is one of these elements inside? Several times faster than `Tag.find` with so many names."""
    return any(isinstance(inner, Tag) and (inner.name in names or _holds(inner, names)) for inner in tag.contents)


def _children(tag: Tag, *names: str) -> Iterator[Tag]:
    """The children of these names. Several times faster than `Tag.find_all`, which every reveal and list would ask."""
    return (child for child in tag.contents if isinstance(child, Tag) and child.name in names)


def _child_of_role(tag: Tag, role: str) -> Tag | None:
    return next((child for child in tag.contents if isinstance(child, Tag) and child.get(ROLE) == role), None)


def _write(tag: Tag, pieces: list[str]) -> None:
    """Adds an element, as HTML that is to be cleaned. Several times faster than `Tag.decode`, which can also indent."""
    attributes = "".join(f' {name}="{html.escape(str(value))}"' for name, value in sorted(tag.attrs.items()))
    pieces.append(f"<{tag.name}{attributes}>")
    for child in tag.contents:
        if isinstance(child, Tag):
            _write(child, pieces)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):  # as comments are
            pieces.append(html.escape(child, quote=False))
    if not tag.is_empty_element:
        pieces.append(f"</{tag.name}>")


def _text(content: Iterable[PageElement]) -> str:
    """The text of inline content: a line per forced line break, else with white space folded."""
    pieces: list[str] = []
    for child in content:
        if isinstance(child, Tag):
            if child.name in _SPOKEN or _holds(child, _SPOKEN):
                pieces.append(_spoken(child) if child.name in _SPOKEN else _text_with_breaks(child))
            else:
                pieces.append(_text_inside(child).replace("\n", " "))
        elif type(child) is NavigableString:
            pieces.append(child.replace("\n", " "))
    return "\n".join(markup.fold(line) for line in "".join(pieces).split("\n")).strip()


def _text_inside(tag: Tag) -> str:
    only = tag.contents[0] if len(tag.contents) == 1 else None  # as of nearly all words in bold or code
    return only if type(only) is NavigableString else tag.get_text()


def _text_with_breaks(tag: Tag) -> str:
    return "".join(
        _spoken(node) if isinstance(node, Tag) else str(node).replace("\n", " ")
        for node in tag.descendants
        if type(node) is NavigableString or (isinstance(node, Tag) and node.name in _SPOKEN)
    )


def _spoken(tag: Tag) -> str:
    """A line break, or the text that stands for a picture or a recording."""
    return "\n" if tag.name == "br" else str(tag.get("alt") or tag.get("title") or "")


def _is_navigation(tag: Tag) -> bool:
    """Nothing but links under the summary: a menu."""
    links = tag.find_all("a") if _holds(tag, {"a"}) else []
    if len(links) < 2:
        return False
    summary = tag.find("summary")
    said = markup.fold(summary.get_text()) if summary else ""
    if words.only_shows(said) or words.is_question(said):
        return False
    inside = len(markup.fold(tag.get_text())) - (len(markup.fold(summary.get_text())) if summary else 0)
    return inside - sum(len(markup.fold(link.get_text())) for link in links) <= 2 * len(links)
