"""What changed in a course, told to people and to programs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, get_args

from ankiexport.model import Change, ChangeKind, Course, title_in_course

_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
_IN_A_SEARCH = 300  # notes: Anki's database takes no more than a thousand terms (measured with 26.09)
# What an import leaves as it is, and what to do about it in Anki.
_STAYING: Mapping[ChangeKind, str] = {
    "removed": "In Anki these notes stay. To select them, paste into the browser's search:",
    "moved": "In Anki cards stay in their deck. To select them, and move them with Ctrl+D:",
}
_MARKDOWN_SIGNS = re.compile(r"([\\`*_<>\[\]#|~])")


def count(number: int, noun: str) -> str:
    """`1 note`, `12 notes`"""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size(course: Course) -> str:
    """`12 notes in 3 decks`"""
    return f"{count(len(course.notes), 'note')} in {count(len(course.decks), 'deck')}"


def counts(course: Course) -> dict[ChangeKind, int]:
    """How many notes each thing happened to."""
    return {kind: sum(change.kind == kind for change in course.changes) for kind in _KINDS}


def summary(course: Course) -> str:
    """`3 reworded, 1 added, 44 unchanged`"""
    return ", ".join(f"{count} {kind}" for kind, count in counts(course).items() if count) or "no notes"


def searches(changes: Iterable[Change], kind: ChangeKind) -> list[str]:
    """Searches for Anki's browser that select the notes; several where one would be too long.

    What has moved is all whose cards are in another deck, also if it had left its page in between.
    """
    guids = [change.guid for change in changes if (change.old_deck if kind == "moved" else change.kind == kind)]
    chunks = (guids[at : at + _IN_A_SEARCH] for at in range(0, len(guids), _IN_A_SEARCH))
    return [" OR ".join(f"Id:{guid}" for guid in chunk) for chunk in chunks]


def as_text(course: Course) -> Iterator[str]:
    """Lines for a terminal."""
    for title, changes in _by_page(course):
        yield title
        for change in changes:
            yield from _text_lines(change)
        yield ""
    for kind, advice in _STAYING.items():
        for search in searches(course.changes, kind):
            yield advice
            yield f"  {search}"
            yield ""
    if course.shrunk:
        yield f"A build would stop: {course.shrunk}; --allow-shrink says that it is meant"
    yield summary(course)


def _by_page(course: Course) -> Iterator[tuple[str, list[Change]]]:
    titles = {deck.page_key: title_in_course(deck.title, deck.track) for deck in course.decks}
    changed = [change for change in course.changes if change.kind != "unchanged"]
    order = {key: at for at, key in enumerate(titles)}
    changed.sort(key=lambda change: (order.get(change.page_key, len(order)), change.page_key))
    for key, changes in groupby(changed, key=lambda change: change.page_key):
        of_page = list(changes)
        yield titles.get(key) or of_page[0].deck.split("::")[-1], of_page


def _text_lines(change: Change) -> Iterator[str]:
    yield f"  {change.kind:<18}{change.old_question or change.question}"
    if change.old_question is not None:
        alike = f"  ({change.score} % alike)" if change.score is not None else ""
        yield f"{'→':>18}  {change.question}{alike}"
    if change.kind != "answer changed" and change.answer_changed:
        yield f"{'':>20}and its answer changed"
    if change.old_deck is not None:
        yield f"{'':>20}from {change.old_deck}"


def as_markdown(course: Course) -> Iterator[str]:
    """Lines for a pull request or a learners' changelog."""
    yield f"**{course.name}**: {summary(course)}"
    for title, changes in _by_page(course):
        yield ""
        yield f"### {_escaped(title)}"
        yield ""
        for change in changes:
            yield _markdown_line(change)
    for kind, advice in _STAYING.items():
        for search in searches(course.changes, kind):
            yield ""
            yield advice
            yield ""
            yield f"```\n{search}\n```"
    if course.shrunk:
        yield ""
        yield f"A build would stop: {_escaped(course.shrunk)}"


def renamed_decks(course: Course) -> Iterator[str]:
    """What to tell learners of decks whose cards are under an older name."""
    pairs = dict.fromkeys((change.old_deck, change.deck) for change in course.changes if change.old_deck)
    if pairs:
        yield "Cards stay where they are. Rename these decks in Anki before the next import:"
        for old, new in pairs:
            yield f"  {old} → {new}"


def _markdown_line(change: Change) -> str:
    line = f"- **{change.kind}**: {_escaped(change.old_question or change.question)}"
    if change.old_question is not None:
        line += f" → {_escaped(change.question)}"
    if change.score is not None:
        line += f" ({change.score} % alike)"
    if change.kind != "answer changed" and change.answer_changed:
        line += "; its answer changed too"
    return line + (f" (from {_escaped(change.old_deck)})" if change.old_deck is not None else "")


def _escaped(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", text)


def as_json(course: Course) -> dict[str, Any]:
    """Everything, ready for `json.dumps`."""
    return {
        "course": {"id": course.id, "name": course.name},
        "counts": counts(course),
        "changes": [_record(change) for change in course.changes],
        "searches": {kind: searches(course.changes, kind) for kind in _STAYING},
        "shrunk": course.shrunk,
    }


def _record(change: Change) -> dict[str, Any]:
    return {
        "guid": change.guid,
        "change": change.kind,
        "page": change.page_key,
        "deck": change.deck,
        "question": change.question,
        "old_question": change.old_question,
        "old_deck": change.old_deck,
        "answer_changed": change.answer_changed,
        "score": change.score,
    }
