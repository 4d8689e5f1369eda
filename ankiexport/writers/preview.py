"""A course → one HTML file in which its cards can be looked at, searched and printed, with no network.

Its cards stand in it as data, each side the HTML that Anki makes of it, and its script puts a card into the page when
it comes near: a browser takes seconds to build thousands of them. A picture is there once, however many cards show it.
"""

import base64
import hashlib
import html
import json
import mimetypes
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import get_args

from ankiexport import asking, notetype
from ankiexport.markup import escape
from ankiexport.model import KINDS, Change, ChangeKind, Course, Deck, Note, Page, Problem
from ankiexport.rendering import TYPED, Card, cards_of
from ankiexport.showing import show

# Nothing is loaded from anywhere, and no script runs but this one.
_POLICY = (
    "default-src 'none'; img-src blob: data:; media-src blob:; style-src 'unsafe-inline'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)
_IN_A_GROUP = 10
_OTHERS = "others"  # the id of what belongs to no lesson
_PLACE = re.compile(r"<!-- (\w+) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A page as the preview shows it. `path` is where it stands in the tree, below the course."""

    id: str
    path: tuple[str, ...]
    page: Page
    deck: Deck | None
    cards: Mapping[str, tuple[Card, ...]]  # by GUID
    problems: tuple[Problem, ...]
    removed: tuple[Change, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        return self.deck.notes if self.deck else ()


def write(course: Course, path: Path) -> None:
    """Writes the file."""
    lessons = [_lesson(course, page, f"lesson-{at}") for at, page in enumerate(course.pages)]
    lessons = [lesson for lesson in lessons if lesson.notes or lesson.problems or lesson.removed]
    known = {lesson.page.source.name for lesson in lessons}
    others = [problem for problem in course.problems if problem.location.source not in known]
    keys = {lesson.page.key for lesson in lessons}
    gone = [change for change in course.changes if change.kind == "removed" and change.page_key not in keys]
    changes = {change.guid: change for change in course.changes} if course.lock and course.lock.text is not None else {}
    script = _template("preview.js")
    parts = {
        "policy": _POLICY.format(
            script=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
        ),
        "name": escape(course.name),
        "styles": "".join(f"<style>\n{css}</style>\n" for css in (notetype.css(), _template("preview.css"))),
        "numbers": _numbers(course, lessons, len(others)),
        "kinds": _choices("kind", "Kind", "All kinds", Counter(note.item.kind for note in course.notes), KINDS),
        "changes": _choices(
            "change",
            "Change since the last build",
            "All notes",
            Counter(change.kind for change in changes.values()),
            get_args(ChangeKind),
        ),
        "lessons": _tree(course, lessons),
        "others": _others([*map(_problem, others), *map(_gone, gone)]),
        "cards": "".join(_section(lesson, changes) for lesson in lessons),
        "sides": _packed({guid: sides for lesson in lessons for guid, sides in _sides(lesson)}),
        "media": json.dumps(_media(course)),
        "script": f"<script>{script}</script>",
    }
    page = _PLACE.sub(lambda place: parts[place[1]], _template("preview.html"))
    path.write_text(page, "utf-8", errors="replace", newline="\n")


def _template(name: str) -> str:
    return files("ankiexport").joinpath("templates", name).read_text("utf-8")


def _lesson(course: Course, page: Page, name: str) -> _Lesson:
    deck = next((deck for deck in course.decks if deck.page_key == page.key), None)
    notes = deck.notes if deck else ()
    return _Lesson(
        id=name,
        path=tuple(deck.name.split("::")[1:]) or (page.title,) if deck else (page.title,),
        page=page,
        deck=deck,
        cards={note.guid: cards_of(course.id, deck, note) for note in notes if deck},
        problems=course.problems_of(page),
        removed=tuple(change for change in course.changes if change.kind == "removed" and change.page_key == page.key),
    )


def _numbers(course: Course, lessons: Sequence[_Lesson], other_problems: int) -> str:
    """`50 notes · 52 cards · 2 lessons · 4 problems`"""
    cards = sum(len(cards) for lesson in lessons for cards in lesson.cards.values())
    problems = sum(len(lesson.problems) for lesson in lessons) + other_problems
    numbers = [_count(len(course.notes), "note"), _count(cards, "card"), _count(len(course.decks), "lesson")]
    if course.media:
        size = sum(map(len, course.media.values())) / 1000
        numbers.append(
            f"{_count(len(course.media), 'media file')} ({f'{size / 1000:.1f} M' if size > 100 else f'{size:.1f} k'}B)"
        )
    return " · ".join([*numbers, _count(problems, "problem")])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _choices(name: str, label: str, every: str, sizes: Mapping[str, int], order: Iterable[str]) -> str:
    """A choice between what notes can be, with how many there are; nothing where there is no choice."""
    values = [value for value in order if sizes.get(value)]
    if len(values) < 2:
        return ""
    options = "".join(f'<option value="{value}">{value} ({sizes[value]:,})</option>' for value in values)
    return f'<select id="{name}" aria-label="{label}"><option value="">{every}</option>{options}</select>'


def _tree(course: Course, lessons: Sequence[_Lesson]) -> str:
    return f'<ul class="pv-tree"><li>{_branch(course.name, lessons, "#", _OTHERS)}{_branches(lessons, 0)}</li></ul>'


def _branches(lessons: Iterable[_Lesson], depth: int) -> str:
    """The lessons of a branch; those of a track in a branch of their own, where the first of them stands."""
    named: dict[str, list[_Lesson]] = {}
    for lesson in lessons:
        named.setdefault(lesson.path[depth], []).append(lesson)
    items = []
    for name, these in named.items():
        deeper = [lesson for lesson in these if len(lesson.path) > depth + 1]
        target = f"#track-{depth}-{deeper[0].id}" if deeper else f"#{these[0].id}"
        items.append(f"<li>{_branch(name, these, target)}{_branches(deeper, depth + 1) if deeper else ''}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _branch(name: str, lessons: Sequence[_Lesson], target: str, *others: str) -> str:
    """A link that shows these lessons, with how many notes and problems they have."""
    size = sum(len(lesson.notes) for lesson in lessons)
    problems = sum(len(lesson.problems) for lesson in lessons)
    flag = f'<span class="pv-flag" title="{_count(problems, "problem")}">⚑ {problems:,}</span>' if problems else ""
    ids = " ".join([*others, *(lesson.id for lesson in lessons)])
    return (
        f'<a href="{target}" data-lessons="{ids}"><span dir="auto">{escape(name)}</span>'
        f'{flag}<span class="pv-size" title="{_count(size, "note")}">{size:,}</span></a>'
    )


def _section(lesson: _Lesson, changes: Mapping[str, Change]) -> str:
    """A lesson: its notes, and between them, where they stand on the page, its problems."""
    page = lesson.page
    link = (
        f' · <a href="{_attribute(page.url)}" target="_blank" rel="noopener noreferrer">the page</a>'
        if page.url
        else ""
    )
    placed = [
        *((note.item.location.line, _note(note, changes.get(note.guid))) for note in lesson.notes),
        *((problem.location.line, _problem(problem)) for problem in lesson.problems),
    ]
    placed.sort(key=lambda part: part[0])
    parts = [*(part for _, part in placed), *map(_gone, lesson.removed)]
    return (
        f'<section id="{lesson.id}" aria-labelledby="{lesson.id}-title"><header><h2 id="{lesson.id}-title" dir="auto">'
        f'{escape(lesson.path[-1])}</h2><p dir="auto">{escape(_file(page))}{link}</p></header>'
        f"{_grouped(parts)}</section>\n"
    )


def _grouped(parts: Sequence[str]) -> str:
    """Parts of a lesson in groups, of which a browser lays out those that are near."""
    groups = (parts[at : at + _IN_A_GROUP] for at in range(0, len(parts), _IN_A_GROUP))
    return "".join(f'<div class="pv-group">{"".join(group)}</div>' for group in groups)


def _others(parts: Sequence[str]) -> str:
    """What belongs to no lesson that is there."""
    title = f'<header><h2 id="{_OTHERS}-title">The whole course</h2></header>'
    return (
        f'<section id="{_OTHERS}" aria-labelledby="{_OTHERS}-title">{title}{_grouped(parts)}</section>' if parts else ""
    )


def _file(page: Page) -> str:
    """The file of a page as its course knows it, with nothing of the machine that it is on."""
    path, folder = page.source.path, page.source.folder
    if path and folder and path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return path.name if path else page.source.name


def _note(note: Note, change: Change | None) -> str:
    """A note without its cards."""
    kind = note.item.kind
    about = f"{kind} · line {note.item.location.line}"
    before = ""
    if change and change.kind != "unchanged":
        about += f' <span class="pv-change">{change.kind}</span>'
        before = "".join(
            f'<p>was: <span dir="auto">{escape(old)}</span></p>'
            for old in (change.old_question, change.old_deck)
            if old
        )
    return (
        f'<article id="{note.guid}" data-kind="{kind}" data-change="{change.kind if change else ""}">'
        f"<h3>{about}</h3>{before}"
        '<button type="button" tabindex="-1" aria-expanded="false">Show answer</button></article>\n'
    )


def _sides(lesson: _Lesson) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each note's cards: the front, and what the back adds. Where Anki lets a learner type, so does this."""
    for note in lesson.notes:
        expected = _attribute((lesson.deck and asking.typed(lesson.deck, note.item)) or "")
        field = f'<input id="typeans" aria-label="Your answer" autocomplete="off" data-expected="{expected}">'
        cards = lesson.cards[note.guid]
        yield (
            note.guid,
            [(show(card.front, _media_name).replace(TYPED, field), show(card.back, _media_name)) for card in cards],
        )


def _media_name(name: str) -> str:
    return f'data-media="{name}"'


def _problem(problem: Problem) -> str:
    where = f"<b>line {problem.location.line}: {problem.severity}</b>"
    message = f'<span dir="auto">{escape(problem.message)}</span>'
    return f'<p class="pv-problem" data-severity="{problem.severity}">{where} {message}</p>\n'


def _gone(change: Change) -> str:
    """A note that has left its page, of which there is only its question."""
    about = '<h3>no longer on the page <span class="pv-change">removed</span></h3>'
    return f'<article data-change="removed">{about}<p dir="auto">{escape(change.question)}</p></article>\n'


def _attribute(text: str) -> str:
    """Text as the value of an attribute."""
    return html.escape(text, quote=True)


def _media(course: Course) -> dict[str, tuple[str, str]]:
    """The type and the bytes of each picture and recording, by its name."""
    return {
        name: (mimetypes.guess_type(name)[0] or "", base64.b64encode(content).decode())
        for name, content in course.media.items()
    }


def _packed(data: Mapping[str, object]) -> str:
    """Data for the script, which unpacks it: a browser takes ten times as long to read it as it is."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"))).decode()
