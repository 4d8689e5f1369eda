"""Footnotes, which a page has at its end, come to the texts that speak of them."""

import re
from collections.abc import Mapping, Sequence

from ankiexport import markup
from ankiexport.markup import FOOTNOTE
from ankiexport.model import Html, Item, change_texts

_MARK = re.compile(rf'<sup {FOOTNOTE}="([^"]*)">(.*?)</sup>', re.S)


def attach(items: Sequence[Item], footnotes: Mapping[str, Html]) -> tuple[Item, ...]:
    """Puts under each text of an item the footnotes that are marked in it."""

    def attached(text: Html) -> Html:
        marked = {name: mark for name, mark in _MARK.findall(text) if name in footnotes} if FOOTNOTE in text else {}
        if not marked:
            return text
        notes = "".join(f"<p><sup>{mark}</sup> {footnotes[name]}</p>" for name, mark in marked.items())
        body = text if text.startswith("<p>") else markup.wrap("p", text)
        return Html(f'{body}\n<div class="footnotes">{notes}</div>')

    return tuple(change_texts(item, attached) for item in items) if footnotes else tuple(items)
