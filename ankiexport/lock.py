"""`ankiexport.lock`: what is remembered of a course from one export to the next. A file in, a `Lock` out, and back."""

import codecs
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ankiexport
from ankiexport.errors import OutputError, UsageError
from ankiexport.files import replacing
from ankiexport.lock_lines import LockReader, lines_of
from ankiexport.model import Lock

FILE_NAME = "ankiexport.lock"
_BUSY_AFTER = 60  # seconds


def load_lock(path: Path) -> Lock | None:
    """Reads a lock; None where there is no such file yet.

    Raises:
        UsageError: it cannot be read, is damaged, or was written by a newer version.
    """
    data = _bytes_of(path)
    return None if data is None else parse_lock(path, data)


def parse_lock(path: Path, data: bytes) -> Lock:
    """Reads the bytes of a lock. Raises UsageError as `load_lock` does."""
    return LockReader(path, data).lock()


def _bytes_of(path: Path) -> bytes | None:
    """What a lock's file holds, but for a byte order mark and carriage returns; None where there is none."""
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"{path}:1: cannot be read: it is no file")
        return path.read_bytes().removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path}:1: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise UsageError(f"{path}:1: no name of a file: {error}") from error


def render_lock(lock: Lock) -> str:
    """The text of a lock: pages by key, notes in page order.

    Where nothing but the version differs from what was read it is what was read: a new release alone is no change.
    """
    return b"".join(lines_of(lock, _version_and_digest(lock)[0])).decode("utf-8")


def is_as_read(lock: Lock) -> bool:
    """Would writing the lock leave its file as it was when it was read?"""
    return lock.digest is not None and _digest(lines_of(lock, lock.version or "")) == lock.digest


def _version_and_digest(lock: Lock) -> tuple[str, str]:
    """The version that a lock's file is to name, and a hash of what it will hold."""
    if lock.digest is not None and is_as_read(lock):
        return lock.version or "", lock.digest
    return ankiexport.__version__, _digest(lines_of(lock, ankiexport.__version__))


def _digest(lines: Iterable[bytes]) -> str:
    hashed = hashlib.sha256()
    for line in lines:
        hashed.update(line)
    return hashed.hexdigest()


def save_lock(lock: Lock) -> None:
    """Writes a lock to its file, if it has one and that would change it.

    Raises:
        UsageError: the file is not what it was when this lock was made from it.
        OutputError: it could not be written; what was there is untouched.
    """
    if lock.path is None:
        return
    version, digest = _version_and_digest(lock)
    with holding(lock.path):
        data = _bytes_of(lock.path)
        there = None if data is None else hashlib.sha256(data).hexdigest()
        if there not in (lock.digest, digest):
            raise UsageError(f"{lock.path}:1: it has changed since it was read; nothing was written: build again")
        if digest != there:
            with replacing(lock.path) as temporary, temporary.open("wb") as file:
                file.writelines(lines_of(lock, version))


@contextmanager
def holding(path: Path | None, other: str = "another build with this lock") -> Iterator[None]:
    """Keeps other builds with this lock waiting; without a lock, none. May be entered again from within.

    Args:
        other: Who may hold it.

    Raises:
        OutputError: another one has held it for a minute.
    """
    if path is None:
        yield
        return
    import filelock

    name = hashlib.sha256(os.path.realpath(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    owner = os.getuid() if hasattr(os, "getuid") else ""
    held = Path(tempfile.gettempdir(), f"ankiexport-{owner}-{name}.held")
    waiting = filelock.FileLock(held, is_singleton=True, timeout=_BUSY_AFTER)
    try:
        waiting.acquire()
    except filelock.Timeout as error:
        raise OutputError(f"{path}: {other} is still running") from error
    except OSError as error:
        raise OutputError(f"{held}: cannot be written: {error.strerror or error}") from error
    try:
        yield
    finally:
        waiting.release()
