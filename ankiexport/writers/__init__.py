"""Outputs: each writer puts a course into a file of its kind. An output is a file in this folder and a row here."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

from ankiexport import plugins
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
    suffix = path.suffix.lower()
    others = {} if suffix in _WRITERS else _installed_writers()
    if suffix not in _WRITERS and suffix not in others:
        known = ", ".join([*_WRITERS, *others])
        raise UsageError(f"{path}: the name of an output ends in {known}")
    if path.name.lower().startswith(_COLLECTION_NAMES):
        raise UsageError(f"{path}: Anki would replace the whole collection with a file of this name; choose another")
    if suffix in others:
        return partial(others[suffix].call, gives=(type(None),))
    writer: Writer = import_module(_WRITERS[suffix]).write
    return writer


def _installed_writers() -> Mapping[str, plugins.Plugin]:
    """The writers that somebody else has installed, by suffix."""
    return {f".{plugin.name.lower().lstrip('.')}": plugin for plugin in plugins.load(plugins.WRITERS)}
