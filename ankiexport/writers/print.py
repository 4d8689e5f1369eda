"""A course → its cards on paper: a page of HTML that a browser lays out and prints to a PDF."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ankiexport import notetype
from ankiexport.browser import print_page
from ankiexport.browser_html import for_browser
from ankiexport.files import temporary_folder
from ankiexport.model import Course, Html, Printing
from ankiexport.rendering import cards_of
from ankiexport.template_files import fill_template, read_template

# How long a browser may take, in seconds: a page of 8,000 notes takes it minutes
_SECONDS = 120.0
_SECONDS_OF_A_NOTE = 0.25
# "<h3>", "</h3>", "<h2 title=\"a > b\">"
_HEADING = re.compile(r'<(/?)h[1-6]\b(?:[^>"]|"[^"]*")*>')


@dataclass(frozen=True, slots=True, kw_only=True)
class _NumberedCard:
    """The card of a note with its number in the course. The outline is made of the first ones of lessons."""

    number: int
    lesson: str
    is_first: bool
    front: Html
    back: Html


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
    return read_template("print.js")


def _page(course: Course, printing: Printing) -> str:
    return fill_template(
        "print.html",
        course=course,
        printing=printing,
        styles=[notetype.css(), read_template("paper.css"), read_template("print.css")],
        cards=_cards(course),
    )


def _cards(course: Course) -> Iterator[_NumberedCard]:
    number = 0
    for deck in course.decks:
        for place, note in enumerate(deck.notes):
            number += 1
            card = next(card for card in cards_of(course.id, deck, note) if card.template == "Card")
            front, back = (_on_paper(for_browser(side, _place)) for side in (card.front, card.back))
            yield _NumberedCard(number=number, lesson=deck.title, is_first=not place, front=front, back=back)


def _place(name: str) -> str:
    return f'src="media/{name}"'


def _on_paper(side: Html) -> Html:
    """A side without headings: those of the document, which make its outline, are its lessons."""
    return Html(_HEADING.sub(lambda tag: "</div>" if tag[1] else '<div class="heading" dir="auto">', side))
