"""A course → one HTML file in which its cards can be looked at, searched and printed, with no network.

Its cards stand in it as data, each side the HTML that Anki makes of it, and its script puts a card into the page when
it comes near: a browser takes seconds to build thousands of them. A picture is there once, however many cards show it.
"""

import base64
import hashlib
import html
import json
import mimetypes
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ankiexport import asking, notetype
from ankiexport.browser_html import for_browser
from ankiexport.model import KINDS, Change, ChangeKind, Course, Deck, Html, Note, Page, Problem
from ankiexport.rendering import TYPED, cards_of
from ankiexport.template_files import fill_template, read_template

# Nothing is loaded from anywhere, and no script runs but this one.
_POLICY = (
    "default-src 'none'; img-src blob: data:; media-src blob:; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; "
    "base-uri 'none'; form-action 'none'"
)
_SCRIPTS = ("preview.js", "preview-search.js", "preview-typing.js", "preview-paper.js", "preview-start.js")
_KINDS = (*KINDS, "problem")  # what the script lets choose from
_GROUP_SIZE = 10  # parts of a lesson, which a browser lays out when they are near

_Sides = list[tuple[str, str]]
"""The cards of a note: the front of each, and what its back adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What stands in a lesson: a note with what happened to it, a problem, or what happened to a note that is gone.

    `place` is where a problem is, as far as its lesson does not say so.
    """

    note: Note | None = None
    change: Change | None = None
    problem: Problem | None = None
    place: str = ""

    @property
    def was(self) -> tuple[str, ...]:
        """The question and the deck of the note before, where they were others."""
        return tuple(filter(None, (self.change.old_question, self.change.old_deck))) if self.change else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A page. `path` is where it stands in the tree of lessons, below the course."""

    id: str
    path: tuple[str, ...]
    file: str
    url: str | None
    parts: tuple[_Part, ...]

    @property
    def title(self) -> str:
        return self.path[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Branch:
    """A link in the tree, and the sections that it shows."""

    name: str
    target: str
    lessons: tuple[str, ...]
    notes: int
    problems: int
    branches: tuple["_Branch", ...]


def write(course: Course, path: Path) -> None:
    """Writes the file."""
    changes = {change.guid: change for change in course.changes} if course.is_locked else {}
    lessons = [lesson for lesson in _lessons(course, changes) if lesson.parts]
    sides = dict(_sides(course))
    script = "\n".join(map(read_template, _SCRIPTS))
    page = fill_template(
        "preview.html",
        policy=_POLICY.format(hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()),
        styles=[notetype.css(), read_template("paper.css"), read_template("preview.css")],
        script=script,
        course=course,
        cards=sum(map(len, sides.values())),
        kinds=_sizes((*(note.item.kind for note in course.notes), *("problem" for _ in course.all_problems)), _KINDS),
        changes=_sizes((change.kind for change in changes.values()), get_args(ChangeKind)),
        root=_branch(course.name, "", lessons, 0),
        lessons=lessons,
        group_size=_GROUP_SIZE,
        sides=_packed(sides),
        media=dict(_media(course)),
        media_bytes=sum(map(len, course.media.values())),
    )
    path.write_text(page, "utf-8", errors="replace", newline="\n")


def _sizes(values: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    """How often each of the values is there."""
    sizes = Counter(values)
    return {value: sizes[value] for value in order if sizes[value]}


def _lessons(course: Course, changes: Mapping[str, Change]) -> Iterator[_Lesson]:
    """What belongs to the whole course or to pages that are gone, then the pages, whether they have notes or not."""
    decks = {deck.page_key: deck for deck in course.decks}
    gone: dict[str, list[_Part]] = defaultdict(list)
    for change in course.changes:
        if change.kind == "removed":
            gone[change.page_key].append(_Part(change=change))
    problems = course.problems_by_page
    pages = [
        _lesson(page, f"lesson-{number}", decks.get(page.key), changes, problems[page.key], gone.pop(page.key, ()))
        for number, page in enumerate(course.pages)
    ]
    others = (
        _Part(problem=problem, place=f"{Path(problem.location.source).name}, line {problem.location.line}")
        for problem in course.problems_of_no_page
    )
    parts = (*others, *(part for parts in gone.values() for part in parts))
    yield _Lesson(id="others", path=("About the course",), file="", url=None, parts=parts)
    yield from pages


def _lesson(
    page: Page,
    name: str,
    deck: Deck | None,
    changes: Mapping[str, Change],
    problems: Iterable[Problem],
    gone: Iterable[_Part],
) -> _Lesson:
    """A page, its problems between its notes where their lines are."""
    placed = [
        *((it.item.location.line, _Part(note=it, change=changes.get(it.guid))) for it in (deck.notes if deck else ())),
        *((it.location.line, _Part(problem=it, place=f"line {it.location.line}")) for it in problems),
    ]
    placed.sort(key=lambda part: part[0])
    below_course = tuple(deck.name.split("::")[1:]) if deck else ()
    return _Lesson(
        id=name,
        path=below_course or (page.title,),
        file=_file(page),
        url=page.url,
        parts=(*(part for _, part in placed), *gone),
    )


def _file(page: Page) -> str:
    """The file of a page as its course knows it, with nothing of the machine that it is on."""
    path, folder = page.source.path, page.source.folder
    if path and folder and path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return path.name if path else page.source.name


def _branch(name: str, target: str, lessons: Sequence[_Lesson], depth: int) -> _Branch:
    """The lessons of a track, those of a track within it in a branch of their own, where the first of them stands."""
    named: dict[str, list[_Lesson]] = defaultdict(list)
    for lesson in lessons:
        if len(lesson.path) > depth:
            named[lesson.path[depth]].append(lesson)
    parts = [part for lesson in lessons for part in lesson.parts]
    return _Branch(
        name=name,
        target=target,
        lessons=tuple(lesson.id for lesson in lessons),
        notes=sum(part.note is not None for part in parts),
        problems=sum(part.problem is not None for part in parts),
        branches=tuple(
            _branch(inner, these[0].id if len(these) == 1 else f"track-{depth}-{these[0].id}", these, depth + 1)
            for inner, these in named.items()
        ),
    )


def _sides(course: Course) -> Iterator[tuple[str, _Sides]]:
    """The cards of each note by its GUID. Where Anki has a learner type the answer, so does this."""
    for deck in course.decks:
        for note in deck.notes:
            expected = html.escape(asking.typed(deck, note.item) or "")
            field = f'<input id="typeans" aria-label="Your answer" autocomplete="off" data-expected="{expected}">'
            cards = cards_of(course.id, deck, note)
            yield note.guid, [(_shown(Html(card.front.replace(TYPED, field))), _shown(card.back)) for card in cards]


def _shown(side: Html) -> Html:
    return for_browser(side, lambda name: f'data-media="{name}"')


def _packed(sides: Mapping[str, _Sides]) -> str:
    """Data for the script, which unpacks it: a browser takes ten times as long to read it as it is."""
    text = json.dumps(sides, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"))).decode()


def _media(course: Course) -> Iterator[tuple[str, tuple[str, str]]]:
    """The type and the bytes of each picture and recording, by its name."""
    for name, content in course.media.items():
        yield name, (mimetypes.guess_type(name)[0] or "", base64.b64encode(content).decode())
