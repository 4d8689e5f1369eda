"""What is in the database of an .apkg."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any


def query(package: Path, sql: str) -> list[Any]:
    """The rows that a query gives."""
    with zipfile.ZipFile(package) as archive:
        database = package.with_suffix(".anki2")
        database.write_bytes(archive.read("collection.anki2"))
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def notes_in(package: Path) -> list[tuple[str, list[str], list[str]]]:
    """GUID, fields and tags of each note."""
    rows = query(package, "SELECT guid, flds, tags FROM notes")
    return [(guid, fields.split("\x1f"), tags.strip(" ").split(" ")) for guid, fields, tags in rows]
