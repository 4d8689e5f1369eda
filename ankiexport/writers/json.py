"""A course and its pages → the listing that programs read. Keys may be added to it, never removed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ankiexport import asking, markup, notetype
from ankiexport.model import Course, Deck, Html, Note, Page, Problem
from ankiexport.plain import plain


def write(course: Course, path: Path) -> None:
    """Writes the listing, in which each item also has all fields of its note."""
    record = listing(course, fields=True)
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8", errors="replace", newline="\n")


def listing(course: Course, *, fields: bool = False) -> dict[str, Any]:
    """Everything found, ready for `json.dumps`. Texts are plain but for the keys that end in `_html`.

    Args:
        fields: Whether each item also has the fields of its note, as Anki gets them.
    """
    decks = {deck.page_key: deck for deck in course.decks}
    problems = course.problems_by_page
    return {
        "course": {"id": course.id, "name": course.name},
        "pages": [_page(course, page, decks.get(page.key), problems[page.key], fields) for page in course.pages],
        "problems": [problem_record(problem) for problem in course.problems_of_no_page],
    }


def _page(course: Course, page: Page, deck: Deck | None, problems: Sequence[Problem], fields: bool) -> dict[str, Any]:
    return {
        "source": page.source.name,
        "key": page.key,
        "title": page.title,
        "deck": deck.name if deck else "",
        "track": page.track.title if page.track else None,
        "url": page.url,
        "items": [_item(course, deck, note, fields) for note in deck.notes] if deck else [],
        "problems": [problem_record(problem) for problem in problems],
    }


def _item(course: Course, deck: Deck, note: Note, fields: bool) -> dict[str, Any]:
    item = note.item
    record = {
        "guid": note.guid,
        "kind": item.kind,
        "shape": item.shape,
        "label": item.label,
        "section": item.section,
        "question": plain(item.question),
        "answer": plain(item.answer),
        "context": _plain(item.context),
        "explanation": _plain(item.explanation),
        "question_html": markup.without_marks(item.question),
        "answer_html": markup.without_marks(item.answer),
        "line": item.location.line,
        "tags": list(note.tags),
        "reverse": asking.is_reversed(deck, item),
        "typed": asking.typed(deck, item),
    }
    return record | {"fields": notetype.fields(course.id, deck, note.guid, item, note.prepared)} if fields else record


def _plain(html: Html | None) -> str | None:
    return plain(html) if html else None


def problem_record(problem: Problem) -> dict[str, Any]:
    """A problem, ready for `json.dumps`."""
    return {
        "line": problem.location.line,
        "severity": problem.severity,
        "message": problem.message,
        "code": problem.code,
    }
