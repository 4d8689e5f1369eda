"""Outputs: each writer puts a course into a file of its kind. An output is a file in this folder and a row here."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from ankiexport.errors import OutputError, UsageError
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


def write_file(course: Course, path: Path) -> None:
    """Writes a course to a file, which appears when it is whole.

    Raises:
        UsageError: see `find_writer`.
        OutputError: the file could not be written; what was there is untouched.
    """
    writer = find_writer(path)
    with _replacing(path) as temporary:
        writer(course, temporary)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A new file beside the target, renamed onto it at the end. A link stays: what it points to is replaced."""
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".ankiexport-{secrets.token_hex(6)}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        if not target.parent.is_dir():
            raise NotADirectoryError(20, f"there is no folder {target.parent}")
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
