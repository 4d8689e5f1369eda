"""The last step before a field: whatever a fragment went through, only what a card may hold leaves this module."""

import html
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ankiexport import highlight, markup, tex
from ankiexport.markup import PACKAGED
from ankiexport.model import Html

if TYPE_CHECKING:
    import nh3

_OURS = {markup.LINE, markup.MEDIA, markup.FOOTNOTE}
# What stands between runs of text that MathJax reads as one: code, which it leaves alone, and tags but line breaks
_BETWEEN = re.compile(r'<(pre|code)\b.*?</\1>|<(?!br>)(?:[^>"]|"[^"]*")*>', re.S)
_OPENING = re.compile(r"\\[(\[]")
_LONGEST_FORMULA = 5_000  # characters: MathJax takes seconds for more, and the card stands still
_OWN_SOUND = re.compile(rf"\[sound:{PACKAGED.pattern}\]")
_APART = re.compile(r"\} (?=\})")
_BARE_LINK = re.compile(r'<a(?: target="_blank"| rel="[^"]*")*>(.*?)</a>', re.S)
# What Anki looks for in a field before it shows it: "[sound:x.mp3]", "[anki:tts …]", "[latex]", "[$]", "[[type:…]]"
_ANKI_MARKUP = re.compile(r"\[(?=/?(?:sound:|anki:|latex\]|\$)|\[type:)", re.I)
_RECORDING = re.compile(r'<(audio|video) src="([^"]+)"(?: title="([^"]*)")?(?: \w+="[^"]*")*></\1>')
# A line break with attributes, past which MathJax looks all the same
_BREAK = re.compile(r'<(br|wbr)(?: [\w-]+="[^"]*")+>')
_LINK = re.compile(r"(?:https?|mailto):", re.I)
# With these a spreadsheet takes a cell for a formula; East Asian versions of Excel know the full-width ones
_SIGNS = "=+-@＝＋－＠\t\r\n"
_FORMULA_START = re.compile(rf"( *)([{re.escape(_SIGNS)}])")
# What no step below changes, as most fields of a note are: "Exercise · A", "<p>Is <code>a &lt; b</code>?</p>"
_RUN = r"[^<>&\\\[\0\r\xa0]*(?:&(?:amp|lt|gt|nbsp);[^<>&\\\[\0\r\xa0]*)*"
_LINE = rf"{_RUN}(?:(?:<br>|<(b|code|em|i|kbd|mark|s|strong|sub|sup|u)>{_RUN}</\%d>){_RUN})*"
_PLAIN = re.compile(rf"(?![\s{re.escape(_SIGNS)}])(?:{_LINE % 1}|(?:<p>{_LINE % 2}</p>\n?)+)(?<!\s)")
_GUARDED_START = re.compile(rf"( *)&#({'|'.join(str(ord(sign)) for sign in _SIGNS)});")


def for_card(fragment: Html) -> Html:
    """Clean HTML as a field of a note.

    Only files of the package are shown and played, links open outside, code is in colour. Formulas are in one piece
    and hold no `}}`, which would end a cloze. What Anki itself would act on is text, but for our own recordings.
    What a spreadsheet would run as a formula, were the field a cell of a table, begins with an entity.
    """
    if _PLAIN.fullmatch(fragment):
        return fragment
    if "<" in fragment or "&" in fragment:
        fragment = Html(_BARE_LINK.sub(r"\1", _cleaner().clean(fragment)).strip())
        fragment = Html(_BREAK.sub(r"<\1>", fragment))
        fragment = Html(_RECORDING.sub(_titled, fragment))
    if "\\" in fragment:
        fragment = change_formulas(Html(fragment.replace("<wbr>", "")), _formula)
    fragment = highlight.coloured(fragment)
    if "[" in fragment:
        fragment = Html(_ANKI_MARKUP.sub("&#91;", fragment))
    return _guarded(Html(_RECORDING.sub(r"[sound:\2]", fragment)))


def _guarded(field: Html) -> Html:
    start = _FORMULA_START.match(field)
    return Html(f"{start[1]}&#{ord(start[2])};{field[start.end() :]}") if start else field


def unguarded(field: Html) -> Html:
    """A field that begins with the sign itself, which is the same text."""
    start = _GUARDED_START.match(field) if "&#" in field else None
    return Html(f"{start[1]}{chr(int(start[2]))}{field[start.end() :]}") if start else field


def _titled(recording: re.Match[str]) -> str:
    """A recording without its title, which is text before it."""
    tag, source, title = recording.groups()
    return f'{title or ""} <{tag} src="{source}"></{tag}>'.lstrip()


def from_card(field: Html) -> Html:
    """A field as the fragment that it was made of, as far as its text goes."""
    field = unguarded(field)
    joined = _APART.sub("}", field) if "\\" in field else field
    return Html(_OWN_SOUND.sub("", joined))


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3

    known = {tag: set(names) - _OURS for tag, names in markup.ATTRIBUTES.items()}
    for tag in markup.MEDIA_TAGS:
        known[tag].add("src")
    return nh3.Cleaner(
        tags=set(markup.TAGS),
        attributes=known,
        attribute_filter=_allowed,
        url_schemes=set(markup.LINK_SCHEMES),
        url_relative="pass_through",
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if PACKAGED.fullmatch(value) else None
    if attribute == "href":
        return value if _LINK.match(value) else None
    return markup.known_class(tag, attribute, value)


def change_formulas(fragment: Html, change: Callable[[str], str]) -> Html:
    """Every formula that MathJax would find, changed: it looks into no code, and past no tag but a line break.

    Args:
        change: Is given a formula with its delimiters, as HTML.
    """
    pieces: list[str] = []
    at = 0
    for between in _BETWEEN.finditer(fragment):
        pieces.extend((_changed(fragment[at : between.start()], change), between[0]))
        at = between.end()
    pieces.append(_changed(fragment[at:], change))
    return Html("".join(pieces))


def _changed(text: str, change: Callable[[str], str]) -> str:
    """A run of text with its formulas changed."""
    pieces: list[str] = []
    at = 0
    closed = {"(": True, "[": True}  # does another one of this sort end?
    for opening in _OPENING.finditer(text):
        sort = opening[0][1]
        if opening.start() < at or not closed[sort]:
            continue
        end = text.find("\\)" if sort == "(" else "\\]", opening.end())
        closed[sort] = end >= 0
        if end >= 0:
            pieces.extend((text[at : opening.start()], change(text[opening.start() : end + 2])))
            at = end + 2
    return "".join(pieces) + text[at:]


def _formula(written: str) -> str:
    """A formula in one piece; one that would do more than show itself is code."""
    text = html.unescape(written.replace("<br>", "\n"))
    inner = tex.usable(text[2:-2]) if len(text) <= _LONGEST_FORMULA else None
    if inner is None:
        return f"<code>{markup.escape(text)}</code>"
    return text[:2] + markup.escape(tex.apart(inner)) + text[-2:]
