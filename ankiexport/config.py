"""`ankiexport.toml`: what an author says of a course, its tracks and its lessons."""

import os
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ankiexport.config_checks import Keys, TableChecks
from ankiexport.errors import UsageError
from ankiexport.model import Selectors
from ankiexport.settings import (
    FROM_PLACES,
    Config,
    PageConfig,
    SelectorConfig,
    TrackConfig,
    numbers_by_track,
    pattern_of,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "ankiexport.toml"
NUMBERED = "{number:02} {title}"
PLAIN = "{title}"

_ASKED_KEYS = ("reverse", "typed")
TOP_KEYS: Keys = {"course": dict, "track": list, "page": list, "selectors": list}
COURSE_KEYS: Keys = {
    **dict.fromkeys(("name", "id", "author", "licence", "url", "deck", "tracks", "track_deck"), str),
    "ignore": list,
    **dict.fromkeys(_ASKED_KEYS),
}
TRACK_KEYS: Keys = {"name": str, "files": list, "order": int}
PAGE_KEYS: Keys = {
    **dict.fromkeys(("file", "title", "key", "track", "deck", "url"), str),
    **{"order": int, "tags": list},
    **dict.fromkeys(_ASKED_KEYS),
}
_SELECTOR_KEYS: Keys = {
    **dict.fromkeys(("question", "answer", "item", "part", "label"), str),
    "files": list,
}


def find_config(folder: Path) -> Path | None:
    """The path of the nearest `ankiexport.toml`, in this folder or above it."""
    above = Path(os.path.realpath(folder)).parents
    return next((path for place in (folder, *above) if (path := place / FILE_NAME).is_file()), None)


def load_config(path: Path) -> Config:
    """Reads an `ankiexport.toml`.

    Raises:
        UsageError: it cannot be read, is not TOML or holds something unknown.
    """
    try:
        text = path.read_text("utf-8-sig")
        tables = _tables(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        line = place[1] if place and place[1] else text.count("\n") + 1
        raise UsageError(f"{path}:{line}: not valid TOML: {str(error).split(' (at ')[0]}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}:1: not valid TOML: {error}") from error
    return _Reader(TableChecks(path, text)).config(tables)


@lru_cache(maxsize=1)  # each stage of a build asks what its pages are under
def _tables(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


class _Reader:
    """Makes a `Config` of the tables of one file."""

    def __init__(self, checks: TableChecks) -> None:
        self._checks = checks
        self._folder = checks.path.parent

    def config(self, tables: Mapping[str, Any]) -> Config:
        self._checks.check_keys(tables, TOP_KEYS, "at the top")
        said = self._course(tables.get("course", {}))
        page_tables = tables.get("page", [])
        listed = [self._page(table, place) for place, table in enumerate(self._checks.each(page_tables, "page"), 1)]
        tracks = self._tracks(tables.get("track", []))
        course = Config(path=self._checks.path, track_tables=tracks, **said)
        course = replace(course, pages=self._in_order(listed, course))
        if not tracks and not course.tracks:  # the lessons are in order, so their tracks are too
            own = dict.fromkeys(page.track for page in course.pages if page.track)
            tracks = tuple(TrackConfig(name=name, number=number) for number, name in enumerate(own, 1))
        self._check_tracks(page_tables, tracks)
        return replace(course, track_tables=tracks, selectors=self._selectors(tables.get("selectors", [])))

    def _course(self, table: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(table, dict):
            self._checks.fail("[course] is a table", "course")
        self._checks.check_table(table, COURSE_KEYS, "in [course]")
        ignore = tuple(table.get("ignore", ()))
        self._checks.check_rules(ignore)
        if "tracks" in table:
            self._checks.check_choice(table["tracks"], FROM_PLACES, f"no tracks from {table['tracks']!r}", "tracks")
        return {**table, "ignore": ignore, **{key: self._checks.kinds(table, key) or () for key in _ASKED_KEYS}}

    def _tracks(self, tables: Sequence[Mapping[str, Any]]) -> tuple[TrackConfig, ...]:
        found: list[TrackConfig] = []
        for place, table in enumerate(self._checks.each(tables, "track"), 1):
            self._checks.check_table(table, TRACK_KEYS, "in [[track]]")
            if "name" not in table:
                self._checks.fail('a [[track]] needs a name: name = "Foundations"', "track")
            track = TrackConfig(
                name=table["name"],
                number=table.get("order", place),
                globs=tuple(table.get("files", ())),
                files=tuple(map(pattern_of, table.get("files", ()))),
                line=self._checks.line,
            )
            if any(other.name.casefold() == track.name.casefold() for other in found):
                self._checks.fail(f"the track {track.name!r} is named twice", "name")
            found.append(track)
        found.sort(key=lambda track: track.number)
        if len({track.number for track in found}) < len(found):
            self._checks.fail("two tracks have one number: give each an order, or none", "order")
        return tuple(found)

    def _check_tracks(self, tables: Sequence[Mapping[str, Any]], tracks: Sequence[TrackConfig]) -> None:
        """The tracks that pages say they are in: where tracks are listed, one of them."""
        for table in self._checks.each(tables, "page"):
            if tracks and "track" in table:
                known = [track.name for track in tracks]
                wrong = f"there is no [[track]] with the name {table['track']!r}"
                self._checks.check_choice(table["track"], known, wrong, "track")

    def _in_order(self, listed: Sequence[PageConfig], course: Config) -> tuple[PageConfig, ...]:
        """The pages track by track, each with its place."""
        ranks = {track.name: rank for rank, track in enumerate(course.track_tables, 1)}
        said = {page.file: page.track or course.track_of(page.file) for page in listed}
        ordered = sorted(listed, key=lambda page: (ranks.get(said[page.file] or "", 0), page.number, page.place))
        pages = tuple(replace(page, place=place) for place, page in enumerate(ordered, 1))
        for file, times in Counter(page.file for page in pages).most_common(1):
            if times > 1:
                self._checks.fail(f"{file.name} is listed twice", "file")
        numbers = numbers_by_track(pages, said)
        # a track that only the place of a page tells is not known here
        known = Counter((said[page.file], numbers[page.file]) for page in pages if said[page.file] or not course.tracks)
        for (_, number), times in known.most_common(1):
            if times > 1:
                self._checks.fail(f"two lessons have the number {number}: give each an order, or none", "order")
        return pages

    def _selectors(self, tables: Sequence[Mapping[str, Any]]) -> tuple[SelectorConfig, ...]:
        found = []
        for table in self._checks.each(tables, "selectors"):
            self._checks.check_table(table, _SELECTOR_KEYS, "in [[selectors]]")
            said = {key: value for key, value in table.items() if key != "files"}
            self._checks.check_selectors(said)
            files = tuple(map(pattern_of, table.get("files", ["**"])))
            found.append(SelectorConfig(files=files, selectors=Selectors(**said)))
        return tuple(found)

    def _page(self, table: Mapping[str, Any], place: int) -> PageConfig:
        checks = self._checks
        checks.check_table(table, PAGE_KEYS, "in [[page]]")
        if "file" not in table:
            checks.fail('a [[page]] needs the name of its file: file = "lesson.html"', "page")
        if not os.path.isfile(self._folder / table["file"]):  # noqa: PTH113  # never raises, whatever the name
            checks.fail(f"no such page: {table['file']}", "file")
        return PageConfig(
            file=(self._folder / table["file"]).resolve(),
            title=table.get("title"),
            key=table.get("key"),
            place=place,
            order=table.get("order"),
            track=table.get("track"),
            deck=table.get("deck"),
            url=table.get("url"),
            tags=tuple(table.get("tags", ())),
            reverse=checks.kinds(table, "reverse"),
            typed=checks.kinds(table, "typed"),
        )
