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

from ankiexport import notetype
from ankiexport.errors import OutputError
from ankiexport.files import temporary_folder
from ankiexport.model import Course, Deck, Note

# What SQLite writes into the head of a database that depends on its version and history: offset, value.
# "File change counter", "version-valid-for number", "SQLITE_VERSION_NUMBER" (sqlite.org/fileformat2.html, 1.3)
_STAMPS = ((24, 1), (92, 1), (96, 3_040_001))


class _NoteType(genanki.Model):  # type: ignore[misc]  # genanki has no types
    """A note type that keeps its own mod time."""

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        rendered: dict[str, Any] = super().to_json(float(notetype.MODIFIED), deck_id)
        return rendered


class _Note(genanki.Note):  # type: ignore[misc]  # genanki has no types
    """A note that keeps its own id and mod time; its cards' ids follow its own.

    Its fields are clean HTML, so genanki's guess at bad HTML is not asked.
    """

    def __init__(self, *, note_id: int, modified: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._note_id = note_id
        self._modified = modified

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, float(self._modified), deck_id, itertools.count(self._note_id))

    def _check_invalid_html_tags_in_fields(self) -> None:
        pass


class _Package(genanki.Package):  # type: ignore[misc]  # genanki has no types
    """A package that is the same bytes wherever it is made, and whose cost grows with its notes alone.

    genanki reads and writes the JSON of all decks once for each deck.
    """

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        cursor.execute("PRAGMA secure_delete = 1")
        genanki.Package([]).write_to_db(cursor, timestamp, id_gen)  # the tables, and a collection without decks
        decks: list[genanki.Deck] = self.decks
        ((known,),) = cursor.execute("SELECT decks FROM col")
        named = {**json.loads(known), **{str(deck.deck_id): deck.to_json() for deck in decks}}
        note_type = _note_type()
        types = {str(note_type.model_id): note_type.to_json(timestamp, decks[0].deck_id)}
        cursor.execute("UPDATE col SET decks = ?, models = ?", (json.dumps(named), json.dumps(types)))
        for deck in decks:
            for note in deck.notes:
                note.write_to_db(cursor, timestamp, deck.deck_id, id_gen)


@cache
def _note_type() -> _NoteType:
    fields = [{"name": name, "id": field_id} for name, field_id in notetype.FIELDS.items()]
    templates = [
        {"name": name, "id": template_id, "qfmt": notetype.template(name)[0], "afmt": notetype.template(name)[1]}
        for name, template_id in notetype.TEMPLATES.items()
    ]
    return _NoteType(notetype.ID, notetype.NAME, fields=fields, templates=templates, css=notetype.css())


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
    position = itertools.count(1)
    package = _Package([_deck(course, deck, position) for deck in course.decks])
    with closing(sqlite3.connect(path)) as connection:
        package.write_to_db(connection.cursor(), 0.0, itertools.count())
        connection.commit()
        connection.execute("VACUUM")
    with path.open("r+b") as file:
        for offset, value in _STAMPS:
            file.seek(offset)
            file.write(value.to_bytes(4, "big"))


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


def _deck(course: Course, deck: Deck, position: Iterator[int]) -> Any:
    packed = genanki.Deck(notetype.deck_id(deck), deck.name, deck.description)
    packed.notes = (_packed_note(course, deck, note, next(position)) for note in deck.notes)  # one at a time
    return packed


def _packed_note(course: Course, deck: Deck, note: Note, due: int) -> _Note:
    return _Note(
        model=_note_type(),
        fields=list(notetype.fields(course.id, deck, note.guid, note.item, note.prepared).values()),
        tags=note.tags,
        guid=note.guid,
        due=due,
        note_id=note.note_id,
        modified=note.modified,
    )
