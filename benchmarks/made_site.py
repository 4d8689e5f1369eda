"""Writes the pages of a made-up course: lessons in tracks, of the size and the shapes that real courses have.

Each page holds 26 notes (seven self-checks, two exercises of nine parts, ten flashcards) in the frame of a site: a
sidebar with the pages of 310 lessons, icons, styles.
"""

import random
from collections.abc import Iterator
from pathlib import Path

LESSONS_IN_TRACK = 13
NOTES_ON_PAGE = 7 + 5 + 4 + 10
_IN_SIDEBAR = 310
_SIZE = 250_000  # bytes

_THINGS = (
    "crank lever valve spring gear shaft bearing piston flywheel governor boiler gauge pulley belt clutch brake cam"
    " rocker bush gasket nozzle rotor stator relay switch fuse coil magnet lens mirror prism shutter"
).split()
_DEEDS = (
    "turns stops holds lifts cools heats guides measures drives locks frees steadies counts weighs feeds empties"
    " cleans seals opens closes"
).split()
_PLACES = "above below behind beside inside outside before after under between".split()
_REASONS = (
    "so that nothing comes loose when the machine is moved to another room",
    "because the whole frame would shake at full speed without it",
    "which a visitor hears as a “click” before anything else happens",
    "unless somebody has left the door of the cabinet open overnight",
    "and it does so four times in each round, whatever the load",
    "since the older model broke at this very place in its second winter",
)
_ICON = (
    '<svg aria-hidden="true" class="caret" width="16" height="16" viewBox="0 0 24 24" fill="currentColor">'
    '<path d="M3 8l9 9 9-9-2-2-7 7-7-7z"></path></svg>'
)


class _Words:
    """Sentences about a machine, always the same for a lesson."""

    def __init__(self, lesson: int) -> None:
        self._lesson = lesson
        self._random = random.Random(lesson)

    def thing(self) -> str:
        one = self._random
        return f"{one.choice(_THINGS)} {self._lesson}.{one.randrange(1000)}"

    def sentence(self) -> str:
        one = self._random
        middle = f"{one.choice(_DEEDS)} the {self.thing()} {one.choice(_PLACES)} the {one.choice(_THINGS)}"
        return f"The <code>{self.thing()}</code> {middle}, {one.choice(_REASONS)}."

    def question(self) -> str:
        one = self._random
        return f"What does the {self.thing()} do {one.choice(_PLACES)} the {self.thing()}, and why is it there?"

    def paragraphs(self, number: int) -> str:
        return "".join(f"<p>{self.sentence()} {self.sentence()}</p>" for _ in range(number))


def _heading(title: str) -> str:
    name = title.lower()
    inner = f'<span aria-hidden="true">{_ICON}</span><span class="sr-only">{title}</span>'
    return f'<div class="level-h2"><h2 id="{name}">{title}</h2><a class="anchor" href="#{name}">{inner}</a></div>\n'


def _self_checks(words: _Words) -> Iterator[str]:
    yield _heading("Self-check")
    yield f"<p>{words.sentence()}</p>\n"
    for number in range(1, 8):
        yield f"<p><strong>{number}. {words.question()}</strong></p>\n"
        yield f"<details><summary>Show answer</summary>{words.paragraphs(1 + number % 2)}</details>\n"


def _exercise(words: _Words, title: str, labels: str) -> Iterator[str]:
    yield _heading(title)
    yield f"<p>For each of these parts, say what it does. {words.sentence()}</p>\n"
    yield "".join(f"<p><strong>{label}.</strong> {words.question()}</p>\n" for label in labels)
    answers = "".join(f"<p><strong>{label}.</strong> {words.sentence()}</p>" for label in labels)
    yield f"<details><summary>Show answers</summary>{answers}</details>\n"


def _flashcards(words: _Words) -> Iterator[str]:
    yield _heading("Flashcards")
    yield '<section class="flashcards-set"><div class="flashcards-set-body">'
    for _ in range(10):
        yield (
            '<details class="flashcard"><summary><span class="flashcard-label">Q.</span> <span'
            f' class="flashcard-question">{words.question()}</span></summary><div class="flashcard-body"><span'
            f' class="flashcard-label">A.</span> <div class="flashcard-answer">{words.paragraphs(1)}</div></div>'
            "</details>\n"
        )
    yield "</div></section>\n"


def _sidebar(lesson: int, lessons: int) -> Iterator[str]:
    """Links to the lessons of the site, as many as the largest real course has."""
    yield '<nav class="sidebar"><ul class="top-level">\n'
    first = max(1, min(lesson - _IN_SIDEBAR // 2, lessons - _IN_SIDEBAR + 1))
    for number in range(first, first + _IN_SIDEBAR):
        track = (number - 1) // LESSONS_IN_TRACK + 1
        if number == first or (number - 1) % LESSONS_IN_TRACK == 0:
            yield "</ul></details></li>\n" if number > first else ""
            yield f'<li><details><summary><span class="large">Track {track}</span>{_ICON}</summary><ul>\n'
        for page in ("lesson", "practice", "sources", "forum"):
            yield (
                f'<li class="astro-3k"><a href="/track-{track}/lesson-{number}/{page}/" class="astro-3k"><span'
                f' class="astro-3k">Machine {number}: {page}</span></a></li>\n'
            )
    yield "</ul></details></li>\n</ul></nav>\n"


def page(lesson: int, lessons: int) -> str:
    """The practice page of a lesson, of about 250 kB."""
    words = _Words(lesson)
    track = (lesson - 1) // LESSONS_IN_TRACK + 1
    url = f"https://machines.example/track-{track}/lesson-{lesson}/practice/"
    content = "".join(
        (
            *_self_checks(words),
            *_exercise(words, "Exercise", "ABCDE"),
            *_exercise(words, "Workshop", "ABCD"),
            *_flashcards(words),
        )
    )
    sidebar = "".join(_sidebar(lesson, lessons))
    begin = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Machine {lesson}</title>\n'
        f'<link rel="canonical" href="{url}"><style>{{}}</style></head><body><header><a href="/">Home</a></header>\n'
    )
    main = f'<main><h1>Practice: Machine {lesson}</h1>\n<div class="content">{content}</div></main>\n'
    end = "<footer><p>All machines are made up.</p></footer></body></html>\n"
    rest = _SIZE - sum(map(len, (begin, sidebar, main, end)))
    style = ".frame{color:inherit;display:grid;margin:0 auto;padding:.5rem}\n"
    return begin.replace("{}", style * (rest // len(style))) + sidebar + main + end


def write_site(folder: Path, lessons: int) -> None:
    """One file per lesson, in a folder per track."""
    for lesson in range(1, lessons + 1):
        track = folder / f"track-{(lesson - 1) // LESSONS_IN_TRACK + 1:03}"
        track.mkdir(parents=True, exist_ok=True)
        (track / f"lesson-{lesson:04}.html").write_text(page(lesson, lessons), "utf-8")
