"""The address of a page → the name of the file that it is saved in, inside a folder, on every system."""

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterable
from itertools import takewhile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ankiexport.manifest import OWN_NAMES
from ankiexport.source import format_of
from ankiexport.web import addresses

_LONGEST_NAME = 120  # bytes of a part of a path: file systems take 255, and a temporary name may be longer
_LONGEST_PATH = 200  # bytes of the whole: Windows takes 260 characters with the folder
_HTML = {"text/html", "application/xhtml+xml"}
_Taken = Callable[[PurePosixPath], bool]


class Names:
    """The names that are taken in a folder. `host` is the one whose pages are at its top."""

    # What is there is asked by `os.path`, which never raises, whatever the name.

    def __init__(self, folder: Path, host: str, taken: Iterable[str] = ()) -> None:
        self._folder = folder
        self._host = host
        self._files: set[str] = set()
        self._folders: set[str] = set()
        for file in taken:
            self._take(PurePosixPath(file))

    def choose(self, url: str, media_type: str, *, media: bool = False) -> str:
        """A name for what is at a normal address, which is taken from then on; it is relative, with `/`."""
        *folders, name = self._parts(url, media_type, media)
        path = PurePosixPath()
        for folder in folders:
            path = self._free(path, folder, url, self._is_file)
        path = self._free(path, name, url, self._is_there)
        if len(str(path).encode("utf-8")) > _LONGEST_PATH:
            path = self._free(PurePosixPath(), f"{_digest(url, 16)}{path.suffix}", url, self._is_there)
        self._take(path)
        return str(path)

    def _parts(self, url: str, media_type: str, media: bool) -> list[str]:
        parts = urlsplit(url)
        *folders, name = [unquote(part, errors="replace") for part in parts.path.split("/")[1:]]
        name = name or "index"
        if not media:
            name = _with_suffix(name, media_type)
        elif format_of(Path(name)):
            name = f"{name}.media"  # or it would be read as a page
        if parts.query:
            name = _marked(name, parts.query)
        hosts = [parts.netloc.replace(":", "-")] if parts.netloc != self._host else []
        return [_clean(part) for part in (*hosts, *filter(None, folders), name)]

    def _free(self, folder: PurePosixPath, name: str, url: str, is_taken: _Taken) -> PurePosixPath:
        """A name in a folder that is not taken by something else."""
        path, what = folder / name, url
        while is_taken(path):
            path, what = folder / _marked(name, what), f"{what} "  # a run with a manifest that is lost took the first
        return path

    def _is_file(self, path: PurePosixPath) -> bool:
        """Is a file there, where a folder is wanted?"""
        there = self._folder / path
        return _key(path) in self._files or (os.path.lexists(there) and not os.path.isdir(there))  # noqa: PTH112

    def _is_there(self, path: PurePosixPath) -> bool:
        """Is anything there, or would ankiexport read it as its own? What is not ours is never written over."""
        key = _key(path)
        return (
            path.name.casefold() in OWN_NAMES
            or key in self._files
            or key in self._folders
            or os.path.lexists(self._folder / path)
        )

    def _take(self, path: PurePosixPath) -> None:
        self._files.add(_key(path))
        self._folders.update(_key(folder) for folder in path.parents)


def folder_name(urls: Iterable[str]) -> str:
    """What the folder of a course is called: `example.org-statistics` for `https://example.org/statistics/`"""
    places = [[addresses.host_of(url).replace(":", "-"), *_folders_of(url)] for url in urls]
    common = takewhile(lambda parts: len(set(parts)) == 1, zip(*places, strict=False))
    hosts = dict.fromkeys(place[0] for place in places)
    return _clean("-".join([parts[0] for parts in common] or list(hosts)[:2]))


def _folders_of(url: str) -> list[str]:
    """`a` and `b` of `/a/b/`, `/a/b` and `/a/b/index.html`"""
    path = PurePosixPath(unquote(urlsplit(url).path, errors="replace"))
    parts = [part for part in path.parts if part != "/"]
    if parts and not url.endswith("/"):
        parts[-1] = PurePosixPath(parts[-1]).stem
    return parts[:-1] if parts and parts[-1] == "index" else parts


def _with_suffix(name: str, media_type: str) -> str:
    """A name from which the format of the page is known."""
    told = format_of(Path(name))
    if media_type in _HTML or not media_type:
        return name if told == "html" else f"{name}.html"
    if told:
        return name
    return f"{name}.md" if "markdown" in media_type else f"{name}.txt"


def _clean(name: str) -> str:
    """A name that every system takes: without signs that mean something, hidden files, reserved words."""
    from pathvalidate import sanitize_filename

    text = unicodedata.normalize("NFC", name)
    text = "".join("-" if unicodedata.category(sign)[0] in "CZ" and sign != " " else sign for sign in text)
    text = text.replace("/", "-").replace("\\", "-").replace(":", "-").lstrip(".~ ")
    clean = sanitize_filename(text, platform="universal") or _marked("page", name)
    return _marked(clean, name) if len(clean.encode("utf-8")) > _LONGEST_NAME else clean


def _marked(name: str, what: str) -> str:
    """A name with a mark of what tells it from others, short enough for every system."""
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix.encode("utf-8")) <= 10 else ""
    stem = name.removesuffix(suffix).encode("utf-8")[: _LONGEST_NAME - 20].decode("utf-8", "ignore")
    return f"{stem}-{_digest(what, 8)}{suffix}"


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:length]


def _key(path: PurePosixPath) -> str:
    """The same for names that some file systems take for one."""
    return unicodedata.normalize("NFC", str(path)).casefold()
