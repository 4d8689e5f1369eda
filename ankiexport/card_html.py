"""The last step before a field: whatever a fragment went through, only what a card may hold leaves this module."""

import html
import re
from functools import cache

import nh3

from ankiexport import highlight, markup, tex
from ankiexport.media import PACKAGED
from ankiexport.model import Html

_OURS = {markup.LINE, markup.MEDIA, markup.FOOTNOTE}
_CODE = re.compile(r"(<(pre|code|kbd|samp)\b.*?</\2>)", re.S)
_FORMULA = re.compile(r"(?<!\\)\\\(.*?\\\)|(?<!\\)\\\[.*?\\\]", re.S)
_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')
_BARE_LINK = re.compile(r'<a(?: target="_blank"| rel="[^"]*")*>(.*?)</a>', re.S)
# What Anki looks for in a field before it shows it: "[sound:x.mp3]", "[anki:tts …]", "[latex]", "[$]", "[[type:…]]"
_ANKI_MARKUP = re.compile(r"\[(?=/?(?:sound:|anki:|latex\]|\$)|\[type:)", re.I)
_RECORDING = re.compile(r'<(?:audio|video) src="([^"]+)"[^>]*></(?:audio|video)>')


def for_card(fragment: Html) -> Html:
    """Clean HTML as a field of a note.

    Only files of the package are shown and played, links open outside, code is in colour. Formulas are in one piece
    and hold no `}}`, which would end a cloze. What Anki itself would act on is text, but for our own recordings.
    """
    if "<" in fragment or "&" in fragment:
        fragment = Html(_BARE_LINK.sub(r"\1", _cleaner().clean(fragment)).strip())
    if "\\" in fragment:
        fragment = _outside_code(fragment)
    if "[" in fragment:
        fragment = Html(_ANKI_MARKUP.sub("&#91;", fragment))
    return highlight.coloured(Html(_RECORDING.sub(r"[sound:\1]", fragment)))


@cache
def _cleaner() -> nh3.Cleaner:
    known = {tag: set(names) - _OURS for tag, names in markup.ATTRIBUTES.items()}
    for tag in ("audio", "img", "video"):
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
    return markup.known_class(tag, attribute, value)


def _outside_code(fragment: Html) -> Html:
    pieces = _CODE.split(fragment)  # text, block, its tag, text, block, …
    pieces[::3] = [_FORMULA.sub(_whole, piece) for piece in pieces[::3]]
    del pieces[2::3]
    return Html("".join(pieces))


def _whole(match: re.Match[str]) -> str:
    """A formula without tags in it, which MathJax does not look past; as code if it would do more than show itself."""
    text = html.unescape(_TAG.sub(" ", match[0]))
    inner = tex.usable(text[2:-2])
    if inner is None:
        return f"<code>{markup.escape(text)}</code>"
    return text[:2] + markup.escape(tex.apart(inner)) + text[-2:]
