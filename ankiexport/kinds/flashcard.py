"""Flashcard: a reveal whose summary is the question, or which says itself what it answers."""

import re
from collections.abc import Sequence

from ankiexport import headings, markup, words
from ankiexport.kinds.labels import parse_label
from ankiexport.kinds.leads import Beginning, Found, Lead, Trail, is_hint, shows
from ankiexport.model import Block, Html, Item, Kind, text_of

KIND: Kind = "flashcard"
_LEAST_WORDS = 4  # of a question under a heading that speaks of installing
_TICKS = re.compile(r"`([^`<>]+)`")


def begins(between: Sequence[Block], following: Block, least: int, trail: Trail) -> Beginning | None:
    """Where among the blocks before the first flashcard its introduction begins."""
    if following.role != "question":
        return None
    at = len(between)
    while at > least and between[at - 1].tag == "paragraph" and words.introduces_cards(between[at - 1].text):
        at -= 1
    return Beginning(at=at, certain=at <= least + 1) if at < len(between) else None


def find(lead: Lead, trail: Trail) -> Found | None:
    """The flashcard that this reveal is; None if its summary is not the question."""
    reveal = lead.reveal
    if reveal.kind == KIND and reveal.question:
        question, text, location = markup.join(reveal.question), text_of(reveal.question), reveal.question[0].location
    elif reveal.summary and (
        reveal.role == "question" or (reveal.role is None and _asks(reveal) and not _is_for_others(lead))
    ):
        label = parse_label(reveal.summary.text)
        length = label.end if label and label.is_mere_number else 0
        text, location = reveal.summary.text[length:], reveal.location
        question = _with_code(markup.without_prefix(reveal.summary.html, length) if length else reveal.summary.html)
    else:
        return None
    item = Item(
        kind=KIND,
        shape=reveal.shape if reveal.kind else "flashcard",
        section=lead.section_text,
        question=question,
        answer=markup.join(lead.answer),
        fingerprint_text=text,
        location=location,
    )
    return Found(items=(item,))


def _with_code(question: Html) -> Html:
    """A question in an attribute, which no Markdown is read in, still has its back-ticks."""
    return question if "`" not in question or "<code" in question else Html(_TICKS.sub(r"<code>\1</code>", question))


def _is_for_others(lead: Lead) -> bool:
    """Is this what a page folds away for some of its readers: "Using Bun?" under "Installation"?"""
    words_asked = len(words.words_of(lead.reveal.summary.text)) if lead.reveal.summary else 0
    return words_asked < _LEAST_WORDS and headings.heads_setup(lead.section_text or "")


def _asks(reveal: Block) -> bool:
    summary = reveal.summary
    if summary is None or shows(reveal) or is_hint(reveal):
        return False
    return words.asks(summary.text) or ("<pre" in summary.html and words.holds_question(summary.text))
