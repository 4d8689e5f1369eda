"""A course → an Anki package, with genanki."""

import itertools
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import genanki

from ankiexport import asking, notetype
from ankiexport.errors import OutputError
from ankiexport.files import temporary_folder
from ankiexport.model import Course, Deck, Note

# What SQLite writes into the head of a database that depends on its version and history: offset, value.
# "File change counter", "version-valid-for number", "SQLITE_VERSION_NUMBER" (sqlite.org/fileformat2.html, 1.3)
_STAMPS = ((24, 1), (92, 1), (96, 3_040_001))
# What is no `?` says that they are new: never synced, never answered. genanki's own objects write the same, slower.
_NOTE_ROW = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_CARD_ROW = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"


@cache
def _note_type() -> Any:
    fields = [{"name": name, "id": field_id} for name, field_id in notetype.FIELDS.items()]
    templates = [
        {"name": name, "id": template_id, "qfmt": notetype.template(name)[0], "afmt": notetype.template(name)[1]}
        for name, template_id in notetype.TEMPLATES.items()
    ]
    return genanki.Model(notetype.ID, notetype.NAME, fields=fields, templates=templates, css=notetype.css())


def write(course: Course, path: Path) -> None:
    """Writes the package: every note in page order, so that "new card order: by position" follows the pages."""
    try:
        with temporary_folder() as folder:
            database = folder / "collection.anki2"
            _write_database(course, database)
            _zip(course, database, path)
    except sqlite3.Error as error:
        raise OutputError(f"{tempfile.gettempdir()}: the database cannot be written there: {error}") from error


def _write_database(course: Course, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        # Nobody else sees the file, which goes with a run that fails: so nothing is written twice, nor waited for
        for pragma in ("secure_delete = 1", "synchronous = OFF", "journal_mode = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        cursor = connection.cursor()
        genanki.Package([]).write_to_db(cursor, 0.0, itertools.count())  # the tables, and a collection without decks
        _write_decks(course, cursor)
        places = itertools.count(1)
        for deck in course.decks:
            cursor.executemany(_NOTE_ROW, (_note_row(course, deck, note) for note in deck.notes))
            cursor.executemany(_CARD_ROW, _card_rows(deck, places))
        connection.commit()
        connection.execute("VACUUM")
    with path.open("r+b") as file:
        for offset, value in _STAMPS:
            file.seek(offset)
            file.write(value.to_bytes(4, "big"))


def _write_decks(course: Course, cursor: sqlite3.Cursor) -> None:
    """Writes the decks and the note type, at once: genanki would read and write the JSON of all decks once for each."""
    decks = [genanki.Deck(notetype.deck_id(deck), deck.name, deck.description) for deck in course.decks]
    ((known,),) = cursor.execute("SELECT decks FROM col")
    named = {**json.loads(known), **{str(deck.deck_id): deck.to_json() for deck in decks}}
    note_type = _note_type()
    types = {str(note_type.model_id): note_type.to_json(float(notetype.MODIFIED), decks[0].deck_id)}
    cursor.execute("UPDATE col SET decks = ?, models = ?", (json.dumps(named), json.dumps(types)))


def _note_row(course: Course, deck: Deck, note: Note) -> tuple[object, ...]:
    """What `_NOTE_ROW` takes. The sort field is the first one."""
    fields = tuple(notetype.fields(course.id, deck, note.guid, note.item, note.prepared).values())
    tags = f" {' '.join(note.tags)} "
    return note.note_id, note.guid, notetype.ID, note.modified, tags, "\x1f".join(fields), fields[0]


def _card_rows(deck: Deck, places: Iterator[int]) -> Iterator[tuple[object, ...]]:
    """What `_CARD_ROW` takes: the cards of a deck, whose ids follow those of their notes."""
    deck_id = notetype.deck_id(deck)
    for note in deck.notes:
        due = next(places)
        cards = len(notetype.TEMPLATES) if asking.is_reversed(deck, note.item) else 1
        for number in range(cards):
            yield note.note_id + 1 + number, note.note_id, deck_id, number, note.modified, due


def _zip(course: Course, database: Path, path: Path) -> None:
    """Uncompressed, for zlib's builds differ in what they make of the same bytes."""
    media = sorted(course.media.items())
    names = json.dumps({str(i): name for i, (name, _) in enumerate(media)})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        member = _member("collection.anki2")
        member.file_size = database.stat().st_size
        with database.open("rb") as source, package.open(member, "w") as target:
            shutil.copyfileobj(source, target)
        package.writestr(_member("media"), names)
        for i, (_, content) in enumerate(media):
            package.writestr(_member(str(i)), content)


def _member(name: str) -> zipfile.ZipInfo:
    """A file in the package without a trace of when and where it was written."""
    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member
