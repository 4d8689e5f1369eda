"""Outputs: each writer puts a course into a file of its kind. An output is a file in this folder and a row here."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from ankiexport.errors import UsageError
from ankiexport.model import Course

Writer = Callable[[Course, Path], None]

# Suffix → module. Its `write(course, path)` may write `path` freely: it is a temporary file.
_WRITERS: Mapping[str, str] = {".apkg": "ankiexport.writers.apkg"}

# The desktop app offers to replace the whole collection with a file of such a name (Anki manual, "Packaged decks").
_COLLECTION_NAMES = ("collection.apkg", "backup-")


def find_writer(path: Path) -> Writer:
    """The writer for a file of this name.

    Raises:
        UsageError: no output has this suffix, or Anki would take the file for a whole collection.
    """
    if path.suffix.lower() not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise UsageError(f"{path}: the name of an output ends in {known}")
    if path.name.lower().startswith(_COLLECTION_NAMES):
        raise UsageError(f"{path}: Anki would replace the whole collection with a file of this name; choose another")
    writer: Writer = import_module(_WRITERS[path.suffix.lower()]).write
    return writer
