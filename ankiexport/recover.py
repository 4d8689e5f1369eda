"""An Anki package that ankiexport wrote → the lock that it was written with, as far as the package tells."""

import html
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ankiexport import identity, notetype
from ankiexport.card_html import from_card
from ankiexport.errors import SourceError
from ankiexport.files import temporary_folder
from ankiexport.lock import parse_lock, render_lock
from ankiexport.model import Html, Kind, Lock, LockedNote, LockedPage

_NOTES = """
    SELECT notes.id, notes.guid, notes.mod, notes.tags, notes.flds, cards.did
    FROM notes JOIN cards ON cards.nid = notes.id AND cards.ord = 0
    WHERE notes.mid = ? ORDER BY cards.due, notes.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packed:
    """A note of a package, with what its `Origin` says."""

    course_id: str
    page_key: str
    deck: str
    locked: LockedNote


def lock_from_package(package: Path, path: Path | None) -> Lock:
    """A lock for the file `path`, made from a package. Notes that had left their pages are not in it.

    Raises:
        SourceError: the package is missing, cannot be read, or is none that ankiexport wrote.
    """
    try:
        if package.exists() and not package.is_file():
            raise ValueError("it is no file")
        packed = _read(package)
        courses = sorted({note.course_id for note in packed})
        if len(courses) != 1:
            raise ValueError(f"it holds the courses {', '.join(courses)}" if courses else "it holds no note of it")
        if len({note.locked.guid for note in packed}) < len(packed):
            raise ValueError("two notes have one GUID")
        lock = Lock(
            path=path,
            course_id=courses[0],
            course_name=packed[0].deck.split("::")[0],
            pages=_pages(packed),
        )
        parse_lock(package, render_lock(lock).encode())  # which refuses what no lock may hold
    except OSError as error:
        raise SourceError(f"{package}: cannot be read: {error.strerror or error}") from error
    except Exception as error:  # whatever zipfile, zlib, sqlite3 and json say of a file that is not as we write it
        raise SourceError(f"{package}: not a deck that ankiexport wrote: {error}") from error
    return lock


def _read(package: Path) -> list[_Packed]:
    with temporary_folder() as folder:
        with zipfile.ZipFile(package) as archive:
            database = Path(archive.extract("collection.anki2", folder))
        with closing(sqlite3.connect(database)) as connection:
            return list(_packed(connection))


def _pages(packed: Iterable[_Packed]) -> tuple[LockedPage, ...]:
    by_page: dict[str, list[_Packed]] = {}
    for note in packed:
        by_page.setdefault(note.page_key, []).append(note)
    return tuple(
        LockedPage(key=key, deck=notes[0].deck, notes=tuple(note.locked for note in notes))
        for key, notes in by_page.items()
    )


def _packed(connection: sqlite3.Connection) -> Iterator[_Packed]:
    decks = {int(number): deck["name"] for number, deck in _json(connection, "decks").items()}
    for note_id, guid, modified, tags, joined, deck_id in connection.execute(_NOTES, (notetype.ID,)):
        fields = dict(zip(notetype.FIELDS, map(Html, joined.split("\x1f")), strict=True))
        course_id, page_key, kind, label = html.unescape(fields["Origin"]).split("/", 3)
        locked = LockedNote(
            guid=guid,
            kind=cast(Kind, kind),
            label=label or None,
            question=_text(fields["Question"]),
            answer=identity.short_hash(_text(fields["Answer"])),
            context=identity.short_hash(_text(fields["Context"])) if fields["Context"] else None,
            content=notetype.content_hash(fields, tags.split()),
            note_id=note_id,
            modified=modified,
        )
        yield _Packed(course_id=course_id, page_key=page_key, deck=decks[deck_id], locked=locked)


def _text(field: Html) -> str:
    """The text of the item that a field was made of."""
    return identity.plain_text(from_card(field))


def _json(connection: sqlite3.Connection, column: str) -> dict[str, Any]:
    ((text,),) = connection.execute(f"SELECT {column} FROM col")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(f"its {column} are damaged")
    return found
