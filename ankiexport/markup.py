"""HTML fragments: cleaned, cut and joined. All HTML of an item comes from these functions."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ankiexport.model import Block, Html

if TYPE_CHECKING:
    import nh3

LINE = "data-ankiexport-line"
"""The attribute that carries an element's line in the original file."""
MEDIA = "data-ankiexport-media"
"""The attribute of a picture or a recording that carries where the page has it: one address a line, the best first.
Nothing is loaded from there; `media` puts a packaged file, or words, in its place."""
ROLE = "data-ankiexport-role"
"""What an element is to the finders: a `<details>` has a `model.Role`, others are a `box`, its `title` or `asked`."""
SHAPE = "data-ankiexport-shape"
KIND = "data-ankiexport-kind"
FOOTNOTE = "data-ankiexport-footnote"
"""The attribute of a footnote's mark that names the footnote on the page."""
PACKAGED = re.compile(r"ankiexport-[0-9a-f]+\.[a-z0-9]+")
"""The name of a file in the package."""
CALLOUT = "callout"
"""The class of a quote that the page sets apart as a note, a tip, a warning."""
MISSING = "missing"
"""The class of the words that stand for a picture or a recording which the deck does not have."""

TAGS = frozenset(
    "a abbr audio b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5"
    " h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead"
    " tr u ul var video wbr".split()
)
"""The tags that clean HTML may have."""
ATTRIBUTES: Mapping[str, Set[str]] = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "abbr": {"title"},
    "audio": {"title", MEDIA, LINE},
    "blockquote": {"class"},
    "code": {"class"},
    "div": {"class"},
    "img": {"alt", "height", "title", "width", MEDIA, LINE},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "span": {"class", "title"},
    "sup": {FOOTNOTE},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "video": {"title", MEDIA, LINE},
}
_CLASSES = {"blockquote": CALLOUT, "code": r"language-[\w+#.-]+", "div": "footnotes", "span": MISSING}
"""The classes that each of these tags may have, as patterns."""
LINK_SCHEMES = frozenset(["http", "https", "mailto"])

_ATTRIBUTE = r"(?:[^>\"]|\"[^\"]*\")"
# A tag or a text run of clean HTML, in which every `<` and `&` of the text is escaped: "<b>", "x &lt; y"
_TOKEN = re.compile(rf"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*){_ATTRIBUTE}*>|(?P<text>[^<]+)")
_VOID_TAGS = frozenset(["br", "hr", "img", "wbr"])
MEDIA_TAGS = frozenset(["audio", "img", "video"])
_OWN_ATTRIBUTE = re.compile(r' data-ankiexport-[a-z]+="[^"]*"')
_MEDIA_ADDRESS = re.compile(rf' {MEDIA}="([^"]*)"')
_ALTERNATIVE = re.compile(r" (?:alt|title)=\"([^\"]*)\"")
_OUTER_BREAKS = re.compile(r"^(?:\s*<br>)+|(?:<br>\s*)+$")
_NOTHING_SEEN = re.compile(f"<(?!img|audio|video){_ATTRIBUTE}*>|&nbsp;|[\\s\u00ad\u200b-\u200d\u2060\ufeff]")
_ENTITY_OR_CHARACTER = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);|.", re.I | re.S)
_UNSAFE_IN_LINK = re.compile(r"[\x00-\x20\"'<>`\\]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES = bytes(set(range(0x20)) - set(b"\t\n\r"))
BLOCK_TAGS = frozenset(
    "blockquote caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul".split()
)
_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(BLOCK_TAGS))})\b")
# A whole paragraph of another direction or language, which is the paragraph's own
_DIRECTED = re.compile(r'<span((?: (?:dir|lang)="[^"]*")+)>((?:(?!</?span).)*)</span>', re.S)
_CODE_SIGNS = re.compile(r"[{}\[\]=<>|\\;$#_]|\S\(\)")


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=known_class,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


def known_class(tag: str, attribute: str, value: str) -> str | None:
    """The value of an attribute, or None for a class that is not ours."""
    return value if attribute != "class" or re.fullmatch(_CLASSES.get(tag, ""), value) else None


def is_inline(fragment: Html) -> bool:
    """May it stand in a paragraph?"""
    return not _BLOCK.search(fragment)


def is_blank(fragment: Html) -> bool:
    """Does a reader see nothing of it?"""
    at = 0
    while found := _NOTHING_SEEN.match(fragment, at):
        at = found.end()
    return at == len(fragment)


def without_controls(text: str) -> str:
    """Text without characters that a note's field cannot hold: Anki takes a unit separator for the field's end."""
    return text if text.isprintable() or not _holds_controls(text) else _CONTROLS.sub(" ", text)


def _holds_controls(text: str) -> bool:
    """As the pattern would find, of a whole page many times faster."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return True  # half of a surrogate pair
    return len(encoded.translate(None, _CONTROL_BYTES)) < len(encoded) or "\ufffe" in text or "\uffff" in text


def escape(text: str) -> Html:
    """Plain text as HTML."""
    return Html(html.escape(without_controls(text), quote=False))


def clean(fragment: str) -> Html:
    """Any HTML as HTML that a card may hold: known tags and attributes only, balanced, nothing that runs or loads."""
    if "<" in fragment or "&" in fragment:
        fragment = _cleaner().clean(fragment)
    return Html(without_controls(fragment).strip())


def fold(text: str) -> str:
    """Text with each run of white space, or of characters that no text holds, as one space."""
    return " ".join(without_controls(text).split())


def absolute(link: str, base: str | None) -> str | None:
    """A link as an absolute one that a card may open, or None."""
    try:
        target = _UNSAFE_IN_LINK.sub(lambda c: f"%{ord(c[0]):02X}", urljoin(base or "", link.strip()))
        return target if urlsplit(target).scheme in LINK_SCHEMES else None
    except ValueError:
        return None


def wrap(tag: str, inner: Html) -> Html:
    return Html(f"<{tag}>{inner}</{tag}>")


def code(text: str, language: str | None = None) -> Html:
    """Lines of code, white space exact."""
    if language is None:
        return wrap("pre", wrap("code", escape(text)))
    return clean(f'<pre><code class="language-{html.escape(language)}">{escape(text)}</code></pre>')


def looks_like_code(text: str) -> bool:
    """Is this text, which the page sets as code or as bare lines, code rather than wrapped prose?"""
    lines = [line for line in text.split("\n") if line.strip()]
    body = " ".join(line.strip() for line in lines)
    signs = len(_CODE_SIGNS.findall(body))
    aligned = sum(bool(re.search(r"\S {2,}\S|\t", line.strip())) for line in lines)
    return signs * 25 > len(body) or aligned > 0


def lines(text: str) -> Html:
    """Lines out of a code block or a text dump: wrapped prose becomes a paragraph, code stays code."""
    return code(text) if looks_like_code(text) else wrap("p", escape(fold(text)))


def _split(fragment: Html, length: int) -> tuple[str, str]:
    """Clean HTML cut after `length` characters of its folded text; tags that are open at the cut are opened again.

    Neither side is clean: in the first the tags are still to be closed.
    """
    at, space = 0, True  # `space`: white space here does not count, for the folded text has none or has it already
    open_tags: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(fragment):
        if length <= 0 and not match["close"]:
            break
        at = match.end()
        if match["text"] is not None:
            taken, length, space = _take(match["text"], length, space)
            at = match.start() + taken
            if length <= 0 and at < match.end():
                break
        elif match["close"]:
            open_tags = open_tags[:-1]
        elif match["name"] == "br":
            length, space = length - (not space), True
        elif match["name"] in MEDIA_TAGS:
            _, length, space = _take(_alternative(match[0]), length, space)
            if match["name"] not in _VOID_TAGS:
                open_tags.append((match["name"], match[0]))
        elif match["name"] not in _VOID_TAGS:
            open_tags.append((match["name"], match[0]))
    right = "".join(tag for _, tag in open_tags) + fragment[at:].strip()
    return fragment[:at], right


def _alternative(tag: str) -> str:
    """The text, as HTML, that stands for a picture or a recording where only text can."""
    found = _ALTERNATIVE.search(tag)
    return found[1] if found else ""


def _take(text: str, length: int, space: bool) -> tuple[int, int, bool]:
    """How many characters of an HTML text make up `length` of its folded text, what is left, if a space ended it."""
    taken = 0
    for piece in _ENTITY_OR_CHARACTER.findall(text) if "&" in text else text:
        if length <= 0:
            break
        is_space = (html.unescape(piece) if len(piece) > 1 else piece).isspace()
        length -= not (is_space and space)
        space = is_space
        taken += len(piece)
    return taken, length, space


def cut(fragment: Html, start: int, end: int) -> Html:
    """The piece of clean HTML from one place in its folded text to another."""
    return without_prefix(clean(_OUTER_BREAKS.sub("", _split(fragment, end)[0])), start)


def without_prefix(fragment: Html, length: int) -> Html:
    """Clean HTML without the first `length` characters of its folded text."""
    return _without_empty(Html(_OUTER_BREAKS.sub("", _split(fragment, length)[1]).strip()))


def _without_empty(fragment: Html) -> Html:
    """Without elements at the start that hold nothing."""
    before = None
    while before != fragment:
        before = fragment
        fragment = Html(
            re.sub(r"^((?:<p>|<li>)?)\s*<(strong|em|b|i|code|u|a|mark)\b[^>]*>\s*</\2>\s*", r"\1", fragment)
        )
    return Html(re.sub(r"^((?:<[a-z]+>)*)\s+", r"\1", fragment))


def unwrap(fragment: Html) -> Html:
    """Without an emphasis or a paragraph that holds the whole fragment: `<strong>Why?</strong>` → `Why?`."""
    while match := re.fullmatch(r"<(strong|b|p)>(.*)</\1>", fragment, re.S):
        if f"<{match[1]}" in match[2] or f"</{match[1]}" in match[2]:
            return fragment
        fragment = Html(match[2].strip())
    return fragment


def join(blocks: Sequence[Block]) -> Html:
    """Blocks as one fragment: a single paragraph is given without its `<p>`."""
    if len(blocks) == 1 and blocks[0].tag in ("paragraph", "heading") and not _DIRECTED.fullmatch(blocks[0].html):
        return unwrap(blocks[0].html)
    pieces = []
    for callout, group in groupby(blocks, key=lambda block: block.callout):
        inner = "\n".join(_whole(block) for block in group)
        pieces.append(inner if callout is None else f'<blockquote class="{CALLOUT}">{inner}</blockquote>')
    return Html("\n".join(pieces))


def _whole(block: Block) -> Html:
    if block.tag == "paragraph":
        directed = _DIRECTED.fullmatch(block.html)
        return Html(f"<p{directed[1]}>{directed[2]}</p>") if directed else wrap("p", block.html)
    if block.tag == "heading":
        return wrap("p", wrap("strong", unwrap(block.html)))
    if block.tag == "item":
        return wrap("li", block.html)
    if block.tag == "reveal":
        return reveal(block.summary, block.children)
    return block.html


def reveal(summary: Block | None, body: Sequence[Block]) -> Html:
    """A reveal inside an answer, opened: its summary as a bold line, then its body."""
    head = wrap("p", wrap("strong", unwrap(summary.html))) if summary and summary.text else Html("")
    rest = _whole(body[0]) if len(body) == 1 else join(body)
    return Html("\n".join(filter(None, [head, rest])))


def ordered_list(items: Iterable[Html], start: int = 1) -> Html:
    attribute = "" if start == 1 else f' start="{start}"'
    return Html(f"<ol{attribute}>" + "".join(wrap("li", item) for item in items) + "</ol>")


def bullet_list(items: Iterable[Html]) -> Html:
    return wrap("ul", Html("".join(wrap("li", item) for item in items)))


def without_marks(fragment: Html) -> Html:
    """A fragment without the attributes that say where it is from: for whoever reads it outside ankiexport."""
    return Html(_OWN_ATTRIBUTE.sub("", fragment))


def media_of(fragment: Html) -> list[str]:
    """Where the page has the pictures and recordings of a fragment."""
    return _MEDIA_ADDRESS.findall(fragment) if MEDIA in fragment else []
