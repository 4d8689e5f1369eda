"""The page of every construct, `constructs/page.html` and `.md`, as the fields of its notes and as pictures.

    python tests/construct_cards.py

writes `constructs/cards.html` anew, the fields that both must give, and `constructs/day.png` and `night.png`, the cards
on a phone. Read and look at what has changed before you commit it.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import DESKTOP, NIGHT, Browser, page_of, sides_of

import ankiexport
from ankiexport import Course, highlight, notetype
from ankiexport.source import fill_source, source_of

FOLDER = Path(__file__).resolve().parent / "constructs"
GOLDEN = FOLDER / "cards.html"
SHOWN = ("Cue", "Context", "Question", "Answer", "Explanation")
MODES = {"day": (DESKTOP, ""), "night": (NIGHT, "night-mode")}
FONTS = '.card, .card * { font-family: "DejaVu Sans" } .card pre, .card code { font-family: "DejaVu Sans Mono" }'
URL = "https://example.org/course/everything/"


def course_of(form: str) -> tuple[ankiexport.Page, Course]:
    """The page in one form, `html` or `md`, and its course."""
    source = fill_source(source_of(FOLDER / f"page.{form}"))
    (page,) = ankiexport.read(replace(source, name=f"page.{form}", url=URL))
    return page, ankiexport.build([page], course="Constructs")


def fields_of(form: str) -> str:
    """What is seen of each note, under the names of its fields, without the colours of code."""
    _, course = course_of(form)
    (deck,) = course.decks
    written = []
    for note in deck.notes:
        fields = notetype.fields(course.id, deck, note.guid, note.item)
        written.extend(f"<!-- {name} -->\n{highlight.uncoloured(fields[name])}\n" for name in SHOWN if fields[name])
    return "\n".join(written)


def take_pictures(browser: Browser, form: str, folder: Path) -> dict[str, Path]:
    """Pictures of all cards of one form, as a phone shows them with the fonts that every machine here has."""
    from ankiexport.verify import Collection

    _, course = course_of(form)
    taken = {}
    with TemporaryDirectory() as place, Collection() as collection:
        ankiexport.write(course, Path(place) / "deck.apkg")
        collection.import_package(Path(place) / "deck.apkg")
        sides = sides_of(collection.anki)
        for name, (body, html) in MODES.items():
            page = page_of([side.html for side in sides], f"{sides[0].css}\n{FONTS}", body, html)
            taken[name] = folder / f"{name}.png"
            browser.picture(page, taken[name], Path(collection.anki.media.dir()))
    return taken


if __name__ == "__main__":
    GOLDEN.write_text(fields_of("md"), "utf-8", newline="\n")
    with Browser() as browser:
        take_pictures(browser, "md", FOLDER)
