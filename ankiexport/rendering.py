"""A note → its cards as Anki makes them: the fields of the note in the templates of the note type."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ankiexport import notetype
from ankiexport.model import Deck, Html, Note

TYPED = "[[type:Typed]]"
"""Stands where Anki's reviewer puts the field to type in, and on the back how what was typed compares."""

# "{{Answer}}", "{{text:Source}}", "{{#Cue}}" … "{{/Cue}}"
_TAG = re.compile(r"\{\{([#/]?)(?:(\w+):)?(\w+)\}\}")
# What Anki takes for nothing in a field (rslib, template.rs)
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card of a note. `back` is what turning it adds below the front, which stays."""

    template: str
    front: Html
    back: Html


def cards_of(course_id: str, deck: Deck, note: Note) -> tuple[Card, ...]:
    """The cards that Anki makes of a note, in the order of their templates; recordings are still `[sound:…]`."""
    values = notetype.fields(course_id, deck, note.guid, note.item, note.prepared)
    cards = (_card(name, values) for name in notetype.TEMPLATES)
    return tuple(card for card in cards if card.front.strip())


def _card(template: str, values: Mapping[str, Html]) -> Card:
    front, back = notetype.template(template)
    return Card(template=template, front=_filled(front, values), back=_filled(back, {**values, "FrontSide": Html("")}))


def _filled(template: str, values: Mapping[str, Html]) -> Html:
    """A side: each field in its place, and a section only where its field is not empty."""
    pieces: list[str] = []
    shown = [True]
    at = 0
    for tag in _TAG.finditer(template):
        sign, filter_name, name = tag.groups()
        if shown[-1]:
            pieces.append(template[at : tag.start()])
        at = tag.end()
        if sign == "#":
            shown.append(shown[-1] and not _EMPTY.fullmatch(values[name]))
        elif sign == "/":
            shown.pop()
        elif shown[-1]:
            pieces.append(_FILTERS[filter_name](values[name]))
    pieces.append(template[at:])
    return Html("".join(pieces))


def _hinted(value: Html) -> str:
    return f'<details class="hint"><summary>Hint</summary>{value}</details>' if value else ""


_FILTERS: Mapping[str | None, Callable[[Html], str]] = {
    None: str,
    "text": str,  # it stands on text alone, which stays escaped within an attribute
    "type": lambda _: TYPED,
    "hint": _hinted,
}
