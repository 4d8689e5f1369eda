"""A whole HTML page → the tree of its own content, with the line of every element in the file.

What many generators write in many ways is one plain shape after that, which is all that the scraper knows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import cast
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.markup import FOOTNOTE, KIND, LINE, MEDIA, ROLE, SHAPE
from ankiexport.model import Html, Location, Problem, Selectors
from ankiexport.readers.asides import footnote_texts, level_boxes, level_callouts, level_tabs, take_footnotes
from ankiexport.readers.attribute_lists import level_attribute_lists
from ankiexport.readers.choices import level_choices
from ankiexport.readers.code import level_code
from ankiexport.readers.fields import level_fields
from ankiexport.readers.formulas import level_formulas
from ankiexport.readers.junk import drop_junk, is_junk
from ankiexport.readers.options import level_options
from ankiexport.readers.pictures import level_frames, level_pictures
from ankiexport.readers.reveals import level_reveals
from ankiexport.readers.selectors import mark_selected
from ankiexport.readers.structured import structured_questions
from ankiexport.readers.titled import join_answers, name_by_title
from ankiexport.readers.tree import classes_of, line_of, stated_line

# Where pages keep what they are about; the first that is there wins. Several articles are a page of their own.
_MAIN = (
    "//main",
    '//*[@role="main"]',
    "//article",
    '//*[@id="main-content" or @id="content" or @id="main"]',
    "//body",
)
_LEAST_SHARE = 0.02  # of a page's text: `<a id="main-content">` only marks where the content begins
_CONTROLS = frozenset(["button", "input", "select", "textarea"])
_KEPT_ATTRIBUTES = frozenset(
    "align alt class colspan dir height href lang reversed rowspan start title type value width".split()
) | {FOOTNOTE, KIND, MEDIA, ROLE, SHAPE}
_KEPT_OF = {"details": _KEPT_ATTRIBUTES | {"id"}, "span": frozenset(["dir", "lang"])}
_SAME_TAGS = {
    "acronym": "abbr",
    "big": "strong",
    "listing": "pre",
    "plaintext": "pre",
    "strike": "s",
    "tt": "code",
    "xmp": "pre",
}  # of old HTML
_BLANKS = " \t\n\f\r"
_ALIGNED = re.compile(r"text-align:\s*(left|right|center|justify)")
_NUMBERED_WITH = re.compile(r"list-style(?:-type)?:[^;]*\b(upper-alpha|lower-alpha|upper-latin|lower-latin)")
_TAKEN_OFF = frozenset("article aside details div figure h2 h3 h4 h5 h6 p section summary".split())
_INLINE = frozenset("a abbr b br cite code del em i ins kbd mark q s small strong sub sup u var".split())
_LENGTH = lxml.etree.XPath("string-length()")
_TITLE_SUFFIX = re.compile(r"\s+[|·»]\s+.*$")
# libxml2 keeps an element's line in 16 bits.
_MOST_LINES = 65_000
_DEEPEST = 256  # libxml2's own limit

# All elements are of one class, where lxml.html asks a function for the class of each, many times on the way
_PLAIN_ELEMENTS = lxml.etree.ElementDefaultClassLookup(
    element=lxml.html.HtmlElement,
    comment=lxml.html.HtmlComment,
    pi=lxml.html.HtmlProcessingInstruction,
    entity=lxml.html.HtmlEntity,
)

# "&#8;", "&#x1F;"
_REFERENCE = re.compile(r"&#(?:0*(?P<decimal>\d{1,7})(?!\d)|x0*(?P<hex>[0-9a-f]{1,6})(?![0-9a-f]));?", re.I)
_LAST_ODD = 0xFFFF  # of the characters that no note can hold

# A comment, a script or an opening tag with its attributes: <a title="1 > 0" href=x>
_OPENING_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)"
    r"|<(?P<name>[a-z][a-z0-9-]*)(?P<rest>(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*\s*/?>)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content of a page: its tree with its line on each element, its title and address if it states them."""

    main: lxml.html.HtmlElement | None
    title: str | None
    url: str | None
    problems: tuple[Problem, ...]
    footnotes: Mapping[str, Html] = field(default_factory=dict)


def number_lines(html: str, first_line: int) -> str:
    """HTML with its line on each opening tag. `first_line` is the line on which the fragment begins."""
    line, counted = first_line, 0

    def numbered(match: re.Match[str]) -> str:
        nonlocal line, counted
        line += html.count("\n", counted, match.start())
        counted = match.start()
        name = match["name"]
        return f'<{name} {LINE}="{line}"{match["rest"]}' if name else match[0]

    return _OPENING_TAG.sub(numbered, html)


def find_content(
    html: str, name: str, address: str | None, *, numbered: bool = False, selectors: Sequence[Selectors] = ()
) -> Content:
    """Cuts a page to its content.

    `address` is the page's URL, if it is known; `numbered` says that the elements carry their lines already;
    `selectors` say where there are questions, whatever they look like.
    """
    if not numbered and html.count("\n") > _MOST_LINES:
        html, numbered = number_lines(html, 1), True
    parser = lxml.html.HTMLParser(encoding="utf-8")
    parser.set_element_class_lookup(_PLAIN_ELEMENTS)
    try:
        root = lxml.html.document_fromstring(_without_control_references(html).encode("utf-8"), parser=parser)
    except lxml.etree.ParserError:
        return Content(main=None, title=None, url=None, problems=())
    problems = list(_limit_problem(parser, name))
    main = _main(root, is_marked="mainEntity" in html)
    alive = list(main.iter())  # an object that nothing holds would be made anew by each walk through the tree
    heading = main.find(".//h1")
    heading = root.find(".//h1") if heading is None else heading
    title = markup.fold(_heading_text(heading)) if heading is not None else _title(root)
    canonical = root.find('.//link[@rel="canonical"]')
    url = address or (markup.absolute(canonical.get("href") or "", None) if canonical is not None else None)
    if selectors:
        main, selected = mark_selected(root, main, selectors, name, numbered)
        problems.extend(selected)
    structured, unread = structured_questions(root, name, numbered)
    problems.extend(unread)
    main.extend(structured)
    level_fields(main)
    level_attribute_lists(main)
    level_choices(main)
    level_options(main)
    level_boxes(main)
    level_tabs(main)
    level_frames(main)
    problems.extend(_formula_problem(name, line_of(formula, numbered)) for formula in level_formulas(main, root))
    drop_junk(main, keep=_CONTROLS)
    name_by_title(main)
    level_reveals(main)
    join_answers(main)
    drop_junk(main)
    level_pictures(main, numbered)
    level_code(main)
    level_callouts(main)
    footnotes = take_footnotes(main)
    _keep_directions(main)
    base = root.find(".//base")
    links_from = urljoin(url or "", base.get("href") or "") if base is not None else url
    for part in (main, *footnotes.values()):
        _resolve_links(part, links_from)
        _lighten(part, numbered)
    _fold_blanks(main)
    alive.clear()
    if main.getparent() is not None:
        main.getparent().remove(main)  # what is around it may say anything
    return Content(
        main=main,
        title=title or None,
        url=url,
        problems=tuple(problems),
        footnotes=dict(footnote_texts(footnotes)),
    )


def _without_control_references(html: str) -> str:
    """A page without characters that no tree takes, whether they stand in it or are named by their number."""
    text = markup.without_controls(html)
    return _REFERENCE.sub(_tamed, text) if "&#" in text else text


def _tamed(reference: re.Match[str]) -> str:
    number = int(reference["decimal"] or reference["hex"], 10 if reference["decimal"] else 16)
    if number == ord("\r"):
        return "&#10;"
    is_none = number <= _LAST_ODD and markup.without_controls(chr(number)) != chr(number)
    return "&#32;" if is_none else reference[0]


def _limit_problem(parser: lxml.html.HTMLParser, name: str) -> Iterator[Problem]:
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            what = (
                f"tags are nested deeper than {_DEEPEST} levels" if "depth" in entry.message else "a text is too long"
            )
            message = f"{what}: nothing after this line was read"
            yield Problem(location=Location(source=name, line=entry.line), severity="error", message=message)
            return


def _formula_problem(name: str, line: int) -> Problem:
    message = "a formula does not say its TeX: the text that is drawn was kept"
    return Problem(location=Location(source=name, line=line), severity="warning", message=message)


def _main(root: lxml.html.HtmlElement, *, is_marked: bool) -> lxml.html.HtmlElement:
    """Where the content of a page is; `is_marked` says that its microdata may tell."""
    asked = root.xpath('//*[@itemprop="mainEntity"][contains(@itemtype, "schema.org/Question")]') if is_marked else []
    if len(asked) == 1 and asked[0].getparent() is not None and root.xpath('//*[contains(@itemtype, "/QAPage")]'):
        return cast(lxml.html.HtmlElement, asked[0].getparent())  # whose answers may stand outside what is below
    least = _length(root) * _LEAST_SHARE
    for path in _MAIN:
        found = cast(list[lxml.html.HtmlElement], root.xpath(path))
        if found and (path != "//article" or len(found) == 1):
            length, largest = max(((_length(element), element) for element in found), key=itemgetter(0))
            if length > least:
                return largest
    return root


def _length(element: lxml.html.HtmlElement) -> int:
    return int(cast(float, _LENGTH(element)))


def _title(root: lxml.html.HtmlElement) -> str | None:
    title = root.find(".//title")
    return _TITLE_SUFFIX.sub("", markup.fold(title.text_content())) if title is not None else None


def _heading_text(heading: lxml.html.HtmlElement) -> str:
    for element in heading.xpath('.//*[@class or @aria-hidden="true"]'):
        if is_junk(element):
            element.drop_tree()
    return str(heading.text_content()).rstrip("¶# \n")


def _letter_list(element: lxml.html.HtmlElement) -> None:
    """A list that a site's own style numbers with letters keeps them, for answers speak of them."""
    parent = element.getparent()
    names = [*classes_of(element), *(classes_of(parent) if parent is not None else ())]
    if styled := _NUMBERED_WITH.search(element.get("style") or ""):
        names.append(styled[1])
    for name in names:
        if name in ("upper-alpha", "upperalpha", "upper-latin"):
            element.set("type", "A")
        elif name in ("lower-alpha", "loweralpha", "lower-latin"):
            element.set("type", "a")


def _resolve_links(main: lxml.html.HtmlElement, url: str | None) -> None:
    """A link leads to the page's site, or nowhere."""
    for link in main.iter("a"):
        target = markup.absolute(link.get("href") or "", url)
        if target:
            link.set("href", markup.without_controls(target))
        else:
            link.attrib.pop("href", None)


def _keep_directions(main: lxml.html.HtmlElement) -> None:
    """The direction and language of a paragraph, or of what is around it, go to its text: its own tag is taken off."""
    for place in main.iterancestors("body", "html"):
        if place.get("dir") == "rtl" and not main.get("dir"):
            main.set("dir", "rtl")
    for element in reversed(main.xpath("descendant-or-self::*[@dir or @lang]")):
        if element.tag not in _TAKEN_OFF and (element is not main or not element.get("dir")):
            continue
        said = {name: value for name in ("dir", "lang") if (value := element.get(name))}
        for block in element.iter("dl", "ol", "table", "ul"):
            block.attrib.update({name: value for name, value in said.items() if name not in block.attrib})
        for block in list(element.iter("p", "h2", "h3", "h4", "h5", "h6", "summary")) or [element]:
            only = _only_child(block)
            if only is not None:
                only.attrib.update({name: value for name, value in said.items() if name not in only.attrib})
                continue
            inner = lxml.html.Element("span", said)
            inner.text, block.text = block.text, None
            inner.extend(list(block))
            block.append(inner)


def _only_child(block: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The span that holds all of a block, if there is one."""
    alone = len(block) == 1 and block[0].tag == "span" and not (block.text or block[0].tail or "").strip()
    return block[0] if alone else None


def _lighten(main: lxml.html.HtmlElement, numbered: bool) -> None:
    """Leaves only the tags and attributes that the scraper or a card has a use for."""
    for numbered_list in main.iter("ol"):
        _letter_list(numbered_list)
    for element in list(main.iter(lxml.etree.Element)):
        tag = element.tag
        if tag == "span" and not element.get("dir") and not element.get("lang"):
            element.drop_tag()
            continue
        if tag in _SAME_TAGS:
            element.tag = tag = _SAME_TAGS[tag]
        _lighten_attributes(element, numbered)


def _lighten_attributes(element: lxml.html.HtmlElement, numbered: bool) -> None:
    tag = element.tag
    if tag in ("td", "th") and (aligned := _ALIGNED.search(element.get("style") or "")):
        element.set("align", aligned[1])
    names = _KEPT_OF.get(tag, _KEPT_ATTRIBUTES)
    said = element.items()
    kept = [it for it in said if it[0] in names and markup.known_class(tag, *it) is not None]
    if tag not in _INLINE:
        line = stated_line(element) if numbered or not element.sourceline else element.sourceline
        kept += [(LINE, str(line))] if line else []
    kept.sort()
    if kept != said:
        element.attrib.clear()  # a page may have names that could not be taken out one by one
        for name, value in kept:
            element.set(name, value)


def _fold_blanks(main: lxml.html.HtmlElement) -> None:
    """Of a text that is nothing but white space, a line break or a space stays, unless it is code."""
    exact = {inner for block in main.iter("pre", "textarea") for inner in block.iterdescendants()}
    for element in main.iter():
        if element in exact:
            continue
        if element.text and element.tag not in ("pre", "textarea"):
            element.text = _folded_if_blank(element.text)
        if element.tail:
            element.tail = _folded_if_blank(element.tail)


def _folded_if_blank(text: str) -> str:
    return text if text.strip(_BLANKS) else "\n" if "\n" in text else " "
