"""Where what was fetched before is kept: a client that asks only whether it has changed."""

import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ankiexport.files import user_cache

if TYPE_CHECKING:
    import httpx

_LARGEST = 50_000_000  # bytes of one answer
_MOST = 1_000_000_000  # bytes of all; the oldest go first


def http_cache(options: dict[str, Any]) -> "httpx.Client":
    """A client with a cache, which does as well without one where none can be kept."""
    from hishel import CacheOptions, SqliteStorage
    from hishel.httpx import CacheClient

    logging.getLogger("hishel").addHandler(logging.NullHandler())  # it would tell of a lost cache with a traceback
    path = user_cache() / "http.db"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_damaged(path)
    storage = SqliteStorage(database_path=path, max_stream_size=_LARGEST, max_size=_MOST)
    return CacheClient(storage=storage, rfc=CacheOptions(shared=False), **options)


def _remove_damaged(path: Path) -> None:
    """A database that is none would never be mended; all in it can be had again."""
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:
        pass  # in use, or in a place where nothing can be written
    except sqlite3.DatabaseError:
        for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            file.unlink(missing_ok=True)
