"""A course → a table for Anki's text import, a row for each note: with commas (.csv) or with tabs (.tsv)."""

import csv
from collections.abc import Iterator
from pathlib import Path

from ankiexport import notetype
from ankiexport.model import Course

# What Anki is told of a note in columns of their own, before its fields (Anki manual, "Text Files", "File Headers")
_COLUMNS = ("guid", "notetype", "deck", "tags")


def write_csv(course: Course, path: Path) -> None:
    """Writes the table with commas."""
    _write(course, path, ",", "Comma")


def write_tsv(course: Course, path: Path) -> None:
    """Writes the table with tabs."""
    _write(course, path, "\t", "Tab")


def _write(course: Course, path: Path, separator: str, its_name: str) -> None:
    """Every cell is in quotes: at a bare carriage return, which `csv` does not quote by itself, Anki ends the row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        names = separator.join((*_COLUMNS, *notetype.FIELDS))
        file.write(f"#separator:{its_name}\n#html:true\n#columns:{names}\n")
        file.writelines(f"#{column} column:{number}\n" for number, column in enumerate(_COLUMNS, 1))
        csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(_rows(course))


def _rows(course: Course) -> Iterator[tuple[str, ...]]:
    """The notes in page order."""
    for deck in course.decks:
        for note in deck.notes:
            fields = notetype.fields(course.id, deck, note.guid, note.item, note.prepared)
            yield (note.guid, notetype.NAME, deck.name, " ".join(note.tags), *fields.values())
