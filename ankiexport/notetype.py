"""The Anki note type: its ids, fields, templates, CSS and mod time, the same for every course.

The ids, the order and names of the fields and the names of the templates are frozen: a change of any makes Anki fork
a copy of the note type, and every note that people have is "conflicting" from then on. What a field or template holds
may change, with `MODIFIED`. `tests/frozen/` pins all of it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from ankiexport import asking, highlight, identity, markup
from ankiexport.card_html import for_card, unguarded
from ankiexport.model import Deck, Html, Item, Prepared
from ankiexport.plain import plain
from ankiexport.template_files import read_template

ID = 1795284011001
NAME = "ankiexport"

MODIFIED = 1795305600
"""2026-11-22, when the CSS or a template last changed, in seconds since 1970. Never the time of a build: a deck that
an author builds later with an older version must not take a learner's CSS back."""

# Integer ids let a later rename update cleanly (measured with Anki 24.06 to 26.09).
FIELDS: Mapping[str, int] = {
    "Question": 1795284011101,
    "Answer": 1795284011102,
    "Context": 1795284011103,
    "Explanation": 1795284011104,
    "Cue": 1795284011105,
    "Source": 1795284011106,
    "Hint": 1795284011107,
    "Reverse": 1795284011108,
    "Typed": 1795284011109,
    "Id": 1795284011110,
    "Origin": 1795284011111,
    "Spare1": 1795284011112,
    "Spare2": 1795284011113,
    "Spare3": 1795284011114,
    "Spare4": 1795284011115,
}
# Anki's `{{text:Source}}` gives a quote as it is, which would end the attribute that it stands in
_UNSAFE = re.compile(r'["<>\s]')
TEMPLATES: Mapping[str, int] = {"Card": 1795284011201, "Reverse": 1795284011202}


def css() -> str:
    return read_template("card.css")


def template(name: str) -> tuple[str, str]:
    """The front and the back of a template."""
    return read_template(f"{name.lower()}-front.html"), read_template(f"{name.lower()}-back.html")


def fields(course_id: str, deck: Deck, guid: str, item: Item, prepared: Prepared | None = None) -> dict[str, Html]:
    """What each field of a note holds, in the fields' order. `prepared` saves the work that was done on its item."""
    section = item.section
    if section and section == plain(item.question):
        section = None
    label = item.label if item.shape != "task" else None  # a task's question begins with it
    cue = " · ".join(filter(None, (deck.title, section, label)))
    origin = "/".join((course_id, deck.page_key, item.kind, item.label or ""))
    told = {
        "Cue": cue,
        "Source": _UNSAFE.sub(lambda sign: quote(sign[0]), deck.url or ""),
        "Reverse": "yes" if asking.is_reversed(deck, item) else "",
        "Typed": asking.typed(deck, item) or "",
        "Id": guid,
        "Origin": origin,
    }
    own = prepared.fields if prepared else None
    return {
        **dict.fromkeys(FIELDS, Html("")),
        **_texts(item),
        **(own_fields(item) if own is None else own),
        **{name: for_card(markup.escape(value)) for name, value in told.items() if value},
    }


def own_fields(item: Item) -> dict[str, Html]:
    """Those texts of an item that a field holds otherwise than the page, by the field's name."""
    texts = _texts(item)
    return {name: field for name, text in texts.items() if (field := for_card(text)) != text}


def _texts(item: Item) -> dict[str, Html]:
    """The texts of an item by the fields that show them, as they are on the page."""
    return {
        "Question": item.question,
        "Answer": item.answer,
        "Context": item.context or Html(""),
        "Explanation": item.explanation or Html(""),
    }


def content_hash(values: Mapping[str, Html], tags: Sequence[str]) -> str:
    """A hash of all that Anki is given of a note: its fields, in which the names of media are made from their bytes.

    What Anki does not tell apart makes no difference: it composes letters (NFC) and knows tags whatever their case.
    Nor does what `bare` takes away, lest another version of Pygments update every note.
    """
    composed = (unicodedata.normalize("NFC", bare(value)) if value else "" for value in values.values())
    return identity.short_hash(*composed, "", *(unicodedata.normalize("NFC", tag).casefold() for tag in tags))


def bare(field: Html) -> Html:
    """A field as it reads, without the colours of code and what guards it against spreadsheets."""
    return unguarded(highlight.uncoloured(field))


def deck_id(deck: Deck) -> int:
    """Made from the name, by which Anki matches decks; it does not keep the id."""
    return (1 << 40) + int.from_bytes(identity.digest(deck.name)[:5], "big")
