"""In which further ways an item is asked: from the answer to the question, and with an answer to type in."""

import re
from collections.abc import Iterator

from ankiexport import markup
from ankiexport.model import Deck, Item, Page, Problem
from ankiexport.plain import plain

LONGEST_TYPED = 50
"""Characters. Anki compares what was typed letter by letter, and nobody types a sentence the same."""

_NO_TEXT = re.compile(rf'<(?:audio|img|ol|pre|table|ul|video)\b|class="{markup.MISSING}"')
_FORMULA = re.compile(r"\\[(\[]")
# What a keyboard has in place of what a typesetter uses
_TYPEWRITTEN = str.maketrans({**dict.fromkeys("‘’", "'"), **dict.fromkeys("“”„", '"'), "…": "...", "\u00a0": " "})
_TYPEWRITTEN |= str.maketrans(dict.fromkeys("‐‑–—−", "-"))
# "A bowline." and "3.5.", not "U.S." or "and so on..."
_FULL_STOP = re.compile(r"(?<=[^\s.])(?<!\.[^\W\d_])\.$")


def is_reversed(deck: Deck, item: Item) -> bool:
    """Is there a second card, which shows the answer and asks for the question?"""
    return item.kind in deck.reverse


def typed(deck: Deck, item: Item) -> str | None:
    """What a learner should type, as plain text; None where nothing is typed."""
    if item.kind not in deck.typed or why_not_typed(item):
        return None
    return _typewritten(item)


def why_not_typed(item: Item) -> str | None:
    """Why nobody could be asked to type this answer; None where one can."""
    answer = _typewritten(item)
    if _NO_TEXT.search(item.answer) or "\n" in answer:
        return "it is not one line of text"
    if _FORMULA.search(answer):
        return "there is a formula in it"
    if len(answer) > LONGEST_TYPED:
        return f"it is longer than {LONGEST_TYPED} characters"
    return None


def problems_of(page: Page) -> Iterator[Problem]:
    """The items that the author wants to be typed and that cannot be."""
    for item in page.items:
        reason = why_not_typed(item) if item.kind in page.typed else None
        if reason:
            which = f"{item.kind}, part {item.label}," if item.label else item.kind
            message = f"the answer of this {which} is not typed in: {reason}"
            yield Problem(location=item.location, severity="note", message=message)


def _typewritten(item: Item) -> str:
    whole = markup.wrap("span", item.answer)  # in an element, white space is folded
    return _FULL_STOP.sub("", plain(whole).translate(_TYPEWRITTEN))
