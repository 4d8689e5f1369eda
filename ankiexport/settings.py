"""What an `ankiexport.toml` says, as `config.py` has read it."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from ankiexport.model import Kind, Selectors

FromPlaces = Literal["folders", "urls"]
"""What of the places of pages tells their tracks."""
FROM_PLACES: tuple[FromPlaces, ...] = get_args(FromPlaces)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageConfig:
    """A `[[page]]` table. `place` is its place among the lessons of the course, from 1; `order` is what it says itself.

    `reverse` and `typed` overrule the course's; None says nothing.
    """

    file: Path
    title: str | None = None
    key: str | None = None
    place: int
    order: int | None = None
    track: str | None = None
    deck: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    reverse: tuple[Kind, ...] | None = None
    typed: tuple[Kind, ...] | None = None

    @property
    def number(self) -> int:
        """Its number in a course without tracks."""
        return self.place if self.order is None else self.order


def numbers_by_track(pages: Iterable[PageConfig], tracks: Mapping[Path, str | None]) -> dict[Path, int]:
    """The number of each lesson among those of its track, by its file: as it says itself, else as they are listed."""
    listed: Counter[str | None] = Counter()
    numbers = {}
    for page in pages:
        listed[tracks[page.file]] += 1
        numbers[page.file] = listed[tracks[page.file]] if page.order is None else page.order
    return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackConfig:
    """A `[[track]]` table. `files` match the paths of its pages from the folder of the TOML, as `globs` say it.

    `line` is where it stands; 0 where the pages alone name it.
    """

    name: str
    number: int
    globs: tuple[str, ...] = ()
    files: tuple[re.Pattern[str], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectorConfig:
    """A `[[selectors]]` table. `files` match the path of a page from the folder of the TOML."""

    files: tuple[re.Pattern[str], ...]
    selectors: Selectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole `ankiexport.toml`. `ignore` names the rules of the linter that are not applied.

    `tracks` says what tells the track of a page that names none, `track_deck` how the decks of tracks are called;
    `track_tables` and `pages` are in their order.
    """

    path: Path
    name: str | None = None
    id: str | None = None
    author: str | None = None
    licence: str | None = None
    url: str | None = None
    deck: str | None = None
    tracks: FromPlaces | None = None
    track_deck: str | None = None
    ignore: tuple[str, ...] = ()
    reverse: tuple[Kind, ...] = ()
    typed: tuple[Kind, ...] = ()
    track_tables: tuple[TrackConfig, ...] = ()
    pages: tuple[PageConfig, ...] = ()
    selectors: tuple[SelectorConfig, ...] = ()
    _by_file: dict[Path, PageConfig] = field(init=False, repr=False, compare=False, default_factory=dict)
    _real: dict[Path, Path] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for page in self.pages:  # the first of several forms that are listed stands for those that are not
            self._by_file.setdefault(page.file.with_suffix(""), page)
        self._by_file.update({page.file: page for page in self.pages})

    def page(self, path: Path | None) -> PageConfig | None:
        """What is said of the page in this file, or of another form of it beside it."""
        if path is None or not self.pages:
            return None
        file = self._resolved(path)
        return self._by_file.get(file) or self._by_file.get(file.with_suffix(""))

    def track_of(self, path: Path | None) -> str | None:
        """The name of the track that the page in this file is said to be in, first of all by its own table."""
        said = self.page(path)
        if (said and said.track) or path is None or not any(track.files for track in self.track_tables):
            return said.track if said else None
        place = self.place_of(path)
        tables = (table.name for table in self.track_tables if any(file.fullmatch(place) for file in table.files))
        return next(tables, None)

    def place_of(self, path: Path) -> str:
        """The path of a file from the folder of the TOML, with `/`; as it is where none leads there."""
        file = self._resolved(path)
        try:
            return Path(os.path.relpath(file, self._resolved(self.path.parent))).as_posix()
        except ValueError:  # on another drive
            return file.as_posix()

    def _resolved(self, path: Path) -> Path:
        """Where a file is when all links are followed: looked up once, for each stage asks of each page."""
        if path not in self._real:
            self._real[path] = path.resolve()
        return self._real[path]

    def asked(self, page: PageConfig | None, way: Literal["reverse", "typed"]) -> tuple[Kind, ...]:
        """The kinds of items that a page asks in this way; of a page that is not listed, as the course says."""
        said: tuple[Kind, ...] | None = getattr(page, way) if page else None
        general: tuple[Kind, ...] = getattr(self, way)
        return general if said is None else said

    def selectors_of(self, path: Path | None) -> tuple[Selectors, ...]:
        """The selectors that are given for the page in this file."""
        if path is None or not self.selectors:
            return ()
        place = self.place_of(path)
        return tuple(table.selectors for table in self.selectors if any(file.fullmatch(place) for file in table.files))


# What a glob's wildcards stand for; "**/" is any folder or none.
_WILDCARDS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def pattern_of(glob: str) -> re.Pattern[str]:
    """A glob as a pattern for paths with `/`."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob.replace("\\", "/").removeprefix("./"))
    return re.compile("".join(_WILDCARDS.get(piece) or re.escape(piece) for piece in pieces), re.S)
