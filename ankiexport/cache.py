"""Readings of earlier builds → readings of this one: a page whose bytes did not change is not read again.

They are in a folder beside the lock, which may be deleted at any time: a row per page, good for the very bytes and the
very programs that it was made of. Whatever is wrong with it, pages are read.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

import ankiexport
from ankiexport.files import user_cache
from ankiexport.model import Source
from ankiexport.progress import Progress, Watch
from ankiexport.reading import Reading, decode, encode
from ankiexport.workers import read_all, start_server

FOLDER_NAME = ".ankiexport_cache"
_FILE_NAME = "readings.sqlite"
_BESIDE = {".gitignore": "*\n", "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n"}
_COLUMNS = "page BLOB PRIMARY KEY, digest BLOB, seal BLOB, reading BLOB, day INTEGER"  # since 1970
_KEPT = 90  # days
_BUSY_AFTER = 1.0  # seconds in which another build may write
_SECRET = "seal.key"
_SECRET_SIZE = 32  # bytes


def read_known(
    sources: Sequence[Source], folder: Path | None, *, keeps: bool, jobs: int, traces: bool, watch: Watch
) -> Iterator[Reading]:
    """The readings of sources, in their order.

    Args:
        folder: Where the readings of earlier builds are, which have no traces; None: nowhere.
        keeps: Whether it is made if it is not there, and gets what it does not know.
        jobs, traces: See `workers.read_all`.
        watch: Is told of each page.

    Raises:
        SourceError, UsageError: see `workers.read_all`.
    """
    with closing(_Readings(folder, keeps)) as known:
        if known.is_empty():
            start_server(len(sources), jobs=jobs)
        digests = [known.digest(source) for source in sources]
        found = [known.find(source, digest) for source, digest in zip(sources, digests, strict=True)]
        unknown = [source for source, reading in zip(sources, found, strict=True) if not reading]
        fresh = read_all(unknown, jobs=jobs, traces=traces)
        items = 0
        for done, (source, digest, there) in enumerate(zip(sources, digests, found, strict=True), 1):
            reading = there or next(fresh)
            if not there:
                known.keep(source, digest, reading)
            items += len(reading.prepared)
            how = "known" if there else ""
            watch(Progress(done=done, total=len(sources), found=items, last=source.name, how=how))
            yield reading


def forget_without(lock: Path) -> None:
    """Removes what a run has kept beside a lock that is not there: it failed, or was stopped, before it wrote one."""
    if os.path.lexists(lock):
        return
    folder = lock.parent / FOLDER_NAME
    with suppress(OSError):  # there is none, or it holds more than ours
        for name in (_FILE_NAME, *_BESIDE):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


class _Readings:
    """The rows of a cache. A row that cannot be had is none, and one that cannot be kept is not.

    Each is sealed with a key that is nowhere but in the user's own cache folder: a folder of pages that somebody else
    has made cannot bring readings along, whose texts would go into the deck as they are.
    """

    def __init__(self, folder: Path | None, keeps: bool) -> None:
        self._folder = folder
        self._keeps = keeps
        self._today = int(time.time()) // 86_400
        self._database: sqlite3.Connection | None = None
        self._key = b""
        if folder and (keeps or (folder / _FILE_NAME).is_file()):
            with self._giving_up():
                self._key = _secret()
                self._database = _opened(folder)

    def is_empty(self) -> bool:
        """Is there no page that it knows?"""
        with self._giving_up():
            if self._database:
                return self._database.execute("SELECT 1 FROM readings LIMIT 1").fetchone() is None
        return True

    def digest(self, source: Source) -> bytes:
        """What a row is known by; nothing where there is no database, for it takes reading the whole page."""
        return _digest(source) if self._database else b""

    def find(self, source: Source, digest: bytes) -> Reading | None:
        """What was made of these bytes, if it is there and whole."""
        row = None
        with self._giving_up():
            if self._database:
                query = "SELECT seal, reading FROM readings WHERE page = ? AND digest = ?"
                row = self._database.execute(query, (_row_of(source), digest)).fetchone()
        if row is None or not all(isinstance(part, bytes) for part in row):
            return None
        seal, packed = row
        return decode(zlib.decompress(packed)) if hmac.compare_digest(seal, self._seal(digest, packed)) else None

    def keep(self, source: Source, digest: bytes, reading: Reading) -> None:
        with self._giving_up(), suppress(UnicodeEncodeError):  # a file's name that is none in any encoding
            if self._database and self._keeps:
                packed = zlib.compress(encode(reading), 1)
                row = (_row_of(source), digest, self._seal(digest, packed), packed, self._today)
                self._database.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?)", row)

    def _seal(self, digest: bytes, packed: bytes) -> bytes:
        return hmac.digest(self._key, digest + packed, "sha256")

    def close(self) -> None:
        """Keeps what was read so far, and nothing that was read long ago: its page may be gone."""
        with self._giving_up():
            if self._database and self._keeps:
                self._database.execute("DELETE FROM readings WHERE day < ?", (self._today - _KEPT,))
                self._database.commit()
        if self._database:
            self._database.close()

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """Goes on without a cache where it is in use, read-only or damaged; a damaged one goes."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            if self._database:
                self._database.close()
            self._database = None
            is_damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
            if is_damaged and self._folder:
                with suppress(OSError):
                    (self._folder / _FILE_NAME).unlink()


def _opened(folder: Path) -> sqlite3.Connection:
    """The database in a folder, which is made with it. A link would lead out of the folder of the lock."""
    file = folder / _FILE_NAME
    if folder.is_symlink() or file.is_symlink():
        raise OSError(f"{folder}: a link")
    if not folder.is_dir():
        folder.mkdir()
        for name, text in _BESIDE.items():
            (folder / name).write_text(text, "utf-8")
    database = sqlite3.connect(file, timeout=_BUSY_AFTER)
    try:
        database.execute(f"CREATE TABLE IF NOT EXISTS readings ({_COLUMNS})")
        made = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        if made != [(f"CREATE TABLE readings ({_COLUMNS})",)]:
            raise sqlite3.DatabaseError("no cache of ours: a trigger in it could run for ever")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _secret() -> bytes:
    """The key of this user, made where there is none."""
    path = user_cache() / _SECRET
    if not path.is_file() or path.stat().st_size != _SECRET_SIZE:  # an empty key would be everybody's
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{_SECRET}.{secrets.token_hex(6)}")
        temporary.touch(0o600, exist_ok=False)
        temporary.write_bytes(secrets.token_bytes(_SECRET_SIZE))
        temporary.replace(path)
    return path.read_bytes()


def _row_of(source: Source) -> bytes:
    """The name of a page, which may be none in any encoding."""
    return source.name.encode("utf-8", "surrogatepass")


def _digest(source: Source) -> bytes:
    """A hash of all that a reading depends on: the page's bytes, what is said of it, and the programs that read it."""
    said = (source.name, source.format, source.url, source.title, source.selectors, source.problems, source.charset)
    hashed = hashlib.sha256(_programs() + repr(said).encode("utf-8", "surrogatepass"))
    hashed.update(source.text.encode("utf-8", "surrogatepass"))
    if source.path and not source.text:
        with suppress(OSError):  # the reader will say so
            hashed.update(source.path.read_bytes())
    return hashed.digest()


@cache
def _programs() -> bytes:
    """A hash of Python's version, of ankiexport's own files by their times, and of the installed packages' versions."""
    home = Path(ankiexport.__file__).parent
    own = sorted((str(path), path.stat().st_mtime_ns) for path in home.rglob("*.*") if path.suffix != ".pyc")
    folders = [Path(entry) for entry in sys.path if os.path.isdir(entry)]  # noqa: PTH112  # never raises
    installed = sorted(path.name for folder in folders for path in folder.glob("*-info"))
    return hashlib.sha256(repr((sys.version, own, installed)).encode("utf-8", "surrogatepass")).digest()
