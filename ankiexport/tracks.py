"""Pages, and what is said of tracks → pages that know their track, track by track, and what is odd about it."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ankiexport.model import Location, Page, Problem, Track, Tracks
from ankiexport.settings import Config, TrackConfig, numbers_by_track

# "01-foundations", "2. Calculus", "3_sets"; not "2024", "3d", "1.2-limits"
_NUMBERED = re.compile(r"(\d{1,5})[-_. ]+(?=\D)(.+)", re.S)
_SEPARATORS = re.compile(r"[-_\s]+")
_WILDCARD = re.compile(r"[^/]*[*?].*", re.S)
_INDEX = re.compile(r"index\.\w+")

_Finder = Callable[[Path | None, str | None], str | None]
"""The file and the URL of a page → the name of its track, as its place has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """Pages that know their tracks; those without one come first."""

    pages: tuple[Page, ...]
    problems: tuple[Problem, ...] = ()


def assign_tracks(pages: Sequence[Page], settings: Config | None, tracks: Tracks | None, home: Path) -> Tracked:
    """Tells each page its track, and a listed lesson its number in it. Without any track, nothing changes.

    Args:
        settings: Its tables of tracks and pages count first, then what `tracks` says, else what it says of `tracks`.
        home: The folder below which folders are tracks.
    """
    if tracks == "none":
        return Tracked(pages=tuple(pages))
    from_places = tracks or (settings.tracks if settings else None)
    titles = _Titles(settings, _finder(from_places, pages, settings, home))
    found = {page.key: titles.track_of(page.source.path, page.url) for page in pages}
    problems = tuple(_unmatched(pages, settings, found)) if settings else ()
    if not any(found.values()):
        return Tracked(pages=tuple(pages), problems=problems)
    numbers = _numbers(pages, settings, titles) if settings else {}
    ranks = titles.ranks(found.values())
    tracked = (_with_track(page, found[page.key], settings, numbers) for page in pages)
    return Tracked(pages=tuple(sorted(tracked, key=lambda page: ranks[page.track])), problems=problems)


def _with_track(page: Page, track: Track | None, settings: Config | None, numbers: Mapping[Path, int]) -> Page:
    said = settings.page(page.source.path) if settings else None
    return replace(page, track=track, number=numbers[said.file] if said else page.number)


class _Titles:
    """The tracks of one course; those whose titles differ by case alone are one, as they would be one deck."""

    def __init__(self, settings: Config | None, find: _Finder) -> None:
        self._settings = settings
        self._find = find
        listed = settings.track_tables if settings else ()
        self._listed = tuple(Track(title=table.name, number=table.number) for table in listed)
        self._known = {track.title.casefold(): track for track in self._listed}

    def track_of(self, path: Path | None, url: str | None) -> Track | None:
        """The track that is said, else the one that the place of a page tells."""
        name = self._settings.track_of(path) if self._settings else None
        if name:
            return self._known.setdefault(name.casefold(), Track(title=name))
        place = self._find(path, url)
        if not place:
            return None
        track = track_named(place)
        return self._known.setdefault(track.title.casefold(), track)

    def ranks(self, tracks: Iterable[Track | None]) -> Mapping[Track | None, int]:
        """The order of tracks: none, those that are listed, the others as they came."""
        return {track: rank for rank, track in enumerate(dict.fromkeys((None, *self._listed, *tracks)))}


def _numbers(pages: Sequence[Page], settings: Config, titles: _Titles) -> dict[Path, int]:
    """The number of each listed lesson in its track, also where not all lessons were given."""
    urls = {said.file: page.url for page in pages if (said := settings.page(page.source.path))}
    found = {said.file: titles.track_of(said.file, urls.get(said.file, said.url)) for said in settings.pages}
    return numbers_by_track(settings.pages, {file: track.title if track else None for file, track in found.items()})


def track_named(place: str) -> Track:
    """A folder's name, or a part of a URL, as people read it: `01-linear_algebra` is number 1, "Linear algebra"."""
    numbered = _NUMBERED.fullmatch(place)
    number, name = (int(numbered[1]), numbered[2]) if numbered else (None, place)
    title = _SEPARATORS.sub(" ", name).strip() or place
    return Track(title=title[:1].upper() + title[1:] if title == title.lower() else title, number=number)


def _finder(tracks: Tracks | None, pages: Sequence[Page], settings: Config | None, home: Path) -> _Finder:
    if tracks == "folders":
        below = home.resolve()
        return lambda path, _: folder_below(path, below) if path else None
    if tracks == "urls":
        listed = [said.url for said in settings.pages] if settings else []
        lessons = [page.url for page in pages if page.items]  # a page that only leads to others tells of no track
        urls = [url for url in (*lessons, *listed) if url]
        known = _Addresses(urls, settings.url if settings else None)
        return lambda _, url: known.track_of(url) if url else None
    return lambda _, __: None


def folder_below(path: Path, home: Path) -> str | None:
    """The folder of `home` in which a file is, at any depth; None where it is in `home` itself or elsewhere."""
    with suppress(ValueError):  # on another drive
        first, *rest = Path(os.path.relpath(path.resolve(), home)).parts
        return first if rest and first != os.pardir else None
    return None


class _Addresses:
    """The URLs of a course's pages, cut at what all of them begin with."""

    def __init__(self, urls: Sequence[str], course: str | None) -> None:
        ends = {parts[-1] for url in urls if len(parts := _segments(url)) > 1}
        self._own = 2 if len(ends) == 1 and len(set(urls)) > 1 else 1  # `averages/`, or `averages/practice/`
        folders = [self._folders(url) for url in urls]
        begin = _segments(course) if course else []
        if not begin or any(_segments(url)[: len(begin)] != begin for url in urls):
            columns = zip(*folders, strict=False)
            begin = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
        self._begin = len(begin)
        self._tracks = {tuple(parts[: self._begin + 1]) for parts in folders if len(parts) > self._begin}

    def _folders(self, url: str) -> list[str]:
        """A URL without the page's own name, and without the end that all pages have, such as `practice/`."""
        parts = _segments(url)
        return parts[: max(len(parts) - self._own, 1)]

    def track_of(self, url: str) -> str | None:
        for parts in (self._folders(url), _segments(url)):  # the page of a track itself is in it
            track = tuple(parts[: self._begin + 1])
            if len(track) > self._begin and track in self._tracks:
                return track[-1]
        return None


def _segments(url: str) -> list[str]:
    """`https://example.org/a/b/index.html` → `["example.org", "a", "b"]`"""
    parts = urlsplit(url)
    path = [unquote(part) for part in parts.path.split("/") if part]
    return [parts.netloc.lower(), *(path[:-1] if path and _INDEX.fullmatch(path[-1]) else path)]


def _unmatched(pages: Sequence[Page], settings: Config, found: Mapping[str, Track | None]) -> Iterable[Problem]:
    """Tracks without a page, though the folder in which their files should be was given."""
    folders = {page.source.folder for page in pages if page.source.folder and page.source.whole_folder}
    given = {folder.resolve() for folder in folders}
    used = {track.title for track in found.values() if track}
    for table in settings.track_tables:
        if table.globs and table.name not in used and _is_within(table, settings.path.parent.resolve(), given):
            globs = ", ".join(map(repr, table.globs))
            message = f"the track {table.name!r} has no page: nothing is left that {globs} matches"
            location = Location(source=str(settings.path), line=table.line)
            yield Problem(location=location, severity="warning", message=message, code="track-without-page")


def _is_within(table: TrackConfig, home: Path, given: Iterable[Path]) -> bool:
    places = [home / _WILDCARD.sub("", glob) for glob in table.globs]
    return all(any(place == folder or folder in place.parents for folder in given) for place in places)
