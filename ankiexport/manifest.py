"""`ankiexport-manifest.jsonl`: what a folder knows of the pages fetched into it. Text in, a `Manifest` out, and back.

A head line for the run, then a line for each page in the order of the site, then one for each picture or recording.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from ankiexport.errors import OutputError, UsageError
from ankiexport.files import is_within, replacing

FILE_NAME = "ankiexport-manifest.jsonl"
OWN_NAMES = frozenset({FILE_NAME, "ankiexport.toml", "ankiexport.lock"})
"""What ankiexport itself reads in a folder of pages: no file of a site is called so, or it could say what to build."""
_FORMAT = 1
_WEB_ADDRESS = re.compile(r"https?://\S+")
_RESTORE = "restore it, or delete it and fetch again"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page that was fetched, or a picture or recording of one (`media`), and the file that it was saved in.

    `file` is relative to the folder of the manifest, with `/`. `url` is the address that gave it, without fragment and
    password, after all redirects; `asked` are the others that led there. `time` is when it was last asked for, in UTC;
    `sha256` is the hash of the bytes that were served. `etag`, `last_modified` and `charset` are what the server said,
    `licence` is what the page says. `gone` says that the site has it no more.
    """

    url: str
    file: str
    time: str
    sha256: str
    etag: str | None = None
    last_modified: str | None = None
    charset: str | None = None
    licence: str | None = None
    asked: tuple[str, ...] = ()
    media: bool = False
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What was fetched into a folder.

    `starts` and `match` are what the last run was asked for, `begun` and `finished` its times in UTC; one that was
    stopped is not `finished`. The files of `host` are at the top of the folder, those of others in a folder of theirs.
    """

    folder: Path
    starts: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    host: str = ""
    begun: str = ""
    finished: str | None = None
    saved: tuple[SavedPage, ...] = ()

    @cached_property
    def pages(self) -> tuple[SavedPage, ...]:
        """The pages, in the order of the site."""
        return tuple(saved for saved in self.saved if not saved.media)

    @cached_property
    def media(self) -> tuple[SavedPage, ...]:
        """The pictures and recordings of the pages."""
        return tuple(saved for saved in self.saved if saved.media)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {page.file: at for at, page in enumerate(self.pages)}

    @cached_property
    def _files(self) -> Mapping[str, str]:
        return {url: saved.file for saved in self.saved for url in (*saved.asked, saved.url)}

    def place_of(self, file: Path) -> int | None:
        """Where the page in a file stands in the order of the site, from 0; None of one that was not fetched."""
        return self._places.get(os.path.relpath(file, self.folder).replace(os.sep, "/"))

    def page_at(self, file: Path) -> SavedPage | None:
        """What is known of the page in a file; None of one that was not fetched."""
        place = self.place_of(file)
        return None if place is None else self.pages[place]

    def file_of(self, url: str) -> Path | None:
        """The file that holds what is at an address; None where none does, or it is a link out of the folder."""
        name = self._files.get(url)
        path = self.folder / name if name else None
        return path if path and is_within(path, self.folder) else None


Manifests = dict[str, Manifest | None]
"""The manifests of folders, their own or the nearest above; None of those without one."""


def load_manifest(folder: Path) -> Manifest | None:
    """Reads the manifest of a folder; None where there is none.

    Raises:
        UsageError: it cannot be read, is damaged, or was written by a newer version.
    """
    path = folder / FILE_NAME
    try:
        stat = path.stat()
        if not path.is_file():
            raise UsageError(f"{path}:1: cannot be read: it is no file")
        return _load(folder, stat.st_mtime_ns, stat.st_size)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}:1: cannot be read: {getattr(error, 'strerror', None) or error}") from error


@lru_cache(maxsize=8)
def _load(folder: Path, _modified: int, _size: int) -> Manifest:
    """Reads a manifest, once for each state of its file."""
    path = folder / FILE_NAME
    return _Reader(path).manifest(path.read_bytes())


def find_manifest(file: Path, known: Manifests | None = None) -> Manifest | None:
    """The manifest of the folder that a file is in, or of the nearest one above it. Raises as `load_manifest` does.

    Args:
        known: What was found for other files; it gets what is found now.
    """
    folder = os.path.dirname(os.path.abspath(file))  # noqa: PTH100, PTH120  # resolve() would follow links
    return _nearest(folder, {} if known is None else known)


def _nearest(folder: str, known: Manifests) -> Manifest | None:
    if folder not in known:
        is_here = os.path.exists(os.path.join(folder, FILE_NAME))  # noqa: PTH110, PTH118  # for thousands of folders
        above = os.path.dirname(folder)  # noqa: PTH120
        found = load_manifest(Path(folder)) if is_here else None
        known[folder] = found or (_nearest(above, known) if above != folder else None)
    return known[folder]


class _Reader:
    """Reads one manifest line by line; its errors name the line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line = 1

    def manifest(self, data: bytes) -> Manifest:
        manifest = Manifest(folder=self._path.parent)
        saved: dict[str, SavedPage] = {}
        url_of: dict[str, str] = {}  # by the file, which holds one page: of two, the one that was noted last
        for record in self._records(data):
            if "manifest" in record:
                manifest = self._head(record)
                continue
            one = self._saved(record)
            if manifest.finished is None:
                saved.pop(one.url, None)  # a run that goes on: its own order comes last
            if (other := url_of.setdefault(one.file.casefold(), one.url)) != one.url:
                saved.pop(other, None)
                url_of[one.file.casefold()] = one.url
            saved[one.url] = one
        return replace(manifest, saved=tuple(saved.values()))

    def _records(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The lines; the last one is torn where it has no end, as a run that was killed leaves it."""
        for number, line in enumerate(data.split(b"\n")[:-1], 1):
            self._line = number
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                json.dumps(record, ensure_ascii=False).encode("utf-8")  # half a character can be in no name and no file
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict):
                self._fail(f"damaged: not a line of a manifest; {_RESTORE}")
            yield record

    def _head(self, record: Mapping[str, Any]) -> Manifest:
        form = record["manifest"]
        if isinstance(form, int) and form > _FORMAT:
            self._fail("written by a newer version of ankiexport: update ankiexport")
        texts = [record.get(key) for key in ("host", "begun")]
        lists = [record.get(key) for key in ("starts", "match")]
        is_whole = all(isinstance(text, str) for text in texts) and all(map(_is_texts, lists))
        if not is_whole or not isinstance(record.get("finished"), str | None):
            self._fail(f"damaged: no manifest has such a head; {_RESTORE}")
        return Manifest(
            folder=self._path.parent,
            starts=tuple(record["starts"]),
            match=tuple(record["match"]),
            host=record["host"],
            begun=record["begun"],
            finished=record.get("finished"),
        )

    def _saved(self, record: dict[str, Any]) -> SavedPage:
        known = {field.name for field in fields(SavedPage)}
        if not {"url", "file", "time", "sha256"} <= record.keys() <= known or not all(map(_fits, record.items())):
            self._fail(f"damaged: a line with url, file, time and sha256 should stand here; {_RESTORE}")
        if not _WEB_ADDRESS.fullmatch(record["url"]):
            self._fail(f"{record['url']!r} is no web address; {_RESTORE}")
        if not is_inner(record["file"]):
            self._fail(f"the file {record['file']!r} is no file of a page in this folder; {_RESTORE}")
        return SavedPage(**{**record, "asked": tuple(record.get("asked", ()))})

    def _fail(self, message: str) -> NoReturn:
        raise UsageError(f"{self._path}:{self._line}: {message}")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _fits(entry: tuple[str, object]) -> bool:
    name, value = entry
    if name == "asked":
        return _is_texts(value)
    if name in ("media", "gone"):
        return isinstance(value, bool)
    return isinstance(value, str) or (value is None and name not in ("url", "file", "time", "sha256"))


def is_inner(file: str) -> bool:
    """Is this the name of a file for a page within a folder, on every system? None is hidden, as `.git` is."""
    path = PurePosixPath(file)
    is_plain = bool(path.parts) and not any(part.startswith((".", "/")) for part in path.parts)
    return is_plain and path.name.casefold() not in OWN_NAMES and not any(sign in file for sign in "\\:\0")


def save_manifest(manifest: Manifest) -> None:
    """Writes a manifest in place of the one that is there.

    Raises:
        OutputError: it could not be written; what was there is untouched.
    """
    lines = [_head_line(manifest), *map(_line, (*manifest.pages, *manifest.media))]
    with replacing(manifest.folder / FILE_NAME) as temporary:
        temporary.write_text("".join(lines), "utf-8", newline="\n")


class Journal:
    """The manifest of a run that goes on: what is saved is added at its end, so that a run that is killed goes on."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def begin(self, manifest: Manifest) -> None:
        """Begins a run, after the torn line that a run has left which was killed. Raises OutputError."""
        if not is_within(self._path, self._path.parent):
            raise OutputError(f"{self._path}: a link leads out of the folder; nothing is written there")
        try:
            with self._path.open("ab") as file:
                there = self._path.read_bytes()
                file.truncate(there.rfind(b"\n") + 1)
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror or error}") from error
        self._append(_head_line(manifest))

    def add(self, saved: SavedPage) -> None:
        """Adds what was saved. Raises OutputError."""
        self._append(_line(saved))

    def _append(self, line: str) -> None:
        try:
            with self._path.open("ab", buffering=0) as file:
                file.write(line.encode("utf-8"))
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror or error}") from error


def _head_line(manifest: Manifest) -> str:
    names = ("starts", "match", "host", "begun", "finished")
    return _json({"manifest": _FORMAT, **{name: getattr(manifest, name) for name in names}})


def _line(saved: SavedPage) -> str:
    """The line of a page, without what it has not."""
    return _json({name: value for name, value in asdict(saved).items() if value})


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
