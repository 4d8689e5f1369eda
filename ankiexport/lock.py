"""`ankiexport.lock`: what is remembered of a course from one export to the next. Text in, a `Lock` out, and back.

A line of JSON for the course, for each page and for each note, so that one inserted question is one inserted line.
"""

import codecs
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn, get_args

import ankiexport
from ankiexport import identity, markup
from ankiexport.errors import OutputError, UsageError
from ankiexport.files import replacing
from ankiexport.model import Kind, Lock, LockedNote, LockedPage

FILE_NAME = "ankiexport.lock"
_FORMAT = 1
_ABOUT = "# Which question is which note in Anki, so that learners keep their history: commit this with the pages."
_END = "# end"
_RESTORE = "restore it from version control, or move it away and make it again: ankiexport lock --from DECK PAGES"
_BUSY_AFTER = 60  # seconds

_Types = Mapping[str, type | tuple[type, ...]]
_MAYBE_TEXT = (str, type(None))
_HEADER: _Types = {"lock": int, "course": str, "name": str, "ankiexport": str}
_REFUSAL: _Types = {"refuse": str, "for": str}
_PAGE: _Types = {"key": str, "deck": str, "number": (int, type(None)), "file": _MAYBE_TEXT}
_NOTE: _Types = {
    "guid": str,
    "kind": str,
    "label": _MAYBE_TEXT,
    "question": str,
    "answer": str,
    "content": str,
    "note_id": int,
    "modified": int,
}
_OPTIONAL: _Types = {"context": str, "retired": bool, "set_id": str}
_GUID = re.compile(r"[a-z2-7]{16}")
_LAST_MS = 253402300799999  # of the year 9999
# "<<<<<<< HEAD", "=======", ">>>>>>> branch"
_MERGE_MARK = re.compile(r"<{7}|={7}|>{7}|\|{7}")


def load_lock(path: Path) -> Lock | None:
    """Reads a lock; None where there is no such file yet.

    Raises:
        UsageError: it cannot be read, is damaged, or was written by a newer version.
    """
    data = _bytes_of(path)
    return None if data is None else parse_lock(path, data)


def parse_lock(path: Path, data: bytes) -> Lock:
    """Reads the bytes of a lock. Raises UsageError as `load_lock` does."""
    return _Reader(path, data).lock()


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


class _Reader:
    """Reads one lock line by line; its errors name the line."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        self._data = data
        self._line = 1
        self._has_end = False
        self._seen: dict[str, int] = {}  # what may stand once, with its line
        self._page_of: dict[str, dict[str, LockedNote]] = {}  # the notes of the page that a note was first on, by GUID

    def lock(self) -> Lock:
        records = self._records()
        refused: set[tuple[str, str]] = set()
        first = next(records, {})
        while "refuse" in first:
            refused.add(self._refusal(first))
            first = next(records, {})
        header = self._header(first)
        pages: list[LockedPage] = []
        notes: list[dict[str, LockedNote]] = []
        for record in records:
            if "refuse" in record:
                refused.add(self._refusal(record))
            elif "deck" in record:
                pages.append(self._page(record))
                notes.append({})
            elif "lock" in record:
                self._fail("a second head, as of a merge: keep one of the two lines")
            elif notes:
                self._add(self._note(record), notes[-1])
            else:
                self._fail(f"damaged: a note above the first page; {_RESTORE}")
        if not self._has_end:
            self._fail(f"its end is missing; {_RESTORE}")
        return Lock(
            path=self._path,
            course_id=header["course"],
            course_name=header["name"],
            pages=tuple(replace(page, notes=tuple(own.values())) for page, own in zip(pages, notes, strict=True)),
            refused=frozenset(refused),
            version=header["ankiexport"],
            digest=hashlib.sha256(self._data).hexdigest(),
        )

    def _add(self, note: LockedNote, page: dict[str, LockedNote]) -> None:
        """Adds a note to a page. Of two lines for one note, which a merge may leave, the later change counts."""
        page = self._page_of.setdefault(note.guid, page)
        other = page.setdefault(note.guid, note)
        if (other.modified, other.content) < (note.modified, note.content):
            page[note.guid] = note

    def _records(self) -> Iterator[dict[str, Any]]:
        for number, encoded in enumerate(BytesIO(self._data), 1):
            self._line = number
            try:
                line = encoded.decode("utf-8")
            except UnicodeDecodeError:
                self._fail(f"damaged: not UTF-8; {_RESTORE}")
            if not line.strip() or line.startswith("#"):
                self._has_end = self._has_end or line.rstrip("\n") == _END
                continue
            if _MERGE_MARK.match(line):
                self._fail("an unfinished merge: keep the lines of both sides, then go on")
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict):
                self._fail(f"damaged: not a line of a lock; {_RESTORE}")
            yield record

    def _header(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        form = record.get("lock")
        if isinstance(form, int) and form > _FORMAT:
            writer = record.get("ankiexport", "a newer version")
            self._fail(f"written by ankiexport {writer} in a format that this version does not know: update ankiexport")
        self._check(record, _HEADER)
        if form != _FORMAT or not identity.is_name(record["course"]):
            self._fail(f"damaged: no course has such a head; {_RESTORE}")
        return record

    def _refusal(self, record: Mapping[str, Any]) -> tuple[str, str]:
        self._check(record, _REFUSAL)
        return record["refuse"], record["for"]

    def _page(self, record: dict[str, Any]) -> LockedPage:
        self._check(record, _PAGE)
        self._once(f"the page {record['key']}")
        return LockedPage(**record)

    def _note(self, record: dict[str, Any]) -> LockedNote:
        self._check(record, _NOTE, _OPTIONAL)
        if not _is_ours(record):
            self._fail(f"damaged: not a note of ankiexport; {_RESTORE}")
        return LockedNote(**record)

    def _check(self, record: Mapping[str, Any], wanted: _Types, optional: _Types | None = None) -> None:
        known = {**wanted, **(optional or {})}
        is_whole = wanted.keys() <= record.keys() <= known.keys()
        if not is_whole or not all(_fits(value, known[key]) for key, value in record.items()):
            self._fail(f"damaged: a line with {', '.join(wanted)} should stand here; {_RESTORE}")

    def _once(self, name: str) -> None:
        first = self._seen.setdefault(name, self._line)
        if first != self._line:
            self._fail(f"{name} stands on line {first} already: keep one of the two")

    def _fail(self, message: str) -> NoReturn:
        raise UsageError(f"{self._path}:{self._line}: {message}")


def _fits(value: object, wanted: type | tuple[type, ...]) -> bool:
    """Is a value of the wanted type, which for JSON's `true` is none but bool, and a text one that a file may hold?"""
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, wanted) and not (isinstance(value, str) and markup.without_controls(value) != value)


def _is_ours(note: Mapping[str, Any]) -> bool:
    """May a note with values of the right types be one of ankiexport's?"""
    is_in_time = 0 <= note["modified"] * 1000 <= _LAST_MS and 0 < note["note_id"] <= _LAST_MS
    return is_in_time and note["kind"] in get_args(Kind) and _GUID.fullmatch(note["guid"]) is not None


def render_lock(lock: Lock) -> str:
    """The text of a lock: pages by key, notes in page order.

    Where nothing but the version differs from what was read it is what was read: a new release alone is no change.
    """
    return b"".join(_lines(lock, _version_and_digest(lock)[0])).decode("utf-8")


def is_as_read(lock: Lock) -> bool:
    """Would writing the lock leave its file as it was when it was read?"""
    return lock.digest is not None and _digest(_lines(lock, lock.version)) == lock.digest


def _version_and_digest(lock: Lock) -> tuple[str | None, str]:
    """The version that a lock's file is to name, and a hash of what it will hold."""
    if lock.digest is not None and is_as_read(lock):
        return lock.version, lock.digest
    return ankiexport.__version__, _digest(_lines(lock, ankiexport.__version__))


def _digest(lines: Iterable[bytes]) -> str:
    hashed = hashlib.sha256()
    for line in lines:
        hashed.update(line)
    return hashed.hexdigest()


def _lines(lock: Lock, version: str | None) -> Iterator[bytes]:
    """The lines of a lock one at a time, for that of a large course takes more memory than all else."""
    yield f"{_ABOUT}\n".encode()
    yield _json({"lock": _FORMAT, "course": lock.course_id, "name": lock.course_name, "ankiexport": version})
    for guid, item_guid in sorted(lock.refused):
        yield _json({"refuse": guid, "for": item_guid})
    for page in sorted(lock.pages, key=lambda page: page.key):
        yield b"\n"
        yield _json({name: getattr(page, name) for name in _PAGE})
        for note in page.notes:
            record = {name: getattr(note, name) for name in _NOTE}
            record.update({name: value for name in _OPTIONAL if (value := getattr(note, name))})
            yield _json(record)
    yield f"\n{_END}\n".encode()


def _json(record: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(record, ensure_ascii=False)}\n".encode()


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
                file.writelines(_lines(lock, version))


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
