"""Files that appear when they are whole; folders for what may go."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ankiexport.errors import OutputError

_STALE_AFTER = 3600  # seconds: no build takes as long


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside the target, renamed onto it at the end. A link stays: what it points to is replaced.

    Raises:
        OutputError: it could not be written; what was there is untouched.
    """
    target = Path(os.path.realpath(path))
    _remove_stale(target.parent)
    temporary = target.with_name(f".ankiexport-{secrets.token_hex(6)}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        if target.exists() and not target.is_file():
            raise OSError(22, "it is no ordinary file")
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
            _surely(lambda: temporary.unlink(missing_ok=True))


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder in the system's temporary one, gone at the end, also where a signal comes just then."""
    folder = tempfile.mkdtemp(prefix="ankiexport-")
    try:
        yield Path(folder)
    finally:
        _surely(lambda: shutil.rmtree(folder, ignore_errors=True))


def _surely(remove: Callable[[], None]) -> None:
    """Removes something, also when a signal ends the run in the midst of it."""
    try:
        remove()
    except BaseException:
        remove()
        raise


def _remove_stale(folder: Path) -> None:
    """What a run has left that was killed."""
    for path in folder.glob(".ankiexport-*.tmp"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _STALE_AFTER:
                path.unlink()


def is_within(path: Path, folder: Path) -> bool:
    """Is this path in a folder, also when all links are followed?"""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def user_cache() -> Path:
    """The folder for what saves this user time and may be deleted; `ANKIEXPORT_CACHE` names another one."""
    from platformdirs import user_cache_path

    told = os.environ.get("ANKIEXPORT_CACHE")
    return Path(told) if told else user_cache_path("ankiexport")
