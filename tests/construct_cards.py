"""The page of every construct, `constructs/page.html` and `.md`, as the fields of its notes.

    python tests/construct_cards.py

writes `constructs/cards.html` anew, the fields that both must give. Read what has changed in it before you commit it.
"""

from dataclasses import replace
from pathlib import Path

import ankiexport
from ankiexport import Course, highlight, notetype
from ankiexport.source import load_source

FOLDER = Path(__file__).resolve().parent / "constructs"
GOLDEN = FOLDER / "cards.html"
SHOWN = ("Cue", "Context", "Question", "Answer", "Explanation")
URL = "https://example.org/course/everything/"


def course_of(form: str) -> tuple[ankiexport.Page, Course]:
    """The page in one form, `html` or `md`, and its course."""
    source = load_source(FOLDER / f"page.{form}")
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


if __name__ == "__main__":
    GOLDEN.write_text(fields_of("md"), "utf-8", newline="\n")
