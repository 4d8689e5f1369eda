"""A course → an Anki package, with genanki."""

import itertools
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import genanki

from ankiexport import notetype
from ankiexport.errors import OutputError
from ankiexport.model import Course, Deck, Note


class _NoteType(genanki.Model):  # type: ignore[misc]  # genanki has no types
    """A note type that keeps its own mod time."""

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        rendered: dict[str, Any] = super().to_json(float(notetype.MODIFIED), deck_id)
        return rendered


class _Note(genanki.Note):  # type: ignore[misc]  # genanki has no types
    """A note that keeps its own mod time. Its fields are clean HTML, so genanki's guess at bad HTML is not asked."""

    def __init__(self, *, modified: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._modified = modified

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, float(self._modified), deck_id, id_gen)

    def _check_invalid_html_tags_in_fields(self) -> None:
        pass


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
        _write(course, path)
    except sqlite3.Error as error:
        raise OutputError(f"{tempfile.gettempdir()}: the database cannot be written there: {error}") from error


def _write(course: Course, path: Path) -> None:
    position = itertools.count(1)
    decks = [_deck(course, deck, position) for deck in course.decks]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "collection.anki2"
        _write_database(genanki.Package(decks), database, max((note.modified for note in course.notes), default=0))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            package.write(database, "collection.anki2")
            media = sorted(course.media.items())
            package.writestr("media", json.dumps({str(i): name for i, (name, _) in enumerate(media)}))
            for i, (_, content) in enumerate(media):
                package.writestr(str(i), content)


def _write_database(package: Any, path: Path, modified: int) -> None:
    """What `Package.write_to_file` does, but for the database that it leaves behind."""
    connection = sqlite3.connect(path)
    try:
        package.write_to_db(connection.cursor(), float(modified), itertools.count(modified * 1000))
        connection.commit()
    finally:
        connection.close()


def _deck(course: Course, deck: Deck, position: Iterator[int]) -> Any:
    packed = genanki.Deck(notetype.deck_id(deck), deck.name, deck.description)
    for note in deck.notes:
        packed.add_note(_packed_note(course, deck, note, next(position)))
    return packed


def _packed_note(course: Course, deck: Deck, note: Note, due: int) -> _Note:
    fields = list(notetype.fields(course.id, deck, note.guid, note.item).values())
    return _Note(model=_note_type(), fields=fields, tags=note.tags, guid=note.guid, due=due, modified=note.modified)
