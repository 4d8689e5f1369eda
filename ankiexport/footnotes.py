"""Footnotes, which a page has at its end, come to the texts that speak of them."""

import re
from collections.abc import Mapping, Sequence
from html import unescape

from ankiexport import markup
from ankiexport.markup import FOOTNOTE
from ankiexport.model import Html, Item, change_texts

_MARK = re.compile(rf'<sup {FOOTNOTE}="([^"]*)">(.*?)</sup>', re.S)


def attach(items: Sequence[Item], footnotes: Mapping[str, Html]) -> tuple[Item, ...]:
    """Puts under each text of an item the footnotes that are marked in it."""

    def attached(text: Html) -> Html:
        marks: dict[str, str] = {}
        speaking = [text]  # a footnote may speak of another
        for speaker in speaking:
            for name, mark in _MARK.findall(speaker) if FOOTNOTE in speaker else ():
                if unescape(name) in footnotes and unescape(name) not in marks:
                    marks[unescape(name)] = mark
                    speaking.append(footnotes[unescape(name)])
        notes = [_note(mark, footnotes[name]) for name, mark in marks.items()]
        if not notes:
            return text
        body = markup.wrap("p", text) if markup.is_inline(text) else text
        return Html(f'{body}\n<div class="footnotes">{"".join(notes)}</div>')

    return tuple(change_texts(item, attached) for item in items) if footnotes else tuple(items)


def _note(mark: str, text: Html) -> str:
    """A footnote with its mark in its first paragraph."""
    text = markup.wrap("p", text) if markup.is_inline(text) else text
    head = f"<sup>{mark}</sup> "
    return text.replace("<p>", f"<p>{head}", 1) if text.startswith("<p>") else f"<p>{head}</p>{text}"
