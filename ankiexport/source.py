"""Paths, folders, globs and standard input → `Source`s: the text of each page, whatever its encoding."""

import codecs
import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ankiexport import markup, plugins
from ankiexport.errors import SourceError, UsageError
from ankiexport.manifest import FILE_NAME as MANIFEST
from ankiexport.manifest import Manifests, find_manifest
from ankiexport.model import Format, Location, Problem, Source, page_problem

_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "mdx",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".gift": "text",
}

# What stands beside pages and is none
_OWN_FILES = {MANIFEST, "ankiexport.toml", "ankiexport.lock"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# <meta charset="windows-1251"> or <meta http-equiv=… content="text/html; charset=koi8-r">
_META_CHARSET = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
# What Python calls encodings and no page is in: slow, or with an outcome that is no text
_NO_CHARSETS = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"}
_META_WITHIN = 4096  # bytes: browsers look at the first 1024
# How templates/preview.html begins
_PREVIEW = '<!doctype html>\n<html lang="en">\n<head>\n<meta name="generator" content="ankiexport preview">\n'
_LOOKS_LIKE_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|main|article|\?xml)\b", re.I)
_LOOKS_LIKE_MARKDOWN = re.compile(r"\A---\n|^#{1,6} \S|^<details", re.M)
# "<<<<<<< HEAD" with its ">>>>>>> branch"
_MERGE_BEGIN = re.compile(r"^<{7} \S", re.M)
_MERGE_END = re.compile(r"^>{7} \S", re.M)
LARGEST_FILE = 20_000_000
"""Bytes that a picture or a recording may have: more is slow to sync to a phone."""
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)


def find_pages(paths: Iterable[str | Path], known: Manifests | None = None) -> dict[Path, Path]:
    """The page files under the given paths, each once, with the folder that was given or that holds the file.

    Folders are searched recursively, in natural order, without hidden files. What was fetched has the order of a site.

    Raises:
        SourceError: a path that does not exist or a glob that matches nothing.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for page, folder in _expand(str(path), {} if known is None else known):
            found.setdefault(page, folder)
    return found


def _expand(path: str, known: Manifests) -> Sequence[tuple[Path, Path]]:
    if _URL.match(path):
        raise UsageError(f"{path}: pages are read from files, and from http:// and https://")
    if not path:
        raise SourceError("an empty path was given")
    here = Path(path)
    try:
        if here.is_dir():
            return [(page, here) for page in sorted(_pages_below(here), key=lambda it: _place(it, here, known))]
        if here.name in _OWN_FILES and here.is_file():
            return []  # a shell gives them among the pages for `lessons/*`
        if here.exists():
            return [(here, here.parent)]
        matches = [Path(match) for match in glob.glob(path, recursive=True)]  # noqa: PTH207  # the pattern may be absolute
    except OSError as error:
        raise SourceError(f"{error.filename or path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RuntimeError) as error:
        raise SourceError(f"{path}: cannot be read: {error}") from error
    if not matches:
        raise SourceError(f"{path}: no such file or folder")
    return [(p, p.parent) for p in sorted((p for p in matches if _is_page(p, p.parent)), key=_natural)]


def _pages_below(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (page for name in names if _is_page(page := Path(place, name), folder))


def _is_page(path: Path, below: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(below).parts)
    return not hidden and format_of(path) is not None and (path.is_file() or path.is_symlink())


def _natural(path: Path) -> list[tuple[int, str, int]]:
    """Sort key that puts `lesson-2` before `lesson-10`."""
    parts = re.split(r"(\d+)", str(path).casefold())
    return [(1, "", int(part)) if part.isdecimal() else (0, part, 0) for part in parts]


def _place(
    path: Path, given: Path, known: Manifests
) -> tuple[list[tuple[int, str, int]], int, list[tuple[int, str, int]]]:
    """Sort key: the pages of a site that was fetched, in its order; behind them, or before, the others naturally."""
    manifest = find_manifest(path, known)
    place = manifest.place_of(path) if manifest else None
    top = given
    if manifest and place is not None and not given.resolve().is_relative_to(manifest.folder):
        top = given / manifest.folder.relative_to(given.resolve())
    return _natural(top), sys.maxsize if place is None else place, _natural(path)


def format_of(path: Path) -> Format | None:
    """The format that the name of a file tells; None if it tells none."""
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES or not suffix:
        return _SUFFIXES.get(suffix)
    return next((plugin.name for plugin in plugins.readers() if suffix in plugin.reader.suffixes), None)


def source_of(
    path: Path, folder: Path | None = None, whole_folder: bool = False, known: Manifests | None = None
) -> Source:
    """The page in a file, not loaded. `folder` is the folder that was given, if one was; `whole_folder` says so.

    `known` are the manifests that were found for other files.

    Raises:
        UsageError: it was fetched, and the manifest of its folder is damaged.
    """
    manifest = find_manifest(path, known)
    saved = manifest.page_at(path) if manifest else None
    return Source(
        name=str(path),
        text="",
        format=format_of(path) or "",
        path=path,
        folder=folder or path.parent,
        whole_folder=whole_folder,
        url=saved.url if saved else None,
        charset=saved.charset if saved else None,
        saved_in=manifest.folder if manifest else None,
        gone=saved is not None and saved.gone,
    )


def fill_source(source: Source) -> Source:
    """A source with the text of its file, if it has none yet.

    Raises:
        SourceError: unreadable, or not text.
    """
    if source.text or source.path is None:
        return source
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise SourceError(f"{source.path}: cannot be read: {error.strerror or error}") from error
    read = decode_source(
        data, name=source.name, page_format=source.format or None, title=source.title, charset=source.charset
    )
    return replace(source, text=read.text, format=read.format, problems=(*source.problems, *read.problems))


def is_preview(text: str) -> bool:
    """Is this how a file begins that `ankiexport preview` wrote?"""
    return text.replace("\r\n", "\n").startswith(_PREVIEW)


def is_preview_at(path: Path) -> bool:
    """Did `ankiexport preview` write this file?"""
    if format_of(path) != "html":
        return False
    try:
        with path.open("rb") as file:
            return is_preview(file.read(2 * len(_PREVIEW)).decode("utf-8", "replace"))
    except OSError:
        return False  # whoever reads it will say what is wrong


def load_stdin(page_format: Format | None, title: str | None) -> Source:
    """Reads one page from standard input. Its format is guessed if it is not given."""
    if sys.stdin is None:
        raise SourceError("-: standard input is closed")
    return decode_source(sys.stdin.buffer.read(), name="-", page_format=page_format, title=title)


def decode_source(
    data: bytes,
    *,
    name: str,
    page_format: Format | None = None,
    title: str | None = None,
    charset: str | None = None,
) -> Source:
    """The bytes of a page as a `Source`; an encoding other than plain UTF-8 becomes a note.

    Args:
        charset: What the server said that the encoding is, which overrules what the page says.

    Raises:
        SourceError: the bytes are not text.
    """
    text, encoding = _decode(data, name, charset)
    problems = (page_problem(name, "note", f"read as {encoding}"),) if encoding != "utf-8" else ()
    page_format = page_format or _guess_format(text)
    return tidy_source(Source(name=name, text=text, format=page_format, title=title, problems=problems))


def _guess_format(text: str) -> Format:
    if _LOOKS_LIKE_HTML.match(text):
        return "html"
    return "markdown" if _LOOKS_LIKE_MARKDOWN.search(text) else "text"


def tidy_source(source: Source) -> Source:
    """A source with `\\n` at its line ends and no characters that a note cannot hold; notes tell what was changed."""
    text = source.text.replace("\ufeff", "")
    notes = []
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        notes.append("line ends are CR or CRLF")
    bare = markup.without_controls(text)
    if bare != text:
        notes.append("control characters were read as spaces")
    problems = (*source.problems, *(page_problem(source.name, "note", message) for message in notes))
    return replace(source, text=bare, problems=(*problems, *_unfinished_merge(source.name, bare)))


def too_large() -> str:
    return f"it is larger than {LARGEST_FILE // 1_000_000} MB"


def _unfinished_merge(name: str, text: str) -> list[Problem]:
    """Conflict marks of Git: both sides of a conflict would be read."""
    if ">>>>>>> " not in text or not _MERGE_END.search(text):
        return []
    found = _MERGE_BEGIN.finditer(text)
    lines = (text.count("\n", 0, match.start()) + 1 for match in found)
    message = "an unfinished merge: both sides of the conflict are read"
    return [Problem(location=Location(source=name, line=line), severity="error", message=message) for line in lines]


def _decode(data: bytes, name: str, charset: str | None) -> tuple[str, str]:
    """Text and the name of its encoding.

    By its byte order mark, as the server says, as UTF-8, as the page says, as UTF-16, as cp1252.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, name), f"{encoding} with a byte order mark"
    may_be_so = charset and (b"\x00" not in data or charset.lower().startswith("utf-16"))
    told = _decode_as(data, charset) if charset and may_be_so else None
    if told is not None and charset:
        return told, "utf-8" if told.encode("utf-8", "replace") == data else charset.lower()
    if b"\x00" in data:
        return _utf16(data, name)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    spoiled = data.decode("utf-8", "replace")
    bad = spoiled.count("\ufffd")
    if sum(not character.isascii() for character in spoiled) >= 2 * bad:
        return spoiled, f"utf-8 with {bad} bad bytes"
    declared = _META_CHARSET.search(data[:_META_WITHIN])
    if declared:
        encoding = declared[1].decode("ascii").lower()
        if (text := _decode_as(data, encoding)) is not None:
            return text, encoding
    if sum(byte < 9 or 13 < byte < 32 for byte in data) * 20 > len(data):
        raise SourceError(f"{name}: not text (a binary file?)")
    return data.decode("cp1252", "replace"), "cp1252"


def _decode_as(data: bytes, label: str) -> str | None:
    """Text in an encoding by the name that pages call it, which browsers take for a wider one; None if it is not."""
    import webencodings

    try:
        known = webencodings.lookup(label)
        codec = (known.codec_info if known else codecs.lookup(label)).name
        if codec in _NO_CHARSETS:
            return None
        return data.decode("gb18030" if codec in ("gb2312", "gbk") else codec)
    except (LookupError, ValueError):
        return None


def _utf16(data: bytes, name: str) -> tuple[str, str]:
    """UTF-16 without a byte order mark has its NULs in every second place; any other NUL means a binary file."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) * 2.5 > len(data) / 2 and min(even, odd) * 10 < max(even, odd):
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _strict(data, encoding, name), encoding
    raise SourceError(f"{name}: not text (a binary file?)")


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: not valid {encoding} at byte {error.start}") from error
