"""A course → its cards on paper: a page of HTML that a browser lays out and prints to a PDF."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

from ankiexport import markup, notetype
from ankiexport.browser import print_page
from ankiexport.files import temporary_folder
from ankiexport.model import Course, Deck, Html, Note, Printing
from ankiexport.rendering import cards_of
from ankiexport.showing import show

# How long a browser may take, in seconds: a page of 8,000 notes takes it minutes
_SECONDS = 120.0
_SECONDS_OF_A_NOTE = 0.25
# A tag, whatever stands in its attributes: "</h3>", "<img alt=\"a > b\">"
_TAG = re.compile(r'<(/?)(\w+)(?:[^>"]|"[^"]*")*>')
_MARK = '<span class="ax-recording"></span>'


def write(course: Course, path: Path, *, printing: Printing) -> None:
    """Prints the `Card` of each note.

    Raises:
        OutputError: there is no browser, or it failed.
    """
    with temporary_folder() as folder:
        page = write_page(course, printing, folder)
        print_page(page, fitting(), path, seconds=_SECONDS + _SECONDS_OF_A_NOTE * len(course.notes))


def write_page(course: Course, printing: Printing, folder: Path) -> Path:
    """Puts the page that is printed into a folder, with its media."""
    media = folder / "media"
    media.mkdir()
    for name, content in course.media.items():
        (media / name).write_bytes(content)
    page = folder / "print.html"
    page.write_text(_page(course, printing), "utf-8", newline="\n")
    return page


def fitting() -> str:
    """The script that makes the cards of that page fit."""
    return _read("print.js")


def _page(course: Course, printing: Printing) -> str:
    return Template(_read("print.html")).substitute(
        title=markup.escape(course.name),
        size=printing.paper,
        styles="\n".join((notetype.css(), _read("paper.css"), _read("print.css"))),
        layout=printing.layout,
        paper=printing.paper.lower(),
        notes="\n".join(_notes(course)),
    )


def _notes(course: Course) -> Iterator[str]:
    """Each note with its number in the course; the first of a lesson has the lesson's name, for the outline."""
    number = 0
    for deck in course.decks:
        for place, note in enumerate(deck.notes):
            number += 1
            yield _note(course, deck, note, number, is_first=not place)


def _note(course: Course, deck: Deck, note: Note, number: int, *, is_first: bool) -> str:
    card = next(card for card in cards_of(course.id, deck, note) if card.template == "Card")
    front, back = (_on_paper(show(side, _place)) for side in (card.front, card.back))
    title = markup.escape(deck.title)
    heading = f'<h1 class="lesson">{title}</h1>' if is_first else ""
    return (
        f'<article class="note">'
        f'<div class="side front" data-number="{number}">{heading}<div class="card">{front}</div></div>'
        f'<div class="side back" data-number="{number}"><div class="card">{back}</div></div>'
        f'<footer><p dir="auto">{markup.escape(course.name)} · {title}</p><p>{number}</p></footer>'
        f"</article>"
    )


def _place(name: str) -> str:
    return f'src="media/{name}"'


def _on_paper(side: Html) -> str:
    """A side without players, and without headings: those of the document, which make its outline, are its lessons."""

    def changed(tag: re.Match[str]) -> str:
        close, name = tag.groups()
        if name in ("audio", "video"):
            return "" if close else _MARK
        if name in ("h1", "h2", "h3", "h4", "h5", "h6"):
            return "</div>" if close else '<div class="heading" dir="auto">'
        return tag[0]

    return _TAG.sub(changed, side)


@cache
def _read(name: str) -> str:
    return files("ankiexport").joinpath("templates", name).read_text("utf-8")
