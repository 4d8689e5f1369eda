"""A whole HTML page → the HTML of its own content, with the line of every element in the file.

Here the page is still a tree of lxml: ten times faster than BeautifulSoup, which then sees a tenth of the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.mathml import tex_of
from ankiexport.model import Location, Problem

LINE = "data-ankiexport-line"
"""The attribute that carries an element's line in the original file."""

# Where pages keep what they are about; the first that is there wins. Several articles are a page of their own.
_MAIN = (
    "//main",
    '//*[@role="main"]',
    "//article",
    '//*[@id="main-content" or @id="content" or @id="main"]',
    "//body",
)
_JUNK_TAGS = frozenset(
    "audio base button canvas dialog embed form head iframe input link meta nav noscript object script select style svg"
    " template textarea title video".split()
)
_JUNK_ROLES = frozenset({"navigation", "search", "doc-toc", "banner", "contentinfo", "tooltip"})
_JUNK_CLASSES = frozenset(
    # for screen readers only
    "sr-only visually-hidden visuallyhidden screen-reader-text screenreader-only"
    # beside headings
    " headerlink header-anchor anchor-link heading-anchor hash-link sl-anchor-link anchorjs-link"
    # ways through the site
    " toc table-of-contents breadcrumb breadcrumbs pagination pagination-links"
    # around code
    " copybtn copy-button linenos lineno line-number line-numbers rouge-gutter hljs-ln-numbers".split()
)
_KEPT_ATTRIBUTES = frozenset("class colspan dir href lang reversed rowspan start title type value".split())
_INLINE = frozenset("a abbr b br cite code del em i ins kbd mark q s small strong sub sup u var".split())
_TITLE_SUFFIX = re.compile(r"\s+[|·»]\s+.*$")
# libxml2 keeps an element's line in 16 bits.
_MOST_LINES = 65_000
_DEEPEST = 256  # libxml2's own limit

# A comment, a script or an opening tag with its attributes: <a title="1 > 0" href=x>
_OPENING_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)"
    r"|<(?P<name>[a-z][a-z0-9-]*)(?=(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*\s*/?>)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content of a page: its HTML with its line on each element, its title and address if it states them."""

    html: str
    title: str | None
    url: str | None
    problems: tuple[Problem, ...]


def number_lines(html: str, first_line: int) -> str:
    """HTML with its line on each opening tag. `first_line` is the line on which the fragment begins."""
    line, counted = first_line, 0

    def numbered(match: re.Match[str]) -> str:
        nonlocal line, counted
        line += html.count("\n", counted, match.start())
        counted = match.start()
        name = match["name"]
        return f'<{name} {LINE}="{line}"' if name else match[0]

    return _OPENING_TAG.sub(numbered, html)


def find_content(html: str, name: str, address: str | None, *, numbered: bool = False) -> Content:
    """Cuts a page to its content.

    `address` is the page's URL, if it is known; `numbered` says that the elements carry their lines already.
    """
    if not numbered and html.count("\n") > _MOST_LINES:
        html, numbered = number_lines(html, 1), True
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(markup.without_controls(html).encode("utf-8"), parser=parser)
    except lxml.etree.ParserError:
        return Content(html="", title=None, url=None, problems=())
    problems = list(_limit_problem(parser, name))
    main = _main(root)
    heading = main.find(".//h1")
    heading = root.find(".//h1") if heading is None else heading
    title = markup.fold(_heading_text(heading)) if heading is not None else _title(root)
    canonical = root.find('.//link[@rel="canonical"]')
    url = address or (markup.absolute(canonical.get("href") or "", None) if canonical is not None else None)
    problems.extend(_clean(main, name))
    _resolve_links(main, url)
    _lighten(main, numbered)
    text = lxml.etree.tostring(main, encoding="unicode", method="html", with_tail=False)
    return Content(html=markup.without_controls(text), title=title or None, url=url, problems=tuple(problems))


def _limit_problem(parser: lxml.html.HTMLParser, name: str) -> Iterator[Problem]:
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            what = (
                f"tags are nested deeper than {_DEEPEST} levels" if "depth" in entry.message else "a text is too long"
            )
            message = f"{what}: nothing after this line was read"
            yield Problem(location=Location(source=name, line=entry.line), severity="error", message=message)
            return


def _main(root: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    for path in _MAIN:
        found = cast(list[lxml.html.HtmlElement], root.xpath(path))
        if found and (path != "//article" or len(found) == 1):
            return max(found, key=lambda element: len(element.text_content()))
    return root


def _title(root: lxml.html.HtmlElement) -> str | None:
    title = root.find(".//title")
    return _TITLE_SUFFIX.sub("", markup.fold(title.text_content())) if title is not None else None


def _heading_text(heading: lxml.html.HtmlElement) -> str:
    for element in heading.xpath('.//*[@class or @aria-hidden="true"]'):
        if _is_junk(element):
            element.drop_tree()
    return str(heading.text_content()).rstrip("¶# \n")


def _clean(main: lxml.html.HtmlElement, name: str) -> Iterator[Problem]:
    """Takes out what is not content and levels what only looks different: highlighted code, pictures, formulas."""
    for element in list(main.iter()):
        if not isinstance(element.tag, str) or (element is not main and _is_junk(element)):
            _drop(element)
    for formula in main.xpath('.//*[contains(@class, "katex")] | .//mjx-container | .//math'):
        _level_formula(formula)
    for block in main.iter("pre"):
        _level_code(block)
    for picture in list(main.iter("img")):
        yield from _replace_picture(picture, name)


def _letter_list(element: lxml.html.HtmlElement) -> None:
    """A list that a site's own style numbers with letters keeps them, for answers speak of them."""
    parent = element.getparent()
    classes = f"{element.get('class', '')} {parent.get('class', '') if parent is not None else ''}".split()
    for name, letter in (("upper-alpha", "A"), ("lower-alpha", "a"), ("loweralpha", "a"), ("upperalpha", "A")):
        if name in classes:
            element.set("type", letter)


def _resolve_links(main: lxml.html.HtmlElement, url: str | None) -> None:
    """A link leads to the page's site, or nowhere."""
    for link in main.iter("a"):
        target = markup.absolute(link.get("href") or "", url)
        if target:
            link.set("href", markup.without_controls(target))
        else:
            link.attrib.pop("href", None)


def _lighten(main: lxml.html.HtmlElement, numbered: bool) -> None:
    """Leaves BeautifulSoup only the tags and attributes that the scraper or a card has a use for."""
    for element in list(main.iter(lxml.etree.Element)):
        if element.tag == "span" and not element.get("dir") and not element.get("lang"):
            element.drop_tag()
            continue
        if element.tag == "ol":
            _letter_list(element)
        line = element.get(LINE) if numbered else str(element.sourceline)
        names = _KEPT_ATTRIBUTES | {"id"} if element.tag == "details" else _KEPT_ATTRIBUTES
        kept = [(name, value) for name, value in element.items() if name in names]
        element.attrib.clear()
        for name, value in kept:
            element.set(name, markup.without_controls(value))
        if line and element.tag not in _INLINE:
            element.set(LINE, line)


def _is_junk(element: lxml.html.HtmlElement) -> bool:
    tag = element.tag
    if tag in _JUNK_TAGS or element.get("role") in _JUNK_ROLES:
        return True
    if tag in ("footer", "header"):
        return next(element.iterancestors("blockquote", "figure"), None) is None
    if element.get("aria-hidden") == "true":
        return True
    classes = element.get("class")
    return bool(classes) and not _JUNK_CLASSES.isdisjoint(classes.split())


def _drop(element: lxml.html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _level_formula(formula: lxml.html.HtmlElement) -> None:
    """A formula of KaTeX, MathJax or MathML as TeX; Anki's own delimiters go around it."""
    math = formula if formula.tag == "math" else formula.find(".//math")
    found = tex_of(math) if formula.getparent() is not None and math is not None else None
    if found is None:
        return
    display = formula.get("display") == "block" or formula.find('.//math[@display="block"]') is not None
    left, right = ("\\[", "\\]") if display else ("\\(", "\\)")
    _replace(formula, f"{left}{found}{right}")


def _level_code(block: lxml.html.HtmlElement) -> None:
    """Highlighted code as plain lines: some highlighters end a line with a line break, others with a new element."""
    pieces: list[str] = []
    for event, element in lxml.etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            pieces.append("\n" if element.tag == "br" else "")
            pieces.append(element.text or "")
        else:
            if element.tag in ("div", "li", "tr", "p") and not "".join(pieces[-3:]).endswith("\n"):
                pieces.append("\n")
            if element is not block:
                pieces.append(element.tail or "")
    text = "".join(pieces).strip("\n")
    for child in list(block):
        block.remove(child)
    block.text = markup.without_controls("\n".join(line.rstrip() for line in text.split("\n")))


def _replace_picture(picture: lxml.html.HtmlElement, name: str) -> Iterator[Problem]:
    """The alternative text stands for a picture."""
    alternative = (picture.get("alt") or "").strip()
    lines = (element.get(LINE, "") for element in _upwards(picture))
    line = next((int(line) for line in lines if line.isdecimal()), picture.sourceline or 1)
    address = (picture.get("src") or "").strip()
    shown = address if len(address) < 60 else address[:57] + "..."
    message = f"picture {shown!r} is not in the deck: " + (
        "its alternative text stands for it" if alternative else "it has no alternative text"
    )
    yield Problem(location=Location(source=name, line=line), severity="warning", message=message)
    _replace(picture, alternative)


def _upwards(element: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    yield element
    yield from element.iterancestors()


def _replace(element: lxml.html.HtmlElement, text: str) -> None:
    element.tail = markup.without_controls(text + (element.tail or ""))
    _drop(element)
