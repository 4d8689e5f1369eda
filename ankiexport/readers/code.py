"""Code blocks as highlighters draw them → plain lines and the name of their language."""

import re
from itertools import islice, pairwise, takewhile

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.readers.tree import classes_of, drop, replace_by

# "language-python", "language-{.python}", "lang-js", "highlight-source-shell", "highlight-python", "src-sh", "brush:js"
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|highlight-source|highlight|src|brush)[-:]\{?\.?(?P<name>[\w+#.-]+)\}?")
# A class that says "what follows is the language": <pre class="sourceCode python">, <code class="hljs css">
_BEFORE_LANGUAGE = frozenset(["brush:", "hljs", "sourceCode"])
_LANGUAGE_ATTRIBUTES = ("data-language", "data-lang", "data-code-lang")
_NO_LANGUAGE = frozenset(
    "ansi default literal no-highlight nohighlight none plain plaintext text txt undefined".split()
)
_SAME_LANGUAGE = {"ipython": "python", "ipython3": "python"}
# What a highlighter puts around a block: not too much of it, and little else in there
_FRAMES = frozenset("div figure table tbody td tr".split())
_DEEPEST_FRAME = 5
_MOST_IN_FRAME = 3
# Of the names that a site writes above code, those that say more than its language
_TOLD_OF_CODE = frozenset(["error", "output", "warning"])
_ADDED, _REMOVED = frozenset(["add", "ins"]), frozenset(["del", "remove"])
_LINE_CLASSES = frozenset("code-line ec-line line token-line view-line".split())


def level_code(main: lxml.html.HtmlElement) -> None:
    """Each block of code as `<pre><code class="language-…">` with nothing but text in it."""
    for block in list(main.iter("pre")):
        _level(block)
    for label in [it for it in main.iter("h3", "h4", "div", "p") if "code-label" in classes_of(it)]:
        label.tag = "p"
        if markup.fold(label.text_content()).lower() not in _TOLD_OF_CODE:
            drop(label)
    for table in list(main.iter("table")):
        blocks = [block for block in table.iter("pre") if block.text_content().strip()]
        if len(blocks) == 1 and blocks[0].text_content().strip() == table.text_content().strip():
            replace_by(table, blocks[0])  # a table of a block's line numbers, which are gone, and the block


def _level(block: lxml.html.HtmlElement) -> None:
    language = language_of(block)
    text = _text(block)
    for child in list(block):
        block.remove(child)
    block.text = None
    code = lxml.etree.SubElement(block, "code")
    code.text = markup.without_controls(text)
    if language:
        code.set("class", f"language-{language}")


def _text(block: lxml.html.HtmlElement) -> str:
    """The lines of a block: some highlighters end a line with a line break, others with a new element."""
    pieces: list[str] = []
    for event, element in lxml.etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            begins = "\n" if element.tag == "br" or _begins_line(element) else ""
            inner = element.get("alt") if element.tag == "img" else element.text
            added = [begins, _sign(element), inner if isinstance(element.tag, str) else ""]
        else:
            is_line = element.tag in ("div", "li", "tr", "p")
            ends = is_line and (_is_blank_line(element) or not (pieces[-1:] or ["\n"])[0].endswith("\n"))
            added = ["\n" if ends else "", element.tail if element is not block else ""]
        pieces.extend(piece for piece in added if piece)
    return re.sub(r"\A(?:[ \t]*\n)+", "", "".join(pieces).rstrip())


def _sign(line: lxml.html.HtmlElement) -> str:
    """What stands before a line that a highlighter shows as added or removed by its colour alone."""
    names = set(classes_of(line))
    if names.isdisjoint(_LINE_CLASSES):
        return ""
    return "+" if names & _ADDED else "-" if names & _REMOVED else ""


def _begins_line(element: lxml.html.HtmlElement) -> bool:
    """Is this one of the elements, one a line, that a highlighter makes, with no line break before it?"""
    previous = element.getprevious()
    if previous is None or previous.tail or not _is_line(element) or not _is_line(previous):
        return False
    return not previous.text_content().endswith("\n") and previous.find(".//br") is None


def _is_line(element: lxml.html.HtmlElement) -> bool:
    is_marked = "data-line" in element.attrib or not _LINE_CLASSES.isdisjoint(classes_of(element))
    return element.tag == "span" and is_marked


def _is_blank_line(element: lxml.html.HtmlElement) -> bool:
    return element.tag == "li" and not element.text_content()


def language_of(block: lxml.html.HtmlElement) -> str | None:
    """The language that a block or what is around it is marked with."""
    inner = [child for child in block if child.tag == "code"]
    frames = takewhile(_is_frame, islice(block.iterancestors(), _DEEPEST_FRAME))
    name = next(filter(None, map(_language_in, (*inner, block, *frames))), None)
    name = _SAME_LANGUAGE.get(name, name) if name else None
    return None if name in _NO_LANGUAGE else name


def _is_frame(place: lxml.html.HtmlElement) -> bool:
    return place.tag in _FRAMES and len(place) <= _MOST_IN_FRAME


def _language_in(element: lxml.html.HtmlElement) -> str | None:
    names = [element.get(attribute) for attribute in _LANGUAGE_ATTRIBUTES]
    classes = classes_of(element)
    names.extend(match["name"] for name in classes if (match := _LANGUAGE_CLASS.fullmatch(name)))
    names.extend(after for name, after in pairwise(classes) if name in _BEFORE_LANGUAGE)
    known = (re.sub(r"[^\w+#.-]", "", name).lower().rstrip(".") for name in names if name)
    return next(filter(None, known), None)
